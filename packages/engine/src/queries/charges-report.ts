// `report charges --by …`: the money of a period by one dimension, actual and adjusted side by side.
import { compareBytes, type Period, Refusal, type Report } from '@spillway/core'
import type { RunTable } from '../catalog/tables.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { currentRun } from './current-run.ts'
import { CHARGE_FILTERS, readFilter, whereText } from './filter/report-filter.ts'
import { resultRowsSql, wantedNumbers } from './filter/result-rows.ts'
import type { RowFilter } from './filter/row-filter.ts'
import { shownNames } from './kept/directory-names.ts'
import { type KeptPage, pageOfKept, withKeptPages } from './kept/kept-page.ts'
import { keptServicePage } from './kept/service-page.ts'
import { DIMENSION_COLUMN, NAME_OF_EMPTY, NAME_SQL, namesCte } from './names.ts'
import { foundServices, narrowingFilter, numberedServices } from './numbered-services.ts'
import { withNames, withServices } from './page-names.ts'
import { sqlReport } from './sql-report.ts'

export const CHARGE_DIMENSIONS = [
  'service',
  'person',
  'cost-centre',
  'project',
  'vendor',
  'account',
  'pool',
  'category',
  'usage-type',
  'user-id',
] as const
export type ChargeDimension = (typeof CHARGE_DIMENSIONS)[number]
export type ReportView = 'actual' | 'adjusted'

export type ChargesOptions = {
  readonly period: Period
  readonly by: ChargeDimension
  readonly view?: ReportView | undefined
  /** `DIMENSION=VALUE` each, of CHARGE_FILTERS. */
  readonly where?: ReadonlyArray<string> | undefined
}

/**
 * One row per key and currency, ordered by key. What nobody owns has an empty key, so that it comes first.
 * With `view`, that view's column alone; by `line`, the lines of bills behind them (charge-lines-report.ts).
 *
 * @throws Refusal `period-not-closed`; `bad-command` for `user-id` where no account has sub-accounts, and for a filter that it
 *   has not.
 */
export async function chargesReport(workspace: ScopedWorkspace, options: ChargesOptions): Promise<Report> {
  const { period, by, view, where } = options
  if (by === 'user-id')
    throw new Refusal('bad-command', 'No account of this workspace has sub-accounts, so no charge has a user id.', {
      hint: 'Use --by service or --by person.',
    })
  const run = await currentRun(workspace, period)
  const asked = await readFilter(workspace, { where, columns: CHARGE_FILTERS, run })
  await workspace.sums?.ofRuns([run.id])
  const isKept = by !== 'service' || workspace.sums?.servicesOf(run.id)?.canFilter(asked)
  const filter = isKept ? asked : await narrowingFilter(workspace, { run, filter: asked })
  const column = DIMENSION_COLUMN[by]
  // One row per key and currency.
  const sums = `sums AS (SELECT ${column} AS key, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
      FROM (${resultRowsSql(workspace, { view: 'carried', columns: [column, 'currency'], runs: [run.id], filter })}) GROUP BY ALL)`
  const cells = `key, currency, ${AMOUNTS}`
  const empty = NAME_OF_EMPTY[by]
  const fields = fieldsOf(view)
  const runNo = workspace.sums?.numberOf(run.id)
  const report = sqlReport(workspace, {
    name: 'charges',
    title: `Charges of ${period.name} by ${by.replace('-', ' ')}${whereText(where)}`,
    hasTotals: true,
    fields,
    ctes: `${namesCte(run)}, ${sums}`,
    rows: `SELECT ${cells}, CASE WHEN key = '' THEN $empty ELSE coalesce(name, '') END AS name
      FROM sums LEFT JOIN (${NAME_SQL[by]}) AS named USING (key)`,
    order: 'key, currency',
    parameters: { tenant: workspace.tenant, run: run.id, empty },
    lean:
      runNo !== undefined && by === 'service' && filter.size > 0 && !filter.has('service')
        ? numberedServices(workspace, { run, runNo, filter })
        : {
            ...{ ctes: sums, rows: `SELECT ${cells} FROM sums`, without: ['name'] },
            fill: (rows) => withNames(workspace, { rows, by, run, empty }),
          },
  })
  const kept =
    by === 'service'
      ? await serviceCharges(workspace, { run, filter, fields })
      : keptCharges(workspace, { run, filter, fields, by })
  if (!kept) return report
  return withKeptPages(report, { keptPage: kept, isSmall: by !== 'service' || filter.size > 0 })
}

const AMOUNTS = 'actual_minor, adjusted_minor, adjusted_minor - actual_minor AS difference_minor'

type Charges = { readonly run: RunTable; readonly filter: RowFilter; readonly fields: ReadonlyArray<ReportField> }

