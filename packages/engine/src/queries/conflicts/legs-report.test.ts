// Who was in which conference when, and in which conflict: by hand, and the same conflicts as their report.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { buildReport } from '../report-names.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.add({
    account: '| account | time_zone |\n| ACC | Europe/Berlin |',
    usage: `| service | on | until | used | usage_type | conference | participant |
      | desk | 2026-10-04T23:30:00 | 2026-10-05T00:20:00 | 50 min | conference | night | Ada |
      | desk | 2026-10-05T09:00:00 | 2026-10-05T10:00:00 | 60 min | conference | one | Ada |
      | desk | 2026-10-05T09:10:00 | 2026-10-05T09:20:00 | 10 min | conference | one | Bob |
      | desk | 2026-10-05T09:30:00 | 2026-10-05T11:00:00 | 90 min | conference | two | Cid |
      | desk | 2026-10-05T15:00:00 | 2026-10-05T15:30:00 | 30 min | conference | three | Ada |
      | other | 2026-10-05T09:00:00 | 2026-10-05T10:00:00 | 60 min | conference | four | Dan |`,
  })
})
afterAll(() => built.remove())

async function linesOf(request: object): Promise<string[]> {
  const { rows } = await buildReport(unscoped(built.workspace), request as never)
  const lines: string[] = []
  for await (const batch of rows) lines.push(...batch.map((cells) => cells.join('|')))
  return lines
}

const DAY = { from: '2026-10-05', until: '2026-10-06' }

it('lists the legs that begin on a day, each with the conflict of its conference', async () => {
  const conflict = '1|2|2026-10-05T09:30:00+02:00|2026-10-05T10:00:00+02:00'
  expect(await linesOf({ name: 'legs', account: 'ACC', user: 'desk', ...DAY })).toEqual([
    `ACC|desk|2026-10-05T09:00:00+02:00|2026-10-05T10:00:00+02:00|3600|one|Ada|${conflict}`,
    `ACC|desk|2026-10-05T09:10:00+02:00|2026-10-05T09:20:00+02:00|600|one|Bob|${conflict}`,
    `ACC|desk|2026-10-05T09:30:00+02:00|2026-10-05T11:00:00+02:00|5400|two|Cid|${conflict}`,
    'ACC|desk|2026-10-05T15:00:00+02:00|2026-10-05T15:30:00+02:00|1800|three|Ada||||',
  ])
  expect((await linesOf({ name: 'conflicts', ...DAY })).map((line) => line.slice(0, 60))).toEqual([
    'ACC|desk|2026-10-05T09:30:00+02:00|2026-10-05T10:00:00+02:00',
  ])
})

it('has nothing of a user id without a leg, and is refused without days', async () => {
  expect(await linesOf({ name: 'legs', account: "A'", user: "x'", ...DAY })).toEqual([])
  await expect(linesOf({ name: 'legs', account: 'ACC', user: 'desk' })).rejects.toMatchObject({ kind: 'bad-command' })
})
