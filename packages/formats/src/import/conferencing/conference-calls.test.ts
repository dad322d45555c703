import { join } from 'node:path'
import type { ReadContext, ReadRow } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { factsOf, problemsOf } from '../../../test/facts.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { isEntryCodeColumn } from '../entry-code-columns.ts'
import { conferenceCalls } from './conference-calls.ts'

const SAMPLES = join(import.meta.dirname, 'samples')

describeImporter({
  importer: conferenceCalls,
  samples: [
    {
      path: join(SAMPLES, 'client_instant_access.tsv'),
      expectedPath: join(SAMPLES, 'client_instant_access.expected.ndjson'),
    },
  ],
  foreignPaths: [
    join(import.meta.dirname, '../zoom-webex/samples/webex_meeting_usage.csv'),
    join(import.meta.dirname, '../bt/samples/bt-itemised.csv'),
    join(import.meta.dirname, '../canonical/samples/usage.csv'),
  ],
})

const HEADER = [
  'Account Number',
  'Confirmation Number',
  'Bill Code',
  'Chairperson Name',
  'Connect Time',
  'Disconnect Time',
]
const MORE = [
  'Duration',
  'Roundup Duration',
  'User Name',
  'ANI',
  'Call Type',
  'Toll Free',
  'Charge',
  'Currency',
  'Invoice Number',
]
const CODES = ['Chair Conference Entry Code', 'Participant Conference Entry Code']
const COLUMNS = [...HEADER, ...MORE, ...CODES]
const LEG: Record<string, string> = {
  'Account Number': 'R100',
  'Confirmation Number': 'C0001',
  'Bill Code': 'PROJ-7',
  'Chairperson Name': 'Alice',
  'Connect Time': '2026-03-02 09:00:10',
  'Disconnect Time': '2026-03-02 09:46:40',
  Duration: '46.5',
  'Roundup Duration': '47',
  'User Name': 'Bob',
  ANI: '2125550001',
  'Call Type': 'Toll Free',
  'Toll Free': 'Y',
  [CODES[0] as string]: '77712345',
  [CODES[1] as string]: '66698765',
}
const cellsOf = (cells: Record<string, string>, columns = COLUMNS) =>
  columns.map((name) => ({ ...LEG, ...cells })[name] ?? '')
const read = (...rows: Record<string, string>[]) =>
  readAll(
    conferenceCalls,
    tableOf(
      COLUMNS,
      rows.map((cells) => cellsOf(cells)),
    ),
  )

