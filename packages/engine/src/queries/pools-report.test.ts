// What a pool allows, whichever way it was defined.
import type { Report } from '@spillway/core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import { unscoped } from '../workspace/scopes.ts'
import { poolsReport } from './pools-report.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

async function lines({ rows, columns }: Report, ...keys: string[]): Promise<string[]> {
  const at = keys.map((key) => columns.findIndex((column) => column.key === key))
  const found: string[] = []
  for await (const batch of rows) found.push(...batch.map((cells) => at.map((index) => cells[index]).join(' ')))
  return found
}
const pools = async () =>
  lines(
    await poolsReport(unscoped(built.workspace), { period: OCTOBER }),
    ...['pool', 'model', 'usage_type', 'members', 'allowance', 'used', 'unused', 'over'],
  )

const ROWS = {
  charge: '| service | amount |\n| A | 100.00 |',
  usage: '| service | on | used |\n| A | 2026-10-05 | 8 GB |\n| B | 2026-10-06 | 1 GB |',
}
const DOCUMENT = {
  ...{ kind: 'Pool', name: 'P', model: 'bulk', 'usage-type': 'data' },
  members: [
    { service: 'A', contribution: 2, unit: 'GB' },
    { service: 'B', contribution: 2, unit: 'GB' },
  ],
}

it('takes the allowance of a pool from its document', async () => {
  await built.add(ROWS)
  await built.apply({ ...DOCUMENT, allowance: 10, unit: 'GB' })
  await closePeriod(built.workspace, { period: OCTOBER })
  expect(await pools()).toEqual(['P bulk data 2 10000000000 9000000000 1000000000 0'])
})

it('takes the sum of what members contribute where the document names no allowance', async () => {
  await built.add(ROWS)
  await built.apply({ ...DOCUMENT })
  await closePeriod(built.workspace, { period: OCTOBER })
  expect(await pools()).toEqual(['P bulk data 2 4000000000 9000000000 0 5000000000'])
})

it('takes the document in place of a pool of the same id that a file brought, as the close did', async () => {
  await built.add({ ...ROWS, pool: '| pool | allowance |\n| P | 50 GB |' })
  await built.apply({ ...DOCUMENT, allowance: 10, unit: 'GB' })
  await closePeriod(built.workspace, { period: OCTOBER })
  await built.apply({ ...DOCUMENT, allowance: 20, unit: 'GB' })
  expect(await pools()).toEqual(['P bulk data 2 10000000000 9000000000 1000000000 0'])
})

it('takes the definition that was imported last', async () => {
  await built.add({
    ...ROWS,
    pool: '| pool | allowance |\n| P | 50 GB |\n| P | 10 GB |',
    pool_member: '| pool | service |\n| P | A |\n| P | B |',
  })
  await closePeriod(built.workspace, { period: OCTOBER })
  expect(await pools()).toEqual(['P aggregate data 2 10000000000 9000000000 1000000000 0'])
})
