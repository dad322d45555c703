// Brings every charge of the period to whoever carries it, once in the actual and once in the adjusted view.
// A row of `carried` keeps the invoice, category and usage type that its money was billed under in both views, so that
// every sum over these, over pools or over components is the same in both; only who carries it differs.
// Actual goes by the charge's own days; an adjusted share by the days of the pool's window.
import { assignCharge, type LocalDate } from '@spillway/core'
import { flagBit } from '../../warehouse/result-tables.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { make, type PeriodScope, pinned, store, storeMore } from '../allocate/period-scope.ts'
import { NO_SERVICE } from '../allocate/service-keys.ts'
import { type Owned, timelinesOf } from './own-services.ts'
import { NOBODY, type OwnerNumbers } from './owner-numbers.ts'

/** The number in `run_component` of charges that no component takes. */
export const NO_NAME = 0

const KEYS = 'bill_no, sort_no, service_no, owner_no, name_no, flags_no'

/**
 * Where no day need be asked about, brings what no component takes to its owner: no share decides it, so that it goes on beside
 * them. Begins `carried_row`.
 */
export async function carryRetained(scope: PeriodScope, { isCovered }: Owned): Promise<void> {
  if (!isCovered) return
  const { scratch } = scope
  await store(
    scope,
    'carried_row',
    `SELECT l.bill_no, l.sort_no, l.service_no, coalesce(o.owner_no, ${NOBODY}) AS owner_no, ${NO_NAME} AS name_no, 0 AS flags_no,
       l.amount_minor AS actual_minor, l.amount_minor AS adjusted_minor
     FROM (SELECT p.bill_no, h.sort_no, p.service_no, sum(p.amount_minor)::BIGINT AS amount_minor
       FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no) WHERE p.segment_no IS NULL
       GROUP BY p.bill_no, h.sort_no, p.service_no) AS l
     LEFT JOIN ${scratch}.owner AS o ON o.service_no = l.service_no`,
  )
}

/**
 * Makes `carried_row` (result-tables.ts), one row per combination of its keys. Needs {@link carryRetained}, `piece_row`,
 * `allocation_row`, `part_key`, `cell`, `kept`, `charge_group`, `part_name` and `owner`.
 */
export async function carryCharges(scope: PeriodScope, { owners, isCovered }: Owned): Promise<void> {
  const { scratch } = scope
  await giveUnused(scope, owners)
  if (isCovered) return carryCovered(scope)
  const loads = [retainedSql(scratch), ...movedSql(scratch, await storeSole(scope, 'false'))]
  await make(scope, 'load', loads.join(' UNION ALL '))
  // What lies within one owner's days, or what nobody's inventory row is about, is summed at once.
  await make(
    scope,
    'carried_part',
    `SELECT ${OWNED_KEYS}, ${SUMS} FROM ${scratch}.load AS l
     LEFT JOIN ${scratch}.owner AS o ON o.service_no = l.service_no AND o.from_on <= l.start_on AND l.end_on <= o.to_on
     WHERE o.service_no IS NOT NULL OR l.service_no NOT IN (SELECT service_no FROM ${scratch}.inventory)
     GROUP BY ALL`,
  )
  const isDivided = await carryOneByOne(scope, owners)
  const amounts = isDivided
    ? 'sum(actual_minor)::BIGINT AS actual_minor, sum(adjusted_minor)::BIGINT AS adjusted_minor'
    : 'actual_minor, adjusted_minor'
  const carried = `SELECT ${KEYS}, ${amounts} FROM ${scratch}.carried_part ${isDivided ? 'GROUP BY ALL' : ''}`
  await store(scope, 'carried_row', carried)
  await scope.warehouse.run(`DROP TABLE ${scratch}.load`)
}

const OWNED_KEYS =
  'l.bill_no, l.sort_no, l.service_no, coalesce(o.owner_no, l.central_no) AS owner_no, l.name_no, l.flags_no'
