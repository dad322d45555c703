import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Person } from '../facts/fact.ts'
import { addDays, type LocalDate } from '../time/local-date.ts'
import { isMassEnd } from './merge-feed.ts'
import { mergePeople } from './merge-people.ts'
import { firstOverlap, isInForceOn } from './stint.ts'

const TODAY = '2026-11-22' as LocalDate

/** `E1 A 2026-01-01..`: employee, cost centre, from..to, and where not E1's own, name and manager. */
function person(text: string): Person {
  const [employee = '', costCentre = '', range = '..', name = 'Ann', manager = ''] = text.split(' ')
  const [from, to] = range.split('..').map((day) => (day === '' ? null : (day as LocalDate)))
  return {
    fact: 'person',
    employee,
    name,
    email: '',
    aliases: [],
    costCentre,
    manager,
    from: from ?? null,
    to: to ?? null,
    extra: {},
  }
}

function text(row: Person | null): string {
  return row ? `${row.employee} ${row.costCentre} ${row.from ?? ''}..${row.to ?? ''}` : '-'
}

function merge(known: string[], feed: string[], asOfOn = TODAY) {
  const merged = mergePeople({ known: known.map(person), feed: feed.map(person), asOfOn })
  return {
    rows: merged.rows.map(text),
    changes: merged.changes.map((change) => `${change.kind} ${change.employee} ${change.effectiveOn ?? '-'}`),
    problems: merged.problems.map((problem) => problem.code),
    unchanged: merged.unchanged,
    massEnd: merged.massEnd,
  }
}

