import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person, Service } from '../facts/fact.ts'
import { Bug } from '../invariant.ts'
import { addDays, dayNumber, type LocalDate } from '../time/local-date.ts'
import { assignCharge, assignUsage } from './assignments.ts'
import { buildTimeline, buildTimelines, stintsByPerson } from './service-timeline.ts'

const range = (text: string) => {
  const [from, to] = text.split('..').map((day) => (day === '' ? null : (`2026-${day}` as LocalDate)))
  return { from: from ?? null, to: to ?? null }
}

/** `P1/A/X 10-01.. 50`: person/cost centre/project, from..to (in 2026), per cent. */
function row(text: string): Service {
  const [owner = '', days = '..', percent = ''] = text.split(' ')
  const [person = '', costCentre = '', project = ''] = owner.split('/')
  return {
    ...{
      fact: 'service',
      service: 'S',
      vendor: '',
      account: '',
      product: '',
      serviceType: '',
      deviceType: '',
      extra: {},
    },
    ...{ person, costCentre, project, sharePpm: percent === '' ? null : Math.round(Number(percent) * 10_000) },
    ...range(days),
  }
}

/** `P1 A 10-01..`: employee, cost centre, from..to (in 2026). */
function person(text: string): Person {
  const [employee = '', costCentre = '', days = '..'] = text.split(' ')
  return {
    ...{ fact: 'person', employee, name: '', email: '', aliases: [], costCentre, manager: '', extra: {} },
    ...range(days),
  }
}

function timelineOf(rows: string[], people: string[] = []) {
  return buildTimeline({ service: 'S', rows: rows.map(row), stints: stintsByPerson(people.map(person)) })
}

const OCTOBER = { periodStartOn: '2026-10-01' as LocalDate, periodEndOn: '2026-11-01' as LocalDate }

function october(amountMinor: bigint, rows: string[], people: string[] = []): string[] {
  const { timeline } = timelineOf(rows, people)
  return assignCharge({ amountMinor, ...OCTOBER, timeline }).map(
    (part) => `${part.person}/${part.costCentre}/${part.project} ${part.days} ${part.amountMinor}`,
  )
}

describe('buildTimeline', () => {
  it.each([
    {
      name: "a row's own cost centre wins over the person's",
      rows: ['P1/X'],
      people: ['P1 A'],
      spans: ['..: P1/X/ 100'],
    },
    { name: "without one the person's counts", rows: ['P1'], people: ['P1 A'], spans: ['..: P1/A/ 100'] },
    {
      name: 'a person who moves takes the service along',
      rows: ['P1'],
      people: ['P1 A ..10-11', 'P1 B 10-11..'],
      spans: ['..2026-10-11: P1/A/ 100', '2026-10-11..: P1/B/ 100'],
    },
    {
      name: 'a person who left keeps it, on no cost centre',
      rows: ['P1'],
      people: ['P1 A ..10-11'],
      spans: ['..2026-10-11: P1/A/ 100', '2026-10-11..: P1// 100'],
    },
    { name: 'a person whom nobody knows has it, on no cost centre', rows: ['P9'], people: [], spans: ['..: P9// 100'] },
    {
      name: 'days without a row are in no span',
      rows: ['P1/A ..10-05', 'P2/B 10-11..'],
      people: [],
      spans: ['..2026-10-05: P1/A/ 100', '2026-10-11..: P2/B/ 100'],
    },
    {
      name: 'rows that go on are one span',
      rows: ['P1/A ..10-05', 'P1/A 10-05..'],
      people: [],
      spans: ['..: P1/A/ 100'],
    },
    {
      name: 'a split names each owner',
      rows: ['P2/B .. 40', 'P1/A .. 60'],
      people: [],
      spans: ['..: P1/A/ 60 + P2/B/ 40'],
    },
    {
      name: 'an owner named twice in a split is one',
      rows: ['P1/A .. 40', 'P1/A .. 60'],
      people: [],
      spans: ['..: P1/A/ 100'],
    },
    { name: 'a project alone', rows: ['//X'], people: [], spans: ['..: //X 100'] },
    {
      name: 'of stints that overlap the later counts',
      rows: ['P1'],
      people: ['P1 B 10-11..', 'P1 A'],
      spans: ['..2026-10-11: P1/A/ 100', '2026-10-11..: P1/B/ 100'],
    },
  ])('$name', ({ rows, people, spans }) => {
    const { timeline, problems } = timelineOf(rows, people)
    const bound = (text: string) => (text.startsWith('0000') || text.startsWith('9999') ? '' : text)
    const texts = timeline.spans.map(({ start, end, pieces }) => {
      const owners = pieces.map(
        (piece) => `${piece.person}/${piece.costCentre}/${piece.project} ${piece.sharePpm / 10_000}`,
      )
      return `${bound(start)}..${bound(end)}: ${owners.join(' + ')}`
    })
    expect(texts).toEqual(spans)
    expect(problems).toEqual([])
  })

  it.each([
    {
      name: 'three thirds to four decimals',
      rows: ['P1/A .. 33.3333', 'P2/A .. 33.3333', 'P3/A .. 33.3333'],
      problems: [],
    },
    { name: 'thirds that were made whole', rows: ['P1/A .. 33.33', 'P2/A .. 33.33', 'P3/A .. 33.34'], problems: [] },
    { name: 'a whole beside a zero', rows: ['P1/A', 'P2/A .. 0'], problems: [] },
    {
      name: 'three thirds to two decimals',
      rows: ['P1/A .. 33.33', 'P2/A .. 33.33', 'P3/A .. 33.33'],
      problems: ['the beginning 99.99'],
    },
    { name: 'too little', rows: ['P1/A .. 60', 'P2/A .. 30'], problems: ['the beginning 90'] },
    { name: 'too much', rows: ['P1/A', 'P2/A 10-11.. 50'], problems: ['2026-10-11 150'] },
    { name: 'a negative share', rows: ['P1/A .. 150', 'P2/A .. -50'], problems: ['the beginning 100'] },
    { name: 'a split that ends in part', rows: ['P1/A .. 60', 'P2/A ..10-11 40'], problems: ['2026-10-11 60'] },
  ])('judges $name', ({ rows, problems }) => {
    const found = timelineOf(rows).problems
    expect(found.map((each) => each.code === 'share-sum' && `${each.facts.on} ${each.facts.percent}`)).toEqual(problems)
  })
})

