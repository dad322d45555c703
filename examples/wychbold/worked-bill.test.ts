// Works the sections of one bill, the billable time of one lawsuit and its invoice out from the files alone, leg by leg, with
// integers and nothing of the product; the golden files have what the product made of them.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readLedes } from '../../packages/formats/test/ledes-reader.ts'

type Row = Readonly<Record<string, string>>

const text = (path: string) => readFile(join(import.meta.dirname, path), 'utf8')

async function rowsOf(path: string): Promise<Row[]> {
  const split = path.endsWith('.tsv') ? (line: string) => line.split('\t') : cellsOf
  const [header = [], ...rows] = (await text(path)).trim().split('\n').map(split)
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ''])))
}

function cellsOf(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"([^"]*)"|([^,]*))/g)].map((match) => match[1] ?? match[2] ?? '')
}

const cents = (decimal: string | undefined) => BigInt((decimal ?? '').replace('.', ''))
const sum = (amounts: Iterable<bigint>) => [...amounts].reduce((total, amount) => total + amount, 0n)
/** Half away from zero; nothing here is negative. */
const rounded = (numerator: bigint, denominator: bigint) => (numerator * 2n + denominator) / (denominator * 2n)

/** Tenths of a cent a minute. */
const PRICES: Readonly<Record<string, bigint>> = {
  VoIP: 12n,
  'Toll Free': 35n,
  'International Toll Free': 180n,
}
const OCTOBER = 'calls/calls-2026-10.tsv'
/** A user id costs 4.50 a month. */
const MONTHLY = 450n

let legs: Row[]
let userIds: ReadonlyMap<string, string>
const userIdOf = (leg: Row) => userIds.get(leg['Chair Conference Entry Code'] ?? '') ?? ''
const grouped = <T>(items: ReadonlyArray<T>, keyOf: (item: T) => string) => {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(keyOf(item), [...(groups.get(keyOf(item)) ?? []), item])
  return groups
}

beforeAll(async () => {
  legs = await rowsOf(OCTOBER)
  userIds = new Map((await rowsOf('passcodes.csv')).map(({ passcode = '', user_id = '' }) => [passcode, user_id]))
})

/** Cents: minutes of one kind of call, all at one price, and rounded once. */
function usageOf(ofUser: ReadonlyArray<Row>): bigint {
  const kinds = [...grouped(ofUser, (leg) => leg['Call Type'] ?? '')]
  const priced = kinds.map(([kind, rows]) => {
    const minutes = sum(rows.map((leg) => BigInt(leg['Roundup Duration'] ?? '')))
    return rounded(minutes * (PRICES[kind] as bigint), 10n)
  })
  return sum(priced)
}

describe('the bill of October, worked out from the call records alone', () => {
  it('has a section for each user id, with its month and its minutes, and sums to the bill', async () => {
    const byUser = grouped(legs, userIdOf)
    const services = await rowsOf('directory/services.csv')
    const held = services.filter(
      ({ product, to = '' }) => product === 'bridge-user' && (to === '' || to > '2026-10-01'),
    )
    const worked = new Map(
      held.map(({ service = '' }) => [service, MONTHLY + usageOf(byUser.get(service) ?? [])] as const),
    )
    expect(held).toHaveLength(39)
    expect([...byUser.keys()].filter((userId) => !worked.has(userId))).toEqual([])

    const lines = (await rowsOf('expected/bill.csv')).filter(({ charge }) => charge !== 'call')
    const billed = [...grouped(lines, ({ section = '' }) => section)].map(
      ([section, rows]) => [section, sum(rows.map(({ amount }) => cents(amount)))] as const,
    )
    expect(new Map(billed)).toEqual(worked)
    const [bill] = await rowsOf('expected/bills.csv')
    expect(cents(bill?.total)).toBe(sum(worked.values()))
    const json = JSON.parse(await text('expected/bill.json'))
    expect(cents(json.total)).toBe(sum(worked.values()))
    expect(json.by_section.map((one: Row) => [one.section, cents(one.subtotal)])).toEqual(billed)
  })

  it('lists every conference once, and what a section has for calls is the sum of its calls', async () => {
    const rows = await rowsOf('expected/bill.csv')
    const conferences = grouped(legs, (leg) => `${userIdOf(leg)} ${leg['Confirmation Number']}`)
    const calls = rows.filter(({ charge }) => charge === 'call')
    expect(calls.map(({ section, call }) => `${section} ${call}`).sort()).toEqual([...conferences.keys()].sort())
    for (const [section, ofSection] of grouped(rows, (row) => row.section ?? '')) {
      const total = (charge: string, column: string) =>
        sum(ofSection.filter((row) => row.charge === charge).map((row) => cents(row[column])))
      expect([section, total('call', 'call_amount')]).toEqual([section, total('usage', 'amount')])
    }
  })

  it('has the section that the README works by hand', async () => {
    const ofClara = legs.filter((leg) => userIdOf(leg) === 'cfennick')
    const minutes = (kind: string) =>
      sum(ofClara.filter((leg) => leg['Call Type'] === kind).map((leg) => BigInt(leg['Roundup Duration'] ?? '')))
    const [voip, tollFree] = [minutes('VoIP'), minutes('Toll Free')]
    const decimal = (amount: bigint) => `${amount / 100n}.${String(amount % 100n).padStart(2, '0')}`
    const [own, dialled] = [rounded(voip * 12n, 10n), rounded(tollFree * 35n, 10n)]
    expect((await text('README.md')).replace(/\s+/g, ' ')).toContain(
      `${voip} minutes at 0.012 are ${decimal(own)}, ${tollFree} at 0.035 are ${decimal(dialled)}, and with 4.50 a month the section is **${decimal(MONTHLY + own + dialled)}**`,
    )
  })
})

