import { type LocalDate, type Period, parsePeriod, type Report } from '@spillway/core'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, type TableRow, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { type ConflictsRequest, conflictsReport } from './conflicts-report.ts'

const OCTOBER = parsePeriod('2026-10') as Period

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

async function linesOf({ rows }: Report): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of rows) lines.push(...batch.map((cells) => cells.join(',')))
  return lines
}
const conflicts = async (request: ConflictsRequest) =>
  linesOf(await conflictsReport(unscoped(built.workspace), request))

const LEGS = `
  | account | service | conference | participant | on                  | until               | used   | view |
  | R100    | desk    | C1         | Ada         | 2026-10-05T09:00:00 | 2026-10-05T10:00:00 | 60 min |      |
  | R100    | desk    | C1         | Ben         | 2026-10-05T09:10:00 | 2026-10-05T09:20:00 | 10 min |      |
  | R100    | desk    | C2         | Cleo        | 2026-10-05T09:30:00 | 2026-10-05T10:30:00 | 60 min |      |
  | R100    | desk    | C3         | Dora        | 2026-10-05T10:30:00 | 2026-10-05T11:00:00 | 30 min |      |
  | R100    | desk    | C4         | Eve         | 2026-10-05T10:40:00 | 2026-10-05T10:40:00 | 0 min  |      |
  | R100    | desk    | -          | Fay         | 2026-10-05T10:50:00 |                     | 5 min  |      |
  | R100    | desk    | C3         | Gus         | 2026-10-05T10:45:00 | 2026-10-05T10:55:00 | 10 min |      |
  | R100    | desk    | ROOM       | Hal         | 2026-10-06T09:00:00 | 2026-10-06T09:30:00 | 30 min |      |
  | R100    | desk    | C5         | Ida         | 2026-10-06T13:00:00 | 2026-10-06T13:30:00 | 30 min |      |
  | R100    | desk    | ROOM       | Jo          | 2026-10-06T15:00:00 | 2026-10-06T15:30:00 | 30 min |      |
  | R100    | desk    | -          | -           | 2026-10-01T00:00:00 | 2026-11-01T00:00:00 | 99 h   |      |
  | R100    | desk    | -          | -           | 2026-10-05T09:00:00 | 2026-10-05T11:00:00 | 9 h    | line-summary |
  | R200    | desk    | C9         | Kim         | 2026-10-05T09:00:00 | 2026-10-05T11:00:00 | 120 min |     |
  | R200    | lobby   | C10        | Lou         | 2026-11-01T00:30:00 | 2026-11-01T01:30:00 | 60 min |      |
  | R200    | lobby   | C11        | Mia         | 2026-11-01T01:30:00 | 2026-11-01T02:30:00 | 120 min |     |
  | R200    | lobby   | C12        | Ned         | 2026-11-01T01:00:00 | 2026-11-01T01:10:00 | 10 min |      |`
  .replaceAll('| used ', '| usage_type | used ')
  .replace(/\| (\d+ (?:min|h)) /g, '| conference | $1 ')

const ACCOUNTS = `
  | account | time_zone        |
  | R100    | UTC              |
  | R200    | America/New_York |`