type Case = { name: string; known: string[]; feed: string[]; rows: string[]; changes: string[] }
const CASES: Case[] = [
  {
    name: 'a first feed joins everybody',
    known: [],
    feed: ['E1 A', 'E2 B 2020-01-01..'],
    rows: ['E1 A ..', 'E2 B 2020-01-01..'],
    changes: ['joiner E1 -', 'joiner E2 2020-01-01'],
  },
  {
    name: 'a joiner of a later feed',
    known: ['E1 A'],
    feed: ['E1 A', 'E2 B 2026-12-01..'],
    rows: ['E1 A ..', 'E2 B 2026-12-01..'],
    changes: ['joiner E2 2026-12-01'],
  },
  {
    name: 'a joiner who began before today is retroactive',
    known: ['E1 A'],
    feed: ['E1 A', 'E2 B 2026-11-01..'],
    rows: ['E1 A ..', 'E2 B 2026-11-01..'],
    changes: ['joiner E2 2026-11-01', 'retroactive E2 2026-11-01'],
  },
  {
    name: 'whoever is absent ends today',
    known: ['E1 A', 'E2 B'],
    feed: ['E1 A'],
    rows: ['E1 A ..', 'E2 B ..2026-11-22'],
    changes: ['leaver E2 2026-11-22'],
  },
  {
    name: 'whoever left before and is absent changes nothing',
    known: ['E1 A ..2026-01-01'],
    feed: [],
    rows: ['E1 A ..2026-01-01'],
    changes: [],
  },
  {
    name: 'a dated leaver in the future',
    known: ['E1 A'],
    feed: ['E1 A ..2026-12-01'],
    rows: ['E1 A ..2026-12-01'],
    changes: ['leaver E1 2026-12-01'],
  },
  {
    name: 'a dated leaver in the past is retroactive',
    known: ['E1 A'],
    feed: ['E1 A ..2026-11-01'],
    rows: ['E1 A ..2026-11-01'],
    changes: ['leaver E1 2026-11-01', 'retroactive E1 2026-11-01'],
  },
  {
    name: 'a leave that is put off',
    known: ['E1 A ..2026-12-01'],
    feed: ['E1 A'],
    rows: ['E1 A ..'],
    changes: ['correction E1 2026-12-01'],
  },
  {
    name: 'an undated move holds as of today and the history stays',
    known: ['E1 A'],
    feed: ['E1 B'],
    rows: ['E1 A ..2026-11-22', 'E1 B 2026-11-22..'],
    changes: ['move E1 2026-11-22'],
  },
  {
    name: 'another manager is a move',
    known: ['E1 A .. Ann M1'],
    feed: ['E1 A .. Ann M2'],
    rows: ['E1 A ..2026-11-22', 'E1 A 2026-11-22..'],
    changes: ['move E1 2026-11-22'],
  },
  {
    name: 'a move on a row that carries the day of hire holds as of today',
    known: ['E1 A 2020-01-01..'],
    feed: ['E1 B 2020-01-01..'],
    rows: ['E1 A 2020-01-01..2026-11-22', 'E1 B 2026-11-22..'],
    changes: ['move E1 2026-11-22'],
  },
  {
    name: 'a dated move of the past is retroactive',
    known: ['E1 A 2020-01-01..'],
    feed: ['E1 B 2026-09-01..'],
    rows: ['E1 A 2020-01-01..2026-09-01', 'E1 B 2026-09-01..'],
    changes: ['move E1 2026-09-01', 'retroactive E1 2026-09-01'],
  },
  {
    name: 'a dated move of the future',
    known: ['E1 A'],
    feed: ['E1 B 2027-01-01..'],
    rows: ['E1 A ..2027-01-01', 'E1 B 2027-01-01..'],
    changes: ['move E1 2027-01-01'],
  },
  {
    name: 'a planned move that the feed no longer has is dropped',
    known: ['E1 A ..2027-01-01', 'E1 B 2027-01-01..'],
    feed: ['E1 A'],
    rows: ['E1 A ..'],
    changes: ['move E1 2027-01-01'],
  },
  {
    name: 'a later from with nothing else new says nothing new',
    known: ['E1 A 2020-01-01..'],
    feed: ['E1 A 2024-01-01..'],
    rows: ['E1 A 2020-01-01..'],
    changes: [],
  },
  {
    name: 'an undated rehire begins today',
    known: ['E1 A ..2026-05-01'],
    feed: ['E1 B'],
    rows: ['E1 A ..2026-05-01', 'E1 B 2026-11-22..'],
    changes: ['rehire E1 2026-11-22'],
  },
  {
    name: 'a dated rehire leaves the gap',
    known: ['E1 A 2020-01-01..2024-01-01'],
    feed: ['E1 A 2026-12-01..'],
    rows: ['E1 A 2020-01-01..2024-01-01', 'E1 A 2026-12-01..'],
    changes: ['rehire E1 2026-12-01'],
  },
  {
    name: 'a person in force since the day of hire was never away',
    known: ['E1 A 2020-01-01..2026-10-01'],
    feed: ['E1 A 2020-01-01..'],
    rows: ['E1 A 2020-01-01..'],
    changes: ['correction E1 2026-10-01', 'retroactive E1 2026-10-01'],
  },
  {
    name: 'an earlier day of hire',
    known: ['E1 A 2020-01-01..2022-01-01', 'E1 B 2022-01-01..'],
    feed: ['E1 B 2019-01-01..'],
    rows: ['E1 A 2019-01-01..2022-01-01', 'E1 B 2022-01-01..'],
    changes: ['correction E1 2019-01-01', 'retroactive E1 2019-01-01'],
  },
  {
    name: 'a name is corrected over the whole history',
    known: ['E1 A ..2022-01-01 Ann', 'E1 B 2022-01-01.. Ann'],
    feed: ['E1 B .. Anne'],
    rows: ['E1 A ..2022-01-01', 'E1 B 2022-01-01..'],
    changes: ['correction E1 -'],
  },
  {
    name: 'a history is taken as it is',
    known: ['E1 A 2019-01-01..'],
    feed: ['E1 B 2020-01-01..2022-01-01', 'E1 C 2022-01-01..'],
    rows: ['E1 B 2020-01-01..2022-01-01', 'E1 C 2022-01-01..'],
    changes: ['move E1 2020-01-01', 'correction E1 2019-01-01', 'retroactive E1 2019-01-01'],
  },
  {
    name: 'a history sliced otherwise is the same history',
    known: ['E1 A'],
    feed: ['E1 A ..2022-01-01', 'E1 A 2022-01-01..'],
    rows: ['E1 A ..2022-01-01', 'E1 A 2022-01-01..'],
    changes: [],
  },
  { name: 'a row given twice is one', known: [], feed: ['E1 A', 'E1 A'], rows: ['E1 A ..'], changes: ['joiner E1 -'] },
  {
    name: 'a plan that never began is replaced',
    known: ['E0 A', 'E1 A 2027-01-01..'],
    feed: ['E0 A', 'E1 B 2027-03-01..'],
    rows: ['E0 A ..', 'E1 B 2027-03-01..'],
    changes: ['move E1 2027-03-01', 'correction E1 2027-01-01'],
  },
  {
    name: 'a plan that never began and is absent is dropped',
    known: ['E0 A', 'E1 A 2027-01-01..'],
    feed: ['E0 A'],
    rows: ['E0 A ..'],
    changes: ['leaver E1 2027-01-01'],
  },
]

