// Our own bills as vendor bills: their lines are charges of the period, billed by the provider, so that they are divided,
// carried and reported like any other (spec, share plans, "Billing"). Changes no line, and reads nothing where nothing is rated.
import { type BillLineKind, chargeOfBillLine, UNNAMED_PROVIDER } from '@spillway/core'
import { columnsOf } from '../../warehouse/fact-columns.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import { pinnedCatalogue } from '../rate/pinned-catalogue.ts'
import { FIRST_DAY, LAST_DAY } from './define-pools.ts'
import { factsOf, make, type PeriodScope, pinned, show } from './period-scope.ts'

/** The `doc` of charges that are lines of our own bills: no document has this number. */
export const OWN_DOC = 0

/** What our bills add to the statements that place the charges of vendors' bills; each '' where there are none. */
export type OwnBills = Readonly<Record<'vendor' | 'bills' | 'kinds' | 'charges', string>>

const NONE: OwnBills = { vendor: '', bills: '', kinds: '', charges: '' }

/**
 * Shows `own_bill` and `own_bill_line`: our bills as they were made in the scratch database, else as the run stored them, for
 * a computation that does not rate again.
 */
export async function showOwnBills(scope: PeriodScope, { areMade }: { readonly areMade: boolean }): Promise<void> {
  const { rating, tenant, scratch } = scope
  if (!rating?.areBillsCharges) return
  for (const [view, table] of [
    ['own_bill', 'customer_bill'],
    ['own_bill_line', 'customer_bill_line'],
  ] as const) {
    const columns = columnsOf(table).filter((column) => column !== 'tenant' && column !== 'run')
    const ofRun = `FROM ${table} WHERE tenant = ${literal(tenant)} AND run = ${literal(rating.stored ?? '')}`
    await show(scope, view, `SELECT ${columns.join(', ')} ${areMade ? `FROM ${scratch}.${table}` : ofRun}`)
  }
}

/**
 * Makes `own_line`: one row per line of our bills that has an amount, as a charge, numbered from 1. A line is about the days of
 * its bill on which the service is in force, so that it goes to those who have it then.
 */
export async function readOwnBills(scope: PeriodScope): Promise<OwnBills> {
  if (!scope.rating?.areBillsCharges) return NONE
  const { scratch, period } = scope
  const lines = await linesOf(scope)
  const provider = await storeLineKinds(scope, lines)
  await make(
    scope,
    'own_line',
    `WITH in_force AS (SELECT s.service, min(coalesce(s.from_on, DATE '${FIRST_DAY}')) AS from_on,
         max(coalesce(s.to_on, DATE '${LAST_DAY}')) AS to_on FROM ${factsOf(scope, 'service')} AS s WHERE ${pinned(scope, 's')} GROUP BY s.service),
     line AS (SELECT l.*, b.account AS billed_to, b.period_start_on, b.period_end_on,
         coalesce(i.from_on < b.period_end_on AND i.to_on > b.period_start_on, false) AS is_here, i.from_on, i.to_on
       FROM ${scratch}.${lines} AS l JOIN ${scratch}.own_bill AS b USING (number)
       LEFT JOIN in_force AS i ON i.service = l.service WHERE l.amount_minor <> 0)
     SELECT (row_number() OVER (ORDER BY l.number, l.account, l.service, l.kind, l.about, l.plan))::INTEGER AS ordinal, l.number,
       l.billed_to, l.service, l.currency, l.amount_minor, l.kind, l.about, k.category, k.usage_type, k.product,
       CASE WHEN is_here THEN greatest(l.from_on, l.period_start_on) ELSE l.period_start_on END AS start_on,
       CASE WHEN is_here THEN least(l.to_on, l.period_end_on) ELSE l.period_end_on END AS end_on
     FROM line AS l JOIN ${scratch}.own_line_kind AS k USING (kind, about)`,
  )
  const vendor = literal(provider)
  return {
    vendor: provider,
    bills: `UNION ALL SELECT ${vendor}, account, number, ${literal(period.name)}, period_start_on, period_end_on, NULL
      FROM ${scratch}.own_bill ${nearBillsSql(scope)}`,
    kinds: `UNION SELECT currency, category, usage_type, product, '' FROM ${scratch}.own_line`,
    charges: `UNION ALL SELECT ${OWN_DOC}, o.ordinal, b.bill_no, k.kind_no, s.service_no,
        CASE WHEN s.service_no IS NULL THEN o.service END, o.amount_minor, o.start_on, o.end_on
      FROM ${scratch}.own_line AS o
      JOIN ${scratch}.bill AS b ON b.vendor = ${vendor} AND b.account = o.billed_to AND b.invoice = o.number
      JOIN ${scratch}.charge_kind AS k ON k.category = o.category AND k.usage_type = o.usage_type AND k.product = o.product
        AND k.named_pool = '' AND k.currency = o.currency
      LEFT JOIN ${scratch}.service_key AS s ON s.service = o.service`,
  }
}

