// The 260 people: who works where and when. Joiners, leavers, moves in the middle of a month, a rehire, two people of one
// name. What happens after the first HR feed was written is in the second one only.
import { COST_CENTRES } from './cost-centres.ts'
import { at, Random } from './random.ts'

export type Stint = { readonly costCentre: string; readonly from: string; readonly to: string }
export type Person = {
  readonly employee: string
  readonly name: string
  readonly manager: string
  readonly stints: ReadonlyArray<Stint>
}

const FIRST =
  `Ada Bela Carla Dario Edda Farid Greta Hanno Ilse Jonas Kaja Levin Mara Nils Odette Pavel Quinn Rosa Samir Tilda
 Umberto Vera Wanda Xaver Yara Zeno Amara Birk Celia Dunja Emil Fiona Gideon Helga Ivo Juna Kofi Lotte Milo Nadia Orla Piet Runa
 Soren Thea Ulla Viggo Wilma Yusuf Zita Anouk Basil Coralie Dimitri Elin Flavio Gesa Hektor Imke Jarl`.split(/\s+/)
const LAST =
  `Abendroth Bexley Calloway Dunmore Eastlake Farrow Grimsby Hollis Ingram Jessop Kestrel Lindqvist Marchetti Norwood
 Okafor Pendry Quist Rainey Sandoval Thackeray Underhill Vance Wexford Yarrow Zeller Ashby Brandt Castell Drummond Eklund
 Fenwick Garland Hawthorne Isaksen Jardine Kowalski Lockhart Mercer Nakamura Oakes Prescott Reyes Sorrel Tolliver Usher Varga
 Whitlock Yates Zorn Alder Birch Corbin Dahl Ellery Fontaine Gage Hale Ibsen Janssen Kerr`.split(/\s+/)

/** The day from which the second HR feed knows more than the first. */
export const SECOND_FEED_ON = '2026-04-01'

const LEAVES = [
  '2025-11-22',
  '2025-12-31',
  '2026-01-16',
  '2026-02-13',
  '2026-03-20',
  '2026-04-17',
  '2026-05-08',
  '2026-05-29',
  '2026-06-19',
  '2026-07-10',
  '2026-08-14',
  '2026-09-11',
  '2026-09-25',
  '2026-10-16',
]
const JOINS = [
  '2025-10-20',
  '2025-11-03',
  '2025-12-01',
  '2026-01-12',
  '2026-01-19',
  '2026-02-02',
  '2026-02-16',
  '2026-03-09',
  '2026-04-13',
  '2026-04-20',
  '2026-05-04',
  '2026-05-18',
  '2026-06-15',
  '2026-07-06',
  '2026-08-03',
  '2026-08-24',
  '2026-09-14',
  '2026-10-05',
]
const MOVES = [
  '2025-11-17',
  '2025-12-10',
  '2026-01-21',
  '2026-02-18',
  '2026-03-12',
  '2026-04-20',
  '2026-05-14',
  '2026-07-16',
  '2026-08-20',
  '2026-09-17',
  '2026-10-12',
]

/** All people in order of employee number; the first of each cost centre leads it. */
export function buildPeople(): ReadonlyArray<Person> {
  const random = new Random('people')
  const homes = COST_CENTRES.flatMap(({ id, heads }) => Array.from({ length: heads }, () => id))
  const names = buildNames(homes.length)
  const leads = new Map<string, string>()
  for (const [index, home] of homes.entries()) leads.set(home, leads.get(home) ?? employeeAt(index))
  const ordinary = random.shuffled(
    homes.map((_, index) => index).filter((index) => leads.get(at(homes, index)) !== employeeAt(index)),
  )
  const leavers = dated(ordinary.slice(0, LEAVES.length), LEAVES)
  const joiners = dated(ordinary.slice(20, 20 + JOINS.length), JOINS)
  const movers = dated(ordinary.slice(50, 50 + MOVES.length), MOVES)
  const rehired = at(ordinary, 70)
  return homes.map((home, index) => {
    const hired = `20${random.int(12, 24)}-0${random.int(1, 9)}-${random.int(10, 28)}`
    const from = joiners.get(index) ?? hired
    const whole: Stint = { costCentre: home, from, to: leavers.get(index) ?? '' }
    const employee = employeeAt(index)
    const lead = at([...leads.values()], 0)
    const manager = leads.get(home) === employee ? (employee === lead ? '' : lead) : (leads.get(home) ?? '')
    const stints = index === rehired ? rehire(whole) : moved(whole, movers.get(index), random)
    return { employee, name: at(names, index), manager, stints }
  })
}

function employeeAt(index: number): string {
  return `E${1001 + index}`
}

function dated(indexes: ReadonlyArray<number>, dates: ReadonlyArray<string>): Map<number, string> {
  return new Map(indexes.map((index, order) => [index, at(dates, order)]))
}

function rehire(whole: Stint): Stint[] {
  return [
    { ...whole, to: '2025-12-20' },
    { ...whole, from: '2026-03-02' },
  ]
}

function moved(whole: Stint, on: string | undefined, random: Random): Stint[] {
  if (on === undefined) return [whole]
  const others = COST_CENTRES.filter(({ id, heads }) => heads > 0 && id !== whole.costCentre)
  return [
    { ...whole, to: on },
    { ...whole, costCentre: random.pick(others).id, from: on },
  ]
}

/** Distinct but for one pair, who share a name: people are told apart by number. */
function buildNames(count: number): string[] {
  const random = new Random('names')
  const names = new Set(['Mara Lindqvist'])
  while (names.size < count - 1) names.add(`${random.pick(FIRST)} ${random.pick(LAST)}`)
  const list = [...names]
  list.splice(140, 0, 'Mara Lindqvist')
  return list
}

/** `mara.lindqvist@quillhaven.example`; the number tells namesakes apart. */
export function emailOf(person: Person, people: ReadonlyArray<Person>): string {
  const local = person.name.toLowerCase().replace(' ', '.')
  const isNamesake = people.some((other) => other.name === person.name && other.employee < person.employee)
  return `${local}${isNamesake ? '2' : ''}@quillhaven.example`
}

/** A move that HR learnt of three weeks late: the first feed does not have it, the second one tells it afterwards. */
const TOLD_LATE_ON = '2026-03-12'

/** The stints as HR knew them in the first feed: what begins or ends after it is not there yet. */
export function firstStints(person: Person): ReadonlyArray<Stint> {
  const isKnown = (date: string) => date < SECOND_FEED_ON && date !== TOLD_LATE_ON
  return person.stints
    .filter((stint) => isKnown(stint.from))
    .map((stint) => ({ ...stint, to: isKnown(stint.to) ? stint.to : '' }))
}