describe('mergePeople', () => {
  it.each(CASES)('$name', ({ known, feed, rows, changes }) => {
    const merged = merge(known, feed)
    expect(merged.problems).toEqual([])
    expect(merged.rows).toEqual(rows)
    expect(merged.changes).toEqual(changes)
  })

  it('takes the day of hire as the day of the change where it is told so', () => {
    const [known, feed] = [[person('E1 A 2020-01-01..')], [person('E1 B 2020-01-01..')]]
    const merged = mergePeople({ known, feed, asOfOn: TODAY, startMeans: 'effective' })
    expect(merged.rows.map(text)).toEqual(['E1 B 2020-01-01..'])
    expect(merged.changes).toMatchObject([
      { kind: 'move', fields: ['costCentre'] },
      { kind: 'retroactive', effectiveOn: '2020-01-01', of: ['move'] },
    ])
  })

  it('shows the rows in force before and after a change', () => {
    const merged = mergePeople({ known: [person('E1 A')], feed: [person('E1 B')], asOfOn: TODAY })
    expect(merged.changes).toMatchObject([{ kind: 'move', old: { costCentre: 'A' }, new: { costCentre: 'B' } }])
    const left = mergePeople({ known: [person('E1 A')], feed: [], asOfOn: TODAY })
    expect(left.changes).toMatchObject([
      { kind: 'leaver', because: 'absent', old: { to: null }, new: { to: TODAY }, effectiveOn: TODAY },
    ])
  })

  it('never matches by name', () => {
    expect(merge(['E1 A .. Ann'], ['E2 A .. Ann']).changes).toEqual(['leaver E1 2026-11-22', 'joiner E2 -'])
  })

  it.each([
    { name: 'overlap', feed: ['E1 A ..2026-06-01', 'E1 B 2026-05-01..', 'E2 A'], problems: ['overlapping-stints'] },
    { name: 'contradict each other', feed: ['E1 A', 'E1 B', 'E2 A'], problems: ['overlapping-stints'] },
    { name: 'run backwards', feed: ['E1 A 2026-06-01..2026-05-01', 'E2 A'], problems: ['date-order'] },
  ])('refuses an employee whose rows $name, and takes the others', ({ feed, problems }) => {
    const merged = merge(['E1 K'], feed)
    expect(merged.problems).toEqual(problems)
    expect(merged.rows).toEqual(['E1 K ..', 'E2 A ..'])
    expect(merged.changes).toEqual(['joiner E2 -'])
  })

  it('names the days on which rows overlap', () => {
    const feed = [person('E1 A ..2026-06-01'), person('E1 B 2026-05-01..')]
    expect(mergePeople({ known: [], feed, asOfOn: TODAY }).problems).toMatchObject([
      { facts: { kind: 'person', id: 'E1', from: '2026-05-01', to: '2026-06-01' } },
    ])
  })

  it('counts the active and those who would end', () => {
    const known = Array.from({ length: 10 }, (_, index) => `E${index} A`)
    expect(merge([...known, 'X A ..2020-01-01'], known.slice(0, 4)).massEnd).toEqual({ active: 10, ending: 6 })
  })

  it.each([
    { active: 25, ending: 5, is: false },
    { active: 10, ending: 5, is: false },
    { active: 30, ending: 6, is: false },
    { active: 29, ending: 6, is: true },
  ])('an end of $ending of $active is a mass end: $is', ({ active, ending, is }) => {
    expect(isMassEnd({ active, ending })).toBe(is)
  })
})

const day = (offset: number) => addDays('2026-01-01' as LocalDate, offset)
const bound = fc.option(fc.integer({ min: 0, max: 11 }), { nil: null })
const stint = fc
  .record({ costCentre: fc.constantFrom('A', 'B'), name: fc.constantFrom('Ann', 'Anne'), from: bound, to: bound })
  .filter(({ from, to }) => from === null || to === null || from < to)
  .map(({ costCentre, name, from, to }) => ({
    ...person(`E ${costCentre} .. ${name}`),
    from: from === null ? null : day(from),
    to: to === null ? null : day(to),
  }))
/** Mostly one row per employee, sometimes several, sometimes overlapping. */
const feedOf = fc
  .array(fc.tuple(fc.constantFrom('E1', 'E2', 'E3'), fc.array(stint, { minLength: 1, maxLength: 2 })), { maxLength: 3 })
  .map((groups) => groups.flatMap(([employee, rows]) => rows.map((row) => ({ ...row, employee }))))
