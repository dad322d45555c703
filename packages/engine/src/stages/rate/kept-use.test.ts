// The sum that is made here of what was used is the one that the warehouse makes of rows.
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { buildWorkspace } from '../../../test/workspace-builder.ts'
import { makeKeptUse, USE_FACTOR_SQL, UseSum } from './kept-use.ts'

const row = fc.tuple(
  fc.integer({ min: 0, max: 2 ** 31 - 1 }),
  fc.nat({ max: 70_000 }),
  fc.oneof(
    fc.maxSafeInteger(),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER),
    fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  ),
)
type Row = readonly [number, number, number | bigint]

it('sums what was used as the warehouse does, whatever is used', async () => {
  const { workspace, remove } = await buildWorkspace()
  const { warehouse } = workspace
  const sumOf = async (rows: ReadonlyArray<Row>) => {
    const values = rows.map(([serviceNo, classNo, base]) => `(${serviceNo}, ${classNo}, '${base}'::BIGINT)`).join(', ')
    const { total } = await warehouse.row<{ total: bigint }>(
      `SELECT sum(base * ${USE_FACTOR_SQL})::HUGEINT AS total FROM (VALUES ${values}) AS t(service_no, class_no, base)`,
    )
    return total
  }
  const add = (sum: Pick<UseSum, 'add' | 'addWide'>, rows: ReadonlyArray<Row>) => {
    for (const [serviceNo, classNo, base] of rows)
      if (typeof base === 'number') sum.add(serviceNo, classNo, base)
      else sum.addWide(serviceNo, classNo, base)
  }
  try {
    await warehouse.withScratch(async (scratch) => {
      const scope = { warehouse, scratch }
      await fc.assert(
        fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 50 }), async (rows) => {
          const sum = new UseSum(scope)
          add(sum, rows)
          expect(sum.total).toBe(await sumOf(rows))
        }),
        { numRuns: 50 },
      )
      // Of three services and two classes, of which some were not used.
      const sums = Float64Array.of(5, 0, 7, Number.MAX_SAFE_INTEGER - 3, 0, 1)
      const serviceNo = Int32Array.of(3, 9, 2_000_000_000)
      const used = [...sums].map((base, at): Row => [serviceNo[Math.floor(at / 2)] as number, at % 2, base])
      const sum = new UseSum(scope)
      sum.addSums({ serviceNo, classCount: 2, sums })
      expect(sum.total).toBe(await sumOf(used))
      const rows = await makeKeptUse(scope, { asSum: false })
      rows.addSums({ serviceNo, classCount: 2, sums })
      await rows.end()
      expect(await warehouse.rows(`FROM ${scratch}.rated_use ORDER BY ALL`)).toEqual(
        used.flatMap(([service_no, class_no, base]) =>
          base === 0 ? [] : [{ service_no, class_no, base: BigInt(base) }],
        ),
      )
      await warehouse.run(`DROP TABLE ${scratch}.rated_use`)
      await warehouse.run(`DROP TABLE ${scratch}.used_sum`)
      // More than are added up at once, each as large as can be.
      const many = Array.from({ length: 5000 }, (_, at): Row => [at * 400_000, at % 7, Number.MAX_SAFE_INTEGER - at])
      const kept = await makeKeptUse(scope, { asSum: true })
      add(kept, many)
      await kept.end()
      expect(await warehouse.rows(`FROM ${scratch}.used_sum`)).toEqual([{ total: await sumOf(many) }])
    })
  } finally {
    await remove()
  }
})
