// A process that closes October in a workspace, for tests that kill it. Says when it starts, so that the test can wait.
import { closePeriod } from '../src/stages/close.ts'
import { openWorkspace } from '../src/workspace/workspace.ts'
import { OCTOBER, TEST_ACTOR } from './workspace-builder.ts'

const workspace = await openWorkspace(process.argv[2] as string, {
  access: 'write',
  actor: TEST_ACTOR,
  holder: 'close-child',
})
process.stdout.write('closing\n')
await closePeriod(workspace, { period: OCTOBER })
await workspace.close()
process.stdout.write('closed\n')
