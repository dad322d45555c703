import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { factsOf, problemsOf } from '../../../test/facts.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { webexMeetings } from './webex-meetings.ts'

const SAMPLES = join(import.meta.dirname, 'samples')

describeImporter({
  importer: webexMeetings,
  samples: [
    {
      path: join(SAMPLES, 'webex_meeting_usage.csv'),
      expectedPath: join(SAMPLES, 'webex_meeting_usage.expected.ndjson'),
    },
  ],
  foreignPaths: [
    join(SAMPLES, 'zoom_participants_utf8.csv'),
    join(import.meta.dirname, '../conferencing/samples/client_instant_access.tsv'),
    join(import.meta.dirname, '../canonical/samples/usage.csv'),
  ],
})

const HEADER = [
  'Meeting Number',
  'Host Email',
  'Date',
  'Start Time',
  'Total People Minutes',
  'Call-In Minutes',
  'VoIP Minutes',
]
const ROW = ['812 345', 'ann@example.com', '03/25/2026', '09:00', '90', '60', '30']
const read = (cells: Record<string, string>) =>
  readAll(webexMeetings, tableOf(HEADER, [HEADER.map((name, index) => cells[name] ?? (ROW[index] as string))]))

describe('a meeting', () => {
  it('is one use for each kind of minutes that it had', async () => {
    const rows = await read({})
    expect(problemsOf(rows)).toEqual([])
    expect(factsOf(rows)).toMatchObject([
      { network: 'off-net', quantityBase: 3600n, startedAt: Date.parse('2026-03-25T09:00:00Z') * 1000 },
      { network: 'on-net', quantityBase: 1800n, service: 'ann@example.com' },
    ])
    expect(factsOf(await read({ 'Call-In Minutes': '0', 'Total People Minutes': '' }))).toHaveLength(1)
  })

  it.each([
    [{ 'Total People Minutes': '91' }, 'control-mismatch', 'warning', 'Total People Minutes'],
    [{ 'VoIP Minutes': 'many' }, 'number-unreadable', 'error', 'VoIP Minutes'],
    [{ 'Call-In Minutes': '-1' }, 'number-unreadable', 'error', 'Call-In Minutes'],
    [{ 'Meeting Number': '' }, 'value-missing', 'error', 'Meeting Number'],
    [{ 'Start Time': 'soon' }, 'date-unreadable', 'error', 'Start Time'],
    [{ Date: '03/02/2026' }, 'date-unreadable', 'error', 'Start Time'],
  ])('with %j is reported: %s', async (cells, code, severity, at) => {
    expect(problemsOf(await read(cells))).toEqual([{ line: 2, code, severity, at }])
  })
})
