import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, isRefused, isUsage, problemsOf, sum } from '../../../test/facts.ts'
import { generateCloudEvents } from '../../../test/generators/cloud-events.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { cloudEvents } from './cloud-events.ts'

const SAMPLES = join(import.meta.dirname, 'samples')

describeImporter({
  importer: cloudEvents,
  samples: [
    {
      path: join(SAMPLES, 'usage-events.ndjson'),
      expectedPath: join(SAMPLES, 'usage-events.expected.ndjson'),
    },
    {
      path: join(SAMPLES, 'usage-events-batch.json'),
      expectedPath: join(SAMPLES, 'usage-events-batch.expected.ndjson'),
    },
  ],
  foreignPaths: [
    join(import.meta.dirname, '../twilio/samples/usage-records.json'),
    join(import.meta.dirname, '../canonical/samples/usage.csv'),
  ],
})

const EVENT = {
  specversion: '1.0',
  type: 'com.acme.usage.data',
  id: '1',
  source: '/gateways/7',
  subject: 'SIM-1',
  time: '2026-03-02T08:00:00Z',
}
type Members = Readonly<Record<string, unknown>>

const read = (data: Members, attributes: Members = {}) =>
  withFile('events.ndjson', `${JSON.stringify({ ...EVENT, ...attributes, data })}\n`, (path) =>
    readWith(cloudEvents, path),
  )
const useOf = async (data: Members, attributes: Members = {}) => factsOf(await read(data, attributes))

describe('the quantity of an event', () => {
  it.each<[data: Members, attributes: Members, expected: object]>([
    [{ quantity: '1.5', unit: 'MB' }, {}, { quantityBase: 1_500_000n }],
    [{ value: 2, unit: 'gb' }, {}, { quantityBase: 2_000_000_000n, unit: 'GB' }],
    [{ kb: '1048576' }, {}, { quantityBase: 1_048_576_000n, unit: 'kB' }],
    [{ mib: 3 }, {}, { quantityBase: 3_145_728n, unit: 'MiB' }],
    [{ usage_type: 'event', quantity: 7 }, {}, { usageType: 'event', quantityBase: 7n, unit: 'count' }],
    [{ class: 'voice', minutes: 2 }, {}, { usageType: 'voice', quantityBase: 120n }],
    [{ duration: 61 }, { type: 'voice' }, { quantityBase: 61n, endedAt: Date.parse('2026-03-02T08:01:01Z') * 1000 }],
    [{ duration: 0 }, { type: 'a/b/conference/v1.0' }, { usageType: 'conference', quantityBase: 0n }],
    [{ bytes: 5, duration: 10 }, {}, { quantityBase: 5n, endedAt: Date.parse('2026-03-02T08:00:10Z') * 1000 }],
    [{ bytes: -5 }, {}, { quantityBase: -5n }],
  ])('%j of %j', async (data, attributes, expected) => {
    expect(await useOf(data, attributes)).toMatchObject([expected])
  })

  it('is not lost where it is beyond what a double holds', async () => {
    const text = JSON.stringify({ ...EVENT, data: { bytes: 0 } }).replace(':0}', ':9007199254740993}')
    const rows = await withFile('events.json', text, (path) => readWith(cloudEvents, path))
    expect(factsOf(rows)).toMatchObject([{ quantityBase: 9_007_199_254_740_993n }])
  })
})