/** Once a plan of near facts is made: lines of our bills of the services that are near; null where nothing says that they are charges. */
export function nearOwnLines({ near, rating, scratch }: PeriodScope): string | null {
  return near !== undefined && rating?.areBillsCharges ? `${scratch}.${NEAR_LINES}` : null
}

const NEAR_LINES = 'near_bill_line'

/** Of few services their lines are taken once: a look for a service reads its column of every line. */
async function linesOf(scope: PeriodScope): Promise<string> {
  if (scope.near === undefined) return 'own_bill_line'
  const { scratch } = scope
  await make(
    scope,
    NEAR_LINES,
    `SELECT l.* FROM ${scratch}.own_bill_line AS l WHERE l.service IN (FROM ${scratch}.asked_service)`,
  )
  return NEAR_LINES
}

/** Of what is near, the accounts whose bills are asked for: those of charges, of usage and of pools. Needs `own_line` and `pool`. */
function nearBillsSql(scope: PeriodScope): string {
  if (scope.near === undefined) return ''
  const { scratch } = scope
  return `WHERE account IN (SELECT billed_to FROM ${scratch}.own_line UNION SELECT account FROM ${factsOf(scope, 'charge')}
    UNION SELECT account FROM ${factsOf(scope, 'usage')} UNION SELECT account FROM ${scratch}.pool)`
}

/** Makes `own_line_kind`: one row per kind of line and what it is about; who bills it. */
async function storeLineKinds(scope: PeriodScope, lines: string): Promise<string> {
  const { warehouse, scratch } = scope
  const { catalogue } = await pinnedCatalogue(scope)
  const columns = ['kind', 'about', 'category', 'usage_type', 'product']
  await warehouse.run(`CREATE TABLE ${scratch}.own_line_kind (${columns.map((name) => `${name} VARCHAR`).join(', ')})`)
  const kinds = await warehouse.rows<{ kind: BillLineKind; about: string }>(
    `SELECT DISTINCT kind, about FROM ${scratch}.${lines} AS l WHERE l.amount_minor <> 0 ORDER BY ALL`,
  )
  const writer = await warehouse.writer('own_line_kind', columns, scratch)
  for (const { kind, about } of kinds) {
    const { category, usageType, product } = chargeOfBillLine({ kind, about }, catalogue)
    writer.append([kind, about, category, usageType, product])
  }
  writer.close()
  return catalogue.provider?.provider ?? UNNAMED_PROVIDER
}

/** A pool of another vendor's bills divides what that vendor bills: charges of ours that found one stay where they are. */
export async function leavePoolsOfOthers(scope: PeriodScope, own: OwnBills): Promise<void> {
  if (own === NONE) return
  const { scratch, warehouse } = scope
  await warehouse.run(
    `UPDATE ${scratch}.charge_row SET pool_no = NULL, candidates = 0 WHERE doc = ${OWN_DOC} AND pool_no IN (
       SELECT p.pool_no FROM ${scratch}.pool AS p WHERE p.vendor NOT IN ('', ${literal(own.vendor)}))`,
  )
}
