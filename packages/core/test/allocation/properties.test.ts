// What every result must satisfy (spec, allocation), on random components.
import { type AllocationRow, allocateComponent, type ComponentInput, compareBytes } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomComponent } from './random-pools.ts'

const chargeOf = (input: ComponentInput) =>
  [...input.participants, ...input.others].reduce((sum, { actualMinor }) => sum + actualMinor, 0n)
const sumOf = (rows: ReadonlyArray<AllocationRow>, key: 'actualMinor' | 'adjustedMinor') =>
  rows.reduce((sum, row) => sum + row[key], 0n)
const abs = (value: bigint) => (value < 0n ? -value : value)
const members = (rows: ReadonlyArray<AllocationRow>) =>
  rows.filter((row) => row.service !== '' && !row.flags.includes('non-participant'))
const isAsBilled = (rows: ReadonlyArray<AllocationRow>) => members(rows).every((row) => row.weight === '0')

const EVEN_DAYS = { isByDay: false, methods: ['prorated'], unused: ['recover'], membersMin: 2 } as const
const check = (arbitrary: fc.Arbitrary<ComponentInput>, property: (input: ComponentInput) => void) =>
  fc.assert(fc.property(arbitrary, property), { numRuns: 1500 })

describe('every allocation', () => {
  it('conserves: actual and adjusted both sum to the charges, and each charge stands where it was billed', () => {
    check(randomComponent(), (input) => {
      const { rows } = allocateComponent(input)
      expect(sumOf(rows, 'actualMinor')).toBe(chargeOf(input))
      expect(sumOf(rows, 'adjustedMinor')).toBe(chargeOf(input))
      const billed = [...input.participants, ...input.others].map((one) => [one.service, one.actualMinor])
      const shown = rows
        .filter((row) => !row.flags.includes('unused') && !row.flags.includes('unallocated'))
        .map((row) => [row.service, row.actualMinor])
      expect(new Map(shown as [string, bigint][])).toEqual(new Map(billed as [string, bigint][]))
      expect(shown).toHaveLength(billed.length)
    })
  })

  it('has no amount of the other sign than its component, as-billed apart', () => {
    check(randomComponent(), (input) => {
      const { rows } = allocateComponent(input)
      if (isAsBilled(rows)) return
      const isCredit = chargeOf(input) < 0n
      for (const row of rows) expect(isCredit ? row.adjustedMinor <= 0n : row.adjustedMinor >= 0n).toBe(true)
    })
  })

  it('puts nobody below the floor or above the cap unless flagged', () => {
    check(randomComponent({ methods: ['even', 'prorated', 'excess', 'weighted'], membersMin: 1 }), (input) => {
      const { rows } = allocateComponent(input)
      const { capMinor } = input.component
      if (isAsBilled(rows) || chargeOf(input) === 0n) return
      for (const row of members(rows)) {
        if (!row.flags.includes('floor-exceeds-charge')) {
          expect(abs(row.adjustedMinor)).toBeGreaterThanOrEqual(row.floorMinor)
        }
        if (capMinor !== null && row.flags.length === 0) expect(abs(row.adjustedMinor)).toBeLessThanOrEqual(capMinor)
      }
    })
  })

  it('never gives a smaller share for more usage, nor more than one minor unit between equal usage', () => {
    check(randomComponent(EVEN_DAYS), (input) => {
      const { rows } = allocateComponent(input)
      if (isAsBilled(rows)) return
      const counted = (row: AllocationRow) => (row.usageBase < 0n ? 0n : row.usageBase)
      const byUsage = members(rows).sort((left, right) => (counted(left) < counted(right) ? -1 : 1))
      for (const [index, row] of byUsage.entries()) {
        const less = byUsage[index - 1]
        if (!less) continue
        const step = abs(row.adjustedMinor) - abs(less.adjustedMinor)
        if (counted(row) === counted(less)) expect(abs(step)).toBeLessThanOrEqual(1n)
        else expect(step).toBeGreaterThanOrEqual(row.flags.length > 0 ? -1n : 0n)
      }
    })
  })

  it('does not change where every usage is doubled', () => {
    check(randomComponent(EVEN_DAYS), (input) => {
      const doubled = input.participants.map((one) => ({ ...one, usageBase: one.usageBase * 2n }))
      const shares = (of: ComponentInput) =>
        allocateComponent(of).rows.map(({ service, adjustedMinor, share }) => ({ service, adjustedMinor, share }))
      expect(shares({ ...input, participants: doubled })).toEqual(shares(input))
    })
  })

  it('gives the same rows in the same order whatever the order of its input', () => {
    fc.assert(
      fc.property(randomComponent(), fc.infiniteStream(fc.nat()), (input, dice) => {
        const shuffle = <T>(values: ReadonlyArray<T>) =>
          values
            .map((value) => ({ value, key: dice.next().value }))
            .sort((left, right) => left.key - right.key)
            .map(({ value }) => value)
        const shuffled = { ...input, participants: shuffle(input.participants), others: shuffle(input.others) }
        const result = allocateComponent(input)
        expect(allocateComponent(shuffled)).toEqual(result)
        const services = result.rows.map(({ service }) => service)
        const named = services.filter((service) => service !== '')
        expect(services.slice(0, named.length)).toEqual([...named].sort(compareBytes))
      }),
      { numRuns: 1500 },
    )
  })

  it('lets one member alone carry everything but what is unused', () => {
    check(randomComponent({ methods: ['even', 'prorated', 'excess', 'weighted'], hasLimits: false }), (input) => {
      const [first] = input.participants
      fc.pre(first !== undefined)
      const alone = { ...input, participants: first === undefined ? [] : [first] }
      const { rows } = allocateComponent(alone)
      if (isAsBilled(rows)) return
      const unused = rows.filter((row) => row.flags.includes('unused'))
      expect(members(rows)).toHaveLength(1)
      expect(members(rows)[0]?.adjustedMinor).toBe(chargeOf(alone) - sumOf(unused, 'adjustedMinor'))
    })
  })

  it('mirrors: the credit of a charge carries the same amounts negated', () => {
    check(randomComponent(), (input) => {
      const negate = <T extends { readonly actualMinor: bigint }>(one: T) => ({ ...one, actualMinor: -one.actualMinor })
      const credit = { ...input, participants: input.participants.map(negate), others: input.others.map(negate) }
      expect(allocateComponent(credit).rows.map((row) => -row.adjustedMinor)).toEqual(
        allocateComponent(input).rows.map((row) => row.adjustedMinor),
      )
    })
  })

  it('loses nothing where nobody can carry it: it is a row unallocated', () => {
    check(randomComponent(), (input) => {
      const everyone = [...input.participants, ...input.others]
      const { rows } = allocateComponent({ ...input, participants: [], others: everyone })
      expect(rows.at(-1)).toMatchObject({ service: '', flags: ['unallocated'], adjustedMinor: chargeOf(input) })
      expect(rows.slice(0, -1).every((row) => row.adjustedMinor === 0n)).toBe(true)
    })
  })
})