function keptCharges(
  workspace: ScopedWorkspace,
  { run, filter, fields, by }: Charges & { readonly by: Exclude<ChargeDimension, 'service' | 'user-id'> },
): KeptPage | null {
  const { sums } = workspace
  const summed = sums?.sumsOf(run.id)?.sum([DIMENSION_COLUMN[by], 'currency'], filter)
  if (!sums || !summed) return null
  const rows = summed.map(({ keys: [key = '', currency = ''], actualMinor, adjustedMinor }) => ({
    key,
    currency,
    actual_minor: actualMinor,
    adjusted_minor: adjustedMinor,
    difference_minor: adjustedMinor - actualMinor,
  }))
  const fill = async (page: ReadonlyArray<Row>) => {
    const nameOf = await shownNames(workspace, { by, run, keys: page.map(({ key }) => String(key)) })
    return page.map((row) => ({ ...row, name: nameOf(String(row.key)) }))
  }
  return (asked) => pageOfKept({ fields, rows, fill, without: ['name'] }, asked)
}

/** Of the services of a run those that a filter leaves, wherever they are kept, or few enough to be read. */
async function serviceCharges(workspace: ScopedWorkspace, charges: Charges): Promise<KeptPage | null> {
  const { run, filter, fields } = charges
  const { sums } = workspace
  if (!sums) return null
  // What is asked of a part takes less than to make the sums of all.
  const services = filter.size === 0 ? await sums.ofServices(run.id) : sums.servicesOf(run.id)
  const searched = searchedServices(workspace, charges)
  const kept = services && keptServicePage(workspace, { services, run, filter, fields })
  if (kept) return async (asked) => (await kept(asked)) ?? searched(asked)
  const few = filter.size === 0 ? null : await fewServices(workspace, { run, filter })
  if (!few) return searched
  return async (asked) => (await pageOfRead(few, fields)(asked)) ?? searched(asked)
}

const pageOfRead =
  (rows: ReadonlyArray<Row>, fields: Charges['fields']): KeptPage =>
  (asked) =>
    pageOfKept({ fields, rows, fill: async (page) => page, without: [] }, asked)

/** Of the few services that a search finds. */
function searchedServices(workspace: ScopedWorkspace, { run, filter, fields }: Charges): KeptPage {
  return async ({ arrangement: { search = '', ...arrangement }, place }) => {
    const runNo = workspace.sums?.numberOf(run.id)
    if (search === '' || runNo === undefined || filter.has('service')) return null
    const services = await foundServices(workspace, { run, runNo, search, most: FEW_SERVICES })
    const rows = services && (await fewServices(workspace, { run, filter, services }))
    return rows ? pageOfRead(rows, fields)({ arrangement, place }) : null
  }
}

/** More are sorted and paged by the database. */
const FEW_SERVICES = 5000

/**
 * Rows of the few services that a filter leaves of a million, in order; null where they are more, or where no sums are kept.
 * Numbers are asked for first: they leave rows out where these are read, as no join does.
 */
async function fewServices(
  workspace: ScopedWorkspace,
  { run, filter, services }: Pick<Charges, 'run' | 'filter'> & { readonly services?: ReadonlyArray<number> },
): Promise<ReadonlyArray<Row> | null> {
  const { sums, tenant, warehouse } = workspace
  const runNo = sums?.numberOf(run.id)
  if (runNo === undefined || filter.has('service')) return null
  const conditions = [`run_no = ${runNo}`]
  if (services) conditions.push(`service_no IN (${services.length === 0 ? 'NULL' : services.join(', ')})`)
  for (const { number, sql } of wantedNumbers(filter)) {
    // One row per number.
    const wanted = await warehouse.rows<{ number: number }>(`${sql} LIMIT ${FEW_SERVICES + 1}`, { tenant, run: run.id })
    if (wanted.length > FEW_SERVICES) return null
    conditions.push(`${number} IN (${wanted.length === 0 ? 'NULL' : wanted.map((one) => one.number).join(', ')})`)
  }
  // One row per service and currency.
  const rows = await warehouse.rows<Row>(
    `SELECT service_no, currency, ${AMOUNTS} FROM (
       SELECT service_no, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor FROM (
         SELECT service_no, sort_no, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor
         FROM carried_row_stored WHERE ${conditions.join(' AND ')} GROUP BY ALL)
       LEFT JOIN (SELECT sort_no, currency FROM run_charge_kind WHERE tenant = $tenant AND run = $run) USING (sort_no)
       GROUP BY ALL) LIMIT ${FEW_SERVICES + 1}`,
    { tenant, run: run.id },
  )
  if (rows.length > FEW_SERVICES) return null
  const named = [...(await withServices(workspace, { rows, run, runNo, empty: NAME_OF_EMPTY.service }))]
  const textOf = (row: Row, key: string) => String(row[key])
  return named.sort(
    (a, b) =>
      compareBytes(textOf(a, 'key'), textOf(b, 'key')) || compareBytes(textOf(a, 'currency'), textOf(b, 'currency')),
  )
}

function fieldsOf(view: ReportView | undefined): ReportField[] {
  const keys = [textField('key', 'Key'), textField('name', 'Name'), textField('currency', 'Currency')]
  const amounts = [
    amountField('actual', 'Actual'),
    amountField('adjusted', 'Adjusted'),
    amountField('difference', 'Difference'),
  ]
  return [...keys, ...amounts.filter(({ key }) => view === undefined || key === view)]
}