describe('assignCharge', () => {
  it.each([
    { name: 'one owner takes all', total: 1001n, rows: ['P1/A'], parts: ['P1/A/ 31 1001'] },
    {
      name: 'by days',
      total: 3100n,
      rows: ['P1/A ..10-11', 'P2/B 10-11..'],
      parts: ['P1/A/ 10 1000', 'P2/B/ 21 2100'],
    },
    { name: 'days of nobody', total: 3100n, rows: ['P1/A 10-11..'], parts: ['// 10 1000', 'P1/A/ 21 2100'] },
    { name: 'a service that nobody lists', total: 5n, rows: [], parts: ['// 31 5'] },
    {
      name: 'by days and shares',
      total: 3100n,
      rows: ['P1/A ..10-11', 'P1/A 10-11.. 50', 'P2/B 10-11.. 50'],
      parts: ['P1/A/ 31 2050', 'P2/B/ 21 1050'],
    },
    {
      name: 'thirds: the cent over goes to the smaller id',
      total: 100n,
      rows: ['P3/A .. 33.3333', 'P1/A .. 33.3333', 'P2/A .. 33.3333'],
      parts: ['P1/A/ 31 34', 'P2/A/ 31 33', 'P3/A/ 31 33'],
    },
    {
      name: 'a credit mirrors a charge',
      total: -100n,
      rows: ['P3/A .. 33.3333', 'P1/A .. 33.3333', 'P2/A .. 33.3333'],
      parts: ['P1/A/ 31 -34', 'P2/A/ 31 -33', 'P3/A/ 31 -33'],
    },
    {
      name: 'a tie goes to the earlier from, before the id',
      total: 1n,
      rows: ['P9/A 09-01.. 50', 'P1/A 10-01.. 50', 'P0/A 09-01..10-01 50'],
      parts: ['P9/A/ 31 1', 'P1/A/ 31 0'],
    },
    {
      name: 'an invalid day is unassigned, the others are not',
      total: 3100n,
      rows: ['P1/A .. 60', 'P2/B ..10-11 40'],
      parts: ['P1/A/ 10 600', 'P2/B/ 10 400', '// 21 2100'],
    },
    {
      name: 'who comes back is one owner',
      total: 3100n,
      rows: ['P1/A ..10-11', 'P2/B 10-11..10-21', 'P1/A 10-21..'],
      parts: ['P1/A/ 21 2100', 'P2/B/ 10 1000'],
    },
    { name: 'nothing', total: 0n, rows: ['P1/A ..10-11', 'P2/B 10-11..'], parts: ['P1/A/ 10 0', 'P2/B/ 21 0'] },
    {
      name: 'thirds weigh as much by the day as a whole',
      total: 3000n,
      rows: [
        'P1/A 10-02..10-17',
        'P1/A 10-17.. 33.3333',
        'P2/A 10-17.. 33.3333',
        'P3/A 10-17.. 33.3333',
        'P0/A ..10-02',
      ],
      parts: ['P0/A/ 1 97', 'P1/A/ 30 1935', 'P2/A/ 15 484', 'P3/A/ 15 484'],
    },
  ])('$name', ({ total, rows, parts }) => {
    expect(october(total, rows)).toEqual(parts)
  })

  it('takes a charge of one day to the assignment of that day', () => {
    const { timeline } = timelineOf(['P1/A ..10-11', 'P2/B 10-11..'])
    const on = (day: string) => {
      const start = day as LocalDate
      return assignCharge({ amountMinor: 5n, periodStartOn: start, periodEndOn: addDays(start, 1), timeline })
    }
    expect(on('2026-10-10')).toEqual([{ person: 'P1', costCentre: 'A', project: '', amountMinor: 5n, days: 1 }])
    expect(on('2026-10-11')).toEqual([{ person: 'P2', costCentre: 'B', project: '', amountMinor: 5n, days: 1 }])
  })

  it('calls days that do not run forward a bug', () => {
    const [day, timeline] = ['2026-10-01' as LocalDate, undefined]
    expect(() => assignCharge({ amountMinor: 5n, periodStartOn: day, periodEndOn: day, timeline })).toThrow(Bug)
  })

  it('sums exactly, mirrors credits, ignores the order of rows, and keeps within a unit of the exact share', () => {
    const day = fc.option(fc.integer({ min: 0, max: 30 }), { nil: null })
    const toDate = (offset: number | null) => (offset === null ? null : addDays(OCTOBER.periodStartOn, offset - 5))
    const rows = fc.array(
      fc
        .record({
          who: fc.constantFrom('P1/A', 'P2/B', 'P3/'),
          percent: fc.constantFrom('', '50', '33.3333', '100'),
          from: day,
          to: day,
        })
        .filter(({ from, to }) => from === null || to === null || from < to)
        .map(({ who, percent, from, to }) => ({ ...row(`${who} .. ${percent}`), from: toDate(from), to: toDate(to) })),
      { maxLength: 4 },
    )
    const people = [person('P3 C ..10-15'), person('P3 D 10-15..')]
    fc.assert(
      fc.property(
        rows,
        fc.bigInt({ min: -10_000n, max: 10_000n }),
        fc.integer({ min: 1, max: 31 }),
        (given, total, days) => {
          const period = { periodStartOn: OCTOBER.periodStartOn, periodEndOn: addDays(OCTOBER.periodStartOn, days) }
          const partsOf = (services: Service[], amountMinor: bigint) => {
            const { timelines } = buildTimelines({ services, people })
            return assignCharge({ amountMinor, ...period, timeline: timelines.get('S') })
          }
          const parts = partsOf(given, total)
          expect(parts.reduce((sum, part) => sum + part.amountMinor, 0n)).toBe(total)
          expect(partsOf([...given].reverse(), total)).toEqual(parts)
          expect(partsOf(given, -total)).toEqual(parts.map((part) => ({ ...part, amountMinor: -part.amountMinor })))
          for (const part of parts) {
            const exact = Number(total) * (exactDays(given, people, part, period) / days)
            expect(Math.abs(Number(part.amountMinor) - exact)).toBeLessThan(1.001)
          }
        },
      ),
      { numRuns: 1000 },
    )
  })
})