describe('an event', () => {
  it.each<[what: string, data: Members, attributes: Members, expected: object]>([
    ['its data before its subject', { bytes: 1, service: 'S-2' }, {}, { service: 'S-2', extra: { subject: 'SIM-1' } }],
    [
      'its instant, with an offset',
      { bytes: 1 },
      { time: '2026-03-02T09:00:00.5+01:00' },
      { startedAt: 1772438400500000 },
    ],
    ['the start in its data', { bytes: 1, started_at: '2026-03-01T00:00:00Z' }, {}, { startedAt: 1772323200000000 }],
    [
      'its class',
      { bytes: 1, zone: 'roaming', time_band: 'off-peak', network: 'off-net', pool: 'P' },
      {},
      { zone: 'roaming', timeBand: 'off-peak', network: 'off-net', pool: 'P' },
    ],
    [
      'what nobody asked for',
      { bytes: 1, apn: { name: 'x' } },
      { region: 'eu' },
      { extra: { 'data.apn.name': 'x', region: 'eu' } },
    ],
  ])('has %s', async (_, data, attributes, expected) => {
    expect(await useOf(data, attributes)).toMatchObject([expected])
  })

  it('is the same event when another way was taken to send it', async () => {
    const [one, other] = ['00-1', '00-2'].map((traceparent) => useOf({ bytes: 1 }, { traceparent }))
    expect(await one).toEqual(await other)
  })

  it.each<[data: Members, attributes: Members, code: string, at: string | undefined]>([
    [{ bytes: 1 }, { specversion: '0.3' }, 'value-unknown', 'specversion'],
    [{ bytes: 1 }, { id: '' }, 'value-missing', 'id'],
    [{ bytes: 1 }, { source: null }, 'value-missing', 'source'],
    [{ bytes: 1 }, { subject: '' }, 'value-missing', 'subject'],
    [{ bytes: 1 }, { type: 'request' }, 'value-unknown', 'type'],
    [{ bytes: 1 }, { type: 'com.data.request' }, 'value-unknown', 'type'],
    [{ bytes: 1, usage_type: 'bytes' }, {}, 'value-unknown', 'data.usage_type'],
    [{ bytes: 1 }, { time: '2026-03-02T08:00:00' }, 'date-unreadable', 'time'],
    [{ bytes: 1 }, { time: '2026-02-30T08:00:00Z' }, 'date-unreadable', 'time'],
    [{ bytes: 1, ended_at: '2026-03-01T08:00:00Z' }, {}, 'date-order', 'data.ended_at'],
    [{ bytes: 'many' }, {}, 'number-unreadable', 'data.bytes'],
    [{ bytes: 1, kb: 1 }, {}, 'row-unreadable', undefined],
    [{ quantity: 1, value: 1, unit: 'B' }, {}, 'row-unreadable', undefined],
    [{ quantity: 1 }, {}, 'value-missing', 'data.unit'],
    [{ quantity: 1, unit: 'bits' }, {}, 'unit-unknown', 'data.unit'],
    [{ minutes: 1 }, {}, 'unit-mismatch', 'data.minutes'],
    [{ bytes: '', unit: 'B' }, {}, 'value-missing', 'data.quantity'],
    [{ bytes: 1, duration: 'PT5M' }, {}, 'number-unreadable', 'data.duration'],
    [{ bytes: 1, duration: -1 }, {}, 'number-unreadable', 'data.duration'],
    [{ bytes: 1, participants: 'all' }, {}, 'number-unreadable', 'data.participants'],
  ])('of %j and %j is quarantined', async (data, attributes, code, at) => {
    const rows = await read(data, attributes)
    expect(problemsOf(rows)).toEqual([{ line: 1, code, severity: 'error', at }])
    expect(factsOf(rows)).toEqual([])
  })
})

describe('generated events', () => {
  it('yield exactly what was used, with exactly the planted ones in quarantine', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1e9 }), fc.nat({ max: 3 }), async (seed, unreadableRows) => {
        const made = generateCloudEvents({ seed, unreadableRows })
        const rows = await withFile('events', made.text, (path) => readWith(cloudEvents, path))
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(made.unreadableLines)
        const uses = factsOf(rows).filter(isUsage)
        expect(rows).toHaveLength(made.events)
        for (const [type, used] of Object.entries(made.used))
          expect(sum(uses.filter(({ usageType }) => usageType === type).map((use) => use.quantityBase))).toBe(used)
        expect(new Set(uses.map(({ source, id }) => `${source} ${id}`)).size).toBe(uses.length)
      }),
      { numRuns: 60 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generateCloudEvents({ seed: 7 })).toEqual(generateCloudEvents({ seed: 7 }))
    expect(generateCloudEvents({ seed: 7 })).not.toEqual(generateCloudEvents({ seed: 8 }))
  })
})