describe('a leg', () => {
  it('is billed minutes of the chair, with the exact ones beside them', async () => {
    const rows = await read({})
    expect(problemsOf(rows)).toEqual([])
    expect(factsOf(rows)).toMatchObject([
      {
        usageType: 'conference',
        quantity: '47',
        quantityBase: 2820n,
        account: 'R100',
        service: 'Alice',
        accountCode: 'PROJ-7',
        peer: '2125550001',
        participants: 1,
        isWallTime: true,
        startedAt: Date.parse('2026-03-02T09:00:10Z') * 1000,
        endedAt: Date.parse('2026-03-02T09:46:40Z') * 1000,
        extra: { Duration: '46.5', 'Confirmation Number': 'C0001' },
      },
    ])
  })

  it.each<[cells: Record<string, string>, expected: object]>([
    [{ 'Call Type': 'Toll Free' }, { zone: '', network: 'off-net' }],
    [
      { 'Call Type': '', 'Toll Free': 'Y' },
      { zone: '', network: 'off-net' },
    ],
    [
      { 'Call Type': '', 'Toll Free': 'N' },
      { zone: '', network: '' },
    ],
    [{ 'Call Type': 'International Toll Free' }, { zone: 'international', network: 'off-net' }],
    [{ 'Call Type': 'Domestic toll' }, { zone: 'domestic', network: 'off-net' }],
    [
      { 'Call Type': 'VoIP', 'Toll Free': 'N' },
      { zone: '', network: 'on-net' },
    ],
    [{ 'Roundup Duration': '' }, { quantity: '46.5', quantityBase: 2790n }],
    [{ 'Connect Time': '2026-03-02T14:00:10Z', 'Disconnect Time': '2026-03-02T14:46:40Z' }, { isWallTime: false }],
  ])('with %j is what its words say', async (cells, expected) => {
    expect(factsOf(await read(cells))).toMatchObject([expected])
  })

  it('that joins again is another leg, and the same leg in a later file is the same one', async () => {
    const again = { 'Connect Time': '2026-03-02 09:47:00', 'Disconnect Time': '2026-03-02 09:48:00', Duration: '1' }
    const idsOf = async (...rows: Record<string, string>[]) =>
      factsOf(await read(...rows)).map((fact) => (fact.fact === 'usage' ? fact.id : ''))
    const [first, second] = await idsOf({}, again)
    expect(first).not.toBe(second)
    expect(await idsOf(again, {})).toEqual([second, first])
    expect(await idsOf({ [CODES[0] as string]: '10203040' })).toEqual([first])
  })

  it('with an invoice and an amount is a charge too; an amount without an invoice is kept with the leg', async () => {
    const [usage, charge] = (await read({ Charge: '$0.94', 'Invoice Number': 'I-1' })).flatMap(({ facts }) => facts)
    expect(usage?.document.part).toBe('itemised-usage')
    expect(charge).toMatchObject({
      document: { part: 'charges', vendor: 'conferencing', account: 'R100', invoice: 'I-1' },
      fact: { category: 'usage', usageType: 'conference', amountMinor: 94n, currency: 'USD', service: 'Alice' },
    })
    const [alone, ...others] = factsOf(await read({ Charge: '0.945' }))
    expect([alone?.extra, others]).toMatchObject([{ Charge: '0.945' }, []])
  })

  it.each<[cells: Record<string, string>, code: string, severity: string, at: string]>([
    [{ Duration: '46.7' }, 'control-mismatch', 'warning', 'Duration'],
    [{ 'Roundup Duration': '40' }, 'control-mismatch', 'warning', 'Roundup Duration'],
    [{ Duration: 'long' }, 'number-unreadable', 'error', 'Duration'],
    [{ 'Confirmation Number': '' }, 'value-missing', 'error', 'Confirmation Number'],
    [{ 'Connect Time': '2026-02-30 09:00' }, 'date-unreadable', 'error', 'Connect Time'],
    [{ 'Connect Time': '03/02/2026 09:00:10' }, 'date-unreadable', 'error', 'Connect Time'],
    [{ 'Disconnect Time': '2026-03-02 08:00:00' }, 'date-order', 'error', 'Disconnect Time'],
    [{ Charge: '0.945', 'Invoice Number': 'I-1' }, 'amount-precision', 'error', 'Charge'],
    [{ Charge: '1', Currency: 'ZZZ', 'Invoice Number': 'I-1' }, 'currency-unknown', 'error', 'Currency'],
  ])('with %j is reported: %s', async (cells, code, severity, at) => {
    expect(problemsOf(await read(cells))).toEqual([{ line: 2, code, severity, at }])
  })
})

const SECRETS = ['77712345', '66698765']

/** Everything that a file becomes, as one text. */
async function everythingOf(text: string): Promise<string> {
  const rows = await withFile('calls.txt', text, (path) => readWith(conferenceCalls, path))
  expect(rows.length).toBeGreaterThan(0)
  return JSON.stringify(rows, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))
}

const textOf = (columns: ReadonlyArray<string>, ...rows: ReadonlyArray<string>[]) =>
  [columns, ...rows].map((cells) => `${cells.join('\t')}\n`).join('')
const without = (name: string) => cellsOf({}).filter((_, index) => COLUMNS[index] !== name)
const renamed = (...names: readonly [string, string]) => [...HEADER, ...MORE, ...names]

