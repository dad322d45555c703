import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type BundledCommand, bundleCommand } from './bundled-command.ts'
import { killIntake } from './kill-intake.ts'

let command: BundledCommand
let directory = ''
beforeAll(async () => {
  command = await bundleCommand()
  directory = await mkdtemp(join(tmpdir(), 'spillway-kill-intake-'))
})
afterAll(async () => {
  await command.remove()
  await rm(directory, { recursive: true, force: true })
})

it('loses no acknowledged event and doubles none when it is killed under load (20 times: npm run kill-test)', async () => {
  const report = await killIntake({ bundle: command.bundle, directory, rounds: 3, seed: 1 })
  expect(report).toMatchObject({ kills: 3, lost: [], doubled: [] })
  // Otherwise it was killed too early to prove anything.
  expect(report.acknowledged).toBeGreaterThan(100)
  expect(report.stored).toBeGreaterThanOrEqual(report.acknowledged)
})
