// Killed with -9 at any instant, a command leaves a workspace in which `check` passes, nothing half counts, and the same
// command succeeds. KILLS sets how many instants each command is killed at, SEED which.
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BundledCommand, bundleCommand } from './bundled-command.ts'
import { billsOf, type CompanySlice, figuresOf, mustRunOn, OPEN, PUBLISHED, sliceOfCompany } from './company-slice.ts'
import { seeded } from './seeded.ts'
import { disagreementsOf } from './stored-rows.ts'

const KILLS = Number(process.env.KILLS ?? '10')
const SEED = Number(process.env.SEED ?? '20261122')

let slice: CompanySlice
let command: BundledCommand
let published: string
let closed: string
let billsOfNovember: string[]
beforeAll(async () => {
  ;[slice, command, billsOfNovember] = await Promise.all([sliceOfCompany(), bundleCommand(), billsOf(OPEN)])
  const undisturbed = await slice.copy(slice.imported)
  await mustRunOn(undisturbed, ['close', OPEN])
  published = await figuresOf(undisturbed, PUBLISHED)
  closed = await figuresOf(undisturbed, OPEN)
}, 120_000)
afterAll(async () => {
  await command.remove()
  await slice.remove()
})

/** Starts the command and kills it so long after it took the workspace; where it came to its end, how long it held it. */
async function killAfter(
  workspace: string,
  { args, afterMs }: { args: ReadonlyArray<string>; afterMs: number },
): Promise<{ wasKilled: boolean; heldMs: number }> {
  const child = command.start(workspace, args)
  const exited = once(child, 'exit') as Promise<[number | null, NodeJS.Signals | null]>
  let hasEnded = false
  void exited.then(() => {
    hasEnded = true
  })
  while (!hasEnded && !existsSync(join(workspace, 'holder.json'))) await sleep(2)
  const since = performance.now()
  const timer = new AbortController()
  await Promise.race([exited, sleep(afterMs, undefined, { signal: timer.signal, ref: false })])
  const heldMs = performance.now() - since
  child.kill('SIGKILL')
  const [, signal] = await exited
  timer.abort()
  return { wasKilled: signal === 'SIGKILL', heldMs }
}

/** Kills `args` at KILLS instants, one in each stretch of its duration, and looks at what every one of them leaves. */
async function killOften(prepared: string, args: ReadonlyArray<string>): Promise<number> {
  const whole = await killAfter(await slice.copy(prepared), { args, afterMs: 600_000 })
  expect(whole.wasKilled).toBe(false)
  const random = seeded(SEED)
  let killed = 0
  for (let kill = 0; kill < KILLS; kill += 1) {
    const workspace = await slice.copy(prepared)
    const afterMs = ((kill + random()) / KILLS) * whole.heldMs
    const { wasKilled } = await killAfter(workspace, { args, afterMs })
    if (wasKilled) killed += 1
    const at = `seed ${SEED}, kill ${kill} after ${Math.round(afterMs)} ms`
    // A reader comes first: it must not need a writer to mend anything.
    expect(await figuresOf(workspace, PUBLISHED), at).toBe(published)
    const check = await mustRunOn(workspace, ['check'], [0])
    expect(check.notes, at).toContain(`proved ${PUBLISHED}.1`)
    expect(await disagreementsOf(workspace), at).toEqual([])
    await mustRunOn(workspace, args)
    if (args[0] !== 'close') await mustRunOn(workspace, ['close', OPEN])
    expect(await figuresOf(workspace, OPEN), at).toBe(closed)
    expect(await disagreementsOf(workspace), at).toEqual([])
  }
  return killed
}

describe('a command that is killed', () => {
  it(`leaves an import there or not, file by file (${KILLS} instants)`, {
    timeout: 60_000 + KILLS * 20_000,
  }, async () => {
    expect(await killOften(slice.published, ['import', ...billsOfNovember])).toBeGreaterThan(KILLS / 4)
  })

  it(`leaves a close there or not (${KILLS} instants)`, { timeout: 60_000 + KILLS * 20_000 }, async () => {
    expect(await killOften(slice.imported, ['close', OPEN])).toBeGreaterThan(KILLS / 4)
  })
})