describe('entry codes', () => {
  it.each<[what: string, text: string]>([
    ['in a row that is read', textOf(COLUMNS, cellsOf({}))],
    ['in a row that is refused', textOf(COLUMNS, cellsOf({ Duration: 'x' }))],
    ['in a row that lacks a cell before them', textOf(COLUMNS, without('Call Type'))],
    ['in a row that lacks the cell just before them', textOf(COLUMNS, without('Invoice Number'))],
    ['in a row with a cell too many', textOf(COLUMNS, ['R100', ...cellsOf({})])],
    ['in a row whose quotes do not close', textOf(COLUMNS, cellsOf({ 'User Name': '"Bob' }))],
    ['in a row of another delimiter', `${textOf(COLUMNS, cellsOf({}))}${cellsOf({}).join(';')}\n`],
    ['in a name too', textOf(COLUMNS, cellsOf({ 'User Name': 'Bob 77712345', 'Bill Code': '66698765' }))],
    ['in the cell of another code', textOf(COLUMNS, cellsOf({ Duration: '77712345' }))],
    ['under a number', textOf(COLUMNS, cellsOf({ Duration: '66698765,77712345' }))],
    ['in columns called passcode', textOf(renamed('chair_passcode', 'PARTICIPANT PASS CODE'), cellsOf({}))],
    ['in columns called PIN', textOf(renamed('HostPin', 'Guest PIN number'), cellsOf({}))],
    ['in columns called code', textOf(renamed('Moderator code', 'Code'), cellsOf({}))],
    ['in columns that stand twice', textOf(renamed('Passcode', 'Passcode'), cellsOf({}))],
    ['in columns that stand first', textOf([...COLUMNS].reverse(), cellsOf({}).reverse(), without('ANI').reverse())],
  ])('%s are nowhere in what is kept', async (_, text) => {
    for (const code of SECRETS) expect(text).toContain(code)
    const everything = await everythingOf(text)
    for (const code of SECRETS) expect(everything).not.toContain(code)
    expect(everything).toContain('[removed]')
  })

  it('that somebody dialled for a bill code leave the leg without one', async () => {
    const [leg] = factsOf(await read({ 'Bill Code': '77712345' }))
    expect(leg).toMatchObject({ accountCode: '', extra: { 'Bill Code': '[removed]' } })
  })

  it.each(['Bill Code', 'Country code', 'Project Code', 'Account Code', 'Opinion', 'Codec', 'ZIP code'])(
    'are not looked for in the column %s',
    (title) => expect(isEntryCodeColumn(title)).toBe(false),
  )

  it('take nothing else out of a row whose last cells are blank', async () => {
    const text = textOf([...COLUMNS, 'Remark'], [...cellsOf({ 'Invoice Number': 'INV-2026-77' }), ''])
    expect(await everythingOf(text)).toContain('INV-2026-77')
  })
})

describe('an entry code that is a passcode', () => {
  const HOLDERS: Readonly<Record<string, string>> = { '77712345': 'alice', '66698765': 'guests', '55501928': 'other' }
  const context: ReadContext = {
    fileName: 'calls.txt',
    member: '',
    source: '',
    subAccountOf: (account, code) => {
      const userId = HOLDERS[code]
      return userId === undefined || account === 'R999' ? undefined : { account: account || 'R100', userId }
    },
  }
  const readKnown = async (cells: Record<string, string>, columns = COLUMNS) => {
    const rows: ReadRow[] = []
    for await (const batch of conferenceCalls.read(tableOf(columns, [cellsOf(cells, columns)]), context))
      rows.push(...batch)
    return rows
  }
  const [CHAIR, GUEST] = CODES as [string, string]

  it('becomes the user id, in the fact and in the row, and the call is that of the chair', async () => {
    const [row] = await readKnown({})
    expect(row?.facts[0]?.fact).toMatchObject({
      account: 'R100',
      service: 'alice',
      extra: { [CHAIR]: 'alice', [GUEST]: 'guests' },
    })
    expect(row?.raw.split('\t').slice(-2)).toEqual(['alice', 'guests'])
  })

  it.each<[what: string, cells: Record<string, string>, service: string]>([
    ['of the participants alone', { [CHAIR]: '11100222' }, 'guests'],
    ['written with blanks and a hash key', { [CHAIR]: '777 123 45#' }, 'alice'],
    ['of nobody', { [CHAIR]: '11100222', [GUEST]: '' }, 'Alice'],
    ['of another account', { 'Account Number': 'R999' }, 'Alice'],
  ])('%s is looked up as it was dialled', async (_, cells, service) =>
    expect(factsOf(await readKnown(cells))).toMatchObject([{ service }]),
  )

  it('gives its account to a row that names none', async () => {
    const columns = COLUMNS.filter((name) => name !== 'Account Number')
    expect(factsOf(await readKnown({}, columns))).toMatchObject([{ account: 'R100', service: 'alice' }])
  })

  it('of somebody else goes from a name too, and other numbers stay', async () => {
    expect(factsOf(await readKnown({ 'User Name': 'Bob 55501928 x4415 (20261102)' }))).toMatchObject([
      { participant: 'Bob [removed] x4415 (20261102)' },
    ])
  })
})

it('a code that is a word goes from a row that cannot be split, and from one that has lost a cell', async () => {
  const words = { [CODES[0] as string]: 'LOBSTER', [CODES[1] as string]: 'OYSTER' }
  const short = cellsOf(words).filter((_, index) => COLUMNS[index] !== 'Invoice Number')
  const text = textOf(COLUMNS, cellsOf({ ...words, 'User Name': '"Bob' }), [...cellsOf(words), 'x'], short)
  const everything = await everythingOf(text)
  for (const word of Object.values(words)) expect(everything).not.toContain(word)
})
