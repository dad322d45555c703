// `report unused`: services that nobody used for some months and what they cost meanwhile. Where no usage at all is known
// of services like one of them, the report says so instead of calling it unused.
import { type Period, Refusal, type Report } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { amountField, type ReportField, textField } from './amount-cells.ts'
import { currentRun, currentRuns, type MonthRun, monthRuns, periodNamed } from './current-run.ts'
import { conditionOf, readFilter, UNUSED_FILTERS, whereText } from './filter/report-filter.ts'
import type { RowFilter } from './filter/row-filter.ts'
import { NAME_SQL, namesCte } from './names.ts'
import { monthNumberOf, monthsText, runMonthCte } from './run-months.ts'
import { sqlReport } from './sql-report.ts'

const fieldsOf = (period: Period): ReadonlyArray<ReportField> => [
  textField('service', 'Service'),
  { ...textField('vendor', 'Vendor'), isDetail: true },
  { ...textField('account', 'Account'), isDetail: true },
  { ...textField('service_type', 'Service type'), isDetail: true },
  { ...textField('product', 'Product'), isDetail: true },
  { ...textField('person', 'Person'), isDetail: true },
  textField('name', 'Name'),
  { ...textField('cost_centre', 'Cost centre'), isDetail: true },
  textField('currency', 'Currency'),
  { ...amountField('actual_month', `Actual ${period.name}`), isDetail: true },
  { ...amountField('adjusted_month', `Adjusted ${period.name}`), isDetail: true },
  amountField('actual', 'Actual'),
  amountField('adjusted', 'Adjusted'),
  { key: 'months_billed', title: 'Months billed', kind: 'quantity', isDetail: true },
  textField('last_used', 'Last used'),
  textField('usage_known', 'Usage known'),
  { key: 'flags', title: 'Flags', kind: 'flags' },
]

/**
 * One row per service and currency: those whose usage is known first, then by currency and by what they cost, the most
 * first; what cost nothing last. A service counts where it is billed or in the inventory in the period, was so since the first of the months, and
 * has no usage above 0 in any of them. `usage_known` is `yes` where in each of the months some service of its vendor and
 * service type was used, `partly` where in some of them, `no` where in none: then its silence says nothing.
 *
 * @throws Refusal `period-not-closed` where one of the months is not closed: its usage is not known.
 */
export async function unusedReport(
  workspace: ScopedWorkspace,
  { period, months: count, where }: { period: Period; months: number; where?: ReadonlyArray<string> | undefined },
): Promise<Report> {
  const run = await currentRun(workspace, period)
  const window = await monthRuns(workspace, { last: period, count })
  refuseUnclosed(window)
  const first = window[0]?.period ?? period
  const known = (await currentRuns(workspace))
    .map((closed) => ({ run: closed, month: monthNumberOf(periodNamed(closed.period)) }))
    .filter(({ month }) => month <= monthNumberOf(period))
  const filter = await readFilter(workspace, { where, columns: UNUSED_FILTERS, run })
  return sqlReport(workspace, {
    name: 'unused',
    title: `Services without any known use, ${monthsText(first, period)}, and what they cost${whereText(where)}`,
    fields: fieldsOf(period),
    hasTotals: true,
    ctes: `${namesCte(run)}, ${runMonthCte('run_month', known)}, ${IDLE_CTES}, ${SHOWN_CTES}`,
    rows: `${SHOWN_ROWS} WHERE ${filterSql(filter)}`,
    order: SHOWN_ORDER,
    parameters: {
      ...{ tenant: workspace.tenant, run: run.id, first: monthNumberOf(first), last: monthNumberOf(period), count },
      ...{ start_on: period.startOn, end_on: period.endOn },
    },
  })
}

/** Several people may have one service: it is of each of them. */
function filterSql(filter: RowFilter): string {
  const isOwners = (column: string) => column === 'person' || column === 'cost_centre'
  const owners = new Map([...filter].filter(([column]) => isOwners(column)))
  const others = new Map([...filter].filter(([column]) => !isOwners(column)))
  const ofOwner =
    owners.size === 0 ? '' : ` AND idle.service IN (SELECT service FROM owner WHERE ${conditionOf(owners)})`
  return `${conditionOf(others, 'idle')}${ofOwner}`
}

function refuseUnclosed(window: ReadonlyArray<MonthRun>): void {
  const open = window.findLastIndex(({ run }) => run === null)
  const missing = window[open]
  if (!missing) return
  const closed = window.length - 1 - open
  throw new Refusal('period-not-closed', `${missing.period.name} has not been closed, so its use is not known.`, {
    hint: `Run \`spillway close ${missing.period.name}\` first, or ask for fewer months: \`--months ${closed}\`.`,
  })
}

const OF_PERIOD = `coalesce(from_on < $end_on::DATE, true) AND coalesce(to_on > $start_on::DATE, true)`

