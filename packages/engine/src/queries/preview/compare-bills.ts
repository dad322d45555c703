// Compares what a scratch database was billed with what a run was: by account, by share plan, by bucket and by service. Both
// sides are read from tables of the same shape; the database adds, and a key that does not differ is left out.
import { type Catalogue, catalogueOf, type UsageType } from '@spillway/core'
import type { ConfigurationDocument } from '../../catalog/configuration.ts'
import { catalogueDocuments } from '../../catalog/provider-catalogue.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { type PeriodScope, step } from '../../stages/allocate/period-scope.ts'
import { makeTable } from '../../stages/rate/make-table.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { amountField, oneBatch, type ReportField, textField, toReportRows } from '../amount-cells.ts'
import { usageCells } from '../bucket-usage-types.ts'
import { NAME_SQL, namesCte } from '../names.ts'
import type { Preview, PreviewDimension, PreviewSum, PreviewTotal, PreviewView } from './preview.ts'

const MONEY = [amountField('before', 'Before'), amountField('after', 'After'), amountField('change', 'Change')]
const usageField = (key: string, title: string): ReportField => ({ key, title, kind: 'usage', isNullable: true })
const detail = (field: ReportField): ReportField => ({ ...field, isDetail: true })

const FIELDS: Readonly<Record<PreviewDimension, ReadonlyArray<ReportField>>> = {
  account: [
    textField('account', 'Billed to'),
    textField('name', 'Name'),
    { key: 'services', title: 'Services', kind: 'quantity' },
    textField('currency', 'Currency'),
    ...MONEY,
  ],
  plan: [textField('plan', 'Plan'), textField('name', 'Name'), textField('currency', 'Currency'), ...MONEY],
  bucket: [
    textField('account', 'Account'),
    detail(textField('on', 'On')),
    textField('holder', 'Holder'),
    textField('bucket', 'Bucket'),
    detail(textField('usage_type', 'Usage type')),
    detail(textField('unit', 'Unit')),
    detail(textField('start_at', 'From')),
    { key: 'tier', title: 'Tier', kind: 'quantity' },
    detail(usageField('capacity_before', 'Capacity before')),
    detail(usageField('capacity_after', 'Capacity after')),
    usageField('drawn_before', 'Drawn before'),
    usageField('drawn_after', 'Drawn after'),
    detail(usageField('left_before', 'Left before')),
    detail(usageField('left_after', 'Left after')),
    textField('ran_out_before', 'Ran out before'),
    textField('ran_out_after', 'Ran out after'),
  ],
  service: [
    textField('account', 'Account'),
    textField('service', 'Service'),
    detail(textField('billed_to', 'Billed to')),
    textField('currency', 'Currency'),
    ...MONEY,
  ],
}

/** Makes `preview_service`: one row per account that is billed, account, service and currency. Totals per currency. */
export async function previewTotals(scope: PeriodScope, run: RunTable): Promise<PreviewTotal[]> {
  const { warehouse, scratch, tenant } = scope
  const side = (tables: { readonly line: string; readonly bill: string; readonly where: string }, amounts: string) =>
    `SELECT b.account AS billed_to, l.account, l.service, l.currency, ${amounts}
     FROM ${tables.line} AS l JOIN ${tables.bill} AS b ON b.number = l.number ${tables.where}`
  const before = {
    line: 'customer_bill_line',
    bill: 'customer_bill',
    where: `AND b.tenant = l.tenant AND b.run = l.run AND b.currency = l.currency
      WHERE l.tenant = $tenant AND l.run = $run AND ${isRated(scope, 'l.account')}`,
  }
  const after = {
    line: `${scratch}.customer_bill_line`,
    bill: `${scratch}.customer_bill`,
    where: `AND b.currency = l.currency WHERE ${isRated(scope, 'l.account')}`,
  }
  await warehouse.run(
    `CREATE TABLE ${scratch}.preview_service AS
     SELECT billed_to, account, service, currency, sum(before_minor)::BIGINT AS before_minor, sum(after_minor)::BIGINT AS after_minor
     FROM (${side(before, 'l.amount_minor AS before_minor, 0::BIGINT AS after_minor')}
       UNION ALL ${side(after, '0::BIGINT, l.amount_minor')}) GROUP BY ALL`,
    { tenant, run: run.id },
  )
  // Of who was not rated again it is what it was.
  const others =
    scope.soldTo === undefined
      ? ''
      : `UNION ALL SELECT currency, amount_minor, amount_minor FROM customer_bill_line AS l
         WHERE l.tenant = $tenant AND l.run = $run AND NOT ${isRated(scope, 'l.account')}`
  const rows = await warehouse.rows<Row & { currency: string; before_minor: bigint; after_minor: bigint }>(
    `SELECT currency, sum(before_minor) AS before_minor, sum(after_minor) AS after_minor
     FROM (SELECT currency, before_minor, after_minor FROM ${scratch}.preview_service ${others})
     GROUP BY currency ORDER BY currency`,
    others === '' ? {} : { tenant, run: run.id },
  )
  return rows.map(({ currency, before_minor, after_minor }) => {
    const [beforeMinor, afterMinor] = [BigInt(before_minor), BigInt(after_minor)]
    return { currency, beforeMinor, afterMinor, changeMinor: afterMinor - beforeMinor }
  })
}

