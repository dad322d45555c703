// Brings every charge of the period to whoever carries it, once in the actual and once in the adjusted view.
// A row of `carried` keeps the invoice, category and usage type that its money was billed under in both views, so that
// every sum over these, over pools or over components is the same in both; only who carries it differs.
// Actual goes by the charge's own days; an adjusted share by the days of the pool's window.
import { assignCharge, type LocalDate } from '@spillway/core'
import type { Cell, Row } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, pinned } from '../allocate/period-scope.ts'
import { timelinesOf } from './own-services.ts'

const KEYS =
  'vendor, account, invoice, currency, service, person, cost_centre, project, pool, component, category, usage_type, flag'
const LOAD_KEYS =
  'vendor, account, invoice, currency, service, pool, component, category, usage_type, flag, start_on, end_on'

/**
 * Makes `carried`, one row per combination of its keys (see CARRIED in schema.ts). Needs `piece`, `share`, `cell`, `kept`,
 * `charge_group`, `part_name` (one row per segment and component: pool, component, central cost centre) and `owner`.
 */
export async function carryCharges(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  await make(scope, 'load', loadSql(scratch))
  // One row per load that lies within one owner's days, or that nobody's inventory row is about.
  await make(
    scope,
    'carried_part',
    `SELECT l.vendor, l.account, l.invoice, l.currency, l.service, coalesce(o.person, '') AS person,
       coalesce(o.cost_centre, l.central_cost_centre) AS cost_centre, coalesce(o.project, '') AS project, l.pool, l.component,
       l.category, l.usage_type, l.flag, l.actual_minor, l.adjusted_minor
     FROM ${scratch}.load AS l
     LEFT JOIN ${scratch}.owner AS o ON o.service = l.service AND o.from_on <= l.start_on AND l.end_on <= o.to_on
     WHERE o.service IS NOT NULL OR l.service NOT IN (SELECT service FROM ${scratch}.inventory)`,
  )
  await carryOneByOne(scope)
  await make(
    scope,
    'carried',
    `SELECT ${KEYS}, sum(actual_minor)::BIGINT AS actual_minor, sum(adjusted_minor)::BIGINT AS adjusted_minor
     FROM ${scratch}.carried_part GROUP BY ALL`,
  )
  for (const table of ['load', 'carried_part']) await scope.warehouse.run(`DROP TABLE ${scratch}.${table}`)
}

/** One row per charge piece (actual, and adjusted where it stays), and per share and charge group (adjusted). */
function loadSql(scratch: string): string {
  const ofPiece = `p.vendor, p.account, p.invoice, p.currency, p.service, coalesce(n.pool, '') AS pool,
    coalesce(n.component, '') AS component, p.category, p.usage_type`
  const ofGroup = 'g.vendor, g.account, g.invoice, g.currency'
  return `
    -- What the vendor put where, and stays there: retained, or a component that stayed as billed.
    SELECT ${ofPiece}, '' AS flag, '' AS central_cost_centre, p.start_on, p.end_on, p.amount_minor AS actual_minor,
      CASE WHEN p.segment_no IS NULL OR (k.segment_no IS NOT NULL AND t.service IS NOT NULL) THEN p.amount_minor ELSE 0 END AS adjusted_minor
    FROM ${scratch}.piece AS p
    LEFT JOIN ${scratch}.part_name AS n ON n.segment_no = p.segment_no AND n.component_no = p.component_no
    LEFT JOIN ${scratch}.kept AS k ON k.segment_no = p.segment_no AND k.component_no = p.component_no AND k.currency = p.currency
    LEFT JOIN ${scratch}.participant AS t ON t.segment_no = k.segment_no AND t.service = p.service
    UNION ALL
    -- As billed on nobody who participates.
    SELECT p.vendor, p.account, p.invoice, p.currency, '', n.pool, n.component, p.category, p.usage_type, 'unallocated', '',
      s.start_on, s.end_on, 0, p.amount_minor
    FROM ${scratch}.piece AS p JOIN ${scratch}.kept AS k USING (segment_no, component_no, currency)
    JOIN ${scratch}.part_name AS n USING (segment_no, component_no) JOIN ${scratch}.segment AS s USING (segment_no)
    LEFT JOIN ${scratch}.participant AS t ON t.segment_no = p.segment_no AND t.service = p.service
    WHERE t.service IS NULL
    UNION ALL
    -- Shares of components whose charges are one group.
    SELECT ${ofGroup}, a.service, n.pool, n.component, g.category, g.usage_type, ${flagSql('a.flags')},
      ${centralSql('a.flags')}, s.start_on, s.end_on, 0, a.adjusted_minor
    FROM ${scratch}.share AS a
    JOIN ${scratch}.charge_group AS g ON g.is_sole AND g.segment_no = a.segment_no AND g.component_no = a.component_no AND g.currency = a.currency
    JOIN ${scratch}.part_name AS n ON n.segment_no = a.segment_no AND n.component_no = a.component_no
    JOIN ${scratch}.segment AS s ON s.segment_no = a.segment_no
    ANTI JOIN ${scratch}.kept AS k ON k.segment_no = a.segment_no AND k.component_no = a.component_no AND k.currency = a.currency
    WHERE a.adjusted_minor <> 0
    UNION ALL
    -- Shares divided over several groups.
    SELECT ${ofGroup}, c.service, n.pool, n.component, g.category, g.usage_type, c.flag, ${centralSql('c.flag')},
      s.start_on, s.end_on, 0, c.adjusted_minor
    FROM ${scratch}.cell AS c JOIN ${scratch}.charge_group AS g USING (group_no)
    JOIN ${scratch}.part_name AS n ON n.segment_no = g.segment_no AND n.component_no = g.component_no
    JOIN ${scratch}.segment AS s ON s.segment_no = g.segment_no`
}

