// Rule 6 of the spec's import page: killed at any instant, an import is either there or not, and a second try succeeds.
// KILLS sets how many instants are tried; SEED which.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { LocalDate } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { importFiles } from '../../src/stages/import/import-files.ts'
import { liveDocuments } from '../../src/warehouse/live-documents.ts'
import { FACT_TABLES } from '../../src/warehouse/schema.ts'
import { type Actor, initWorkspace, openWorkspace, type Workspace } from '../../src/workspace/workspace.ts'
import { KILLED_ROWS, killedBill } from './killed-bill.ts'
import { testIntake } from './test-intake.ts'

const KILLS = Number(process.env.KILLS ?? '6')
const SEED = Number(process.env.SEED ?? '20261122')
const CHILD = fileURLToPath(new URL('./kill-child.ts', import.meta.url))
const actor: Actor = { who: 'tester', now: () => new Date(0), codeVersion: 'test' }
let directory: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-kill-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

/** Kills the child so long after it opened the workspace; how long the import took where it came to its end. */
function runChild(killAfterMs: number): Promise<{ isDone: boolean; tookMs: number }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', CHILD, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let [output, openedAt, doneAt] = ['', 0, 0]
    let timer: NodeJS.Timeout | undefined
    child.stdout.on('data', (text: Buffer) => {
      output += text.toString()
      if (openedAt === 0 && output.includes('open')) {
        openedAt = performance.now()
        timer = setTimeout(() => child.kill('SIGKILL'), killAfterMs)
      }
      if (doneAt === 0 && output.includes('done')) doneAt = performance.now()
    })
    child.on('error', reject)
    child.on('exit', (code, signal) => {
      clearTimeout(timer)
      if (signal === null && code !== 0) reject(new Error(`the child failed with ${code}`))
      else resolve({ isDone: doneAt > 0, tookMs: doneAt - openedAt })
    })
  })
}

/** Rows that no live document names, and how many rows live documents have. */
async function countRows(workspace: Workspace): Promise<{ live: number; stray: number }> {
  const documents = new Set((await liveDocuments(workspace)).map(({ doc }) => doc))
  const counts = { live: 0, stray: 0 }
  for (const table of Object.keys(FACT_TABLES)) {
    const rows = await workspace.warehouse.rows<{ doc: number; facts: bigint }>(
      `SELECT doc, count(*) AS facts FROM "${table}" GROUP BY doc`,
    )
    for (const { doc, facts } of rows) counts[documents.has(doc) ? 'live' : 'stray'] += Number(facts)
  }
  return counts
}

const { invoices, linesPerInvoice, usage } = KILLED_ROWS
const WHOLE = invoices * linesPerInvoice + invoices + usage

describe('an import that is killed', () => {
  it(`is there or not, and succeeds when tried again (${KILLS} instants, seed ${SEED})`, {
    timeout: 60_000 + KILLS * 20_000,
  }, async () => {
    await (await initWorkspace(directory, { actor, holder: 'test' })).close()
    const whole = await runChild(600_000)
    expect(whole.isDone).toBe(true)
    let state = SEED
    const seen = new Set<number>()
    for (let kill = 0; kill < KILLS; kill += 1) {
      await rm(directory, { recursive: true, force: true })
      await (await initWorkspace(directory, { actor, holder: 'test' })).close()
      state = (state * 1_103_515_245 + 12_345) % 2 ** 31
      // One instant in each stretch of the import, so that few kills still try all of it.
      const { isDone } = await runChild(((kill + state / 2 ** 31) / KILLS) * whole.tookMs)
      const workspace = await openWorkspace(directory, { access: 'write', actor, holder: 'test' })
      const after = await countRows(workspace)
      expect(after.stray).toBe(0)
      expect([0, WHOLE]).toContain(after.live)
      if (isDone) expect(after.live).toBe(WHOLE)
      seen.add(after.live)
      const intake = testIntake({ 'bill.zip': killedBill() })
      const again = await importFiles(workspace, {
        paths: ['bill.zip'],
        intake,
        source: '',
        asOfOn: '2026-11-05' as LocalDate,
      })
      expect(again.files[0]?.outcome).toBe(after.live === 0 ? 'imported' : 'unchanged')
      expect(await countRows(workspace)).toEqual({ live: WHOLE, stray: 0 })
      await workspace.close()
    }
    expect(seen.has(0)).toBe(true)
  })
})
