// The process that a test kills: opens the workspace and imports one large file of a bill and its usage.
import type { LocalDate } from '@spillway/core'
import { importFiles } from '../../src/stages/import/import-files.ts'
import { openWorkspace } from '../../src/workspace/workspace.ts'
import { killedBill } from './killed-bill.ts'
import { testIntake } from './test-intake.ts'

async function main(directory: string): Promise<void> {
  const actor = { who: 'child', now: () => new Date(0), codeVersion: 'test' }
  const workspace = await openWorkspace(directory, { access: 'write', actor, holder: 'child' })
  process.stdout.write('open\n')
  await importFiles(workspace, {
    paths: ['bill.zip'],
    intake: testIntake({ 'bill.zip': killedBill() }),
    source: '',
    asOfOn: '2026-11-05' as LocalDate,
  })
  process.stdout.write('done\n')
  await workspace.close()
}

await main(process.argv[2] as string)
