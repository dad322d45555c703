// A month of the raw data download as a vendor could send it: accounts, numbers, charges and use that foot, in the quirks
// of real files; or with one difference or some unreadable rows planted, of which it says what and where.
import { Random } from './random.ts'
import {
  ACCOUNT_COLUMNS,
  type Cells,
  DETAIL_COLUMNS,
  USAGE_COLUMNS,
  type VendorFile,
  WIRELESS_COLUMNS,
  writeVendorFile,
} from './verizon-file.ts'
import { dollars } from './written-amount.ts'

type PlantedRow = { readonly file: string; readonly line: number; readonly costMinor: number }
export type VerizonMonth = {
  readonly files: ReadonlyArray<VendorFile>
  /** What the summaries say, by invoice, and by invoice and service. */
  readonly totals: ReadonlyMap<string, number>
  readonly voiceMinutes: number
  readonly dataKilobytes: number
  readonly periodStartOn: string
  /** The detail's sum of this invoice differs from its total by so much; null: it foots. */
  readonly planted: { readonly invoice: string; readonly service: string; readonly differenceMinor: number } | null
  readonly unreadable: ReadonlyArray<PlantedRow>
}
type MonthOptions = {
  readonly seed: number
  readonly plantDifference?: boolean
  readonly unreadableRows?: number
}

/** `costMinor` is null where the row bills nothing. */
type DetailRow = { readonly cells: Cells; costMinor: number | null }
type Line = { readonly service: string; readonly rows: DetailRow[]; minutes: number; kilobytes: number; calls: Cells[] }
type Account = { readonly account: string; readonly invoice: string; readonly lines: Line[] }

const PERIODS = [
  { written: 'Jan 1 - Jan 31, 2026', cycle: 'Jan 31, 2026', startOn: '2026-01-01', date: 'Jan 5, 2026' },
  { written: 'Dec 15 - Jan 14, 2026', cycle: 'Jan 14, 2026', startOn: '2025-12-15', date: 'Dec 20' },
  { written: 'Dec 15, 2025 - Jan 14, 2026', cycle: 'Jan 14, 2026', startOn: '2025-12-15', date: 'Jan 3, 2026' },
  { written: 'Feb 1 - Feb 28, 2026', cycle: 'Feb 28, 2026', startOn: '2026-02-01', date: '02/11/2026' },
] as const
type Period = (typeof PERIODS)[number]

const PLANS = [
  'BUSINESS UNL PLUS 5G SHARE',
  '5GB TABLET',
  'NATIONWIDE BUS TALK & TEXT',
  'MY BIZ PLAN SMARTPHONE',
  'VISUAL VOICE MAIL',
]
const SURCHARGES = ['REGULATORY CHARGE', 'FED UNIVERSAL SERVICE CHARGE', 'ADMINISTRATIVE CHARGE']
export function generateVerizonMonth({
  seed,
  plantDifference = false,
  unreadableRows = 0,
}: MonthOptions): VerizonMonth {
  const random = new Random(seed)
  const period = random.pick(PERIODS)
  const accounts = Array.from({ length: random.integer(1, 3) }, (_, index) => makeAccount(random, { period, index }))
  const totals = totalsOf(accounts)
  const planted = plantDifference ? plant(random, accounts) : null
  const lines = accounts.flatMap((account) => account.lines)
  const detail = accounts.flatMap((account) => account.lines.flatMap((line) => line.rows))
  const chosen = new Set(random.shuffled(detail.map((_, index) => index)).slice(0, unreadableRows))
  const unreadable = [...chosen].map((index) => spoil(random, detail[index] as DetailRow, index + 2))
  return {
    files: filesOf(random, { accounts, period, totals }),
    totals,
    voiceMinutes: lines.reduce((sum, line) => sum + line.minutes, 0),
    dataKilobytes: lines.reduce((sum, line) => sum + line.kilobytes, 0),
    periodStartOn: period.startOn,
    planted,
    unreadable,
  }
}

type Month = {
  readonly accounts: ReadonlyArray<Account>
  readonly period: Period
  readonly totals: ReadonlyMap<string, number>
}

