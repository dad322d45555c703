// An AT&T Premier report as the vendor could send it: numbers, groups and account rows of several accounts that foot, in
// varied columns and writings; or with one difference or some unreadable rows planted, of which it says what and where.

import { Random } from './random.ts'
import type { Cells } from './verizon-file.ts'
import { dollars } from './written-amount.ts'

export type PremierReport = {
  readonly header: ReadonlyArray<string>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  /** Minor units by invoice, as the rows' totals say. */
  readonly totals: ReadonlyMap<string, number>
  readonly dataKilobytes: number
  readonly planted: { readonly invoice: string; readonly service: string; readonly differenceMinor: number } | null
  /** `invoice` is '' where the row no longer says which; `isTotalKnown` where its own total can still be read. */
  readonly unreadable: ReadonlyArray<{ line: number; minor: number; invoice: string; isTotalKnown: boolean }>
}

const MONEY = [
  'Total monthly charges',
  'Total activity since last bill',
  'Total taxes',
  'Total company fees and surcharges',
  'Total FAN level charges',
  'Total adjustments',
] as const
const ALWAYS = ['Account number', 'Wireless number', 'Market cycle end date', 'Invoice date', 'Total current charges']
const OPTIONAL = [
  'Foundation account',
  'Foundation account name',
  'Account and descriptions',
  'DEPARTMENT NAME',
  'User name',
  'VIS CODE',
  'ASSET TAG',
]
const OWN = ['Rate code', 'Rate plan name', 'Group ID', 'Total minutes usage', 'Total messages']
const PLANS = [
  ['BUP10', 'Business Pooled 10GB'],
  ['UNLP', 'Unlimited Talk & Text'],
  ['', 'NO CURRENT RATE PLAN'],
  ['TAB5', '5GB Tablet'],
] as const
const CYCLES = [
  ['01/15/2026', '01/18/2026'],
  ['1/31/2026', '2/3/2026'],
  ['02/28/2026', '03/02/2026'],
] as const

type Row = {
  readonly cells: Cells
  readonly amounts: number[]
  readonly invoice: string
  readonly service: string
  totalMinor: number
}
type Bill = { readonly account: string; readonly invoice: string; readonly cells: Cells }

export function generatePremierReport({
  seed,
  plantDifference = false,
  unreadableRows = 0,
}: {
  readonly seed: number
  readonly plantDifference?: boolean
  readonly unreadableRows?: number
}): PremierReport {
  const random = new Random(seed)
  const cycle = random.pick(CYCLES)
  const unit = random.pick([
    { column: 'Total KB usage', kilobytes: 1 },
    { column: 'Total GB usage', kilobytes: 1_048_576 },
  ])
  const rows: Row[] = []
  let dataKilobytes = 0
  for (let at = 0; at < random.integer(1, 3); at += 1) {
    const bill = billOf(random, { at, cycle })
    for (let count = random.integer(1, 5); count > 0; count -= 1) {
      const used = random.integer(0, 3_000_000)
      dataKilobytes += used * unit.kilobytes
      rows.push(numberRow(random, { bill, number: `555123${at}${String(100 + count)}`, unit: unit.column, used }))
    }
    if (random.chance(0.6)) rows.push(groupRow(random, { bill, unit: unit.column }))
    if (random.chance(0.6)) rows.push(accountRow(random, bill))
    if (random.chance(0.3)) rows.push(accountRow(random, bill))
  }
  const shuffled = random.shuffled(rows)
  for (const row of shuffled) row.totalMinor = row.amounts.reduce((sum, minor) => sum + minor, 0)
  const planted = plantDifference ? plant(random, shuffled) : null
  const totals = new Map<string, number>()
  for (const { invoice, totalMinor } of shuffled) totals.set(invoice, (totals.get(invoice) ?? 0) + totalMinor)
  for (const row of shuffled) writeMoney(random, row)
  const chosen = random.shuffled(shuffled.map((_, index) => index)).slice(0, unreadableRows)
  const unreadable = chosen.map((index) => spoil(random, shuffled[index] as Row, index + 2))
  const header = headerOf(random, unit.column)
  return {
    header,
    rows: shuffled.map(({ cells }) => header.map((column) => cells[column] ?? '')),
    totals,
    dataKilobytes,
    planted,
    unreadable: unreadable.sort((a, b) => a.line - b.line),
  }
}

function headerOf(random: Random, unit: string): ReadonlyArray<string> {
  const kept = OPTIONAL.filter(() => random.chance(0.7))
  const header = [...ALWAYS, ...MONEY, ...OWN, unit, ...kept]
  return random.chance(0.5) ? random.shuffled(header) : header
}