/** Day by day, in the plainest way: how many whole days an owner has. */
function exactDays(
  rows: Service[],
  people: Person[],
  owner: { person: string; costCentre: string; project: string },
  period: { periodStartOn: LocalDate; periodEndOn: LocalDate },
): number {
  let sum = 0
  for (let day = dayNumber(period.periodStartOn); day < dayNumber(period.periodEndOn); day += 1) {
    const isOn = (each: { from: LocalDate | null; to: LocalDate | null }) =>
      (each.from === null || dayNumber(each.from) <= day) && (each.to === null || day < dayNumber(each.to))
    const inForce = rows.filter(isOn)
    const shares = inForce.map((each) => (each.sharePpm === null ? 1 : each.sharePpm / 1_000_000))
    const total = shares.reduce((a, b) => a + b, 0)
    const isWhole = inForce.length > 0 && Math.abs(total - 1) < 0.00001
    if (!isWhole && owner.person === '') sum += 1
    for (const [index, each] of inForce.entries()) {
      const stint = people.find((one) => one.employee === each.person && isOn(one))
      const costCentre = each.costCentre === '' && stint ? stint.costCentre : each.costCentre
      if (isWhole && each.person === owner.person && costCentre === owner.costCentre)
        sum += (shares[index] as number) / total
    }
  }
  return sum
}

describe('assignUsage', () => {
  const { timeline } = timelineOf(['P1/A ..10-11', 'P2/B 10-11.. 50', 'P3/B 10-11.. 50'])

  it('takes an event to the owners of its day', () => {
    const on = (startOn: string) => assignUsage({ quantityBase: 7n, startOn: startOn as LocalDate, timeline })
    expect(on('2026-10-10')).toEqual([{ person: 'P1', costCentre: 'A', project: '', quantityBase: 7n, days: 1 }])
    expect(on('2026-10-11').map((part) => [part.person, part.quantityBase])).toEqual([
      ['P2', 4n],
      ['P3', 3n],
    ])
  })

  it('takes a summary by days, and leaves what nobody owns to nobody', () => {
    const summary = { startOn: OCTOBER.periodStartOn, endOn: OCTOBER.periodEndOn }
    const parts = assignUsage({ quantityBase: 3100n, ...summary, timeline })
    expect(parts.map((part) => [part.person, part.quantityBase])).toEqual([
      ['P1', 1000n],
      ['P2', 1050n],
      ['P3', 1050n],
    ])
    expect(assignUsage({ quantityBase: 9n, ...summary, timeline: undefined })).toEqual([
      { person: '', costCentre: '', project: '', quantityBase: 9n, days: 31 },
    ])
  })
})
