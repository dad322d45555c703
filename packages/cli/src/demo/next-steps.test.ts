import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { recordingTerminal } from '../../test/recording-terminal.ts'
import { loadDemoCompany } from './company.ts'
import { loadDemoFirm } from './firm.ts'
import { firmSteps, nextSteps, providerSteps, shellWord } from './next-steps.ts'
import { loadDemoProvider } from './provider.ts'

const REPOSITORY = join(import.meta.dirname, '../../../..')

async function stepsFrom(directory: string, workspace: string): Promise<string> {
  return nextSteps(workspace, {
    company: await loadDemoCompany(),
    terminal: recordingTerminal({ directory, width: 80 }),
  })
}

describe('what the demo says to try next', () => {
  it('is short inside the repository, and fits in 80 columns', async () => {
    const steps = await stepsFrom(REPOSITORY, join(REPOSITORY, 'spillway-demo'))
    expect(steps).toContain('\n  npx spillway -C spillway-demo explain SIM-30007 -p 2026-10\n')
    expect(steps).toContain(
      '\n  npx spillway -C spillway-demo simulate -p 2026-10 \\\n    -f examples/quillhaven/simulate/field-data-by-use.yaml\n',
    )
    for (const line of steps.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it('is as short for the provider', async () => {
    const terminal = recordingTerminal({ directory: REPOSITORY, width: 80 })
    const steps = providerSteps(join(REPOSITORY, 'spillway-provider'), { provider: await loadDemoProvider(), terminal })
    expect(steps).toContain('\n  npx spillway -C spillway-provider explain GW-03 -p 2026-10\n')
    expect(steps).toContain('\n  npx spillway -C spillway-provider report bills --number CALLOWAY-2026-10-01\n')
    for (const line of steps.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it('is as short for the law firm', async () => {
    const terminal = recordingTerminal({ directory: REPOSITORY, width: 80 })
    const steps = firmSteps(join(REPOSITORY, 'spillway-firm'), { firm: await loadDemoFirm(), terminal })
    expect(steps).toContain(
      '\n  npx spillway -C spillway-firm export bill WT7000-2026-10-01 --without-calls \\\n    --sections cost-centre --format csv\n',
    )
    for (const line of steps.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it('says elsewhere where the repository is, and never climbs', async () => {
    const steps = await stepsFrom('/tmp', '/var/demo')
    expect(steps).toContain(`npx --prefix ${shellWord(REPOSITORY)} spillway -C /var/demo check`)
    expect(steps).not.toContain('../')
  })

  it.each([
    ['demo', 'demo'],
    ['/a/b.yaml', '/a/b.yaml'],
    ['my demo', "'my demo'"],
    ["it's", "'it'\\''s'"],
    ['$(rm)', "'$(rm)'"],
    ['', "''"],
  ])('writes %j as the one word %s', (text, word) => {
    expect(shellWord(text)).toBe(word)
  })
})
