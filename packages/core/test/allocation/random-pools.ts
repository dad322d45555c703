// Random and enumerable components for the tests: small numbers, so that ties, zeros, caps and floors meet often.

import type { AllocationMethod, ComponentInput, Participant } from '@spillway/core'
import fc from 'fast-check'

/** Ids whose order as bytes differs from their order as UTF-16, as numbers, and as words. */
const IDS = ['A', 'B', 'C', 'a', '10', '9', 'é', '\uFF21', '\u{1F4DE}', 'Z-1', 'Z', '555-0101']

const quantity = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt(0n, 6n) },
  { weight: 1, arbitrary: fc.bigInt(-3n, 10n ** 12n) },
)
const money = fc.oneof(
  { weight: 3, arbitrary: fc.bigInt(-20n, 20n) },
  { weight: 2, arbitrary: fc.bigInt(0n, 1000n) },
  { weight: 1, arbitrary: fc.bigInt(-(10n ** 14n), 10n ** 14n) },
)

export type PoolShape = {
  readonly methods?: ReadonlyArray<AllocationMethod>
  readonly isByDay?: boolean
  readonly hasLimits?: boolean
  readonly unused?: ReadonlyArray<'recover' | 'central'>
  readonly membersMin?: number
}

/** Any component that allocation accepts, of the given shape; by default of every shape. */
export function randomComponent(shape: PoolShape = {}): fc.Arbitrary<ComponentInput> {
  const { methods = ['even', 'prorated', 'excess', 'weighted', 'as-billed'], hasLimits = true, membersMin = 0 } = shape
  const periodDays = shape.isByDay === false ? fc.constant(1) : fc.constantFrom(1, 7, 30, 31)
  return periodDays.chain((days) =>
    fc
      .record({
        ids: fc.uniqueArray(fc.constantFrom(...IDS), { minLength: membersMin + 1, maxLength: 9 }),
        otherCount: fc.integer({ min: 0, max: 2 }),
        members: fc.array(randomMember(days), { minLength: 12, maxLength: 12 }),
        othersActual: fc.array(money, { minLength: 3, maxLength: 3 }),
        hasAccount: fc.boolean(),
        method: fc.constantFrom(...methods),
        whenNoUsage: fc.constantFrom('even' as const, 'as-billed' as const),
        unused: fc.constantFrom(...(shape.unused ?? (['recover', 'recover', 'central'] as const))),
        allowanceBase: fc.option(fc.bigInt(0n, 40n)),
        limits: hasLimits ? randomLimits() : fc.constant({ floorMinor: null, capMinor: null }),
        currency: fc.constantFrom('USD', 'JPY', 'KWD'),
      })
      .map((draw): ComponentInput => {
        const otherIds = draw.ids.slice(0, Math.max(0, Math.min(draw.otherCount, draw.ids.length - membersMin)))
        const memberIds = draw.ids.slice(otherIds.length)
        const elsewhere = draw.hasAccount ? [...otherIds, ''] : otherIds
        return {
          component: {
            method: draw.method,
            whenNoUsage: draw.whenNoUsage,
            unused: draw.method === 'prorated' ? draw.unused : 'recover',
            ...draw.limits,
          },
          periodDays: days,
          allowanceBase: draw.allowanceBase,
          participants: memberIds.map((service, index) => ({ service, ...(draw.members[index] as RandomMember) })),
          others: elsewhere.map((service, index) => ({ service, actualMinor: draw.othersActual[index] as bigint })),
          currency: draw.currency,
        }
      }),
  )
}

type RandomMember = Omit<Participant, 'service'>

function randomMember(periodDays: number): fc.Arbitrary<RandomMember> {
  return fc.record({
    days: fc.integer({ min: 1, max: periodDays }),
    usageBase: quantity,
    contributionBase: fc.bigInt(0n, 5n),
    weight: fc.option(fc.record({ numerator: fc.bigInt(0n, 7n), denominator: fc.constantFrom(1n, 2n, 3n, 4n, 10n) })),
    actualMinor: money,
  })
}

function randomLimits() {
  const limit = fc.oneof(fc.bigInt(0n, 30n), fc.bigInt(0n, 400n))
  return fc.record({ low: fc.option(limit), high: fc.option(limit) }).map(({ low, high }) => {
    if (low === null || high === null || low <= high) return { floorMinor: low, capMinor: high }
    return { floorMinor: high, capMinor: low }
  })
}
