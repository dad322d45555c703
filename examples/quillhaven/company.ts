// What the demo does with this company, in order: what it applies and imports once, what arrives month by month, which
// difference somebody accepts, and what is worth a look at the end. Paths are relative to this folder. Reads nothing.

export type CompanyImport = {
  readonly file: string
  /** What is not as usual about this file, and what the import is expected to say of it. */
  readonly note?: string
}

export type CompanyMonth = {
  readonly period: string
  readonly imports: ReadonlyArray<CompanyImport>
  /** Differences that somebody looked into; without them the month cannot be published. */
  readonly accepts: ReadonlyArray<{ readonly invoice: string; readonly difference: string; readonly reason: string }>
}

const PERIODS = [
  '2025-10',
  '2025-11',
  '2025-12',
  '2026-01',
  '2026-02',
  '2026-03',
  '2026-04',
  '2026-05',
  '2026-06',
  '2026-07',
  '2026-08',
  '2026-09',
  '2026-10',
] as const

/** Months in which Verizon's four files lie loose instead of in a zip. */
const LOOSE: ReadonlyArray<string> = ['2025-10', '2026-10']
const LOOSE_NAMES = [
  'AccountSummary',
  'Account & Wireless Summary',
  'Acct & Wireless Charges Detail Summary Usage',
  'Wireless Usage Detail',
]

/** What arrives in a month besides, or before, the usual files. */
const BEFORE: Readonly<Record<string, ReadonlyArray<CompanyImport>>> = {
  '2026-04': [
    {
      file: 'directory/people-2026-04.csv',
      note: 'the second HR feed: joiners, leavers, moves, one told three weeks late',
    },
    { file: 'directory/services-2026-04.csv', note: 'the inventory with the lines ordered since' },
  ],
}
const AFTER: Readonly<Record<string, ReadonlyArray<CompanyImport>>> = {
  '2025-12': [
    {
      file: 'bills/2025-12/tessaline/charges-corrected.csv',
      note: 'supersedes the bill with 220.00 for a 22.00 router',
    },
    { file: 'bills/2025-12/tessaline/invoices-corrected.csv', note: 'supersedes its control total' },
  ],
  '2026-01': [{ file: 'bills/2026-01/tessaline/invoices (1).csv', note: 'the same file again: nothing changes' }],
}
const NOTES: Readonly<Record<string, string>> = {
  'bills/2025-11/tessaline/invoices.csv': 'the total is 12.34 more than the lines',
  'bills/2026-03/tessaline/usage.csv': 'one row has the unit Gb and goes to quarantine',
}

function importsOf(period: string): CompanyImport[] {
  const compact = period.replace('-', '')
  const folder = `bills/${period}`
  const verizon = LOOSE.includes(period)
    ? LOOSE_NAMES.map((name) => `${name}_${compact}.txt`)
    : [`RawData_${compact}.zip`]
  const bill = `Rechnung_${compact}.${period === '2026-03' ? 'xlsx' : 'csv'}`
  const usual = [
    ...verizon.map((name) => `${folder}/verizon/${name}`),
    ...['charges.csv', 'invoices.csv', 'usage.csv'].map((name) => `${folder}/tessaline/${name}`),
    ...[bill, `Verbindungen_${compact}.csv`].map((name) => `${folder}/rheinklang/${name}`),
  ]
  const noted = usual.map((file): CompanyImport => {
    const note = NOTES[file]
    return note === undefined ? { file } : { file, note }
  })
  return [...(BEFORE[period] ?? []), ...noted, ...(AFTER[period] ?? [])]
}

const ACCEPTED = {
  '2025-11': [
    {
      invoice: 'TSL-202511',
      difference: '-12.34',
      reason: 'Tessaline confirmed 12.34 of number-porting fees that its lines do not show (case TSL-C-20871)',
    },
  ],
} as const satisfies Readonly<Record<string, CompanyMonth['accepts']>>

export const COMPANY = {
  name: 'Quillhaven Freight',
  /** Documents to apply before anything is imported. */
  documents: ['policies.yaml', 'sources.yaml'],
  /** Imported once, in this order. */
  directory: [
    'directory/accounts.csv',
    'directory/cost_centres.csv',
    'directory/projects.csv',
    'directory/people.csv',
    'directory/services.csv',
    'directory/pools.csv',
    'directory/pool_members.csv',
  ],
  months: PERIODS.map(
    (period): CompanyMonth => ({
      period,
      imports: importsOf(period),
      accepts: period === '2025-11' ? ACCEPTED[period] : [],
    }),
  ),
  lastPeriod: '2026-10',
  /** The card that used 200 GB of a 2 GB plan, and the phone with everybody's lump. */
  explain: [
    { service: 'SIM-30007', period: '2026-10' },
    { service: '5557400112', period: '2026-10' },
  ],
  simulate: [
    { file: 'simulate/field-data-by-use.yaml', period: '2026-10' },
    { file: 'simulate/field-data-even.yaml', period: '2026-10' },
  ],
  /** Control totals that the generator computed by itself: one row per invoice. */
  expectedInvoices: 'expected/invoices.csv',
} as const