function billOf(random: Random, { at, cycle }: { at: number; cycle: readonly [string, string] }): Bill {
  const account = `28700000000${at}`
  const [month, day, year] = cycle[1].split('/') as [string, string, string]
  return {
    account,
    invoice: `${account}X${month.padStart(2, '0')}${day.padStart(2, '0')}${year}`,
    cells: {
      'Account number': account,
      'Market cycle end date': cycle[0],
      'Invoice date': cycle[1],
      'Foundation account': '12345678',
      'Foundation account name': 'ACME, "Inc."',
      'Account and descriptions': random.pick(['ACME MAIN', 'Zoë & Söhne']),
    },
  }
}

type NumberRow = { readonly bill: Bill; readonly number: string; readonly unit: string; readonly used: number }

function numberRow(random: Random, { bill, number, unit, used }: NumberRow): Row {
  const [code, plan] = random.pick(PLANS)
  const written = random.pick([number, `${number.slice(0, 3)}-${number.slice(3, 6)}-${number.slice(6)}`])
  return {
    cells: {
      ...bill.cells,
      'Wireless number': written,
      'DEPARTMENT NAME': random.pick(['SALES', 'IT', '']),
      'User name': random.pick(['ALICE SMITH', 'Zoë "Z" Müller']),
      'Rate code': code,
      'Rate plan name': plan,
      'Group ID': random.pick(['', 'G000777', 'G000778']),
      [unit]: random.chance(0.5) ? used.toLocaleString('en-US') : String(used),
      'Total minutes usage': String(random.integer(0, 4000)),
      'Total messages': random.pick(['0', '41', '1,204']),
    },
    amounts: MONEY.map((column) => amountOf(random, column)),
    invoice: bill.invoice,
    service: number,
    totalMinor: 0,
  }
}

function amountOf(random: Random, column: (typeof MONEY)[number]): number {
  if (random.chance(0.3)) return 0
  if (column === 'Total adjustments') return -random.integer(1, 3000)
  if (column === 'Total FAN level charges') return random.integer(-500, 500)
  return random.integer(1, 300_000)
}

function groupRow(random: Random, { bill, unit }: { bill: Bill; unit: string }): Row {
  const overage = random.integer(1, 500_000)
  const cells = {
    ...bill.cells,
    'Wireless number': 'G000777',
    'Rate plan name': 'Business Pooled Overage',
    'Group ID': random.pick(['G000777', '']),
    // A group's use is the sum of its numbers' and must not count again.
    [unit]: '9,999,999',
  }
  const amounts = [0, overage, 0, 0, 0, random.chance(0.5) ? -random.integer(1, overage) : 0]
  return { cells, amounts, invoice: bill.invoice, service: '', totalMinor: 0 }
}

function accountRow(random: Random, bill: Bill): Row {
  const cells = {
    ...bill.cells,
    'Wireless number': random.pick(['0', '', '0000000000', 'N/A']),
    'Rate plan name': 'NO CURRENT RATE PLAN',
  }
  const amounts = [0, 0, 0, 0, random.integer(0, 900), -random.integer(1, 2000)]
  return { cells, amounts, invoice: bill.invoice, service: '', totalMinor: 0 }
}

/** Written once all amounts are known; a zero may be a blank cell. */
function writeMoney(random: Random, { cells, amounts, totalMinor }: Row): void {
  MONEY.forEach((column, index) => {
    const minor = amounts[index] as number
    cells[column] = minor === 0 && random.chance(0.3) ? '' : dollars(minor, random)
  })
  cells['Total current charges'] = dollars(totalMinor, random)
}

/** One row's total says more or less than its columns. */
function plant(random: Random, rows: ReadonlyArray<Row>): PremierReport['planted'] {
  const row = random.pick(rows)
  const differenceMinor = random.pick([-1, 1]) * random.integer(1, 100_000)
  row.totalMinor -= differenceMinor
  return { invoice: row.invoice, service: row.service, differenceMinor }
}

function spoil(random: Random, row: Row, line: number): PremierReport['unreadable'][number] {
  const [column, value] = random.pick([
    ['Total current charges', 'see page 7'],
    ['Total current charges', ''],
    ['Total taxes', '$1.2345'],
    ['Total taxes', '1,23'],
    ['Market cycle end date', 'January'],
    ['Account number', ''],
    ['Total messages', 'many'],
  ] as const)
  row.cells[column] = value
  return {
    line,
    minor: row.totalMinor,
    invoice: column === 'Account number' || column === 'Market cycle end date' ? '' : row.invoice,
    isTotalKnown: column !== 'Total current charges',
  }
}
