// Brings every charge of the period to whoever carries it, once in the actual and once in the adjusted view.
// A row of `carried` keeps the invoice, category and usage type that its money was billed under in both views, so that
// every sum over these, over pools or over components is the same in both; only who carries it differs.
// Actual goes by the charge's own days; an adjusted share by the days of the pool's window.
import { assignCharge, type LocalDate } from '@spillway/core'
import { flagBit } from '../../warehouse/result-tables.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, pinned } from '../allocate/period-scope.ts'
import { NO_SERVICE } from '../allocate/service-keys.ts'
import { isCovered, timelinesOf } from './own-services.ts'
import { NOBODY, type OwnerNumbers } from './owner-numbers.ts'

/** The number in `run_component` of charges that no component takes. */
export const NO_NAME = 0

const KEYS = 'bill_no, sort_no, service_no, owner_no, name_no, flags_no'

/**
 * Makes `carried_row` (result-tables.ts), one row per combination of its keys. Needs `piece_row`, `allocation_row`,
 * `part_key`, `cell`, `kept`, `charge_group`, `part_name` and `owner`.
 */
export async function carryCharges(scope: PeriodScope, owners: OwnerNumbers): Promise<void> {
  const { scratch } = scope
  await giveUnused(scope, owners)
  const amounts = 'sum(l.actual_minor)::BIGINT AS actual_minor, sum(l.adjusted_minor)::BIGINT AS adjusted_minor'
  const keys =
    'l.bill_no, l.sort_no, l.service_no, coalesce(o.owner_no, l.central_no) AS owner_no, l.name_no, l.flags_no'
  if (await isCovered(scope)) {
    await make(
      scope,
      'carried_row',
      `SELECT ${keys}, ${amounts} FROM (${loadSql(scratch)}) AS l
       LEFT JOIN ${scratch}.owner AS o ON o.service_no = l.service_no GROUP BY ALL`,
    )
    return
  }
  await make(scope, 'load', loadSql(scratch))
  // What lies within one owner's days, or what nobody's inventory row is about, is summed at once.
  await make(
    scope,
    'carried_part',
    `SELECT ${keys}, ${amounts} FROM ${scratch}.load AS l
     LEFT JOIN ${scratch}.owner AS o ON o.service_no = l.service_no AND o.from_on <= l.start_on AND l.end_on <= o.to_on
     WHERE o.service_no IS NOT NULL OR l.service_no NOT IN (SELECT service_no FROM ${scratch}.inventory)
     GROUP BY ALL`,
  )
  if (await carryOneByOne(scope, owners))
    await make(
      scope,
      'carried_row',
      `SELECT ${KEYS}, sum(actual_minor)::BIGINT AS actual_minor, sum(adjusted_minor)::BIGINT AS adjusted_minor
       FROM ${scratch}.carried_part GROUP BY ALL`,
    )
  else await scope.warehouse.run(`ALTER TABLE ${scratch}.carried_part RENAME TO carried_row`)
  await scope.warehouse.run(`DROP TABLE ${scratch}.load`)
}

/** One row per charge piece (actual, and adjusted where it stays), and per share and charge group (adjusted). */
function loadSql(scratch: string): string {
  const named = [flagBit('unused'), flagBit('unallocated')].join(' | ')
  return `
    -- What the vendor put where, and stays there: retained, or a component that stayed as billed.
    SELECT p.bill_no, h.sort_no, p.service_no, coalesce(n.name_no, ${NO_NAME}) AS name_no, 0 AS flags_no, ${NOBODY} AS central_no,
      p.start_on, p.end_on, p.amount_minor AS actual_minor,
      CASE WHEN p.segment_no IS NULL OR (k.segment_no IS NOT NULL AND t.service_no IS NOT NULL) THEN p.amount_minor ELSE 0 END AS adjusted_minor
    FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no)
    LEFT JOIN ${scratch}.part_name AS n ON n.segment_no = p.segment_no AND n.component_no = p.component_no
    LEFT JOIN ${scratch}.kept AS k ON k.segment_no = p.segment_no AND k.component_no = p.component_no AND k.currency_no = h.currency_no
    LEFT JOIN ${scratch}.participant AS t ON t.segment_no = k.segment_no AND t.service_no = p.service_no
    UNION ALL
    -- As billed on nobody who participates.
    SELECT p.bill_no, h.sort_no, ${NO_SERVICE}, n.name_no, ${flagBit('unallocated')}, ${NOBODY}, s.start_on, s.end_on, 0, p.amount_minor
    FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no)
    JOIN ${scratch}.kept AS k ON k.segment_no = p.segment_no AND k.component_no = p.component_no AND k.currency_no = h.currency_no
    JOIN ${scratch}.part_name AS n ON n.segment_no = p.segment_no AND n.component_no = p.component_no
    JOIN ${scratch}.segment AS s ON s.segment_no = p.segment_no
    LEFT JOIN ${scratch}.participant AS t ON t.segment_no = p.segment_no AND t.service_no = p.service_no
    WHERE t.service_no IS NULL
    UNION ALL
    -- Shares of components whose charges are one group.
    SELECT g.bill_no, g.sort_no, a.service_no, g.name_no, a.flags_no & (${named}), ${centralSql('a.flags_no', 'g')},
      g.start_on, g.end_on, 0, a.adjusted_minor
    FROM ${scratch}.allocation_row AS a JOIN (
      SELECT p.part_no, g.bill_no, g.sort_no, n.name_no, n.central_no, s.start_on, s.end_on
      FROM ${scratch}.part_key AS p JOIN ${scratch}.charge_group AS g ON g.is_sole AND g.segment_no = p.segment_no
        AND g.component_no = p.component_no AND g.currency_no = p.currency_no
      JOIN ${scratch}.part_name AS n ON n.segment_no = p.segment_no AND n.component_no = p.component_no
      JOIN ${scratch}.segment AS s ON s.segment_no = p.segment_no
      ANTI JOIN ${scratch}.kept AS k ON k.segment_no = p.segment_no AND k.component_no = p.component_no
        AND k.currency_no = p.currency_no) AS g USING (part_no)
    WHERE a.adjusted_minor <> 0
    UNION ALL
    -- Shares divided over several groups.
    SELECT g.bill_no, g.sort_no, c.service_no, n.name_no, c.flags_no, ${centralSql('c.flags_no', 'n')}, s.start_on, s.end_on, 0,
      c.adjusted_minor
    FROM ${scratch}.cell AS c JOIN ${scratch}.charge_group AS g USING (group_no)
    JOIN ${scratch}.part_name AS n ON n.segment_no = g.segment_no AND n.component_no = g.component_no
    JOIN ${scratch}.segment AS s ON s.segment_no = g.segment_no`
}

