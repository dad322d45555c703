// A replay reads of usage what events are made of: the events are those of all columns, whatever decides about them.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyDocuments } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { currentRun } from '../../queries/current-run.ts'
import { pinnedScope } from '../../queries/pinned-scope.ts'
import { closePeriod } from '../close.ts'
import { placedEvents, withReplay } from './replay.ts'

const CONFIGURATION = `
{ kind: Account, id: U, currency: USD, time-zone: Asia/Tokyo }
---
{ kind: Account, id: V, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: data, price: 1.00, per: 1 GB }, { usage-type: data, zone: roaming, price: 2.00, per: 1 GB },
  { usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard }
`

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, CONFIGURATION)
  // Of two views of the same usage one counts; of events at the same instant the source and the id say which is first.
  await built.add({
    service: '| service | product | account |\n| A | sim | U |\n| B | sim | V |',
    usage: `| id | source | service | on | used | usage_type | zone | network | is_wall_time | view | cycle_on |
      | 1 | cdr | A | 2026-10-03T10:00:00 | 1 GB | data | domestic | 4g | false | | |
      | 0 | cdr | A | 2026-10-03T10:00:00 | 2 GB | data | roaming | 5g | true | | |
      | 2 | cdr | A | 2026-09-30T15:00:00 | 3 count | messaging | | | false | | |
      | 3 | portal | A | 2026-10-05T00:00:00 | 4 GB | data | domestic | | false | class-summary | 2026-10-01 |
      | 4 | portal | A | 2026-10-05T00:00:00 | 5 GB | data | domestic | | false | itemised | 2026-10-01 |
      | 5 | cdr | B | 2026-10-03T10:00:00 | 6 count | messaging | | | false | | |`,
  })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

async function eventsOf(account: string, columns: 'events' | 'all') {
  const { workspace } = built
  const run = await currentRun(workspace, OCTOBER)
  const scope = await pinnedScope(workspace, { run, scratch: '' })
  const of = { opening: { run: run.id }, near: { accounts: [account] }, columns }
  return withReplay(scope, of, async (replay) => {
    const events = await placedEvents(replay, { groups: replay.groups, where: 'true' })
    return events.map(({ classNo, ...event }) => ({ ...event, usageClass: replay.classText(classNo) }))
  })
}

it('draws the same events from the columns that events are made of as from all', async () => {
  const own = await eventsOf('U', 'all')
  expect(own.map(({ id }) => id)).toEqual(['2', '0', '1', '3'])
  expect(await eventsOf('U', 'events')).toEqual(own)
  expect((await eventsOf('V', 'events')).map(({ id, billedBase }) => [id, billedBase])).toEqual([['5', 6n]])
})

it('reads no usage of accounts that have no group', async () => {
  expect(await eventsOf('nobody', 'events')).toEqual([])
})