const SUMS = 'sum(l.actual_minor)::BIGINT AS actual_minor, sum(l.adjusted_minor)::BIGINT AS adjusted_minor'

/**
 * Where no day need be asked about, a row of a component that no other carries beside, whose charges are one group, is a row
 * of `carried` as it is: only the rest is summed.
 */
async function carryCovered(scope: PeriodScope): Promise<void> {
  const { scratch } = scope
  const sole = await storeSole(scope, 'n.is_alone')
  const owner = `LEFT JOIN ${scratch}.owner AS o ON o.service_no = l.service_no`
  const moved = movedSql(scratch, sole)
  const rest =
    moved.length === 0
      ? []
      : [`SELECT ${OWNED_KEYS}, ${SUMS} FROM (${moved.join(' UNION ALL ')}) AS l ${owner} GROUP BY ALL`]
  const alone = sole.hasAlone ? [await aloneSql(scope, owner)] : []
  if (rest.length + alone.length > 0) await storeMore(scope, 'carried_row', [...alone, ...rest].join(' UNION ALL '))
}

async function aloneSql(scope: PeriodScope, owner: string): Promise<string> {
  const { scratch } = scope
  const blank = await storeBlank(scope)
  const isCarried = `l.actual_minor <> 0 OR l.adjusted_minor <> 0 OR (g.is_kept AND l.flags_no & ${flagBit('unallocated')} <> 0)`
  return `SELECT g.bill_no, g.sort_no, l.service_no, coalesce(o.owner_no, ${centralSql('l.flags_no', 'g')}) AS owner_no,
      g.name_no, l.flags_no & (${NAMED_FLAGS}) AS flags_no, l.actual_minor, l.adjusted_minor
    FROM ${scratch}.allocation_row AS l JOIN ${scratch}.sole_part AS g ON g.part_no = l.part_no AND g.is_alone ${owner}
    ${blank ? `LEFT JOIN ${scratch}.blank AS b ON b.part_no = l.part_no AND b.service_no = l.service_no` : ''}
    WHERE ${isCarried} ${blank ? `OR (b.part_no IS NOT NULL AND l.flags_no & (${NAMED_FLAGS}) = 0)` : ''}`
}

type Sole = {
  readonly hasAlone: boolean
  /** Whether any other part has charges. */
  readonly hasOthers: boolean
  readonly hasKept: boolean
}

/**
 * Makes `sole_part`: one row per part whose charges are one group; `is_alone` where no other part can have rows of the same
 * keys, by a condition on part_name `n`.
 */
async function storeSole(scope: PeriodScope, isAlone: string): Promise<Sole> {
  const { scratch, warehouse } = scope
  await make(
    scope,
    'sole_part',
    `SELECT p.part_no, p.segment_no, p.component_no, p.currency_no, g.bill_no, g.sort_no, n.name_no, n.central_no, ${isAlone} AS is_alone,
       k.segment_no IS NOT NULL AS is_kept
     FROM ${scratch}.part_key AS p JOIN ${scratch}.charge_group AS g ON g.is_sole AND g.segment_no = p.segment_no
       AND g.component_no = p.component_no AND g.currency_no = p.currency_no
     JOIN ${scratch}.part_name AS n ON n.segment_no = p.segment_no AND n.component_no = p.component_no
     LEFT JOIN ${scratch}.kept AS k ON k.segment_no = p.segment_no AND k.component_no = p.component_no
       AND k.currency_no = p.currency_no`,
  )
  const { parts, alone, kept } = await warehouse.row<{ parts: bigint; alone: bigint; kept: bigint }>(
    `SELECT (SELECT count(*) FROM ${scratch}.part_key) AS parts, count(*) FILTER (is_alone) AS alone,
       (SELECT count(*) FROM ${scratch}.kept) AS kept FROM ${scratch}.sole_part`,
  )
  return { hasAlone: alone > 0n, hasOthers: parts > alone, hasKept: kept > 0n }
}

