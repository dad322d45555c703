// Rows of a run are stored while more of them come, each once, and what fails on the way is heard of in the end.
import { Bug, type Period, parsePeriod } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { giveRunNumber } from '../../warehouse/run-numbers.ts'
import type { PeriodScope } from '../allocate/period-scope.ts'
import { rowsByName } from '../run-rows.ts'
import { makeRatedTable } from './rated-output.ts'
import { storeBeside } from './store-beside.ts'
import { digestRating } from './stored-rating.ts'

const RUN = '2026-10.1'
let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

async function withRun<T>(work: (scope: PeriodScope) => Promise<T>): Promise<T> {
  const { workspace } = built
  const { warehouse, tenant } = workspace
  const run = await giveRunNumber(warehouse, { tenant, run: RUN })
  const period = parsePeriod('2026-10') as Period
  return warehouse.withScratch((scratch) =>
    work({ ...workspace, period, documents: [], configuration: [], run, scratch }),
  )
}

describe('rows of a run', () => {
  it('are stored as far as they are told to be there, each once, and their digest is told', () =>
    withRun(async (scope) => {
      const { warehouse, scratch, tenant } = scope
      const services = await makeRatedTable(scope, 'rated_service')
      for (const service of ['A', 'B', 'C']) services.append([service.charCodeAt(0), 'U', service])
      services.close()
      const rows = await makeRatedTable(scope, 'rated_row')
      const { told } = await storeBeside(scope, async (storing) => {
        for (let count = 1; count <= 6000; count += 1) {
          rows.append([count, 0, 0, 1, 1, BigInt(count), 0n])
          if (count % 2000 !== 0) continue
          rows.commit()
          storing?.takeWhole('rated_service', 3)
          storing?.take('rated_row', count)
        }
      })
      rows.close()
      const stored = rowsByName({ tenant, run: RUN })
      for (const table of ['rated_row', 'rated_service'] as const)
        expect(
          await warehouse.rows(
            `SELECT * EXCLUDE (tenant, run) FROM ${stored(table)} EXCEPT ALL FROM ${scratch}.${table}
             UNION ALL (FROM ${scratch}.${table} EXCEPT ALL SELECT * EXCLUDE (tenant, run) FROM ${stored(table)})`,
          ),
        ).toEqual([])
      const all = await digestRating(warehouse, stored, [])
      expect(told).toEqual(all.filter(({ table }) => table === 'rated_service'))
      expect(told[0]?.rows).toBe(3)
    }))

  it('are not taken for stored where some are not there', () =>
    withRun(async (scope) => {
      const rows = await makeRatedTable(scope, 'rated_row')
      rows.append([1, 0, 0, 1, 1, 1n, 0n])
      rows.close()
      const storing = storeBeside(scope, async (beside) => beside?.take('rated_row', 2))
      await expect(storing).rejects.toBeInstanceOf(Bug)
    }))

  it('stay in the scratch database where no run is written', () =>
    withRun(async (scope) => {
      const { result, told } = await storeBeside({ ...scope, run: undefined }, async (beside) => beside)
      expect([result, told]).toEqual([null, []])
    }))
})
