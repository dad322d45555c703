import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PoolMember, Service } from '../facts/fact.ts'
import { addDays, type LocalDate } from '../time/local-date.ts'
import { mergePoolMembers } from './merge-pool-members.ts'
import { mergeServices } from './merge-services.ts'

const TODAY = '2026-11-22' as LocalDate

/** `S1 P1 2026-01-01.. 50`: service, person, from..to, per cent, product. */
function service(text: string): Service {
  const [id = '', person = '', range = '..', percent = '', product = ''] = text.split(' ')
  const [from, to] = range.split('..').map((day) => (day === '' ? null : (day as LocalDate)))
  return {
    fact: 'service',
    service: id,
    vendor: 'V',
    account: 'ACC',
    product,
    serviceType: 'mobile',
    person,
    costCentre: '',
    project: '',
    from: from ?? null,
    to: to ?? null,
    sharePpm: percent === '' ? null : Math.round(Number(percent) * 10_000),
    deviceType: '',
    extra: {},
  }
}

function merge(known: string[], feed: string[]) {
  const merged = mergeServices({ known: known.map(service), feed: feed.map(service), asOfOn: TODAY })
  return {
    rows: merged.rows.map(
      (row) =>
        `${row.service} ${row.person} ${row.from ?? ''}..${row.to ?? ''}${row.sharePpm === null ? '' : ` ${row.sharePpm / 10_000}`}`,
    ),
    changes: merged.changes.map((change) => `${change.kind} ${change.service} ${change.effectiveOn ?? '-'}`),
    problems: merged.problems.map((problem) => problem.code),
  }
}

type Case = { name: string; known: string[]; feed: string[]; rows: string[]; changes: string[] }
const CASES: Case[] = [
  { name: 'a new service', known: [], feed: ['S1 P1'], rows: ['S1 P1 ..'], changes: ['new S1 -'] },
  {
    name: 'a service that is absent ends today',
    known: ['S1 P1'],
    feed: [],
    rows: ['S1 P1 ..2026-11-22'],
    changes: ['ended S1 2026-11-22'],
  },
  {
    name: 'a service that ends on a day of the past',
    known: ['S1 P1'],
    feed: ['S1 P1 ..2026-10-01'],
    rows: ['S1 P1 ..2026-10-01'],
    changes: ['ended S1 2026-10-01', 'retroactive S1 2026-10-01'],
  },
  {
    name: 'another person without a date has it as of today',
    known: ['S1 P1'],
    feed: ['S1 P2'],
    rows: ['S1 P1 ..2026-11-22', 'S1 P2 2026-11-22..'],
    changes: ['reassigned S1 2026-11-22'],
  },
  {
    name: 'another person since a day',
    known: ['S1 P1 2026-01-01..'],
    feed: ['S1 P2 2026-11-01..'],
    rows: ['S1 P1 2026-01-01..2026-11-01', 'S1 P2 2026-11-01..'],
    changes: ['reassigned S1 2026-11-01', 'retroactive S1 2026-11-01'],
  },
  {
    name: 'another person since the first day is retroactive',
    known: ['S1 P1 2026-01-01..'],
    feed: ['S1 P2 2026-01-01..'],
    rows: ['S1 P2 2026-01-01..'],
    changes: ['reassigned S1 2026-01-01', 'retroactive S1 2026-01-01'],
  },
  {
    name: 'a whole becomes a split',
    known: ['S1 P1'],
    feed: ['S1 P1 .. 60', 'S1 P2 .. 40'],
    rows: ['S1 P1 ..2026-11-22', 'S1 P1 2026-11-22.. 60', 'S1 P2 2026-11-22.. 40'],
    changes: ['reassigned S1 2026-11-22'],
  },
  {
    name: 'a split with other shares',
    known: ['S1 P1 .. 60', 'S1 P2 .. 40'],
    feed: ['S1 P1 .. 50', 'S1 P2 .. 50'],
    rows: ['S1 P1 ..2026-11-22 60', 'S1 P2 ..2026-11-22 40', 'S1 P1 2026-11-22.. 50', 'S1 P2 2026-11-22.. 50'],
    changes: ['split-changed S1 2026-11-22'],
  },
  {
    name: 'the same split in another order is the same',
    known: ['S1 P1 .. 60', 'S1 P2 .. 40'],
    feed: ['S1 P2 .. 40', 'S1 P1 .. 60'],
    rows: ['S1 P1 .. 60', 'S1 P2 .. 40'],
    changes: [],
  },
  {
    name: 'another product',
    known: ['S1 P1 .. 100 5GB'],
    feed: ['S1 P1 .. 100 10GB'],
    rows: ['S1 P1 ..2026-11-22 100', 'S1 P1 2026-11-22.. 100'],
    changes: ['product-changed S1 2026-11-22'],
  },
  {
    name: 'a service that comes back',
    known: ['S1 P1 ..2026-06-01'],
    feed: ['S1 P1 2026-12-01..'],
    rows: ['S1 P1 ..2026-06-01', 'S1 P1 2026-12-01..'],
    changes: ['resumed S1 2026-12-01'],
  },
  {
    name: 'a history with a split in the middle is taken as it is',
    known: ['S1 P1'],
    feed: ['S1 P1 ..2026-10-01', 'S1 P1 2026-10-01.. 50', 'S1 P2 2026-10-01.. 50'],
    rows: ['S1 P1 ..2026-10-01', 'S1 P1 2026-10-01.. 50', 'S1 P2 2026-10-01.. 50'],
    changes: ['reassigned S1 2026-10-01', 'retroactive S1 2026-10-01'],
  },
]

