import { allocateComponent, type ComponentInput, formatShare, settleColumns } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomComponent } from './random-pools.ts'

/** The same component by columns, laid beside the rows of `allocateComponent`. True where the columns took it. */
function expectSameAsRows(input: ComponentInput): boolean {
  const participants = [...input.participants].sort((a, b) =>
    Buffer.compare(Buffer.from(a.service), Buffer.from(b.service)),
  )
  let total = 0n
  for (const { actualMinor } of [...participants, ...input.others]) total += actualMinor
  const settled = settleColumns({
    ...input.component,
    periodDays: input.periodDays,
    allowanceBase: input.allowanceBase,
    charged: Number(total),
    count: participants.length,
    days: participants.map(({ days }) => days),
    usageBase: participants.map(({ usageBase }) => Number(usageBase)),
    contributionBase: participants.map(({ contributionBase }) => Number(contributionBase)),
  })
  if (settled === null) return false
  const rows = allocateComponent({ ...input, participants }).rows.filter(
    ({ flags }) => !flags.includes('non-participant'),
  )
  const unused = rows.filter(({ flags }) => flags.includes('unused'))
  const members = rows.filter(({ flags }) => !flags.includes('unused'))
  expect(settled.hasUnused).toBe(unused.length === 1)
  const expected = [...members, ...unused]
  const { adjustedMinor, weights, weightTotal, floorMinor, flag } = settled
  const shown = expected.map((row, index) => ({
    adjusted: BigInt(adjustedMinor[index] as number),
    weight: String(weights[index]),
    share: formatShare(BigInt(weights[index] as number), BigInt(weightTotal)),
    floor: BigInt(floorMinor[index] as number),
    flags: row.flags.includes('unused') ? ['unused'] : flag === '' ? [] : [flag],
  }))
  expect(shown).toEqual(
    expected.map((row) => ({
      ...{ adjusted: row.adjustedMinor, weight: row.weight, share: row.share, floor: row.floorMinor, flags: row.flags },
    })),
  )
  return true
}

const PLAIN = { methods: ['even', 'prorated', 'excess'] as const, membersMin: 1 }

describe('allocation by columns', () => {
  it('gives the rows of allocateComponent on random components', () => {
    let taken = 0
    const property = (input: ComponentInput) => {
      if (expectSameAsRows(input)) taken += 1
    }
    fc.assert(fc.property(randomComponent(PLAIN), property), { numRuns: 4000 })
    expect(taken).toBeGreaterThan(400)
  })

  it('gives them on both sides of 2^53: of products, of weights and of amounts', () => {
    const edge = 2n ** 53n
    const near = (value: bigint) => fc.bigInt(value - 3n, value + 3n)
    const quantity = fc.oneof(
      fc.bigInt(0n, 9n),
      near(2n ** 26n),
      near(2n ** 27n),
      near(edge / 4n),
      near(edge),
      fc.bigInt(0n, edge / 8n),
    )
    const money = fc.oneof(
      fc.bigInt(-50n, 50n),
      near(2n ** 26n),
      near(-(2n ** 27n)),
      near(edge / 2n),
      fc.bigInt(-(2n ** 50n), 2n ** 50n),
    )
    const draw = fc.record({
      usage: fc.array(quantity, { minLength: 1, maxLength: 6 }),
      amount: money,
      method: fc.constantFrom('prorated' as const, 'excess' as const, 'even' as const),
      isCentral: fc.boolean(),
      floorMinor: fc.option(fc.constantFrom(1n, 2n ** 20n, 2n ** 52n)),
    })
    const seen = { taken: 0, left: 0 }
    fc.assert(
      fc.property(draw, ({ usage, amount, method, isCentral, floorMinor }) => {
        const unused = isCentral && method === 'prorated' ? 'central' : 'recover'
        const wasTaken = expectSameAsRows({
          component: { method, floorMinor, capMinor: null, whenNoUsage: 'even', unused },
          periodDays: 1,
          allowanceBase: isCentral ? 2n ** 53n - 1n : null,
          participants: usage.map((usageBase, index) => ({
            ...{ service: `S${index}`, days: 1, usageBase, contributionBase: usageBase / 3n, weight: null },
            actualMinor: index === 0 ? amount : 0n,
          })),
          others: [],
          currency: 'USD',
        })
        seen[wasTaken ? 'taken' : 'left'] += 1
      }),
      { numRuns: 4000 },
    )
    expect(Math.min(seen.taken, seen.left)).toBeGreaterThan(300)
  })

  it.each<[string, Partial<ComponentInput['component']>]>([
    ['a cap', { capMinor: 5n }],
    ['weights of its own', { method: 'weighted' }],
    ['charges that stay as billed', { method: 'as-billed' }],
    ['no usage, and charges that then stay as billed', { whenNoUsage: 'as-billed' }],
  ])('leaves %s to allocateComponent', (_, component) => {
    const input = {
      method: 'prorated',
      whenNoUsage: 'even',
      unused: 'recover',
      floorMinor: null,
      capMinor: null,
    } as const
    const columns = {
      periodDays: 1,
      allowanceBase: null,
      charged: 10,
      count: 1,
      days: [1],
      usageBase: [0],
      contributionBase: [0],
    }
    expect(settleColumns({ ...input, ...component, ...columns })).toBeNull()
    expect(settleColumns({ ...input, ...columns })).not.toBeNull()
  })
})
