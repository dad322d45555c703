// `report balances`: what is in every bucket at an instant, drawn again from what the runs of that time pinned, up to the events
// that began before the instant. Usage that no close has read yet is not in it.
import {
  type BucketStanding,
  bucketStandings,
  compileGroup,
  DrawDown,
  parseTimestamp,
  Refusal,
  type Report,
} from '@spillway/core'
import { type BriefRun, readBriefRun, readRun } from '../catalog/read-runs.ts'
import type { RunTable } from '../catalog/tables.ts'
import { holderName, instantText } from '../stages/rate/history-rows.ts'
import type { RatingGroup } from '../stages/rate/rating-groups.ts'
import { type Replay, readGroups, withReplay } from '../stages/rate/replay.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { oneBatch, type ReportField, textField, toReportRows } from './amount-cells.ts'
import { bucketUsageTypes, usageCells } from './bucket-usage-types.ts'
import { currentRuns } from './current-run.ts'
import { pinnedScope } from './pinned-scope.ts'

const detail = (field: ReportField): ReportField => ({ ...field, isDetail: true })
const usageField = (key: string, title: string): ReportField => ({ key, title, kind: 'usage', isNullable: true })

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  detail(textField('on', 'On')),
  textField('holder', 'Holder'),
  textField('bucket', 'Bucket'),
  detail(textField('usage_type', 'Usage type')),
  detail(textField('unit', 'Unit')),
  detail(textField('start_at', 'From')),
  usageField('capacity', 'Capacity'),
  detail({ ...usageField('rolled_in', 'Rolled in'), isNullable: false }),
  { ...usageField('drawn', 'Drawn'), isNullable: false },
  detail(usageField('left', 'Left')),
  { key: 'tier', title: 'Tier', kind: 'quantity' },
  usageField('tier_left', 'Left in tier'),
  textField('until_at', 'Until'),
  detail(textField('life', 'Life')),
  textField('settled', 'Settled'),
  detail(textField('run', 'Run')),
  detail(textField('corrected_by', 'Corrected by')),
]

export type BalancesOptions = {
  /** ISO with an offset: `2026-10-17T12:00:00Z`. */
  readonly at: string
  /** Only the buckets that it holds, on its services and in its plans. */
  readonly account?: string | undefined
  readonly bucket?: string | undefined
}

/**
 * One row per bucket and holder that is in force at the instant; quantities are base units, capacity and what is left over
 * all tiers together, empty where the last is without end. Each account's are of the run that drew the instant.
 *
 * @throws Refusal `bad-command` for what is no instant, `period-not-closed` where no run drew it, `not-found` for an account
 *   or a bucket without any row.
 */
export async function balancesReport(scoped: ScopedWorkspace, options: BalancesOptions): Promise<Report> {
  const atMicros = instantNamed(options.at)
  const rows = await readBalances(scoped, { ...options, atMicros })
  return {
    name: 'balances',
    title: `Balances at ${instantText(atMicros)}`,
    columns: FIELDS,
    rows: toReportRows(oneBatch(rows), FIELDS),
  }
}

function instantNamed(text: string): number {
  const timestamp = parseTimestamp(text)
  if (timestamp !== null && !timestamp.isWallTime) return timestamp.micros
  throw new Refusal('bad-command', `"${text}" is no instant.`, {
    hint: 'Write date, time and offset, such as 2026-10-17T12:00:00Z or 2026-10-17T14:00:00+02:00.',
  })
}

type BalancesAt = Pick<BalancesOptions, 'account' | 'bucket'> & { readonly atMicros: number }

async function readBalances(scoped: ScopedWorkspace, of: BalancesAt): Promise<Row[]> {
  const workspace = wholeWorkspaceOf(scoped)
  const runs = await ratedRuns(workspace)
  const near = await runsNear(workspace, runs, of.atMicros)
  const answered = new Set<string>()
  const rows: Row[] = []
  for (const run of near) {
    // Its group was drawn by a run before; no other has anything of it.
    if (of.account !== undefined && answered.has(of.account)) break
    const found = await balancesOfRun(workspace, { ...of, run, answered })
    const types = await bucketUsageTypes(scoped, run)
    const correctedBy = runs.find(({ rating }) => rating?.corrected.includes(run.id) === true)?.head.id ?? ''
    for (const standing of found)
      rows.push({
        ...cellsOf(standing),
        ...usageCells(types.get(standing.bucket)),
        run: run.id,
        corrected_by: correctedBy,
      })
  }
  if (answered.size === 0 && !(await isCovered(workspace, { ...of, near }))) throw notCovered(of, runs)
  const visible = scoped.scope.rows?.accounts
  const shown = rows.filter(
    ({ account, bucket }) =>
      (visible === undefined || visible.includes(String(account))) &&
      (of.account === undefined || account === of.account) &&
      (of.bucket === undefined || bucket === of.bucket),
  )
  if (shown.length === 0 && (of.account !== undefined || of.bucket !== undefined)) throw nothingOf(of)
  return shown.sort(compareRows)
}

/** The run that speaks for each month in which something was sold. */
async function ratedRuns(workspace: Workspace): Promise<BriefRun[]> {
  const runs: BriefRun[] = []
  for (const { id } of await currentRuns(workspace)) {
    const run = await readBriefRun(workspace, id)
    if (run?.rating !== undefined) runs.push(run)
  }
  return runs
}

/** Of the months that may have drawn the instant, in the order in which they are asked. */
async function runsNear(
  workspace: Workspace,
  runs: ReadonlyArray<BriefRun>,
  atMicros: number,
): Promise<ReadonlyArray<RunTable>> {
  const near: RunTable[] = []
  for (const month of monthsAround(atMicros)) {
    const known = runs.find(({ head }) => head.period === month)
    const run = known && (await readRun(workspace, known.head.id))
    if (run) near.push(run)
  }
  return near
}

