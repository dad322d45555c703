// Rows of pools.csv and pool_members.csv (spec, import, "Facts").
import { toBaseUnits, UNIT_NAMES, USAGE_TYPES, type UsageType } from '../quantity/unit.ts'
import type { Pool, PoolMember } from './fact.ts'
import { type CellOf, type FactReading, RowCells, type RowContext } from './read-cells.ts'
import { NETWORKS, POOL_MODELS, TIME_BANDS, ZONES } from './words.ts'

export const POOL_COLUMNS = [
  'pool',
  'vendor',
  'account',
  'model',
  'usage_type',
  'allowance',
  'unit',
  'max_members',
  'zone',
  'time_band',
  'network',
] as const
export type PoolColumn = (typeof POOL_COLUMNS)[number]
export const POOL_REQUIRED = ['pool', 'model', 'usage_type'] as const satisfies ReadonlyArray<PoolColumn>

export const POOL_MEMBER_COLUMNS = ['pool', 'service', 'contribution', 'unit', 'from', 'to'] as const
export type PoolMemberColumn = (typeof POOL_MEMBER_COLUMNS)[number]
export const POOL_MEMBER_REQUIRED = ['pool', 'service'] as const satisfies ReadonlyArray<PoolMemberColumn>

const MEMBERS_MAX = 2 ** 31 - 1

export function readPool(cell: CellOf<PoolColumn>, context: RowContext<PoolColumn>): FactReading<Pool> {
  const row = new RowCells(cell, context)
  const pool = row.requiredId('pool')
  const vendor = row.id('vendor')
  const account = row.id('account')
  const model = row.requiredWord('model', POOL_MODELS)
  const usageType = row.requiredWord('usage_type', USAGE_TYPES)
  const allowanceBase = readAllowance(row, usageType)
  const maxMembers = row.count('max_members', { min: 1, max: MEMBERS_MAX }) ?? null
  const zone = row.word('zone', ZONES)
  const timeBand = row.word('time_band', TIME_BANDS)
  const network = row.word('network', NETWORKS)
  if (row.hasProblems || pool === null || vendor === null || account === null) return row.refused()
  if (model === null || usageType === null || zone === null || timeBand === null || network === null) {
    return row.refused()
  }
  const extra = row.extra
  const fact: Pool = {
    fact: 'pool',
    pool,
    vendor,
    account,
    model,
    usageType,
    allowanceBase,
    maxMembers,
    zone,
    timeBand,
    network,
    extra,
  }
  return { fact }
}

/** null where the allowance is the sum of the members' contributions, and where it could not be read. */
function readAllowance(row: RowCells<PoolColumn>, usageType: UsageType | null): bigint | null {
  const allowance = row.decimal('allowance', { placesMax: 30, isSigned: false })
  if (allowance === '') return null
  const unit = row.required('unit')
  if (allowance === null || unit === null) return null
  const reading = toBaseUnits(allowance, unit, usageType ?? 'data')
  if (reading.ok) return reading.base
  const facts = { column: row.nameOf('unit'), value: unit }
  if (reading.reason === 'unknown-unit') return row.report('unit-unknown', { ...facts, allowed: UNIT_NAMES }, 'unit')
  if (reading.reason !== 'unit-of-other-type') return row.reportNumber('allowance', allowance)
  return usageType === null ? null : row.report('unit-mismatch', { ...facts, usageType }, 'unit')
}

/** The unit is only known to be a unit here; whether it measures what the pool shares is seen beside the pool. */
export function readPoolMember(
  cell: CellOf<PoolMemberColumn>,
  context: RowContext<PoolMemberColumn>,
): FactReading<PoolMember> {
  const row = new RowCells(cell, context)
  const pool = row.requiredId('pool')
  const service = row.requiredId('service')
  const contribution = row.decimal('contribution', { placesMax: 30, isSigned: false })
  const unit = contribution ? row.required('unit') : row.text('unit')
  if (unit && !UNIT_NAMES.includes(unit)) {
    row.report('unit-unknown', { column: row.nameOf('unit'), value: unit, allowed: UNIT_NAMES }, 'unit')
  }
  const { from, to } = row.openRange('from', 'to')
  if (row.hasProblems || pool === null || service === null || contribution === null || unit === null) {
    return row.refused()
  }
  return { fact: { fact: 'pool-member', pool, service, contribution, unit, from, to, extra: row.extra } }
}
