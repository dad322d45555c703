// What is read of the state that a run keeps, beside its rows as they are stored: of all accounts, and of a few alone.
import { type Period, parsePeriod } from '@spillway/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyDocuments, MIXED_PROVIDER, MIXED_SERVICES } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { currentRun } from '../../queries/current-run.ts'
import { closePeriod } from '../close.ts'
import { publishPeriod } from '../publish/publish-period.ts'
import { readState, type StateAsked, stateRows } from './rating-state.ts'

const NOVEMBER = parsePeriod('2026-11') as Period

let built: WorkspaceBuilder
let run: string
beforeAll(async () => {
  built = await buildWorkspace()
  const { workspace } = built
  await applyDocuments(workspace, MIXED_PROVIDER)
  await built.add({
    service: MIXED_SERVICES,
    usage: `| service | on | used | usage_type |\n| A | 2026-10-03T10:00:00 | 130 MB | data |\n| B | 2026-10-05T10:00:00 | 5 MB | data |
      | M | 2026-10-09T10:00:00 | 38 MB | data |\n| A | 2026-11-03T10:00:00 | 7 MB | data |`,
  })
  await closePeriod(workspace, { period: OCTOBER })
  await publishPeriod(workspace, OCTOBER)
  await built.add({ usage: `| service | on | used | usage_type |\n| M | 2026-10-20T10:00:00 | 9 MB | data |` })
  await closePeriod(workspace, { period: NOVEMBER })
  run = (await currentRun(workspace, NOVEMBER)).id
})
afterAll(() => built.remove())

async function storedRows(place: string): Promise<string[][]> {
  const { warehouse, tenant } = built.workspace
  const rows = await warehouse.rows<Record<'place' | 'kind' | 'account' | 'name' | 'body', string>>(
    'SELECT place, kind, account, name, body FROM rating_state WHERE tenant = $tenant AND run = $run AND place = $place',
    { tenant, run, place },
  )
  return rows.map(({ kind, account, name, body }) => [place, kind, account, name, body])
}

const inOrder = (rows: ReadonlyArray<ReadonlyArray<string>>) => rows.map((row) => row.join('|')).sort()

const ASKED: ReadonlyArray<[string, StateAsked]> = [
  ['all of it', {}],
  ['one account', { accounts: new Set(['U']) }],
  ['two, one of which nobody knows', { accounts: new Set(['V', 'nobody']) }],
  ['what is drawn down', { kinds: 'draws' }],
  ['what is drawn down of one', { kinds: 'draws', accounts: new Set(['V']) }],
]

it.each(ASKED)('is every row as it is stored: %s', async (_, asked) => {
  const { warehouse, tenant } = built.workspace
  for (const place of ['opening', 'closing'] as const) {
    const wanted = (await storedRows(place)).filter(
      ([, kind = '', account = '']) =>
        (asked.kinds !== 'draws' || !['recurring', 'adjusted'].includes(kind)) &&
        (asked.accounts === undefined || account === '' || asked.accounts.has(account)),
    )
    const read = await readState(warehouse, { tenant, run, place }, asked)
    expect(inOrder([...stateRows(place, read)])).toEqual(inOrder(wanted))
  }
})

it('has rows of every kind that a provider with plans, charges in advance and late usage leaves', async () => {
  const kinds = new Set([...(await storedRows('opening')), ...(await storedRows('closing'))].map(([, kind]) => kind))
  expect([...kinds].sort()).toEqual(['adjusted', 'balance', 'checkpoint', 'own-balances', 'recurring'])
})
