import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadConfiguration, saveConfiguration } from '../catalog/configuration.ts'
import { type Actor, initWorkspace, openWorkspace } from './workspace.ts'

const actor: Actor = { who: 'tester', now: () => new Date('2026-11-01T00:00:00Z'), codeVersion: 'test' }
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-workspace-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

describe('a workspace', () => {
  it('opens again after it was made, and keeps versions of configuration', async () => {
    const made = await initWorkspace(directory, { actor, holder: 'spillway init' })
    expect(await saveConfiguration(made, { kind: 'K', name: 'n', body: { a: 1 } })).toEqual({
      version: 1,
      outcome: 'created',
    })
    expect(await saveConfiguration(made, { kind: 'K', name: 'n', body: { a: 1 } })).toEqual({
      version: 1,
      outcome: 'unchanged',
    })
    expect(await saveConfiguration(made, { kind: 'K', name: 'n', body: { a: 2 } })).toEqual({
      version: 2,
      outcome: 'changed',
    })
    await made.close()
    const opened = await openWorkspace(directory, { access: 'read', actor, holder: 'spillway report' })
    expect(await loadConfiguration(opened, 'K')).toMatchObject([{ name: 'n', version: 2, body: { a: 2 } }])
    await opened.close()
  })

  it('is refused where there is none, and where one is already', async () => {
    await expect(openWorkspace(directory, { access: 'read', actor, holder: 'x' })).rejects.toMatchObject({
      kind: 'workspace-missing',
    })
    await (await initWorkspace(directory, { actor, holder: 'x' })).close()
    await expect(initWorkspace(directory, { actor, holder: 'x' })).rejects.toMatchObject({ kind: 'workspace-exists' })
  })
})