function centralSql(flagsNo: string, names: string): string {
  return `CASE WHEN ${flagsNo} & ${flagBit('unused')} <> 0 THEN ${names}.central_no ELSE ${NOBODY} END`
}

/** Numbers the cost centres that carry what nobody used. */
async function giveUnused({ warehouse, scratch }: PeriodScope, owners: OwnerNumbers): Promise<void> {
  const rows = await warehouse.rows<{ central_cost_centre: string }>(
    `SELECT DISTINCT central_cost_centre FROM ${scratch}.part_name WHERE central_cost_centre <> '' ORDER BY ALL`,
  )
  for (const { central_cost_centre: centre } of rows)
    await warehouse.run(
      `UPDATE ${scratch}.part_name SET central_no = $number::INTEGER WHERE central_cost_centre = $centre`,
      { number: owners.numberOf(NO_SERVICE, { person: '', costCentre: centre, project: '' }), centre },
    )
}

type LoadRow = Row & {
  bill_no: number
  sort_no: number
  service_no: number
  service: string
  name_no: number
  flags_no: number
  start_on: LocalDate
  end_on: LocalDate
  actual_minor: bigint
  adjusted_minor: bigint
}

/** The loads whose days have several owners, or days without one: divided by days and shares. False where there are none. */
async function carryOneByOne(scope: PeriodScope, owners: OwnerNumbers): Promise<boolean> {
  const { scratch, warehouse } = scope
  await make(
    scope,
    'shared_load',
    `SELECT l.*, i.service FROM ${scratch}.load AS l JOIN ${scratch}.inventory AS i ON i.service_no = l.service_no
     ANTI JOIN ${scratch}.owner AS o ON o.service_no = l.service_no AND o.from_on <= l.start_on AND l.end_on <= o.to_on`,
  )
  const { loads } = await warehouse.row<{ loads: bigint }>(`SELECT count(*) AS loads FROM ${scratch}.shared_load`)
  if (loads === 0n) return false
  const timelineOf = await timelinesOf(scope, `SELECT service FROM ${scratch}.shared_load`)
  await owners.learn(scope, `SELECT service_no FROM ${scratch}.shared_load`)
  const columns = [...KEYS.split(', '), 'actual_minor', 'adjusted_minor']
  const writer = await warehouse.writer('carried_part', columns, scratch)
  for await (const rows of warehouse.stream<LoadRow>(`SELECT * FROM ${scratch}.shared_load ORDER BY ALL`))
    for (const row of rows) {
      const divide = (amountMinor: bigint) =>
        assignCharge({
          amountMinor,
          periodStartOn: row.start_on,
          periodEndOn: row.end_on,
          timeline: timelineOf(row.service),
        })
      const adjusted = divide(row.adjusted_minor)
      for (const [index, { amountMinor, ...owner }] of divide(row.actual_minor).entries()) {
        const ownerNo = owners.numberOf(row.service_no, owner)
        const amounts = [amountMinor, adjusted[index]?.amountMinor as bigint]
        writer.append([row.bill_no, row.sort_no, row.service_no, ownerNo, row.name_no, row.flags_no, ...amounts])
      }
    }
  writer.close()
  return true
}

/** Makes `inventory_gap`: one row per service, vendor and currency that is billed and not in the inventory. */
export async function findInventoryGaps(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  await make(
    scope,
    'inventory_gap',
    `SELECT k.service, b.vendor, h.currency, sum(c.amount_minor) AS amount_minor
     FROM (FROM ${scratch}.charge_row ANTI JOIN ${scratch}.inventory USING (service_no)) AS c
     JOIN ${scratch}.service_key AS k USING (service_no) JOIN ${scratch}.bill AS b USING (bill_no)
     JOIN ${scratch}.charge_kind AS h USING (kind_no)
     WHERE c.service_no <> ${NO_SERVICE} AND EXISTS (SELECT 1 FROM service AS s WHERE ${pinned(scope, 's')}) GROUP BY ALL`,
  )
}
