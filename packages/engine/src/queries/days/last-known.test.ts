// Whose event is the last of all who hold a bucket, asked about one account first: the days and the end that is projected are those
// that all holders together say, whatever comes last, and after usage that came late.
import fc from 'fast-check'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { applyDocuments } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type TableRow, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { currentRun } from '../current-run.ts'
import { pinnedScope } from '../pinned-scope.ts'
import { bucketDaysReport } from './bucket-days-report.ts'
import { knownOf } from './last-known.ts'

const ACCOUNTS = ['U', 'V', 'W', 'X'] as const
const CONFIGURATION = `
{ kind: Account, id: U, currency: USD }
---
{ kind: Account, id: V, currency: USD, time-zone: Asia/Tokyo }
---
{ kind: Account, id: W, currency: USD, time-zone: America/New_York }
---
{ kind: Account, id: X, currency: USD, cycle-day: 15 }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }, { usage-type: data, price: 1.00, per: 1 GB }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own] }
---
{ kind: Product, id: bare, service-type: cellular, rate-plan: standard }
---
{ kind: Bucket, id: own, accepts: [{ usage-type: messaging }], amount: 500 count, life: recurring }
`
// B is of an account that holds the bucket without drawing from it; nobody sold Z.
const SERVICES = `| service | product | account |
| A | sim | U |
| B | bare | U |
| C | sim | V |
| D | sim | W |
| E | sim | X |
| F | bare | W |`

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, CONFIGURATION)
  await built.add({ service: SERVICES })
})
afterEach(() => built.remove())

async function linesOf(account?: string): Promise<string[]> {
  const report = await bucketDaysReport(unscoped(built.workspace), { period: OCTOBER, bucket: 'own', account })
  const lines: string[] = []
  for await (const batch of report.rows) lines.push(...batch.map((cells) => cells.join(' ')))
  return lines
}

/** Of each account, asked while nothing is known yet. */
async function expectAlike(): Promise<void> {
  const { workspace } = built
  await closePeriod(workspace, { period: OCTOBER })
  const all = await linesOf()
  const known = knownOf(await pinnedScope(workspace, { run: await currentRun(workspace, OCTOBER), scratch: '' }))
  expect([...known.keys()]).toEqual(['own'])
  for (const account of ACCOUNTS) {
    known.clear()
    const own = await linesOf(account)
    expect(own, account).toEqual(all.filter((line) => line.startsWith(`${account} `)))
    // What is known by then goes for who asks next.
    expect(await linesOf(account)).toEqual(own)
  }
}

const day = (at: number) => new Date(Date.UTC(2026, 8, 25) + at * 3_600_000).toISOString().slice(0, 19)
const event = fc.record({
  service: fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F', 'Z'),
  // From the end of September to the middle of November, most of them near the end of October.
  hour: fc.oneof(fc.integer({ min: 0, max: 1300 }), fc.integer({ min: 850, max: 900 })),
  usage_type: fc.constantFrom('messaging', 'messaging', 'data'),
  is_wall_time: fc.constantFrom('false', 'false', 'true'),
})

it('is found for one account as for all who hold the bucket, whatever comes last', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 1, maxLength: 12 }), async (events) => {
      await built.remove()
      built = await buildWorkspace()
      await applyDocuments(built.workspace, CONFIGURATION)
      await built.add({ service: SERVICES })
      const usage = events.map(
        ({ hour, usage_type, ...rest }, at): TableRow => ({
          ...{ ...rest, usage_type, id: `e${at}`, on: day(hour) },
          used: usage_type === 'data' ? '1 GB' : `${at + 1} count`,
        }),
      )
      await built.add({ usage })
      await expectAlike()
    }),
    { numRuns: 6 },
  )
}, 120_000)

it('is another once usage came that was not known, and the month is closed again', async () => {
  const usage = (rows: string) =>
    built.add({ usage: `| id | service | on | used | usage_type | is_wall_time |\n${rows}` })
  await usage(`| 1 | A | 2026-10-02T00:00:00 | 100 count | messaging | false |
    | 2 | C | 2026-10-05T00:00:00 | 1 count | messaging | false |`)
  await closePeriod(built.workspace, { period: OCTOBER })
  const before = await linesOf('U')
  // 100 in four days, up to the event of another holder.
  expect(before.at(-1)).toMatch(/^U .* 2026-10-05 0 100 500 400 2026-10-21/)
  await usage('| 3 | D | 2026-10-31T23:00:00 | 1 count | messaging | false |')
  expect(await linesOf('U')).toEqual(before)
  await expectAlike()
  expect((await linesOf('U')).at(-1)).toMatch(/^U .* 2026-10-31 0 100 500 400 {2}/)
})