/** `idle(service)` of the services without use, `used_in` and `listed` with what is shown of them. */
const IDLE_CTES = `
    -- One row per service that the directory has: its newest row, and since when it is there (NULL where always).
    listed AS (SELECT service, arg_max(vendor, place) AS vendor, arg_max(account, place) AS account,
        arg_max(product, place) AS product, arg_max(service_type, place) AS service_type,
        CASE WHEN bool_or(from_on IS NULL) THEN 0 ELSE min(year(from_on) * 12 + month(from_on) - 1) END AS since_month,
        bool_or(${OF_PERIOD}) AS is_listed
      FROM (SELECT *, row(coalesce(from_on, DATE '0001-01-01'), doc, ordinal) AS place
        FROM service WHERE tenant = $tenant AND doc IN (FROM live_document))
      GROUP BY service),
    -- One row per service that was ever billed: the first month, and whether it is billed in the period.
    billed AS (SELECT service, min(month) AS since_month, bool_or(run = $run) AS is_billed,
        min(vendor) FILTER (run = $run) AS vendor, min(account) FILTER (run = $run) AS account
      FROM carried JOIN run_month USING (run) WHERE tenant = $tenant AND service <> '' GROUP BY service),
    -- One row per service and month in which it was used.
    used_in AS (SELECT service, month, min(vendor) AS vendor FROM used JOIN run_month USING (run)
      WHERE tenant = $tenant AND quantity_base > 0 GROUP BY service, month),
    last_use AS (SELECT service, max(month) AS month FROM used_in GROUP BY service),
    -- One row per vendor and service type: in how many of the months usage of it is known.
    known AS (SELECT coalesce(nullif(listed.vendor, ''), used_in.vendor) AS vendor, coalesce(service_type, '') AS service_type,
        count(DISTINCT month) AS months
      FROM used_in LEFT JOIN listed USING (service) WHERE month BETWEEN $first AND $last GROUP BY ALL),
    -- One row per service of the period that was there since the first of the months and was not used in any.
    idle AS (SELECT service, coalesce(nullif(listed.vendor, ''), billed.vendor, '') AS vendor,
        coalesce(nullif(listed.account, ''), billed.account, '') AS account, coalesce(product, '') AS product,
        coalesce(service_type, '') AS service_type, last_use.month AS used_month,
        coalesce(is_billed, false) AS is_billed, coalesce(is_listed, false) AS is_listed
      FROM listed FULL JOIN billed USING (service) LEFT JOIN last_use USING (service)
      WHERE (is_billed OR is_listed) AND coalesce(last_use.month < $first, true)
        AND least(listed.since_month, billed.since_month) <= $first)`

/** What each idle service cost, whose it is, and what was bought. */
const SHOWN_CTES = `
    -- One row per service and currency.
    cost AS (SELECT service, currency, sum(actual_minor) AS actual_minor, sum(adjusted_minor) AS adjusted_minor,
        coalesce(sum(actual_minor) FILTER (run = $run), 0) AS actual_month_minor,
        coalesce(sum(adjusted_minor) FILTER (run = $run), 0) AS adjusted_month_minor, count(DISTINCT month) AS months_billed
      FROM carried JOIN run_month USING (run)
      WHERE tenant = $tenant AND month BETWEEN $first AND $last AND service IN (SELECT service FROM idle) GROUP BY ALL),
    named AS (${NAME_SQL.person}),
    -- One row per service, person and cost centre: who carries it, and of what nobody was billed for, who has it. The
    -- service's own cost centre wins over its person's.
    owner AS (
      SELECT DISTINCT service, person, cost_centre FROM carried WHERE tenant = $tenant AND run = $run
      UNION
      SELECT had.service, had.person, coalesce(nullif(had.cost_centre, ''), stay.cost_centre, '')
      FROM (FROM service WHERE tenant = $tenant AND doc IN (FROM live_document) AND ${OF_PERIOD}
          AND service IN (SELECT service FROM idle WHERE NOT is_billed)) AS had
        LEFT JOIN (FROM person WHERE tenant = $tenant AND doc IN (FROM live_document) AND ${OF_PERIOD}) AS stay
          ON stay.employee = had.person),
    owned AS (SELECT service, string_agg(DISTINCT nullif(person, ''), ', ' ORDER BY nullif(person, '')) AS person,
        string_agg(DISTINCT name, ', ' ORDER BY name) AS name,
        string_agg(DISTINCT nullif(cost_centre, ''), ', ' ORDER BY nullif(cost_centre, '')) AS cost_centre
      FROM owner LEFT JOIN named ON named.key = owner.person WHERE service IN (SELECT service FROM idle) GROUP BY service),
    -- One row per service: the plan that the newest bill names.
    plan AS (SELECT service, arg_max(product, row(period_start_on, doc, ordinal)) AS product FROM charge
      WHERE tenant = $tenant AND doc IN (FROM live_document) AND category IN ('access', 'subscription') AND product <> ''
        AND service IN (SELECT service FROM idle) GROUP BY service)`

// One row per idle service and currency; what was never billed in the months has no currency.
const SHOWN_ROWS = `
    SELECT service, idle.vendor, idle.account, idle.service_type, coalesce(nullif(idle.product, ''), plan.product, '') AS product,
      person, name, cost_centre, coalesce(currency, '') AS currency,
      actual_minor, adjusted_minor, actual_month_minor, adjusted_month_minor, coalesce(months_billed, 0) AS months_billed,
      CASE WHEN used_month IS NULL THEN '' ELSE printf('%04d-%02d', used_month // 12, used_month % 12 + 1) END AS last_used,
      CASE WHEN coalesce(known.months, 0) = 0 THEN 'no' WHEN known.months < $count THEN 'partly' ELSE 'yes' END AS usage_known,
      concat_ws(' ', CASE WHEN used_month IS NULL THEN 'never-used' END, CASE WHEN NOT is_billed THEN 'not-billed' END,
        CASE WHEN NOT is_listed THEN 'not-in-inventory' END) AS flags
    FROM idle LEFT JOIN cost USING (service) LEFT JOIN owned USING (service) LEFT JOIN plan USING (service)
      LEFT JOIN known ON known.vendor = idle.vendor AND known.service_type = idle.service_type`

const SHOWN_ORDER = `CASE usage_known WHEN 'yes' THEN 0 WHEN 'partly' THEN 1 ELSE 2 END, nullif(currency, '') NULLS LAST, actual_minor DESC, service`