/** Condition on an account: its month was rated again. */
function isRated({ soldTo }: PeriodScope, account: string): string {
  return soldTo === undefined ? 'true' : `${account} IN (FROM ${soldTo.account})`
}

type Comparison = {
  readonly run: RunTable
  /** Of the run; those of the scope are after. */
  readonly before: ReadonlyArray<ConfigurationDocument>
  readonly rowsMax: number | undefined
}

/** Accounts and services, plans, buckets. */
const STEPS = 3

/** Needs `preview_service`. */
export async function compareViews(scope: PeriodScope, comparison: Comparison): Promise<Preview['views']> {
  const catalogues = [scope.configuration, comparison.before].map((documents) =>
    catalogueOf(catalogueDocuments(documents)),
  )
  await storePlans(scope, catalogues)
  const { run } = comparison
  const { scratch, tenant } = scope
  const view = (by: Exclude<PreviewDimension, 'bucket'>) => viewOf(scope, { ...comparison, by })
  // One row per account that is billed, and currency.
  await makeView(scope, {
    by: 'account',
    sql: `WITH ${namesCte(run)}, billed AS (
        SELECT billed_to AS account, currency, count(*) FILTER (service <> '' AND before_minor <> after_minor) AS services,
          sum(before_minor) AS before_minor, sum(after_minor) AS after_minor FROM ${scratch}.preview_service GROUP BY ALL)
      SELECT account, coalesce(o.name, n.name, '') AS name, * EXCLUDE (account, name, key, id)
      FROM billed LEFT JOIN (${NAME_SQL.account}) AS n ON n.key = account LEFT JOIN ${scratch}.preview_account AS o ON o.id = account`,
    parameters: { tenant },
  })
  // One row per account, service and currency.
  await makeView(scope, {
    by: 'service',
    sql: `SELECT * FROM ${scratch}.preview_service WHERE service <> ''`,
    parameters: {},
  })
  step(scope, { stage: 'rate', done: 1, total: STEPS })
  await makeView(scope, { by: 'plan', sql: plansSql(scope), parameters: { tenant, run: run.id } })
  step(scope, { stage: 'rate', done: 2, total: STEPS })
  await makeBuckets(scope, run)
  const types = usageTypes(catalogues)
  return {
    account: await view('account'),
    plan: await view('plan'),
    bucket: await bucketView(scope, { ...comparison, types }),
    service: await view('service'),
  }
}

/** Makes `preview_plan_bucket` (one row per bucket of a plan, on each side), `preview_plan_name` and `preview_account`. */
async function storePlans(scope: PeriodScope, catalogues: ReadonlyArray<Catalogue>): Promise<void> {
  const { warehouse, scratch } = scope
  const columns = await makeTable(scope, 'preview_plan_bucket', { side: 'VARCHAR', bucket: 'VARCHAR', plan: 'VARCHAR' })
  const buckets = await warehouse.writer('preview_plan_bucket', columns, scratch)
  const plans = new Map<string, string>()
  const accounts = new Map<string, string>()
  for (const [at, catalogue] of catalogues.entries()) {
    for (const { plan, name, buckets: own } of catalogue.sharePlans.values()) {
      if (!plans.has(plan)) plans.set(plan, name)
      for (const { bucket } of own) buckets.append([at === 0 ? 'after' : 'before', bucket, plan])
    }
    for (const { account, name } of catalogue.accounts.values()) if (name !== '') accounts.set(account, name)
  }
  buckets.close()
  for (const [table, names] of [
    ['preview_plan_name', plans],
    ['preview_account', accounts],
  ] as const) {
    const writer = await warehouse.writer(
      table,
      await makeTable(scope, table, { id: 'VARCHAR', name: 'VARCHAR' }),
      scratch,
    )
    for (const [id, name] of names) writer.append([id, name])
    writer.close()
  }
}