function flagSql(flags: string): string {
  return `CASE WHEN contains(${flags}, 'unused') THEN 'unused' WHEN contains(${flags}, 'unallocated') THEN 'unallocated' ELSE '' END`
}

function centralSql(flags: string): string {
  return `CASE WHEN contains(${flags}, 'unused') THEN n.central_cost_centre ELSE '' END`
}

type LoadRow = Row & {
  service: string
  start_on: LocalDate
  end_on: LocalDate
  actual_minor: bigint
  adjusted_minor: bigint
}

/** The loads whose days have several owners, or days without one: divided by days and shares. */
async function carryOneByOne(scope: PeriodScope): Promise<void> {
  const { scratch, warehouse } = scope
  await make(
    scope,
    'shared_load',
    `SELECT ${LOAD_KEYS}, actual_minor, adjusted_minor FROM ${scratch}.load AS l
     SEMI JOIN ${scratch}.inventory AS i ON i.service = l.service
     ANTI JOIN ${scratch}.owner AS o ON o.service = l.service AND o.from_on <= l.start_on AND l.end_on <= o.to_on`,
  )
  const timelineOf = await timelinesOf(scope, `SELECT service FROM ${scratch}.shared_load`)
  const writer = await warehouse.writer(
    'carried_part',
    [...KEYS.split(', '), 'actual_minor', 'adjusted_minor'],
    scratch,
  )
  for await (const rows of warehouse.stream<LoadRow>(`SELECT * FROM ${scratch}.shared_load`))
    for (const row of rows) {
      const divide = (amountMinor: bigint) =>
        assignCharge({
          amountMinor,
          periodStartOn: row.start_on,
          periodEndOn: row.end_on,
          timeline: timelineOf(row.service),
        })
      const adjusted = divide(row.adjusted_minor)
      for (const [index, { person, costCentre, project, amountMinor }] of divide(row.actual_minor).entries()) {
        const owner: Record<string, Cell> = { person, cost_centre: costCentre, project }
        const cells = KEYS.split(', ').map((key) => (key in owner ? owner[key] : row[key]) as Cell)
        writer.append([...cells, amountMinor, adjusted[index]?.amountMinor as bigint])
      }
    }
  writer.close()
}

/** Makes `inventory_gap`: one row per service, vendor and currency that is billed and not in the inventory. */
export async function findInventoryGaps(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  await make(
    scope,
    'inventory_gap',
    `SELECT c.service, c.vendor, c.currency, sum(c.amount_minor) AS amount_minor FROM ${scratch}.charge AS c
     ANTI JOIN ${scratch}.inventory AS i ON i.service = c.service
     WHERE c.service <> '' AND EXISTS (SELECT 1 FROM service AS s WHERE ${pinned(scope, 's')}) GROUP BY ALL`,
  )
}