function filesOf(random: Random, { accounts, period, totals }: Month): ReadonlyArray<VendorFile> {
  const totalOf = (key: string) => totals.get(key) as number
  const lines = accounts.flatMap((account) => account.lines.map((line) => ({ ...line, account })))
  const billOf = (account: Account) => billCells(account, period)
  const detail = lines.flatMap(({ rows }) => rows.map(({ cells }) => cells))
  const wireless = lines.map((line) => {
    const totalMinor = totalOf(`${line.account.invoice}/${line.service}`)
    return summaryCells(random, { bill: billOf(line.account), line, totalMinor })
  })
  const totalRows = accounts.map((account) =>
    accountCells(random, { bill: billOf(account), totalMinor: totalOf(account.invoice) }),
  )
  return random
    .shuffled([
      { name: 'Acct & Wireless Charges Detail Summary Usage', columns: DETAIL_COLUMNS, rows: detail },
      { name: 'Account & Wireless Summary', columns: WIRELESS_COLUMNS, rows: wireless },
      { name: 'AccountSummary', columns: ACCOUNT_COLUMNS, rows: totalRows },
      { name: 'Wireless Usage Detail', columns: USAGE_COLUMNS, rows: lines.flatMap(({ calls }) => calls) },
    ])
    .map((contents) => writeVendorFile(random, contents))
}

function billCells({ account, invoice }: { account: string; invoice: string }, period: Period): Cells {
  return {
    'Account Number': account,
    'Invoice Number': invoice,
    'Bill Cycle Date': period.cycle,
    'Bill Period': period.written,
  }
}

function makeAccount(random: Random, { period, index }: { period: Period; index: number }): Account {
  const account = `642350544-${String(index + 1).padStart(5, '0')}`
  const invoice = String(9_900_000 + index)
  const bill = billCells({ account, invoice }, period)
  const count = random.integer(1, 5)
  const lines = Array.from({ length: count }, (_, at) =>
    makeLine(random, { bill, period, number: 1000 + index * 100 + at }),
  )
  if (random.chance(0.6)) lines.push(makeAccountLine(random, bill))
  return { account, invoice, lines }
}

function makeAccountLine(random: Random, bill: Cells): Line {
  const cells = {
    ...bill,
    'Wireless Number': random.pick(['N/A', '', 'NA']),
    'Item Category': 'Additional Services',
    'Item Description': 'ACCOUNT LEVEL PROMO CREDIT',
    Used: 'NA',
  }
  return {
    service: '',
    rows: [{ cells, costMinor: -random.integer(1, 200_000) }].map((row) => priced(random, row)),
    minutes: 0,
    kilobytes: 0,
    calls: [],
  }
}

function priced(random: Random, row: DetailRow): DetailRow {
  if (row.costMinor !== null) row.cells.Cost = dollars(row.costMinor, random)
  return row
}

function makeLine(random: Random, { bill, period, number }: { bill: Cells; period: Period; number: number }): Line {
  const service = `555123${number}`
  const written = random.pick([`555-123-${number}`, service, `(555) 123-${number}`])
  const user = {
    ...bill,
    'Wireless Number': written,
    'User Name': random.pick(['ALICE SMITH', 'Zoë "Z" Müller', 'CAMERA DO NOT CANCEL']),
    'Cost Center': 'CC100',
    'ECPD Profile ID': '123',
  }
  const charge = (category: string, description: string, costMinor: number | null, more: Cells = {}): DetailRow =>
    priced(random, {
      cells: { ...user, 'Item Category': category, 'Item Description': description, ...more },
      costMinor,
    })
  const share = random.chance(0.5)
    ? { 'Share Description': random.pick(['GROUP 7', 'Group  7', 'GROUP 8']), 'Share Data': 'Y' }
    : {}
  const plan = () =>
    charge('Monthly Charges', random.pick(PLANS), random.integer(0, 250_000), {
      ...share,
      Used: random.pick(['', 'NA']),
    })
  const rows = [
    plan(),
    charge('VZW Surcharges', random.pick(SURCHARGES), random.integer(1, 999)),
    charge('Taxes, Governmental Surcharges and Fees', 'STATE TAX', random.integer(1, 999)),
  ]
  if (random.chance(0.3)) rows.push(charge('Monthly Charges', '22% ACCESS DISCOUNT', -random.integer(1, 2000)))
  if (random.chance(0.4))
    rows.push(
      charge('Equipment Charges', 'Device payment agreement 1234567 - Payment 12 of 36', random.integer(500, 4000)),
    )
  if (random.chance(0.3)) {
    const twice = random.integer(1, 5000)
    rows.push(
      charge('Additional Services', 'RINGTONE DOWNLOAD', twice),
      charge('Additional Services', 'RINGTONE DOWNLOAD', twice),
    )
  }
  const line: Line = { service, rows, minutes: 0, kilobytes: 0, calls: [] }
  addUse(random, { line, user, period, share })
  return line
}