const chain = fc.record({
  feeds: fc.array(feedOf, { minLength: 1, maxLength: 4 }),
  gaps: fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 5, maxLength: 5 }),
  startMeans: fc.constantFrom('hired' as const, 'effective' as const),
})

function run(input: { feeds: Person[][]; gaps: number[]; startMeans: 'hired' | 'effective' }) {
  let known: ReadonlyArray<Person> = []
  let on = 0
  let before: ReadonlyArray<Person> = []
  for (const [index, feed] of input.feeds.entries()) {
    on += input.gaps[index] as number
    before = known
    known = mergePeople({ known, feed, asOfOn: day(on), startMeans: input.startMeans }).rows
  }
  return { before, known, feed: input.feeds.at(-1) as Person[], on, later: on + (input.gaps[4] as number) }
}

const byEmployee = (rows: ReadonlyArray<Person>, employee: string) => rows.filter((row) => row.employee === employee)
const stateOn = (rows: ReadonlyArray<Person>, on: LocalDate) =>
  rows.filter((row) => isInForceOn(row, on)).map((row) => `${row.costCentre}`)
const isRenamedOn = (was: ReadonlyArray<Person>, is: ReadonlyArray<Person>, on: LocalDate) => {
  const [before, after] = [was, is].map((rows) => rows.find((row) => isInForceOn(row, on)))
  return before?.costCentre === after?.costCentre && before?.name !== after?.name
}

describe('mergePeople, on any feeds', () => {
  it('finds nothing to change in the same feed, on the same day or later', () => {
    fc.assert(
      fc.property(chain, (input) => {
        const { known, feed, later } = run(input)
        const again = mergePeople({ known, feed, asOfOn: day(later), startMeans: input.startMeans })
        expect(again.changes).toEqual([])
        expect(again.rows).toEqual(known)
      }),
      { numRuns: 3000 },
    )
  })

  it('does not look at the order or the number of equal rows', () => {
    fc.assert(
      fc.property(chain, (input) => {
        const { before, feed, on } = run(input)
        const given = { asOfOn: day(on), startMeans: input.startMeans }
        const other = mergePeople({ ...given, known: [...before].reverse(), feed: [...feed, ...feed].reverse() })
        expect(other).toEqual(mergePeople({ ...given, known: before, feed }))
      }),
      { numRuns: 500 },
    )
  })

  it('never lets stints overlap, and reports a change exactly where a day or a name is another', () => {
    fc.assert(
      fc.property(chain, (input) => {
        const { before, feed, on } = run(input)
        const merged = mergePeople({ known: before, feed, asOfOn: day(on), startMeans: input.startMeans })
        for (const employee of ['E1', 'E2', 'E3']) {
          const [was, is] = [byEmployee(before, employee), byEmployee(merged.rows, employee)]
          expect(firstOverlap(is)).toBeNull()
          const days = Array.from({ length: 40 }, (_, index) => day(index - 10))
          const isOther =
            days.some((each) => stateOn(was, each).join() !== stateOn(is, each).join()) ||
            days.some((each) => isRenamedOn(was, is, each)) ||
            (is.length > 0 && was.length > 0 && was.at(-1)?.name !== is.at(-1)?.name)
          expect(merged.changes.some((change) => change.employee === employee)).toBe(isOther)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('is today what the feed says of today, and keeps the days before', () => {
    fc.assert(
      fc.property(chain, (input) => {
        const { before, feed, on } = run(input)
        const merged = mergePeople({ known: before, feed, asOfOn: day(on), startMeans: input.startMeans })
        for (const employee of ['E1', 'E2', 'E3']) {
          const [was, is] = [byEmployee(before, employee), byEmployee(merged.rows, employee)]
          const given = byEmployee(feed, employee)
          if (firstOverlap(given) && is.length === was.length) continue
          const [row] = given
          if (!row) expect(stateOn(is, day(on))).toEqual([])
          else if (given.length === 1 && isInForceOn(row, day(on)))
            expect(stateOn(is, day(on))).toEqual([row.costCentre])
          if (given.length > 1 || was.length === 0 || (row && row.to !== null)) continue
          const since = row?.from && row.from < day(on) ? row.from : day(on)
          const hasBegun = was.some((each) => each.from === null || each.from <= day(on))
          for (let each = day(-10); hasBegun && each < since; each = addDays(each, 1))
            expect(stateOn(is, each)).toEqual(stateOn(was, each))
        }
      }),
      { numRuns: 2000 },
    )
  })
})