describe('the report of conflicts', () => {
  it('says when conferences met, how long and who was in them', async () => {
    await built.add({ usage: LEGS, account: ACCOUNTS })
    const fay = '1-6'
    expect(await conflicts({ period: OCTOBER })).toEqual([
      'R100,desk,2026-10-05T09:30:00Z,2026-10-05T10:00:00Z,1800,2,2,C1; C2,Ada; Ben; Cleo',
      `R100,desk,2026-10-05T10:50:00Z,2026-10-05T10:55:00Z,300,2,2,C3; ${fay},Dora; Fay; Gus`,
    ])
    // The hour that clocks repeat is told once: what begins in it begins the first time.
    expect(await conflicts({ from: '2026-11-01' as LocalDate, until: '2026-12-01' as LocalDate })).toEqual([
      'R200,lobby,2026-11-01T01:00:00-04:00,2026-11-01T01:10:00-04:00,600,2,2,C10; C12,Lou; Ned',
    ])
  })

  it('says which sub-accounts to add, beside those that there are', async () => {
    await built.add({ usage: LEGS, account: ACCOUNTS, service: '| service | account |\n| DESK-2 | R100 |' })
    expect(await conflicts({ period: OCTOBER, by: 'user-id' })).toEqual(['R100,desk,2,2100,2,1,desk-3'])
    expect(await conflicts({ by: 'user-id' })).toEqual(['R100,desk,2,2100,2,1,desk-3', 'R200,lobby,1,600,2,1,lobby-2'])
  })

  it('shows nothing where there is no usage', async () => {
    expect(await conflicts({})).toEqual([])
    expect(await conflicts({ by: 'user-id' })).toEqual([])
  })

  it('is what comparing every pair of conferences gives', async () => {
    const minute = fc.nat({ max: 24 * 60 * 3 })
    const leg = fc.record({
      service: fc.constantFrom('a', 'b'),
      conference: fc.constantFrom('', 'C1', 'C2', 'C3', 'C4', 'C5', 'C6'),
      start: minute,
      minutes: fc.nat({ max: 90 }),
      hasEnd: fc.boolean(),
    })
    const [worlds = []] = fc.sample(
      fc.array(fc.array(leg, { minLength: 10, maxLength: 40 }), { minLength: 40, maxLength: 40 }),
      {
        numRuns: 1,
        seed: 20261122,
      },
    )
    const at = (minutes: number) => new Date(Date.UTC(2026, 9, 5) + minutes * 60_000).toISOString().slice(0, 19)
    const rows = worlds.flatMap((legs, world) =>
      legs.map(
        ({ service, conference, start, minutes, hasEnd }): TableRow => ({
          ...{
            account: `W${world}`,
            service,
            conference,
            usage_type: 'conference',
            on: at(start),
            used: `${minutes} min`,
          },
          ...(hasEnd ? { until: at(start + minutes) } : {}),
        }),
      ),
    )
    await built.add({ usage: rows })
    const found = await conflicts({ period: OCTOBER })
    const expected = worlds.flatMap((legs, world) =>
      ['a', 'b'].flatMap((service) =>
        naiveConflicts(legs.filter((one) => one.service === service)).map(
          ([from, until, peak]) => `W${world},${service},${at(from)}Z,${at(until)}Z,${(until - from) * 60},${peak}`,
        ),
      ),
    )
    expect(expected.length).toBeGreaterThan(50)
    expect(found.map((line) => line.split(',').slice(0, 6).join(',')).sort()).toEqual(expected.sort())
  })
})

type Leg = { readonly conference: string; readonly start: number; readonly minutes: number }
type Span = { start: number; end: number }

/** Minute by minute: the stretches with two conferences or more, and the most in each. */
function naiveConflicts(legs: ReadonlyArray<Leg>): Array<[from: number, until: number, peak: number]> {
  const spans: Span[] = []
  for (const name of new Set(legs.map(({ conference }) => conference))) {
    const own = legs.filter(({ conference }) => conference === name).sort((a, b) => a.start - b.start)
    const sittings: Span[] = []
    for (const { start, minutes } of own) {
      const last = sittings.at(-1)
      if (name !== '' && last && start < last.end + 240) last.end = Math.max(last.end, start + minutes)
      else sittings.push({ start, end: start + minutes })
    }
    spans.push(...sittings)
  }
  const changes = [...new Set(spans.flatMap(({ start, end }) => [start, end]))].sort((a, b) => a - b)
  const found: Array<[number, number, number]> = []
  let previous: ReadonlyArray<Span> = []
  for (const [index, from] of changes.entries()) {
    const until = changes[index + 1]
    const going = spans.filter(({ start, end }) => start <= from && from < end)
    // A conflict goes on where somebody of it but one is left when others begin.
    const stayed = going.filter((one) => previous.includes(one)).length
    const last = found.at(-1)
    if (until !== undefined && going.length >= 2) {
      if (last && last[1] === from && stayed >= 2) {
        last[1] = until
        last[2] = Math.max(last[2], going.length)
      } else found.push([from, until, going.length])
    }
    previous = going
  }
  return found
}