/**
 * Makes `blank`: services whose charges in a part that is alone come to nothing, and who carry nothing else of it: a row of
 * nothing, where something was billed. False where there are none.
 */
async function storeBlank(scope: PeriodScope): Promise<boolean> {
  const { scratch } = scope
  const zero = await make(
    scope,
    'zero',
    `SELECT g.part_no, g.segment_no, g.component_no, g.currency_no, l.service_no FROM ${scratch}.allocation_row AS l
     JOIN ${scratch}.sole_part AS g ON g.part_no = l.part_no AND g.is_alone
     WHERE l.actual_minor = 0 AND l.adjusted_minor = 0 AND l.flags_no & (${NAMED_FLAGS}) = 0`,
  )
  if (zero === 0) return false
  const blank = await make(
    scope,
    'blank',
    `SELECT DISTINCT z.part_no, z.service_no FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no)
     JOIN ${scratch}.zero AS z ON z.segment_no = p.segment_no AND z.component_no = p.component_no
       AND z.currency_no = h.currency_no AND z.service_no = p.service_no`,
  )
  return blank > 0
}

const NAMED_FLAGS = [flagBit('unused'), flagBit('unallocated')].join(' | ')

/** One row per charge piece that no component takes: what the vendor put where, and stays there. */
function retainedSql(scratch: string): string {
  return `SELECT p.bill_no, h.sort_no, p.service_no, ${NO_NAME} AS name_no, 0 AS flags_no, ${NOBODY} AS central_no,
      p.start_on, p.end_on, p.amount_minor AS actual_minor, p.amount_minor AS adjusted_minor
    FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no) WHERE p.segment_no IS NULL`
}

/**
 * Queries of the columns of {@link retainedSql}: one row per charge piece that a component takes (actual, and adjusted where it
 * stays), and per share and charge group (adjusted), but for the parts that are alone.
 */