type Call = {
  readonly userId: string
  readonly call: string
  readonly start: string
  readonly code: string
  readonly people: ReadonlySet<string>
  readonly seconds: bigint
  readonly minutes: bigint
}

const micros = (wall: string | undefined) => Date.parse(`${(wall ?? '').replace(' ', 'T')}Z`)

/** From the first connect to the last disconnect: in October no clock was changed. */
function callsOfOctober(): Call[] {
  return [...grouped(legs, (leg) => `${userIdOf(leg)} ${leg['Confirmation Number']}`)].map(([key, ofCall]) => {
    const [userId = '', call = ''] = key.split(' ')
    const inOrder = [...ofCall].sort((a, b) => micros(a['Connect Time']) - micros(b['Connect Time']))
    const end = Math.max(...ofCall.map((leg) => micros(leg['Disconnect Time'])))
    const start = inOrder[0]?.['Connect Time'] ?? ''
    return {
      ...{ userId, call, start },
      code: inOrder.find((leg) => leg['Bill Code'] !== '')?.['Bill Code'] ?? '',
      people: new Set(ofCall.map((leg) => leg['User Name'] ?? '')),
      seconds: BigInt((end - micros(start)) / 1000),
      minutes: sum(ofCall.map((leg) => BigInt(leg['Roundup Duration'] ?? ''))),
    }
  })
}

/** What calls carry of their user id's usage: by minutes, what is left over to the largest remainders, then the earliest. */
function costsOf(calls: ReadonlyArray<Call>): Map<string, bigint> {
  const [first] = calls
  const total = usageOf(legs.filter((leg) => userIdOf(leg) === first?.userId))
  const whole = sum(calls.map(({ minutes }) => minutes))
  const parts = calls.map(({ call, minutes, start }) => ({
    ...{ call, start, rest: (total * minutes) % whole },
    floor: (total * minutes) / whole,
  }))
  let left = total - sum(parts.map(({ floor }) => floor))
  const costs = new Map<string, bigint>()
  for (const { call, floor } of parts.sort((a, b) =>
    a.rest === b.rest ? (a.start < b.start ? -1 : 1) : a.rest > b.rest ? -1 : 1,
  )) {
    costs.set(call, left > 0n ? floor + 1n : floor)
    left -= 1n
  }
  return costs
}

const INCREMENT = 360n
const RATE = 43_750n

describe('the lawsuit M-2041 in October, worked out from the call records alone', () => {
  it('has its calls by code, by owner and by rule, rounded up per call, with their cost', async () => {
    const known = new Set((await text('catalogue/account-codes.yaml')).match(/(?<=code: ")\d+/g))
    const isOurs = ({ code, userId, people }: Call) =>
      known.has(code)
        ? code === '2041'
        : userId === 'm-2041' || (!userId.startsWith('m-') && [...people].some((name) => /Delacroix|Sorrel/.test(name)))
    const calls = callsOfOctober()
    const byUser = grouped(calls, ({ userId }) => userId)
    const worked = calls
      .filter(isOurs)
      .sort((a, b) => (a.start < b.start ? -1 : 1))
      .map(({ userId, call, seconds }) => {
        const billable = ((seconds + INCREMENT - 1n) / INCREMENT) * INCREMENT
        const cost = costsOf(byUser.get(userId) ?? []).get(call)
        return [call, userId, seconds, billable, rounded(billable * RATE, 3600n), cost]
      })
    const reported = (await rowsOf('expected/billable-time.csv'))
      .filter(({ project }) => project === 'M-2041')
      .map((row) => [
        ...[row.call, row.user_id],
        ...[BigInt(row.seconds ?? ''), BigInt(row.billable_seconds ?? '')],
        ...[cents(row.amount), cents(row.cost)],
      ])
    expect(worked).toHaveLength(19)
    expect(worked.map(([call]) => call)).toContain('T2610-0127')
    expect(reported).toEqual(worked)

    const { records, faults } = readLedes(await text('expected/invoice.ledes.txt'))
    expect(faults).toEqual([])
    const linesOf = (type: string) => records.filter((record) => record['EXP/FEE/INV_ADJ_TYPE'] === type)
    expect(linesOf('F').map((line) => cents(line.LINE_ITEM_TOTAL))).toEqual(worked.map(([, , , , amount]) => amount))
    expect(linesOf('E').map((line) => cents(line.LINE_ITEM_TOTAL))).toEqual(worked.map(([, , , , , cost]) => cost))
  })

  it('has the call over midnight and month end that the README works by hand', async () => {
    const [night] = callsOfOctober().filter(({ start }) => start === '2026-10-31 23:20:00')
    expect([night?.userId, night?.seconds]).toEqual(['m-2041', 4440n])
    expect(await text('README.md')).toContain('1.3 × 437.50 = **568.75**')
  })
})
