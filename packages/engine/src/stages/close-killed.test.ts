import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { randomCompany } from '../../test/random-workspace.ts'
import { applyDocuments, MIXED_PROVIDER, MIXED_SERVICES } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, TEST_ACTOR, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { openWorkspace } from '../workspace/workspace.ts'
import { checkWorkspace } from './check/check-workspace.ts'
import { closePeriod } from './close.ts'

const CHILD = new URL('../../test/close-child.ts', import.meta.url).pathname

/** Starts a close in a process of its own and kills it `delayMs` after it began; true where it was killed in time. */
function killClose(directory: string, delayMs: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let timer: NodeJS.Timeout | undefined
    child.stdout.on('data', (text: Buffer) => {
      if (text.toString().includes('closing')) timer ??= setTimeout(() => child.kill('SIGKILL'), delayMs)
    })
    child.on('error', reject)
    child.on('exit', (_, signal) => {
      clearTimeout(timer)
      resolve(signal === 'SIGKILL')
    })
  })
}

const USES = 8_000

/** A month that is sold: enough usage for the close to be killed while it rates. */
async function sell(built: WorkspaceBuilder): Promise<void> {
  await applyDocuments(built.workspace, MIXED_PROVIDER)
  const usage = Array.from({ length: USES }, (_, at) => ({
    service: 'ABM'[at % 3] as string,
    on: new Date(Date.UTC(2026, 9, 1) + at * 120_000).toISOString().slice(0, 19),
    ...(at % 7 === 0 ? { used: `${at % 400} s`, usage_type: 'voice' } : { used: `${at % 50} kB`, usage_type: 'data' }),
  }))
  await built.add({ service: MIXED_SERVICES, usage })
}

async function allocate(built: WorkspaceBuilder): Promise<void> {
  const company = randomCompany(7)
  for (const document of company.configuration) await built.apply(document)
  await built.add(company.tables)
}

describe('a close that is killed', () => {
  it.each([
    ['allocates', allocate, [5, 220]],
    ['rates and bills', sell, [5, 220]],
  ] as const)(
    'while it %s leaves a workspace that can be proved and closed again with the same results',
    async (_, fill, delays) => {
      const directory = await mkdtemp(join(tmpdir(), 'spillway-killed-'))
      try {
        const built = await buildWorkspace(directory)
        await fill(built)
        const first = await closePeriod(built.workspace, { period: OCTOBER })
        await built.workspace.close()
        const killed: boolean[] = []
        for (const delayMs of delays) {
          killed.push(await killClose(directory, delayMs))
          const opened = await openWorkspace(directory, { access: 'write', actor: TEST_ACTOR, holder: 'test' })
          expect((await checkWorkspace(opened)).failures).toEqual([])
          const states = await opened.catalog.selectFrom('run').select('state').execute()
          expect(states).toEqual([{ state: 'closed' }])
          if (killed.length === delays.length) {
            const again = await closePeriod(opened, { period: OCTOBER })
            expect(again.unchanged).toBe(true)
            expect(again.totals).toEqual(first.totals)
          }
          await opened.close()
        }
        expect(killed[0]).toBe(true)
      } finally {
        await rm(directory, { recursive: true, force: true })
      }
    },
    120_000,
  )
})
