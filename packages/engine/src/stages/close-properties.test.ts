import { divideByLargestRemainder } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type RandomCompany, randomCompany, randomFrom } from '../../test/random-workspace.ts'
import { buildWorkspace, OCTOBER } from '../../test/workspace-builder.ts'
import { outputsOf } from '../catalog/run-record.ts'
import type { FactTable } from '../warehouse/schema.ts'
import { divideAlong } from './allocate/group-divider.ts'
import { checkWorkspace } from './check/check-workspace.ts'
import { closePeriod } from './close.ts'

async function closed(company: RandomCompany, shuffle?: (bound: number) => number) {
  const built = await buildWorkspace()
  try {
    for (const document of company.configuration) await built.apply(document)
    for (const [table, rows] of Object.entries(company.tables)) {
      const order = shuffle
        ? [...rows]
            .map((row) => ({ row, at: shuffle(1 << 30) }))
            .sort((a, b) => a.at - b.at)
            .map(({ row }) => row)
        : rows
      await built.add({ [table as FactTable]: order })
    }
    const report = await closePeriod(built.workspace, { period: OCTOBER })
    const run = await built.workspace.catalog
      .selectFrom('run')
      .selectAll()
      .where('id', '=', report.run)
      .executeTakeFirstOrThrow()
    const check = await checkWorkspace(built.workspace)
    const charged = await built.workspace.warehouse.rows<{ currency: string; total: bigint }>(
      `SELECT currency, sum(amount_minor)::BIGINT AS total FROM charge WHERE category <> 'payment' GROUP BY currency ORDER BY currency`,
    )
    return { report, outputs: outputsOf(run), check, charged }
  } finally {
    await built.remove()
  }
}

describe('a close of a random company', () => {
  it('conserves every currency in both views, can be proved again, and does not depend on the order of rows', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), async (seed) => {
        const company = randomCompany(seed)
        const first = await closed(company)
        const totals = first.charged.map(({ currency, total }) => ({
          currency,
          actualMinor: total,
          adjustedMinor: total,
        }))
        expect(first.report.totals).toEqual(totals)
        expect(first.check.failures).toEqual([])
        const second = await closed(company, randomFrom(seed + 1))
        expect(second.outputs).toEqual(first.outputs)
      }),
      { numRuns: Number(process.env.CLOSE_RUNS ?? 12) },
    )
  }, 300_000)
})

describe('an amount that stands for several invoices', () => {
  it('keeps the sums of its rows and its columns, near the proportional amount', () => {
    const amounts = fc.array(fc.bigInt(0n, 10_000n), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(amounts, amounts, fc.boolean(), (weights, magnitudes, isCredit) => {
        const columns = isCredit ? magnitudes.map((amount) => -amount) : magnitudes
        const total = columns.reduce((sum, amount) => sum + amount, 0n)
        const holders = weights.map((weight, index) => ({ weight: weight + 1n, tieBreak: String(index) }))
        const rows = divideByLargestRemainder(total, holders)
        const cells = divideAlong(rows, columns)
        expect(cells.map((row) => row.reduce((sum, cell) => sum + cell, 0n))).toEqual(rows)
        for (const [position, column] of columns.entries())
          expect(cells.reduce((sum, row) => sum + (row[position] as bigint), 0n)).toBe(column)
        for (const [index, row] of cells.entries())
          for (const [position, cell] of row.entries()) {
            if (total === 0n) continue
            const exact = Number((rows[index] as bigint) * (columns[position] as bigint)) / Number(total)
            expect(Math.abs(Number(cell) - exact)).toBeLessThanOrEqual(2.001)
          }
      }),
    )
  })

  it('is 60, 7 and 30, 3 where 67 and 33 stand for 90 and 10', () => {
    expect(divideAlong([67n, 33n], [90n, 10n])).toEqual([
      [60n, 7n],
      [30n, 3n],
    ])
  })
})