type Use = { readonly line: Line; readonly user: Cells; readonly period: Period; readonly share: Cells }

function addUse(random: Random, { line, user, period, share }: Use): void {
  const classes = [
    { item: 'PEAK MINUTES', words: 'PlanAllow' },
    { item: 'MOBILE TO MOBILE', words: 'M2MAllow' },
    { item: 'NIGHT/WEEKEND', words: 'N&W' },
  ]
  for (const { item, words } of classes.filter(() => random.chance(0.6))) {
    const minutes = random.integer(0, 5000)
    const used = random.chance(0.3) ? minutes.toLocaleString('en-US') : String(minutes)
    const cells = { ...user, 'Item Category': 'Voice', 'Item Description': item, Allowance: 'unlimited', Used: used }
    line.rows.push(priced(random, { cells, costMinor: random.chance(0.7) ? 0 : null }))
    line.minutes += minutes
    line.calls.push({
      ...user,
      Date: period.date,
      Time: random.pick(['10:26 PM', '09:05', '12:00A']),
      Number: '555-987-0001',
      'Usage Category': words,
      Origination: 'Austin TX',
      'Min.': used,
    })
  }
  if (!random.chance(0.7)) return
  const unit = random.pick([
    { item: 'KILOBYTE USAGE', size: 1 },
    { item: 'MEGABYTE USAGE', size: 1024 },
    { item: 'GIGABYTE USAGE', size: 1_048_576 },
  ])
  const used = random.integer(0, 40)
  const cells = {
    ...user,
    ...share,
    'Item Category': 'Data',
    'Item Description': unit.item,
    Allowance: '2',
    Used: random.chance(0.5) ? String(used) : `${used}.000`,
    Billable: '0',
  }
  line.rows.push(priced(random, { cells, costMinor: random.pick([0, 1500, null]) }))
  line.kilobytes += used * unit.size
}

function totalsOf(accounts: ReadonlyArray<Account>): Map<string, number> {
  const totals = new Map<string, number>()
  const add = (key: string, minor: number) => totals.set(key, (totals.get(key) ?? 0) + minor)
  for (const { invoice, lines } of accounts) {
    for (const { service, rows } of lines) {
      for (const { costMinor } of rows) {
        add(invoice, costMinor ?? 0)
        add(`${invoice}/${service}`, costMinor ?? 0)
      }
    }
  }
  return totals
}

/** One charge of the detail says more or less than the summaries know of. */
function plant(random: Random, accounts: ReadonlyArray<Account>): VerizonMonth['planted'] {
  const account = random.pick(accounts)
  const line = random.pick(account.lines)
  const row = random.pick(line.rows.filter(({ costMinor }) => costMinor !== null))
  const differenceMinor = random.pick([-1, 1, 1]) * random.integer(1, 100_000)
  row.costMinor = (row.costMinor ?? 0) + differenceMinor
  priced(random, row)
  return { invoice: account.invoice, service: line.service, differenceMinor }
}

function spoil(random: Random, row: DetailRow, line: number): PlantedRow {
  const [column, value] = random.pick([
    ['Cost', 'see page 7'],
    ['Cost', '$1.2345'],
    ['Cost', '1,23'],
    ['Bill Period', 'January'],
    ['Invoice Number', ''],
    ['Item Description', ''],
  ] as const)
  row.cells[column] = value
  return { file: 'Acct & Wireless Charges Detail Summary Usage', line, costMinor: row.costMinor ?? 0 }
}

function summaryCells(
  random: Random,
  { bill, line, totalMinor }: { bill: Cells; line: Line; totalMinor: number },
): Cells {
  const wireless = line.service === '' ? 'N/A' : line.service
  const cells: Cells = { ...bill, 'Wireless Number': wireless, 'Total Charges': dollars(totalMinor, random) }
  if (line.service === '') return cells
  return { ...cells, 'Voice Plan Usage': String(line.minutes), 'Data Usage (KB)': String(line.kilobytes) }
}

function accountCells(random: Random, { bill, totalMinor }: { bill: Cells; totalMinor: number }): Cells {
  const balance = random.integer(0, 100_000)
  const [previous, payments] = [dollars(balance, random), dollars(-balance, random)]
  const total = dollars(totalMinor, random)
  return {
    ...bill,
    'Bill Name': 'ACME, "Inc."',
    'Previous Balance': previous,
    Payments: payments,
    'Balance Forward': '0.00',
    'Total Current Charges': total,
    'Total Amount Due': total,
  }
}
