import { join } from 'node:path'
import type { ReadRow } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { factsOf, problemsOf } from '../../../test/facts.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { zoomParticipants } from './zoom-participants.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const isSectionHeader = (cells: ReadonlyArray<string>) => cells.includes('Join Time') || cells.includes('Topic')

describeImporter({
  importer: zoomParticipants,
  samples: ['zoom_participants_utf8', 'zoom_participants_utf16', 'zoom_participants_day_first'].map((name) => ({
    path: join(SAMPLES, `${name}.csv`),
    expectedPath: join(SAMPLES, `${name}.expected.ndjson`),
    isSectionHeader,
  })),
  foreignPaths: [
    join(SAMPLES, 'webex_meeting_usage.csv'),
    join(import.meta.dirname, '../conferencing/samples/client_instant_access.tsv'),
    join(import.meta.dirname, '../canonical/samples/usage.csv'),
  ],
})

const MEETING = 'Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants'
const PEOPLE = 'Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest'
const meeting = (participants: string, id = '"812 3456 7890"') =>
  `${id},Sync,03/02/2026 09:00:00 AM,03/02/2026 09:47:00 AM,alice@example.com,47,${participants}`
const BOB = 'Bob,,03/02/2026 09:02:00 AM,03/02/2026 09:10:00 AM,8,Yes'
const AGAIN = 'Bob,,03/02/2026 09:12:00 AM,03/02/2026 09:47:00 AM,35,Yes'
const read = (...lines: string[]) =>
  withFile('report.csv', `${lines.join('\n')}\n`, (path) => readWith(zoomParticipants, path))
const idsOf = (rows: ReadonlyArray<ReadRow>) => factsOf(rows).map((fact) => (fact.fact === 'usage' ? fact.id : ''))

describe('the participants of a meeting', () => {
  it('are legs of the host, each rejoin a leg of its own', async () => {
    const rows = await read(MEETING, meeting('1'), '', PEOPLE, BOB, AGAIN)
    expect(problemsOf(rows)).toEqual([])
    expect(factsOf(rows)).toMatchObject([
      { service: 'alice@example.com', quantityBase: 480n, participants: 1, extra: { 'Meeting ID': '81234567890' } },
      { service: 'alice@example.com', quantityBase: 2100n, participants: 1 },
    ])
    expect(new Set(idsOf(rows)).size).toBe(2)
  })

  it('whose row stands twice are one leg, in whatever file and format of time', async () => {
    const [first, second] = idsOf(await read(MEETING, meeting('1'), PEOPLE, BOB, BOB))
    expect(first).toBe(second)
    const iso = (line: string) => line.replace(/03\/02\/2026 (\d\d:\d\d:\d\d) AM/g, '2026-03-02 $1')
    expect(idsOf(await read(MEETING, iso(meeting('1', '812-3456-7890')), PEOPLE, iso(BOB)))).toEqual([first])
  })

  it('who are not all there are reported where the section ends, at the number of the meeting', async () => {
    const rows = await read(MEETING, meeting('3'), PEOPLE, BOB, AGAIN, MEETING, meeting('1'), PEOPLE, BOB)
    expect(
      rows.flatMap(({ line, problems }) => problems.map(({ code, source }) => [line, code, source?.line])),
    ).toEqual([[5, 'control-mismatch', 2]])
  })

  it.each([
    ['a leave before the join', [meeting('1'), PEOPLE, BOB.replace('09:10', '08:10')], 4, 'date-order', 'error'],
    [
      'minutes that are not its times',
      [meeting('1'), PEOPLE, BOB.replace(',8,', ',18,')],
      4,
      'control-mismatch',
      'warning',
    ],
    [
      'a meeting that cannot be read',
      [meeting('1').replace('03/02', '33/02'), PEOPLE, BOB],
      4,
      'row-unreadable',
      'error',
    ],
    ['two meetings above one section', [meeting('1'), meeting('1'), PEOPLE, BOB], 5, 'row-unreadable', 'error'],
    ['quotes that do not close', [meeting('1'), PEOPLE, `"${BOB}`], 4, 'row-unreadable', 'error'],
    ['a section of its own alone', [meeting('2')], 2, 'control-mismatch', 'warning'],
  ])('%s', async (_, lines, line, code, severity) => {
    const found = problemsOf(await read(MEETING, ...lines)).filter((problem) => problem.line === line)
    expect(found).toMatchObject([{ code, severity }])
  })

  it('are read from a section that is wider than that of the meeting', async () => {
    const wide = [PEOPLE, 'Disclaimer', 'Waiting', 'Device'].join()
    const rows = await read(MEETING, meeting('1'), wide, `${BOB},OK,No,Phone`)
    expect(factsOf(rows)).toMatchObject([{ extra: { Disclaimer: 'OK', Waiting: 'No', Device: 'Phone' } }])
  })
})
