import {
  allocateComponent,
  type ComponentInput,
  describeAllocation,
  evaluateFormula,
  readFormula,
} from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { naiveAllocate } from './naive-reference.ts'
import { randomComponent } from './random-pools.ts'

function expectSameAsNaive(input: ComponentInput): void {
  const naive = naiveAllocate({
    ...input.component,
    floor: input.component.floorMinor,
    cap: input.component.capMinor,
    periodDays: input.periodDays,
    allowance: input.allowanceBase,
    participants: input.participants.map((one) => ({
      service: one.service,
      days: one.days,
      usage: one.usageBase,
      contribution: one.contributionBase,
      weight: one.weight === null ? [0n, 1n] : [one.weight.numerator, one.weight.denominator],
      actual: one.actualMinor,
    })),
    othersActual: input.others.reduce((sum, { actualMinor }) => sum + actualMinor, 0n),
  })
  const { rows } = allocateComponent(input)
  const adjusted = new Map<string, bigint>()
  const named: Record<string, bigint> = { unused: 0n, unallocated: 0n }
  for (const row of rows) {
    const special = row.flags.find((flag) => flag === 'unused' || flag === 'unallocated')
    if (special) named[special] = row.adjustedMinor
    else if (!row.flags.includes('non-participant')) {
      adjusted.set(row.service, row.adjustedMinor)
      expect(row.flags).toEqual(naive.flag === '' ? [] : [naive.flag])
    }
    expect(evaluateFormula(row.formula, input.currency), row.formula).toBe(row.adjustedMinor)
  }
  expect(new Map([...adjusted].sort())).toEqual(new Map([...naive.adjusted].sort()))
  expect(named).toEqual({ unused: naive.unused, unallocated: naive.unallocated })
}

describe('allocation beside a naive reference', () => {
  it('gives the same amounts and flags, and formulas that evaluate to them, on random components', () => {
    fc.assert(fc.property(randomComponent(), expectSameAsNaive), { numRuns: 6000 })
  })

  it('takes every formula apart again, and tells each row in a sentence', () => {
    const property = (input: ComponentInput) => {
      const { rows } = allocateComponent(input)
      const { currency } = input
      for (const row of rows) {
        const parts = readFormula(row.formula)
        expect(parts.kind, row.formula).toBe(row.formula.includes('*') ? 'share' : 'amount')
        if (parts.kind === 'share') {
          const before = parts.before === '' ? '0' : parts.before
          const exact = `${before} + ${parts.rest} * ${parts.weight} / ${parts.total}`
          const unit = currency === 'JPY' ? '1' : currency === 'USD' ? '0.01' : '0.001'
          const again = evaluateFormula(`floor(${exact}, ${unit}) + ${parts.hasUnit ? unit : '0'}`, currency)
          expect(again).toBe(row.adjustedMinor < 0n ? -row.adjustedMinor : row.adjustedMinor)
        }
        const { method } = input.component
        const sentence = describeAllocation({ row, rows, pool: 'P-1', component: 'access', currency, method })
        expect(sentence).toMatch(/ of access in P-1.*\.$/)
      }
    }
    fc.assert(fc.property(randomComponent(), property), { numRuns: 1500 })
  })

  it.each(['prorated', 'excess', 'weighted', 'even'] as const)('agrees on %s where limits bind', (method) => {
    const shape = { methods: [method], membersMin: 2, unused: ['recover', 'central'] as const }
    fc.assert(fc.property(randomComponent(shape), expectSameAsNaive), { numRuns: 2000 })
  })

  it('agrees on every component of a small domain', () => {
    let count = 0
    for (const actual of [-7n, -1n, 0n, 1n, 5n, 7n]) {
      for (const floorMinor of [null, 0n, 1n, 2n]) {
        for (const capMinor of [null, 2n, 3n]) {
          for (const use of ENUMERATED) {
            for (const [method, unused] of MODES) {
              const participants = use.map((usageBase, index) => ({
                service: 'ABC'.charAt(index),
                days: 1,
                usageBase,
                contributionBase: 1n,
                weight: { numerator: usageBase, denominator: 2n },
                actualMinor: index === 0 ? actual : 0n,
              }))
              expectSameAsNaive({
                component: { method, floorMinor, capMinor, whenNoUsage: 'even', unused },
                periodDays: 1,
                allowanceBase: null,
                participants,
                others: [],
                currency: 'USD',
              })
              count += 1
            }
          }
        }
      }
    }
    expect(count).toBe(6 * 4 * 3 * ENUMERATED.length * MODES.length)
  })
})

const LEVELS = [0n, 1n, 3n]
const ENUMERATED = LEVELS.flatMap((a) => LEVELS.flatMap((b) => LEVELS.map((c) => [a, b, c])))
const MODES = [
  ['even', 'recover'],
  ['prorated', 'recover'],
  ['prorated', 'central'],
  ['excess', 'recover'],
  ['weighted', 'recover'],
] as const
