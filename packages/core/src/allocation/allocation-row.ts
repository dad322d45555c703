// One row of the result: what a participant, or a charge on nobody who participates, was billed and what it carries.

export const ALLOCATION_FLAGS = [
  'floor-exceeds-charge',
  'cap-below-charge',
  'non-participant',
  'unused',
  'unallocated',
] as const
export type AllocationFlag = (typeof ALLOCATION_FLAGS)[number]

export type AllocationRow = {
  /** '' for an account-level charge, for *unused* and for *unallocated*, told apart by the flags. */
  readonly service: string
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
  /** Exact: `200` or `1/3`; `0` where no weight was used. */
  readonly weight: string
  /** Weight over the sum of weights, 9 decimals, rounded half up. */
  readonly share: string
  /** Minor units, not negative; 0 where there is none. */
  readonly floorMinor: bigint
  readonly flags: ReadonlyArray<AllocationFlag>
  readonly usageBase: bigint
  readonly contributionBase: bigint
  readonly days: number
  /** Evaluates to the adjusted amount in major units: see `evaluateFormula`. */
  readonly formula: string
}

export const NO_SHARE = '0.000000000'
const SHARE_DECIMALS = 9
const SHARE_SCALE = 10n ** BigInt(SHARE_DECIMALS)

/** `weight / total` with 9 decimals, rounded half up; 200n of 299n is `0.668896321`. */
export function formatShare(weight: bigint, total: bigint): string {
  const scaled = (2n * weight * SHARE_SCALE + total) / (2n * total)
  const digits = scaled.toString().padStart(SHARE_DECIMALS + 1, '0')
  return `${digits.slice(0, -SHARE_DECIMALS)}.${digits.slice(-SHARE_DECIMALS)}`
}

/** A row without membership, usage or weight. */
export function rowOnNobody({
  service,
  actualMinor,
  adjustedMinor,
  flag,
  formula,
}: {
  readonly service: string
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
  readonly flag: AllocationFlag
  readonly formula: string
}): AllocationRow {
  return {
    service,
    actualMinor,
    adjustedMinor,
    weight: '0',
    share: NO_SHARE,
    floorMinor: 0n,
    flags: [flag],
    usageBase: 0n,
    contributionBase: 0n,
    days: 0,
    formula,
  }
}
