import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, isRefused, isUsage, problemsOf, sum } from '../../../test/facts.ts'
import { generateAccountUsage, generateSuperSimUsage } from '../../../test/generators/twilio-usage.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { twilioAccountUsage } from './account-usage.ts'
import { twilioSuperSimUsage } from './super-sim-usage.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const sample = (name: string) => ({
  path: join(SAMPLES, `${name}.json`),
  expectedPath: join(SAMPLES, `${name}.expected.ndjson`),
})

describeImporter({
  importer: twilioAccountUsage,
  samples: [sample('usage-records'), sample('one-usage-record')],
  foreignPaths: [
    join(SAMPLES, 'super-sim-usage.json'),
    join(import.meta.dirname, '../cloudevents/samples/usage-events.ndjson'),
  ],
})
describeImporter({
  importer: twilioSuperSimUsage,
  samples: [sample('super-sim-usage')],
  foreignPaths: [
    join(SAMPLES, 'usage-records.json'),
    join(import.meta.dirname, '../cloudevents/samples/usage-events.ndjson'),
  ],
})

type Cells = Readonly<Record<string, string>>
const RECORD: Cells = {
  account_sid: 'AC00',
  category: 'calls',
  count: '12',
  usage: '47',
  usage_unit: 'minutes',
  start_date: '2026-03-01',
  end_date: '2026-03-31',
  price: '0.611',
}
const rowsOf = (importer: typeof twilioAccountUsage, base: Cells) => (cells: Cells) =>
  readAll(importer, tableOf(Object.keys(base), [Object.keys(base).map((name) => ({ ...base, ...cells })[name] ?? '')]))
const read = rowsOf(twilioAccountUsage, RECORD)

describe('a usage record', () => {
  it('is use of its days on the wall clock, and its price is no charge', async () => {
    const rows = await read({})
    expect(factsOf(rows)).toMatchObject([
      {
        fact: 'usage',
        service: 'AC00',
        usageType: 'voice',
        quantityBase: 2820n,
        startedAt: Date.parse('2026-03-01T00:00:00Z') * 1000,
        endedAt: Date.parse('2026-04-01T00:00:00Z') * 1000,
        isWallTime: true,
        view: 'class-summary',
        cycleOn: '2026-03-01',
        extra: { price: '0.611' },
      },
    ])
  })

  it.each<[cells: Cells, expected: object]>([
    [{ category: 'calls-inbound' }, { view: 'line-summary' }],
    [{ category: 'calls-sip-outbound' }, { view: 'itemised' }],
    [
      { category: 'sms', usage_unit: 'segments' },
      { usageType: 'messaging', view: 'class-summary', quantityBase: 47n },
    ],
    [
      { category: 'mms-outbound-shortcode', usage_unit: 'messages' },
      { usageType: 'messaging', view: 'itemised' },
    ],
    [{ usage: '0.5', usage_unit: 'Minutes' }, { quantityBase: 30n }],
    [{ start_date: '2026-03-05', end_date: '2026-03-05' }, { endedAt: Date.parse('2026-03-06T00:00:00Z') * 1000 }],
    [{ start_date: '2026-03-01T00:00:00.000Z', end_date: '2026-03-31T00:00:00+00:00' }, { cycleOn: '2026-03-01' }],
    [{ account_sid: '' }, { account: '', service: '', id: 'calls 2026-03-01' }],
  ])('with %j', async (cells, expected) => {
    expect(factsOf(await read(cells))).toMatchObject([expected])
  })

  it('replaces an earlier one of the same account, category and first day, and no other', async () => {
    const nameOf = async (cells: Cells) => JSON.stringify((await read(cells))[0]?.facts[0]?.document)
    const first = await nameOf({})
    for (const later of [{ usage: '48', price: '0.7', count: '13' }, { end_date: '2026-03-05' }])
      expect(await nameOf(later)).toBe(first)
    for (const other of [{ account_sid: 'AC01' }, { category: 'calls-client' }, { start_date: '2026-03-02' }])
      expect(await nameOf(other)).not.toBe(first)
  })

  it.each<[cells: Cells, problems: number]>([
    [{ category: 'totalprice', usage_unit: 'usd' }, 0],
    [{ category: 'lookups', count: '0', usage: '0.00' }, 0],
    [{ category: 'lookups' }, 1],
    [{ category: 'calls-recordings' }, 1],
    [{ category: '__proto__' }, 1],
  ])('of what is no use of lines is passed over, and named unless it is nothing: %j', async (cells, problems) => {
    const rows = await read(cells)
    expect(factsOf(rows)).toEqual([])
    const warning = { line: 2, code: 'value-unknown', severity: 'warning', at: 'category' }
    expect(problemsOf(rows)).toEqual(Array.from({ length: problems }, () => warning))
  })

  it.each([
    ['category', '', 'value-missing'],
    ['usage', '', 'value-missing'],
    ['usage', 'some', 'number-unreadable'],
    ['usage_unit', '', 'value-missing'],
    ['usage_unit', 'calls', 'unit-unknown'],
    ['start_date', '', 'value-missing'],
    ['start_date', '2026-02-30', 'date-unreadable'],
    ['start_date', '2026-03-01T05:00:00Z', 'date-unreadable'],
    ['end_date', '2026-02-28', 'date-order'],
    ['end_date', '2026-04-01', 'date-unreadable'],
  ])('whose %s is "%s" is quarantined', async (column, value, code) => {
    const rows = await read({ [column]: value })
    expect(problemsOf(rows)).toEqual([{ line: 2, code, severity: 'error', at: column }])
    expect(factsOf(rows)).toEqual([])
  })
})

