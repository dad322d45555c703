// Usage as JSON, as a user imports it: an event is one event however often it comes, and a later record of Twilio's is final.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SmallCompany, smallCompany } from './small-company.ts'

let company: SmallCompany
beforeAll(async () => {
  company = await smallCompany()
  await company.run(['init', 'w'])
})
afterAll(() => company.remove())

const event = (id: string, bytes: string, source = '/g/1') =>
  `{"specversion":"1.0","type":"com.acme.usage.data","id":"${id}","source":"${source}","subject":"phone-1","time":"2026-10-02T08:00:00Z","data":{"bytes":${bytes}}}\n`

async function importText(name: string, text: string): Promise<{ readonly code: number; readonly notes: string }> {
  await writeFile(join(company.directory, name), text)
  const { code, notes } = await company.inW(['import', name])
  return { code, notes: notes() }
}

describe('events', () => {
  it('are one event for each source and id; another content is a conflict and overwrites nothing', async () => {
    const first = await importText(
      'first.ndjson',
      event('1', '1000') + event('2', '9007199254740993') + event('1', '1000'),
    )
    expect([first.code, first.notes]).toEqual([0, expect.stringContaining('3 rows, 2 accepted, 1 duplicate')])

    const later = await importText(
      'later.ndjson',
      event('1', '1e3') + event('2', '9007199254740992') + event('2', '5', '/g/2'),
    )
    expect(later.code).toBe(1)
    expect(later.notes).toContain('3 rows, 1 accepted, 1 in quarantine, 1 duplicate')
    expect(later.notes).toContain(
      'duplicate-conflict /g/1 / 2 was already read with other content (line 2 of first.ndjson)',
    )
  })

  it('in a list are the same events', async () => {
    const again = await importText('batch.json', `[${event('1', '1000')},${event('7', '1')}]`)
    expect([again.code, again.notes]).toEqual([0, expect.stringContaining('2 rows, 1 accepted, 1 duplicate')])
  })
})

describe("Twilio's records", () => {
  const page = (records: Readonly<Record<string, number>>) =>
    JSON.stringify({
      usage_records: Object.entries(records).map(([sim, total]) => ({
        account_sid: 'AC00',
        sim_sid: sim,
        period: { start_time: '2026-10-02T00:00:00Z', end_time: '2026-10-03T00:00:00Z' },
        data_total: total,
      })),
      meta: { page: 0 },
    })

  it('of nothing yet are replaced by the final ones, and those of other pages are not', async () => {
    await importText('page-1.json', page({ HS01: 0, HS02: 20 }))
    const { code, notes } = await importText('page-2.json', page({ HS01: 700, HS03: 30 }))
    expect([code, notes]).toEqual([0, expect.stringContaining('2 rows, 2 accepted')])
    expect(notes.match(/supersedes HS\d+/g)).toEqual(['supersedes HS01'])
  })
})
