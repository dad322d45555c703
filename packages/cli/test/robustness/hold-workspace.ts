// The process that holds a workspace until its input ends: `tsx hold-workspace.ts DIRECTORY read|write`.
import { openWorkspace } from '@spillway/engine'

const [directory = '', access = ''] = process.argv.slice(2)
const workspace = await openWorkspace(directory, {
  access: access === 'write' ? 'write' : 'read',
  actor: { who: 'holder', now: () => new Date('2026-11-22T08:00:00Z'), codeVersion: 'test' },
  holder: 'spillway import big.csv',
})
process.stdout.write('held\n')
process.stdin.on('end', () => void workspace.close())
process.stdin.resume()