function movedSql(scratch: string, { hasAlone, hasOthers, hasKept }: Sole): ReadonlyArray<string> {
  if (!hasOthers) return []
  const isOther = (piece: string, kind: string) =>
    !hasAlone
      ? 'true'
      : `NOT EXISTS (SELECT 1 FROM ${scratch}.sole_part AS a WHERE a.is_alone AND a.segment_no = ${piece}.segment_no
          AND a.component_no = ${piece}.component_no AND a.currency_no = ${kind}.currency_no)`
  const kept = `
    -- As billed on nobody who participates.
    SELECT p.bill_no, h.sort_no, ${NO_SERVICE} AS service_no, n.name_no, ${flagBit('unallocated')} AS flags_no, ${NOBODY} AS central_no,
      s.start_on, s.end_on, 0 AS actual_minor, p.amount_minor AS adjusted_minor
    FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no)
    JOIN ${scratch}.kept AS k ON k.segment_no = p.segment_no AND k.component_no = p.component_no AND k.currency_no = h.currency_no
    JOIN ${scratch}.part_name AS n ON n.segment_no = p.segment_no AND n.component_no = p.component_no
    JOIN ${scratch}.segment AS s ON s.segment_no = p.segment_no
    LEFT JOIN ${scratch}.participant AS t ON t.segment_no = p.segment_no AND t.service_no = p.service_no
    WHERE t.service_no IS NULL AND ${isOther('p', 'h')}`
  const moving = `
    -- In a component: it moves away, unless the component stayed as billed.
    SELECT p.bill_no, h.sort_no, p.service_no, n.name_no, 0 AS flags_no, ${NOBODY} AS central_no, p.start_on, p.end_on,
      p.amount_minor AS actual_minor,
      ${hasKept ? 'CASE WHEN k.segment_no IS NOT NULL AND t.service_no IS NOT NULL THEN p.amount_minor ELSE 0 END' : '0'} AS adjusted_minor
    FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no)
    JOIN ${scratch}.part_name AS n ON n.segment_no = p.segment_no AND n.component_no = p.component_no
    ${
      hasKept
        ? `LEFT JOIN ${scratch}.kept AS k ON k.segment_no = p.segment_no AND k.component_no = p.component_no AND k.currency_no = h.currency_no
    LEFT JOIN ${scratch}.participant AS t ON t.segment_no = k.segment_no AND t.service_no = p.service_no`
        : ''
    }
    WHERE ${isOther('p', 'h')}`
  const ofOneGroup = `
    -- Shares of components whose charges are one group.
    SELECT g.bill_no, g.sort_no, a.service_no, g.name_no, a.flags_no & (${NAMED_FLAGS}), ${centralSql('a.flags_no', 'g')},
      s.start_on, s.end_on, 0, a.adjusted_minor
    FROM ${scratch}.allocation_row AS a JOIN ${scratch}.sole_part AS g ON g.part_no = a.part_no AND NOT g.is_kept AND NOT g.is_alone
    JOIN ${scratch}.segment AS s ON s.segment_no = g.segment_no
    WHERE a.adjusted_minor <> 0`
  const ofSeveral = `
    -- Shares divided over several groups.
    SELECT g.bill_no, g.sort_no, c.service_no, n.name_no, c.flags_no, ${centralSql('c.flags_no', 'n')}, s.start_on, s.end_on, 0,
      c.adjusted_minor
    FROM ${scratch}.cell AS c JOIN ${scratch}.charge_group AS g USING (group_no)
    JOIN ${scratch}.part_name AS n ON n.segment_no = g.segment_no AND n.component_no = g.component_no
    JOIN ${scratch}.segment AS s ON s.segment_no = g.segment_no`
  return [moving, ...(hasKept ? [kept] : []), ofOneGroup, ofSeveral]
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
  const loads = await make(
    scope,
    'shared_load',
    `SELECT l.*, i.service FROM ${scratch}.load AS l JOIN ${scratch}.inventory AS i ON i.service_no = l.service_no
     ANTI JOIN ${scratch}.owner AS o ON o.service_no = l.service_no AND o.from_on <= l.start_on AND l.end_on <= o.to_on`,
  )
  if (loads === 0) return false
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

type InventoryGap = {
  readonly service: string
  readonly vendor: string
  readonly currency: string
  readonly amount_minor: bigint
}

/** One row per service, vendor and currency that is billed and not in the inventory. */
export async function findInventoryGaps(scope: PeriodScope): Promise<InventoryGap[]> {
  const { scratch, tenant } = scope
  // Every service of the inventory has a number: where it has as many as there are numbers, nothing is missing.
  const { unlisted } = await scope.warehouse.row<{ unlisted: bigint }>(
    `SELECT (SELECT count(*) FROM ${scratch}.service_key WHERE service_no <> ${NO_SERVICE}) - (SELECT count(*) FROM ${scratch}.inventory_row)
       + (SELECT coalesce(sum(row_count - 1), 0)::BIGINT FROM ${scratch}.inventory_several) AS unlisted`,
  )
  if (unlisted === 0n) return []
  return scope.warehouse.rows<InventoryGap>(
    `SELECT k.service, b.vendor, h.currency, sum(c.amount_minor) AS amount_minor
     FROM ${scratch}.charge_row AS c
     JOIN (FROM ${scratch}.service_key ANTI JOIN ${scratch}.inventory_row USING (service_no)) AS k USING (service_no) JOIN ${scratch}.bill AS b USING (bill_no)
     JOIN ${scratch}.charge_kind AS h USING (kind_no)
     WHERE c.service_no <> ${NO_SERVICE} AND EXISTS (SELECT 1 FROM service AS s WHERE ${pinned(scope, 's')})
     GROUP BY ALL ORDER BY ALL`,
    { tenant },
  )
}
