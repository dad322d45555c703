// `npm run kill-test`: 20 kills under load, printed. A part of the ordinary tests is killed-intake.test.ts.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleCommand } from './bundled-command.ts'
import { killIntake } from './kill-intake.ts'

const [rounds = '20', seed = String(Math.floor(Math.random() * 1e9))] = process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)
const command = await bundleCommand()
const directory = await mkdtemp(join(tmpdir(), 'spillway-kill-test-'))
try {
  say(`seed ${seed}`)
  const { lost, doubled, ...report } = await killIntake({
    ...{ bundle: command.bundle, directory, say },
    ...{ rounds: Number(rounds), seed: Number(seed) },
  })
  say(JSON.stringify({ ...report, lost: lost.length, doubled: doubled.length }))
  for (const id of [...lost, ...doubled].slice(0, 20)) say(`  ${id}`)
  process.exitCode = lost.length + doubled.length > 0 ? 1 : 0
} finally {
  await command.remove()
  await rm(directory, { recursive: true, force: true })
}
