import { rm } from 'node:fs/promises'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, TEST_ACTOR, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { openWorkspace } from '../../workspace/workspace.ts'
import { explainService } from './explain-service.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
  await built.add({
    pool: '| pool |\n| P |',
    pool_member: '| pool | service |\n| P | 555-0100 |\n| P | 555-0123 |\n| P | 555-0124 |',
    charge: '| service | amount |\n| 555-0100 | 30.00 |',
    service: '| service |\n| 777-SPARE |',
  })
})
afterEach(() => built.remove())

const explain = (service: string) => explainService(unscoped(built.workspace), { service, period: OCTOBER })

it('refuses a period that is not closed', async () => {
  await expect(explain('555-0100')).rejects.toMatchObject({ kind: 'period-not-closed' })
})

it.each<[string, string[]]>([
  ['5550123', ['555-0123', '555-0124']],
  ["555'0100", ['555-0100', '555-0123', '555-0124']],
  ['777-spare', ['777-SPARE']],
  ['nothing like it', []],
  ['', []],
])('refuses %j, which nobody knows, with the ids that come nearest', async (service, nearest) => {
  await closePeriod(built.workspace, { period: OCTOBER })
  const refusal = await explain(service).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ kind: 'not-found', facts: { service } })
  expect((refusal as { facts: { nearest: string[] } }).facts.nearest.slice(0, nearest.length)).toEqual(nearest)
  if (nearest.length === 0) expect(refusal).toMatchObject({ facts: { nearest: [] } })
})

it('knows a service that is only in the inventory', async () => {
  await closePeriod(built.workspace, { period: OCTOBER })
  expect(await explain('777-SPARE')).toMatchObject({ totals: [], components: [], retained: [] })
})

it('explains where the workspace is open to read only', async () => {
  await closePeriod(built.workspace, { period: OCTOBER })
  const written = await explain('555-0100')
  await built.workspace.close()
  const { directory } = built.workspace
  const workspace = await openWorkspace(directory, { access: 'read', actor: TEST_ACTOR, holder: 'test' })
  try {
    expect(await explainService(unscoped(workspace), { service: '555-0100', period: OCTOBER })).toEqual(written)
  } finally {
    await workspace.close()
    await rm(directory, { recursive: true, force: true })
    built = await buildWorkspace()
  }
})