const SIM: Cells = {
  account_sid: 'AC00',
  sim_sid: 'HS00',
  network_sid: '',
  iso_country: 'GB',
  'period.start_time': '2026-03-02T00:00:00Z',
  'period.end_time': '2026-03-03T00:00:00Z',
  data_upload: '1048576',
  data_download: '3145728',
  data_total: '4194304',
}
const readSim = rowsOf(twilioSuperSimUsage, SIM)

describe('a Super SIM usage record', () => {
  it('is the bytes of its SIM when they were used', async () => {
    expect(factsOf(await readSim({}))).toMatchObject([
      {
        id: 'HS00 GB 2026-03-02T00:00:00Z/2026-03-03T00:00:00Z',
        service: 'HS00',
        usageType: 'data',
        quantityBase: 4_194_304n,
        isWallTime: false,
        startedAt: Date.parse('2026-03-02T00:00:00Z') * 1000,
        extra: { data_upload: '1048576', iso_country: 'GB' },
      },
    ])
  })

  it('of nothing yet is replaced by the one that is final', async () => {
    const nothing = { data_total: '0', data_upload: '0', data_download: '0' }
    const [first, last, other] = await Promise.all([readSim(nothing), readSim({}), readSim({ iso_country: 'FR' })])
    expect(first?.[0]?.facts[0]?.fact).toMatchObject({ quantityBase: 0n })
    expect(first?.[0]?.facts[0]?.document).toEqual(last?.[0]?.facts[0]?.document)
    expect(other?.[0]?.facts[0]?.document).not.toEqual(last?.[0]?.facts[0]?.document)
  })

  it('whose directions do not sum to the total is told of, and kept as it is', async () => {
    const rows = await readSim({ data_upload: '1' })
    expect(problemsOf(rows)).toEqual([{ line: 2, code: 'control-mismatch', severity: 'warning', at: 'data_total' }])
    expect(factsOf(rows)).toMatchObject([{ quantityBase: 4_194_304n }])
  })

  it.each([
    ['sim_sid', '', 'value-missing'],
    ['data_total', '', 'value-missing'],
    ['data_total', '4 MB', 'number-unreadable'],
    ['period.start_time', '', 'value-missing'],
    ['period.start_time', '2026-03-02T00:00:00', 'date-unreadable'],
    ['period.end_time', '2026-03-02T00:00:00Z', 'date-order'],
    ['period.end_time', '2026-04-02T00:00:00Z', 'date-unreadable'],
  ])('whose %s is "%s" is quarantined', async (column, value, code) => {
    const rows = await readSim({ [column]: value })
    expect(problemsOf(rows)).toEqual([{ line: 2, code, severity: 'error', at: column }])
    expect(factsOf(rows)).toEqual([])
  })
})

describe('generated records', () => {
  it.each([
    [twilioAccountUsage, generateAccountUsage],
    [twilioSuperSimUsage, generateSuperSimUsage],
  ] as const)(
    'of $name yield exactly what was used, with the planted ones in quarantine',
    async (importer, generate) => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), fc.nat({ max: 3 }), async (seed, unreadableRows) => {
          const made = generate({ seed, unreadableRows })
          const rows = await withFile('page.json', made.text, (path) => readWith(importer, path))
          expect(rows).toHaveLength(made.records)
          expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(made.unreadableLines)
          const uses = factsOf(rows).filter(isUsage)
          for (const [key, used] of Object.entries(made.used)) {
            const counted = uses.filter(({ usageType, view }) => `${usageType} ${view}`.trim() === key)
            expect(sum(counted.map(({ quantityBase }) => quantityBase))).toBe(used)
          }
          expect(new Set(uses.map(({ id }) => id)).size).toBe(uses.length)
        }),
        { numRuns: 40 },
      )
      expect(generate({ seed: 7 })).toEqual(generate({ seed: 7 }))
      expect(generate({ seed: 7 })).not.toEqual(generate({ seed: 8 }))
    },
  )
})
