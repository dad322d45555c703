import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ColumnRoom } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { Warehouse } from '../../warehouse/warehouse.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { demandsOf, eachGroupDemands } from './group-demands.ts'
import type { RatingGroup } from './rating-groups.ts'

const WIDE = 2n ** 60n + 1n
/** Group, row, class and quantity, in no order; group 1 used nothing. Rows of group 0 lie between those of group 2. */
const ROWS: ReadonlyArray<readonly [number, number, number, bigint]> = [
  [2, 1, 0, 7n],
  [0, 1, 1, 5n],
  [2, 0, 1, WIDE],
  [0, 0, 0, 3n],
  [2, 0, 0, 2n],
]
const KEYS = [
  [1, 2],
  [4, 5],
  [0, 3],
]
const EXPECTED = [['0 0 3', '1 1 5'], [], ['0 0 2', `0 1 ${WIDE}`, '1 0 7']]

async function demandsByGroup(classCount: number): Promise<string[][]> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-demands-'))
  const options = { path: join(directory, 'w.duckdb'), access: 'write', memoryLimit: '1GB' } as const
  const warehouse = await Warehouse.open({ ...options, spillDirectory: join(directory, 'spill') })
  try {
    return await warehouse.withScratch(async (scratch) => {
      const values = ROWS.map((row) => `(${row.join(', ')}::BIGINT)`).join(', ')
      await warehouse.run(
        `CREATE TABLE ${scratch}.demand AS FROM (VALUES ${values}) AS d(group_no, row_no, class_no, billed_base)`,
      )
      const groups = KEYS.map((keys, number) => ({ number, keys: Int32Array.from(keys) }) as unknown as RatingGroup)
      const usage = { classes: Array.from({ length: classCount }, () => ({}) as never) }
      const found: string[][] = []
      await eachGroupDemands(
        { warehouse, scratch } as PeriodScope,
        { groups, usage, count: ROWS.length },
        (_, demands) =>
          found.push(
            demandsOf(demands(new ColumnRoom())).map((one) => `${one.service} ${one.usageClass} ${one.quantityBase}`),
          ),
      )
      return found
    })
  } finally {
    await warehouse.close()
    await rm(directory, { recursive: true })
  }
}

describe('what groups used', () => {
  it.each([
    ['few classes, a place for each', 2],
    ['many classes, a list', 500],
  ])('comes by row and class, also where it is no safe integer: %s', async (_, classCount) => {
    expect(await demandsByGroup(classCount)).toEqual(EXPECTED)
  })
})
