// `export journal`: the general-ledger journal of a period, and the reversal of the one that was published before. Made anew
// from the stored results of a run each time; the same run and view give the same journal, byte by byte.
import {
  addDays,
  type BillChange,
  billChangeJournal,
  buildCostCentreTree,
  compareBytes,
  formatAmount,
  invariant,
  type JournalCharge,
  type JournalLine,
  type JournalRules,
  type LocalDate,
  makeJournal,
  type Period,
  type Problem,
  Refusal,
  type Report,
  type ReportColumn,
  type ReportRow,
  reverseJournal,
} from '@spillway/core'
import { outputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { listRuns } from '../../stages/publish/publish-period.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { oneBatch } from '../amount-cells.ts'
import type { ReportView } from '../charges-report.ts'
import { currentRun } from '../current-run.ts'
import { ownBillsSql } from '../own-bills.ts'
import { costCentresOfRun } from '../run-cost-centres.ts'
import { type RulesOfRun, rulesOfRun } from './rules-of-run.ts'

const text = (key: string, title: string): ReportColumn => ({ key, title, kind: 'text' })
const detail = (key: string, title: string): ReportColumn => ({ ...text(key, title), isDetail: true })
const COLUMNS: ReadonlyArray<ReportColumn> = [
  detail('journal', 'Journal'),
  text('kind', 'Kind'),
  detail('state', 'State'),
  text('entity', 'Entity'),
  { key: 'date', title: 'Date', kind: 'date', isDetail: true },
  detail('period', 'Period'),
  text('currency', 'Currency'),
  { key: 'line', title: 'Line', kind: 'quantity' },
  text('gl_code', 'GL code'),
  text('cost_centre', 'Cost centre'),
  text('name', 'Name'),
  text('project', 'Project'),
  text('vendor', 'Vendor'),
  detail('account', 'Account'),
  detail('invoice', 'Invoice'),
  detail('category', 'Category'),
  { key: 'debit', title: 'Debit', kind: 'amount' },
  { key: 'credit', title: 'Credit', kind: 'amount' },
  detail('description', 'Description'),
  detail('view', 'View'),
  detail('run', 'Run'),
  detail('reverses', 'Reverses'),
  detail('rules', 'Rules'),
]

/** Who owes is the account. */
const COLUMNS_OF_SALES = COLUMNS.map((column) => (column.key === 'account' ? { ...column, isDetail: false } : column))

export type JournalRequest = {
  readonly period: Period
  /** `adjusted` where nothing is said. */
  readonly view?: ReportView | undefined
  /** The date of every line; the last day of the period where nothing is said. */
  readonly on?: LocalDate | undefined
  /** A document of kind Journal by name, or a version of it as `telecom@2`; what the run pinned where nothing is said. */
  readonly rules?: string | undefined
  /** Before the journal, the reversal of the one that was published before the period was reopened. */
  readonly reversal?: boolean
}

export type JournalExport = {
  readonly report: Report
  readonly problems: ReadonlyArray<Problem>
  /** One a journal: the reversal first; bills that were taken back or issued again behind the journal that booked them. A draft is of a period that is closed and not published. */
  readonly parts: ReadonlyArray<{
    readonly run: string
    readonly kind: 'journal' | 'reversal'
    readonly state: 'draft' | 'published'
    /** The number of the bill that was taken back or issued again; '' for the journal of the run. */
    readonly bill: string
    readonly rules: RulesOfRun
    /** Whether bills of ours are booked. */
    readonly hasSales: boolean
  }>
}

type Part = JournalExport['parts'][number] & {
  readonly lines: ReadonlyArray<JournalLine>
  readonly problems: ReadonlyArray<Problem>
  readonly nameOf: ReadonlyMap<string, string>
}

/**
 * One row per line of the journal, ordered by journal and line; `debit` and `credit` are positive and one of them is empty.
 *
 * @throws Refusal `period-not-closed`; `not-found` where there is no earlier journal to reverse; what `rulesOfRun` refuses.
 */
export async function journalReport(scoped: ScopedWorkspace, request: JournalRequest): Promise<JournalExport> {
  requireWholeTenant(scoped, 'A journal')
  const workspace = wholeWorkspaceOf(scoped)
  const { period, view = 'adjusted' } = request
  const runs = await runsOf(workspace, request)
  const parts: Part[] = []
  for (const run of runs) parts.push(...(await partsOf(workspace, { run, view, rules: request.rules })))
  const date = request.on ?? addDays(period.endOn, -1)
  const rows = parts.flatMap((part) => part.lines.map((line) => toRow(line, { part, period, view, date })))
  const ids = new Set(
    parts.map(({ run, kind, state, bill }) => {
      const of = bill === '' ? '' : `bill ${bill} of `
      return `${kind === 'reversal' ? 'reversal of ' : ''}${of}run ${run}, ${state}`
    }),
  )
  return {
    report: {
      name: 'journal',
      title: `Journal of ${period.name}, ${view}: ${[...ids].join('; ')}`,
      columns: parts.some(({ hasSales }) => hasSales) ? COLUMNS_OF_SALES : COLUMNS,
      hasTotals: true,
      rows: oneBatch(rows),
    },
    problems: parts.filter(({ kind }) => kind === 'journal').flatMap(({ problems }) => problems),
    parts: parts.map(({ run, kind, state, bill, rules, hasSales }) => ({ run, kind, state, bill, rules, hasSales })),
  }
}

/** The run whose journal is asked for; with a reversal the one published before it, first, and alone until a new close. */
async function runsOf(workspace: Workspace, { period, reversal }: JournalRequest): Promise<RunTable[]> {
  if (!reversal) return [await currentRun(workspace, period)]
  const runs = await listRuns(workspace, period)
  const before = runs.filter(({ state }) => state === 'reopened').at(-1)
  if (!before)
    throw new Refusal('not-found', `There is no earlier journal of ${period.name} to reverse.`, {
      hint: 'A journal is reversed when its period was published and then reopened.',
    })
  const current = runs.filter(({ state }) => state !== 'reopened').at(-1)
  return current ? [before, current] : [before]
}

/** The journal of the run, then one for each bill of it that was taken back or issued again, in the order of that. */
async function partsOf(
  workspace: Workspace,
  { run, view, rules: name }: { run: RunTable; view: ReportView; rules: string | undefined },
): Promise<Part[]> {
  const rules = await rulesOfRun(workspace, { run, name })
  const centres = await costCentresOfRun(workspace, run)
  const { bought, sold } = await carriedCharges(workspace, { run, view, rules: rules.rules })
  const journal = (charges: Iterable<JournalCharge>) =>
    makeJournal({
      charges,
      tree: buildCostCentreTree(centres).tree,
      rules: rules.rules,
      name: `${run.id}-${view}`,
    })
  const { lines, problems } = journal([...bought, ...sold])
  checkTotals(lines, { run, view })
  const isReversal = run.state === 'reopened'
  const common = {
    run: run.id,
    state: run.state === 'closed' ? ('draft' as const) : ('published' as const),
    rules,
    nameOf: new Map(centres.map((centre) => [centre.costCentre, centre.name])),
  }
  const part = (of: Pick<Part, 'bill' | 'kind' | 'lines' | 'problems'>): Part => ({
    ...common,
    ...of,
    kind: isReversal ? 'reversal' : of.kind,
    hasSales: of.lines.some(({ role }) => role === 'receivable'),
    lines: isReversal ? reverseJournal(of.lines) : of.lines,
  })
  const changes = await billChanges(workspace, run)
  const ofChanges = changes.map(({ bill, ...change }) => {
    const own = sold.filter(({ invoice }) => invoice === bill)
    // Where invoices are told apart, a bill that was issued again is booked under its own number.
    const named = own.map((charge) => ({ ...charge, invoice: change.number }))
    const of = billChangeJournal(journal(named).lines, change)
    const kind = change.change === 'void' ? ('reversal' as const) : ('journal' as const)
    return part({ bill: change.number, kind, lines: of, problems: [] })
  })
  const whole = part({ bill: '', kind: 'journal', lines, problems })
  return [whole, ...ofChanges.filter((one) => one.lines.length > 0)]
}

type ChangeOfBill = BillChange & { readonly bill: string; readonly before: string }

/** Bills of the run that were taken back one by one, and those issued in their place; in order of time. */
async function billChanges({ catalog, tenant }: Workspace, run: RunTable): Promise<ChangeOfBill[]> {
  const rows = await catalog
    .selectFrom('bill_issue')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('run', '=', run.id)
    .execute()
  return rows
    .flatMap(({ number, bill, replaces, issued_at, voided_at }) => {
      const before = replaces === '' ? '' : `-issue-${number}`
      const issue = { number, bill, before: '', change: 'issue' as const, at: issued_at }
      const taken = { number, bill, before, change: 'void' as const, at: voided_at ?? '' }
      return [...(replaces === '' ? [] : [issue]), ...(voided_at === null ? [] : [taken])]
    })
    .sort((a, b) => compareBytes(a.at, b.at) || compareBytes(a.number, b.number))
    .map(({ at: _, ...change }) => change)
}

/** One sum per currency, cost centre and whatever else the rules tell apart; what they do not is ''. */
async function carriedCharges(
  { warehouse, tenant }: Workspace,
  { run, view, rules }: { run: RunTable; view: ReportView; rules: JournalRules },
): Promise<{ readonly bought: JournalCharge[]; readonly sold: JournalCharge[] }> {
  const by = new Set<string>([...rules.debitBy, ...rules.creditBy])
  const column = (name: string, isWanted: boolean) => (isWanted ? name : `'' AS ${name}`)
  const columns = [
    column('project', by.has('project')),
    // A vendor may have a clearing account of its own.
    'vendor',
    column('account', by.has('invoice')),
    column('invoice', by.has('invoice')),
    by.has('category') ? 'category' : `CASE WHEN category = 'tax' THEN 'tax' ELSE '' END AS category`,
  ]
  const sumsOf = (what: string, where: string) =>
    warehouse.rows<Omit<JournalCharge, 'costCentre' | 'amountMinor'> & CarriedRow>(
      `SELECT currency, cost_centre, ${what}, sum(${view}_minor) AS amount_minor
       FROM carried WHERE tenant = $tenant AND run = $run ${where} GROUP BY ALL ORDER BY ALL`,
      { tenant, run: run.id },
    )
  const ours = ownBillsSql(run)
  if (ours === '') return { bought: (await sumsOf(columns.join(', '), '')).map(toCharge), sold: [] }
  const isOurs = `(vendor, account, invoice) IN (SELECT vendor, account, invoice FROM (${ours}))`
  const bought = await sumsOf(columns.join(', '), `AND NOT ${isOurs}`)
  const sold = await sumsOf(`project, vendor, account, invoice, category`, `AND ${isOurs}`)
  return { bought: bought.map(toCharge), sold: sold.map((row) => ({ ...toCharge(row), isOurs: true })) }
}

type CarriedRow = { readonly cost_centre: string; readonly amount_minor: bigint }

function toCharge({
  cost_centre,
  amount_minor,
  ...row
}: Omit<JournalCharge, 'costCentre' | 'amountMinor'> & CarriedRow): JournalCharge {
  return { ...row, costCentre: cost_centre, amountMinor: amount_minor }
}

/** The other side of what is carried. */
const AGAINST: ReadonlySet<JournalLine['role']> = new Set(['payable', 'revenue'])

/** What is debited, less what is credited in its place, is what the run carried: nothing was dropped on the way. */
function checkTotals(lines: ReadonlyArray<JournalLine>, { run, view }: { run: RunTable; view: ReportView }): void {
  for (const total of outputsOf(run).totals) {
    const carried = BigInt(view === 'actual' ? total.actual_minor : total.adjusted_minor)
    const booked = lines
      .filter(({ role, currency }) => !AGAINST.has(role) && currency === total.currency)
      .reduce((sum, { debitMinor, creditMinor }) => sum + debitMinor - creditMinor, 0n)
    invariant(booked === carried, 'a journal books what was carried', { run: run.id, ...total, booked })
  }
}

function toRow(
  line: JournalLine,
  { part, period, view, date }: { part: Part; period: Period; view: ReportView; date: LocalDate },
): ReportRow {
  const money = (minor: bigint) => (minor === 0n ? '' : formatAmount(minor, line.currency))
  return [
    line.journal,
    part.kind,
    part.state,
    line.entity,
    date,
    period.name,
    line.currency,
    String(line.line),
    line.glCode,
    line.costCentre,
    nameIn(line, part),
    line.project,
    line.vendor,
    line.account,
    line.invoice,
    line.category,
    money(line.debitMinor),
    money(line.creditMinor),
    describe(line, { name: nameIn(line, part), period }),
    view,
    part.run,
    line.reverses,
    part.rules.label,
  ]
}

/** The name of the line's cost centre; '' where lines are not divided by cost centres, or the centre has no name. */
function nameIn({ role, costCentre }: JournalLine, { nameOf, rules }: Part): string {
  if (OF_BILLS.has(role) || !rules.rules.debitBy.includes('cost-centre')) return ''
  return costCentre === '' ? 'unassigned' : (nameOf.get(costCentre) ?? '')
}

/** Lines about bills, and no cost centre. */
const OF_BILLS: ReadonlySet<JournalLine['role']> = new Set(['payable', 'receivable', 'revenue'])

const WORDS: Readonly<Record<JournalLine['role'], string>> = {
  expense: 'Charges',
  tax: 'Tax',
  suspense: 'Charges without GL code',
  payable: 'Bills',
  receivable: 'Our bills',
  revenue: 'Revenue',
}

function describe(line: JournalLine, { name, period }: { name: string; period: Period }): string {
  const about = OF_BILLS.has(line.role)
    ? [line.vendor, line.role === 'receivable' ? line.account : '', line.invoice]
    : [name || line.costCentre, line.project]
  const named = about.filter((word) => word !== '').join(', ')
  const words = `${WORDS[line.role]} ${period.name}${named === '' ? '' : `: ${named}`}`
  return line.reverses === '' ? words : `Reversal of ${line.reverses}. ${words}`
}
