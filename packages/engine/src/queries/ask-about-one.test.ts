// What a server asks for beforehand is there for who asks next: buckets that are shared, and what they count.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { applyDocuments, MIXED_PROVIDER, MIXED_SERVICES } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { isWholeKept } from '../catalog/pinned-configuration.ts'
import { closePeriod } from '../stages/close.ts'
import { unscoped } from '../workspace/scopes.ts'
import { askAboutShared, questionsAboutOne } from './ask-about-one.ts'
import { bucketUsageTypes } from './bucket-usage-types.ts'
import { currentRun } from './current-run.ts'
import { bucketDaysReport } from './days/bucket-days-report.ts'
import { knownOf } from './days/last-known.ts'
import { pinnedScope } from './pinned-scope.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const usage = `| service | on | used | usage_type |
  | A | 2026-10-03T10:00:00 | 90 MB | data |\n| M | 2026-10-20T10:00:00 | 30 MB | data |\n| B | 2026-10-21T10:00:00 | 1 MB | data |`

async function daysOf(account?: string): Promise<string[]> {
  const report = await bucketDaysReport(unscoped(built.workspace), { period: OCTOBER, bucket: 'fleet-data', account })
  const lines: string[] = []
  for await (const batch of report.rows) lines.push(...batch.map((cells) => cells.join(' ')))
  return lines
}

async function bucketsKnown(): Promise<string[]> {
  const { workspace } = built
  const scope = await pinnedScope(workspace, { run: await currentRun(workspace, OCTOBER), scratch: '' })
  return [...knownOf(scope).keys()]
}

it('finds until when usage of shared buckets is known, and says the same days as without', async () => {
  const { workspace } = built
  await applyDocuments(workspace, MIXED_PROVIDER)
  await built.add({ service: MIXED_SERVICES, usage })
  await closePeriod(workspace, { period: OCTOBER })
  const cold = await daysOf('U')
  expect(cold.length).toBeGreaterThan(1)
  await closePeriod(workspace, { period: OCTOBER })
  expect(await bucketsKnown()).toEqual([])
  await askAboutShared(unscoped(workspace), OCTOBER)
  expect(await bucketsKnown()).toEqual(['fleet-data'])
  expect(await daysOf('U')).toEqual(cold)
})

it('knows what buckets count from the whole catalogue as from their documents alone', async () => {
  const { workspace } = built
  await applyDocuments(workspace, MIXED_PROVIDER)
  await built.add({ service: MIXED_SERVICES, usage })
  await closePeriod(workspace, { period: OCTOBER })
  const run = await currentRun(workspace, OCTOBER)
  const types = () => bucketUsageTypes(unscoped(workspace), run)
  expect(isWholeKept(workspace)).toBe(false)
  const alone = await types()
  expect([...alone.keys()].sort()).toEqual(['fleet-data', 'on-u', 'own-20', 'shared-p'])
  await askAboutShared(unscoped(workspace), OCTOBER)
  expect(isWholeKept(workspace)).toBe(true)
  const whole = await types()
  expect(whole).not.toBe(alone)
  expect([...whole]).toEqual([...alone])
})

it('asks nothing where nothing is sold', async () => {
  const { workspace } = built
  await built.add({ service: '| service | account |\n| A | U |' })
  await closePeriod(workspace, { period: OCTOBER })
  for (const question of questionsAboutOne(OCTOBER)) await question(unscoped(workspace))
  expect(await bucketsKnown()).toEqual([])
})