/** One row per plan and currency; what is of no plan by what it is, so that the rows come to the bills. */
function plansSql(scope: PeriodScope): string {
  const { scratch } = scope
  const isAgain = isRated(scope, 'account')
  const rated = (side: 'before' | 'after', from: string, amounts: string) =>
    `SELECT coalesce(p.plan, '') AS plan,
       CASE WHEN p.plan IS NOT NULL THEN '' WHEN r.bucket = '' THEN 'out of bucket' ELSE 'buckets of no plan' END AS part,
       r.currency, ${amounts}
     FROM ${from} AS r LEFT JOIN ${scratch}.preview_plan_bucket AS p ON p.side = '${side}' AND p.bucket = r.bucket`
  const other = (from: string, amounts: string) => `SELECT '', kind, currency, ${amounts} FROM ${from}`
  const ofRun = 'tenant = $tenant AND run = $run'
  const [before, after] = ['amount AS before_minor, 0::HUGEINT AS after_minor', '0::HUGEINT, amount']
  const sums = 'sum(amount_minor) AS amount'
  // Of who was not rated again after is before: that is added up beside the sum of all, which looks through the run once.
  const untouched =
    scope.soldTo === undefined ? '' : `, coalesce(sum(amount_minor) FILTER (NOT ${isAgain}), 0) AS untouched`
  const unchanged =
    scope.soldTo === undefined
      ? ''
      : `UNION ALL ${rated('after', 'run_rated', '0::HUGEINT, r.untouched')} UNION ALL ${other('run_other', '0::HUGEINT, untouched')}`
  return `WITH run_rated AS MATERIALIZED (SELECT bucket, currency, ${sums} ${untouched} FROM rated WHERE ${ofRun} GROUP BY ALL),
    run_other AS MATERIALIZED (
      SELECT kind, currency, ${sums} ${untouched} FROM customer_bill_line WHERE ${ofRun} AND kind <> 'usage' GROUP BY ALL),
    now_rated AS (SELECT bucket, currency, ${sums} FROM ${scratch}.rated WHERE ${isAgain} GROUP BY ALL),
    now_other AS (SELECT kind, currency, ${sums} FROM ${scratch}.customer_bill_line WHERE kind <> 'usage' AND ${isAgain} GROUP BY ALL),
    amount AS (
      ${rated('before', 'run_rated', before)} UNION ALL ${rated('after', 'now_rated', after)}
      UNION ALL ${other('run_other', before)} UNION ALL ${other('now_other', after)} ${unchanged}),
    billed AS (SELECT plan, part, currency, sum(before_minor) AS before_minor, sum(after_minor) AS after_minor FROM amount GROUP BY ALL)
    SELECT plan, CASE WHEN plan = '' THEN part ELSE coalesce(n.name, '') END AS name, currency, before_minor, after_minor
    FROM billed LEFT JOIN ${scratch}.preview_plan_name AS n ON n.id = plan`
}

type MadeView = {
  readonly by: Exclude<PreviewDimension, 'bucket'>
  readonly sql: string
  readonly parameters: Readonly<Record<string, string>>
}

const KEYS = { account: 'account', plan: 'plan, name', service: 'account, service, billed_to' } as const

/** Makes `view_account` and so on: those rows that differ. */
async function makeView({ warehouse, scratch }: PeriodScope, { by, sql, parameters }: MadeView): Promise<void> {
  await warehouse.run(
    `CREATE TABLE ${scratch}.view_${by} AS
     SELECT *, after_minor - before_minor AS change_minor FROM (${sql}) WHERE after_minor <> before_minor`,
    parameters,
  )
}

async function viewOf(
  { warehouse, scratch, period }: PeriodScope,
  { by, rowsMax }: Pick<Comparison, 'rowsMax'> & { readonly by: Exclude<PreviewDimension, 'bucket'> },
): Promise<PreviewView> {
  const rows = await warehouse.rows(
    `SELECT * FROM ${scratch}.view_${by} ORDER BY abs(change_minor) DESC, ${KEYS[by]}, currency ${limitSql(rowsMax)}`,
  )
  type SumRow = Row & { currency: string; gainers: bigint; losers: bigint; gained: bigint | null; lost: bigint | null }
  // One row per currency.
  const sums = await warehouse.rows<SumRow>(
    `SELECT currency, count(*) FILTER (change_minor < 0) AS gainers, -sum(change_minor) FILTER (change_minor < 0) AS gained,
       count(*) FILTER (change_minor > 0) AS losers, sum(change_minor) FILTER (change_minor > 0) AS lost
     FROM ${scratch}.view_${by} GROUP BY currency ORDER BY currency`,
  )
  const fields = FIELDS[by]
  const report = {
    name: 'preview',
    title: `${period.name} by ${by}, before and after`,
    columns: fields,
    rows: toReportRows(oneBatch(rows), fields),
    whenEmpty: `No ${by} would be billed anything else.`,
  }
  return {
    count: sums.reduce((count, { gainers, losers }) => count + Number(gainers + losers), 0),
    sums: sums.map(toSum),
    report,
  }
}