describe('mergeServices', () => {
  it.each(CASES)('$name', ({ known, feed, rows, changes }) => {
    expect(merge(known, feed)).toEqual({ rows, changes, problems: [] })
  })

  it('keeps what is known of a service whose shares do not sum to 100 %', () => {
    expect(merge(['S1 P1'], ['S1 P1 .. 60', 'S1 P2 .. 30'])).toEqual({
      rows: ['S1 P1 ..'],
      changes: [],
      problems: ['share-sum'],
    })
  })

  it('takes a new service as given although its shares do not sum to 100 %, so that the inventory knows it', () => {
    const merged = merge([], ['S1 P1 .. 60', 'S1 P2 .. 30'])
    expect(merged).toMatchObject({ rows: ['S1 P1 .. 60', 'S1 P2 .. 30'], problems: ['share-sum'] })
  })

  it('replaces rows that contradict each other as soon as better ones arrive', () => {
    expect(merge(['S1 P1 .. 60', 'S1 P2 .. 30'], ['S1 P1 .. 60', 'S1 P2 .. 40'])).toEqual({
      rows: ['S1 P1 .. 60', 'S1 P2 .. 40'],
      changes: ['split-changed S1 -', 'retroactive S1 -'],
      problems: [],
    })
  })

  it('refuses two whole rows of one service on one day', () => {
    expect(merge(['S1 P0'], ['S1 P1', 'S1 P2 2026-01-01..'])).toEqual({
      rows: ['S1 P0 ..'],
      changes: [],
      problems: ['overlapping-stints'],
    })
  })

  it('reports another device type as a correction, without a day', () => {
    const [known, feed] = [[service('S1 P1')], [{ ...service('S1 P1'), deviceType: 'phone' }]]
    const merged = mergeServices({ known, feed, asOfOn: TODAY })
    expect(merged.rows).toEqual(feed)
    expect(merged.changes).toMatchObject([
      { kind: 'correction', effectiveOn: null, old: [{ deviceType: '' }], new: [{ deviceType: 'phone' }] },
    ])
  })

  it('finds nothing to change in the same feed, on the same day or later', () => {
    const bound = fc.option(fc.integer({ min: 0, max: 9 }), { nil: null })
    const day = (offset: number | null) => (offset === null ? null : addDays('2026-01-01' as LocalDate, offset))
    const row = fc
      .record({
        person: fc.constantFrom('P1', 'P2'),
        percent: fc.constantFrom('', '50', '100'),
        from: bound,
        to: bound,
      })
      .filter(({ from, to }) => from === null || to === null || from < to)
      .map(({ person, percent, from, to }) => ({
        ...service(`S1 ${person} .. ${percent}`),
        from: day(from),
        to: day(to),
      }))
    const split = row.map((first) => [
      { ...first, sharePpm: 500_000, person: 'P1' },
      { ...first, sharePpm: 500_000, person: 'P2' },
    ])
    const feed = fc.oneof(fc.array(row, { maxLength: 3 }), split)
    fc.assert(
      fc.property(
        fc.array(feed, { minLength: 1, maxLength: 4 }),
        fc.array(fc.nat(4), { minLength: 5, maxLength: 5 }),
        (feeds, gaps) => {
          let known: ReadonlyArray<Service> = []
          let on = 0
          for (const [index, each] of feeds.entries()) {
            on += gaps[index] as number
            known = mergeServices({ known, feed: each, asOfOn: day(on) as LocalDate }).rows
          }
          const last = feeds.at(-1) as Service[]
          const again = mergeServices({ known, feed: last, asOfOn: day(on + (gaps[4] as number)) as LocalDate })
          expect(again.changes).toEqual([])
          expect(again.rows).toEqual(known)
          const shuffled = mergeServices({
            known: [...known].reverse(),
            feed: [...last].reverse(),
            asOfOn: day(on) as LocalDate,
          })
          expect(shuffled.rows).toEqual(known)
        },
      ),
      { numRuns: 2000 },
    )
  })
})

describe('mergePoolMembers', () => {
  const member = (pool: string, id: string, contribution = '2'): PoolMember => ({
    fact: 'pool-member',
    pool,
    service: id,
    contribution,
    unit: 'GB',
    from: null,
    to: null,
    extra: {},
  })
  const merge = (known: PoolMember[], feed: PoolMember[]) => mergePoolMembers({ known, feed, asOfOn: TODAY })

  it('tells members that are added, ended and changed', () => {
    const known = [member('P', 'S1'), member('P', 'S2'), member('P', 'S3')]
    const feed = [member('P', 'S1'), member('P', 'S2', '5'), member('Q', 'S3')]
    const merged = merge(known, feed)
    expect(merged.changes).toMatchObject([
      {
        kind: 'changed',
        pool: 'P',
        service: 'S2',
        effectiveOn: TODAY,
        old: { contribution: '2' },
        new: { contribution: '5' },
      },
      { kind: 'ended', pool: 'P', service: 'S3', effectiveOn: TODAY, because: 'absent' },
      { kind: 'added', pool: 'Q', service: 'S3', effectiveOn: null },
    ])
    expect(merged.unchanged).toBe(1)
    expect(merge([...merged.rows], feed)).toMatchObject({ changes: [], unchanged: 3 })
  })

  it('refuses two rows of one member on one day', () => {
    const merged = merge([], [member('P', 'S1', '2'), member('P', 'S1', '3'), member('P', 'S2')])
    expect(merged.problems).toMatchObject([{ code: 'overlapping-stints', facts: { id: 'P / S1' } }])
    expect(merged.rows.map((row) => row.service)).toEqual(['S2'])
  })
})
