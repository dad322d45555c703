// Of a run that read a lot the text is the same string each time, until it is another run.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { readBriefRun, readRun } from './read-runs.ts'
import type { RunTable } from './tables.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
})
afterAll(() => built.remove())

const inputs = (first: number) =>
  JSON.stringify({
    documents: Array.from({ length: 20_000 }, (_, at) => ({ doc: first + at, digest: 'd' })),
    configuration: [
      { kind: 'Product', name: 'sim', version: 1, digest: 'd' },
      { kind: 'Account', name: 'U', version: 1, digest: 'd' },
    ],
    rating: { before: null, corrected: [`2026-0${first}.1`] },
  })
const run = (closed_at: string, first: number): RunTable => ({
  ...{ tenant: built.workspace.tenant, id: '2026-10.1', period: '2026-10', state: 'closed', code_version: 'test' },
  ...{ inputs: inputs(first), outputs: '{}', closed_at, closed_by: 'tester', published_at: null, published_by: null },
  ...{ reopened_at: null, reopened_by: null, reopen_reason: null },
})

it('is read once, told with what became of the run since, and read anew where its number is another close', async () => {
  const { catalog, tenant } = built.workspace
  const held = { catalog, tenant }
  expect(await readRun(held, '2026-10.1')).toBeUndefined()
  expect(await readBriefRun(held, '2026-10.1')).toBeUndefined()
  await catalog.insertInto('run').values(run('2026-11-01T00:00:00Z', 1)).execute()
  const first = await readRun(held, '2026-10.1')
  expect(first).toEqual(run('2026-11-01T00:00:00Z', 1))
  expect(await readBriefRun(held, '2026-10.1')).toMatchObject({
    head: { id: '2026-10.1', state: 'closed' },
    ...{ rating: { corrected: ['2026-01.1'] }, products: ['sim'] },
  })
  await catalog.updateTable('run').set({ state: 'published' }).execute()
  const published = await readRun(held, '2026-10.1')
  expect(published).toEqual({ ...first, state: 'published' })
  await catalog.deleteFrom('run').execute()
  // As long as the one before: only its moment tells it apart.
  await catalog.insertInto('run').values(run('2026-11-02T00:00:00Z', 2)).execute()
  expect((await readRun(held, '2026-10.1'))?.inputs).toBe(inputs(2))
  expect((await readBriefRun(held, '2026-10.1'))?.rating?.corrected).toEqual(['2026-02.1'])
  expect(await readRun({ catalog, tenant: 'another' }, '2026-10.1')).toBeUndefined()
})