function toSum(row: {
  readonly currency: string
  readonly gainers: bigint
  readonly losers: bigint
  readonly gained: bigint | null
  readonly lost: bigint | null
}): PreviewSum {
  return {
    currency: row.currency,
    gainers: Number(row.gainers),
    // A sum over no rows is none.
    gainedMinor: row.gained === null ? 0n : BigInt(row.gained),
    losers: Number(row.losers),
    lostMinor: row.lost === null ? 0n : BigInt(row.lost),
  }
}

const limitSql = (rowsMax: number | undefined) =>
  rowsMax === undefined ? '' : `LIMIT ${Math.max(0, Math.trunc(rowsMax))}`

/** Makes `view_bucket`: one row per bucket of a holder, period and tier of which anything differs. */
async function makeBuckets(scope: PeriodScope, run: RunTable): Promise<void> {
  const { warehouse, scratch, tenant } = scope
  const isAgain = isRated(scope, 'account')
  // As `report buckets` has them: periods that only begin and that nothing is drawn from yet are left to the next month.
  const side = (from: string) =>
    `SELECT account, holder_on, holder, bucket, start_at, tier, size_base, drawn_base, ran_out_at,
       CASE WHEN size_base = '' THEN '' ELSE (size_base::HUGEINT - drawn_base)::VARCHAR END AS left_base
     FROM ${from}
     QUALIFY start_at = min(start_at) OVER (PARTITION BY account, holder_on, holder, bucket)
       OR sum(drawn_base) OVER (PARTITION BY account, holder_on, holder, bucket ORDER BY start_at DESC) > 0`
  const shown = (name: string, column: string) =>
    `coalesce(b.${column}::VARCHAR, '') AS ${name}_before, coalesce(a.${column}::VARCHAR, '') AS ${name}_after`
  await warehouse.run(
    `CREATE TABLE ${scratch}.view_bucket AS
     SELECT account, holder_on AS "on", CASE WHEN holder = '' THEN account ELSE holder END AS holder, bucket, start_at, tier,
       ${shown('capacity', 'size_base')}, ${shown('drawn', 'drawn_base')}, ${shown('left', 'left_base')}, ${shown('ran_out', 'ran_out_at')},
       abs(coalesce(a.drawn_base, 0) - coalesce(b.drawn_base, 0)) AS change_base
     FROM (${side(`bucket_history WHERE tenant = $tenant AND run = $run AND ${isAgain}`)}) AS b
     FULL JOIN (${side(`${scratch}.bucket_history WHERE ${isAgain}`)}) AS a USING (account, holder_on, holder, bucket, start_at, tier)
     WHERE b.drawn_base IS DISTINCT FROM a.drawn_base OR b.size_base IS DISTINCT FROM a.size_base
       OR b.ran_out_at IS DISTINCT FROM a.ran_out_at`,
    { tenant, run: run.id },
  )
}

async function bucketView(
  { warehouse, scratch, period }: PeriodScope,
  { rowsMax, types }: Pick<Comparison, 'rowsMax'> & { readonly types: ReadonlyMap<string, UsageType> },
): Promise<PreviewView> {
  const { count } = await warehouse.row<{ count: bigint }>(`SELECT count(*) AS count FROM ${scratch}.view_bucket`)
  const rows = await warehouse.rows(
    `SELECT * FROM ${scratch}.view_bucket ORDER BY change_base DESC, account, "on", holder, bucket, start_at, tier ${limitSql(rowsMax)}`,
  )
  const named = rows.map((row) => ({ ...row, ...usageCells(types.get(String(row.bucket))) }))
  const report = {
    name: 'preview',
    title: `${period.name} by bucket, before and after`,
    columns: FIELDS.bucket,
    rows: toReportRows(oneBatch(named), FIELDS.bucket),
    whenEmpty: 'No bucket would be drawn otherwise.',
  }
  return { count: Number(count), sums: [], report }
}

/** By bucket, of the first catalogue that has it. */
function usageTypes(catalogues: ReadonlyArray<Catalogue>): ReadonlyMap<string, UsageType> {
  const types = new Map<string, UsageType>()
  for (const { buckets, sharePlans } of catalogues)
    for (const { bucket, accepts } of [
      ...buckets.values(),
      ...[...sharePlans.values()].flatMap((plan) => plan.buckets),
    ])
      if (accepts[0] && !types.has(bucket)) types.set(bucket, accepts[0].usageType)
  return types
}
