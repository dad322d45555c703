// Shares the charges of one component of one pool in one currency over its participants (spec, allocation, "Arithmetic").
// Same inputs, same rows, in any order of input. Never drops an amount: what nobody can carry is a row `unallocated`.

import { invariant } from '../invariant.ts'
import { formatAmount } from '../money/amount.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import { type AllocationFlag, type AllocationRow, formatShare, NO_SHARE, rowOnNobody } from './allocation-row.ts'
import { asBilledAmounts } from './as-billed.ts'
import type { Participant } from './participant.ts'
import type { AllocationMethod, UnusedRule, WhenNoUsage } from './policy.ts'
import { formatRational, rationalOf } from './rational.ts'
import { settle } from './settle.ts'
import { weigh } from './weigh.ts'
import { formulaWriter } from './write-formula.ts'

/** What the vendor put on one that does not participate: a service that left, or '' for the account. */
export type BilledElsewhere = { readonly service: string; readonly actualMinor: bigint }

export type ComponentInput = {
  readonly component: {
    readonly method: AllocationMethod
    /** In `currency`'s minor unit; null for none. */
    readonly floorMinor: bigint | null
    readonly capMinor: bigint | null
    readonly whenNoUsage: WhenNoUsage
    readonly unused: UnusedRule
  }
  /** Days of the period under `by-day`, 1 under `full`. */
  readonly periodDays: number
  /** The pool's; null where it is the sum of the contributions. Read under `unused: central` only. */
  readonly allowanceBase: bigint | null
  readonly participants: ReadonlyArray<Participant>
  readonly others: ReadonlyArray<BilledElsewhere>
  readonly currency: string
}

export type ComponentResult = {
  /** By service id as bytes; rows without a service last: account-level, unused, unallocated. */
  readonly rows: ReadonlyArray<AllocationRow>
  /** Services whose usage is negative and counted as 0, in order. */
  readonly negativeUsage: ReadonlyArray<string>
}

/**
 * Σ actual = Σ adjusted = the charges, exactly. 10000n USD `even` over A, B and C is 3334n, 3333n, 3333n.
 *
 * @throws Bug where a service stands twice, days are not from 1 to `periodDays`, the cap is under the floor, or `central`
 *   comes with another method than `prorated`.
 */
export function allocateComponent(input: ComponentInput): ComponentResult {
  const participants = sortedByService(input.participants)
  const others = sortedByService(input.others)
  checkInput(input, participants)
  const totalMinor = sumActual(participants) + sumActual(others)
  const rows = participants.length === 0 ? [] : rowsOfParticipants(input, participants, totalMinor)
  let adjustedMinor = 0n
  for (const row of rows) adjustedMinor += row.adjustedMinor
  const unallocated = rowsUnallocated(input, totalMinor - adjustedMinor)
  const nobodys = others.map(({ service, actualMinor }) =>
    rowOnNobody({
      service,
      actualMinor,
      adjustedMinor: 0n,
      flag: 'non-participant',
      formula: formatAmount(0n, input.currency),
    }),
  )
  return {
    rows: [...mergeByService(rows, nobodys), ...unallocated],
    negativeUsage: participants.filter(({ usageBase }) => usageBase < 0n).map(({ service }) => service),
  }
}

/** Charges that stand on nobody who participates, where the participants keep their own or there are none. */
function rowsUnallocated({ participants, others, currency }: ComponentInput, leftMinor: bigint): AllocationRow[] {
  const hasNobody = participants.length === 0 && others.length > 0
  if (leftMinor === 0n && !hasNobody) return []
  return [
    rowOnNobody({
      service: '',
      actualMinor: 0n,
      adjustedMinor: leftMinor,
      flag: 'unallocated',
      formula: formatAmount(leftMinor, currency),
    }),
  ]
}