/** The month of the instant, then those whose billing periods or zones may reach to it. */
function monthsAround(atMicros: number): string[] {
  const day = new Date(atMicros / 1000)
  return [0, -1, 1].map((shift) => {
    return new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + shift, 1)).toISOString().slice(0, 7)
  })
}

type OfRun = BalancesAt & {
  readonly run: RunTable
  /** Accounts whose instant an earlier run has drawn; those of this one are added. */
  readonly answered: Set<string>
}

type Near = BalancesAt & { readonly near: ReadonlyArray<RunTable> }

/** Whether a run drew the instant of any account, whoever was asked about. */
async function isCovered(workspace: Workspace, { near, account, atMicros }: Near): Promise<boolean> {
  if (account === undefined) return false
  for (const run of near) {
    const scope = await pinnedScope(workspace, { run, scratch: '' })
    const isWanted = ({ fromMicros, untilMicros }: RatingGroup) => fromMicros <= atMicros && atMicros < untilMicros
    if (
      await withReplay(
        scope,
        { opening: { run: run.id }, kinds: 'draws', isWanted },
        async ({ groups }) => groups.length > 0,
      )
    )
      return true
  }
  return false
}

async function balancesOfRun(workspace: Workspace, of: OfRun): Promise<ReadonlyArray<BucketStanding>> {
  const { run, answered, atMicros, account } = of
  const scope = await pinnedScope(workspace, { run, scratch: '' })
  const covers = ({ fromMicros, untilMicros, accounts }: RatingGroup): boolean =>
    fromMicros <= atMicros && atMicros < untilMicros && !accounts.some((one) => answered.has(one.account))
  const isAsked = ({ accounts }: RatingGroup) =>
    account === undefined || accounts.some((one) => one.account === account)
  const near = account === undefined ? undefined : { accounts: [account] }
  const drawn = { opening: { run: run.id }, kinds: 'draws', columns: 'events' } as const
  return withReplay(scope, { ...drawn, near, isWanted: covers }, async (replay) => {
    for (const group of replay.groups) for (const one of group.accounts) answered.add(one.account)
    const groups = replay.groups.filter(isAsked)
    const found: BucketStanding[] = []
    // Beyond the instant, so that the period that begins with it is under way.
    const begin = (group: RatingGroup) => standingReader(replay, { group, atMicros })
    for await (const { result } of readGroups(replay, { groups, begin, beforeMicros: atMicros })) found.push(...result)
    return found
  })
}

function standingReader(
  replay: Replay,
  { group, atMicros }: { readonly group: RatingGroup; readonly atMicros: number },
) {
  const run = new DrawDown(compileGroup({ ...replay.inputOf(group), untilMicros: atMicros + 1 }))
  return { take: run.take.bind(run), finish: () => bucketStandings(run, atMicros) }
}

function cellsOf(standing: BucketStanding): Row {
  const { holder, bucket, startMicros, untilMicros, rolledInBase, drawnBase, tiers, tierInUse } = standing
  const name = holderName(holder)
  const sizes = tiers.map(({ sizeBase }) => sizeBase)
  const capacity = sizes.reduce((sum, size) => (sum === null || size === null ? null : sum + size), 0n as bigint | null)
  const tier = tiers[tierInUse - 1]
  const left = (size: bigint | null | undefined, drawn: bigint) =>
    size === null || size === undefined ? '' : String(size - drawn)
  return {
    account: holder.account,
    on: holder.on,
    holder: name === '' ? holder.account : name,
    bucket,
    start_at: instantText(startMicros),
    capacity: capacity === null ? '' : String(capacity),
    rolled_in: rolledInBase,
    drawn: drawnBase,
    left: left(capacity, drawnBase),
    tier: tierInUse,
    tier_left: left(tier?.sizeBase, tier?.drawnBase ?? 0n),
    until_at: instantText(untilMicros),
    life: standing.life,
    settled: standing.isSettledAtClose ? 'at close' : '',
  }
}

const KEYS = ['account', 'on', 'holder', 'bucket', 'start_at'] as const

function compareRows(left: Row, right: Row): number {
  for (const key of KEYS) {
    const [a, b] = [String(left[key]), String(right[key])]
    if (a !== b) return a < b ? -1 : 1
  }
  return 0
}

function notCovered({ atMicros }: BalancesAt, runs: ReadonlyArray<BriefRun>): Refusal {
  const [month = ''] = monthsAround(atMicros)
  const months = runs.map(({ head }) => head.period)
  const closed =
    months.length === 0
      ? 'No month in which anything is sold has'
      : `Only ${months.join(', ')} ${months.length === 1 ? 'has' : 'have'}`
  return new Refusal('period-not-closed', `No close drew ${instantText(atMicros)}: ${closed} been closed.`, {
    hint: `Run \`spillway close ${month}\` first; it need not be published, and can be closed again.`,
    facts: { at: instantText(atMicros), closed: months },
  })
}

function nothingOf({ account, bucket, atMicros }: BalancesAt): Refusal {
  const said = [
    ...(account === undefined ? [] : [`account "${account}"`]),
    ...(bucket === undefined ? [] : [`bucket "${bucket}"`]),
  ]
  return new Refusal('not-found', `No bucket of ${said.join(' and ')} is in force at ${instantText(atMicros)}.`, {
    hint: `\`spillway report balances --at ${instantText(atMicros)}\` lists those that are.`,
    facts: { account: account ?? '', bucket: bucket ?? '', at: instantText(atMicros) },
  })
}