function rowsOfParticipants(
  input: ComponentInput,
  participants: ReadonlyArray<Participant>,
  totalMinor: bigint,
): AllocationRow[] {
  const { component, allowanceBase, periodDays, currency } = input
  const { method, whenNoUsage, unused, floorMinor, capMinor } = component
  const weighing = weigh({ method, whenNoUsage, unused, participants, allowanceBase })
  if (weighing === null) return rowsAsBilled(participants, currency)
  const isCredit = totalMinor < 0n
  const chargeMinor = isCredit ? -totalMinor : totalMinor
  const settlement = settle({ chargeMinor, participants, weighing, floorMinor, capMinor, periodDays })
  const writeFormula = formulaWriter({ settlement, chargeMinor, capMinor, isCredit, currency })
  const { reported, reportedUnused, amounts, floors } = settlement
  const flags: ReadonlyArray<AllocationFlag> = settlement.flag === '' ? [] : [settlement.flag]
  const weightTotal = reported.total + reportedUnused
  const rowAt = (index: number, weight: bigint) => {
    const amount = amounts[index] as bigint
    return {
      adjustedMinor: isCredit ? -amount : amount,
      weight:
        reported.denominator === 1n ? weight.toString() : formatRational(rationalOf(weight, reported.denominator)),
      share: formatShare(weight, weightTotal),
      formula: writeFormula(index),
    }
  }
  const rows = participants.map(
    ({ service, actualMinor, usageBase, contributionBase, days }, index): AllocationRow => ({
      service,
      actualMinor,
      ...rowAt(index, reported.numerators[index] as bigint),
      floorMinor: floors[index] as bigint,
      flags,
      usageBase,
      contributionBase,
      days,
    }),
  )
  if (reportedUnused > 0n) {
    const index = participants.length
    const blank = rowOnNobody({ service: '', actualMinor: 0n, adjustedMinor: 0n, flag: 'unused', formula: '' })
    rows.push({ ...blank, ...rowAt(index, reportedUnused), usageBase: 0n })
  }
  return rows
}

function rowsAsBilled(participants: ReadonlyArray<Participant>, currency: string): AllocationRow[] {
  const amounts = asBilledAmounts(participants)
  return participants.map(({ service, actualMinor, usageBase, contributionBase, days }, index): AllocationRow => {
    const adjustedMinor = amounts[index] as bigint
    return {
      service,
      actualMinor,
      adjustedMinor,
      weight: '0',
      share: NO_SHARE,
      floorMinor: 0n,
      flags: [],
      usageBase,
      contributionBase,
      days,
      formula: formatAmount(adjustedMinor, currency),
    }
  })
}

/** Rows with a service by its bytes, then those without: account-level first. Both lists are sorted by service. */
function mergeByService(
  rows: ReadonlyArray<AllocationRow>,
  nobodys: ReadonlyArray<AllocationRow>,
): ReadonlyArray<AllocationRow> {
  if (nobodys.length === 0) return rows
  const ofService = (row: AllocationRow) => row.service !== ''
  const named = [...rows, ...nobodys].filter(ofService).sort((left, right) => compareBytes(left.service, right.service))
  const nameless = [...nobodys, ...rows].filter((row) => !ofService(row))
  return [...named, ...nameless]
}

function sortedByService<T extends { readonly service: string }>(entries: ReadonlyArray<T>): ReadonlyArray<T> {
  const isSorted = entries.every(
    (entry, index) => index === 0 || compareBytes((entries[index - 1] as T).service, entry.service) <= 0,
  )
  return isSorted ? entries : [...entries].sort((left, right) => compareBytes(left.service, right.service))
}

function sumActual(entries: ReadonlyArray<{ readonly actualMinor: bigint }>): bigint {
  let total = 0n
  for (const { actualMinor } of entries) total += actualMinor
  return total
}

function checkInput({ component, periodDays }: ComponentInput, participants: ReadonlyArray<Participant>): void {
  const { method, floorMinor, capMinor, unused } = component
  invariant(unused === 'recover' || method === 'prorated', 'unused: central comes with prorated alone', { method })
  invariant(floorMinor === null || floorMinor >= 0n, 'a floor is never negative', { floorMinor })
  invariant(capMinor === null || capMinor >= (floorMinor ?? 0n), 'a cap is never under the floor', component)
  let previous: string | null = null
  for (const { service, days, weight } of participants) {
    invariant(service !== '', 'a participant has a service id')
    invariant(service !== previous, 'a service participates once', { service })
    invariant(Number.isInteger(days) && days >= 1 && days <= periodDays, 'days lie in the period', { service, days })
    invariant(weight === null || weight.numerator >= 0n, 'a weight is never negative', { service })
    previous = service
  }
}
