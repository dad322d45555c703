// What the demo does with this firm, in order: what it applies, what arrives month by month, and what is worth a look at the
// end. Paths are relative to this folder. Reads nothing.
import { ACCOUNT, LEFT_ON } from './generator/firm-people.ts'
import { LAWSUIT } from './generator/matters.ts'

export type FirmMonth = {
  readonly period: string
  readonly imports: ReadonlyArray<{ readonly file: string; readonly note?: string }>
  /** User ids that let nobody in from the first of the month on. */
  readonly disable?: ReadonlyArray<string>
}

const NOTES: Readonly<Record<string, string>> = {
  '2025-11': 'a conference while clocks went back: two legs whose minutes are not those between their times',
  '2026-02': 'the bridge broke off one leg: it is in quarantine',
  '2026-03': 'a conference while clocks went forward',
}

const PERIODS = [
  '2025-11',
  '2025-12',
  ...Array.from({ length: 10 }, (_, index) => `2026-${String(index + 1).padStart(2, '0')}`),
]

export const FIRM = {
  name: 'Wychbold Tarn LLP',
  account: ACCOUNT,
  /** Documents to apply before anything is imported. */
  documents: ['catalogue/bridge.yaml', 'catalogue/account-codes.yaml', 'catalogue/legal-billing.yaml'],
  directory: ['cost_centres', 'people', 'projects', 'services'].map((name) => `directory/${name}.csv`),
  subAccounts: 'sub-accounts.csv',
  /** Of the example alone: a product's own are made at random and stand in no file. */
  passcodes: 'passcodes.csv',
  months: PERIODS.map((period): FirmMonth => {
    const note = NOTES[period]
    return {
      period,
      imports: [{ file: `calls/calls-${period}.tsv`, ...(note === undefined ? {} : { note }) }],
      ...(LEFT_ON === `${period}-01` ? { disable: ['gstrand'] } : {}),
    }
  }),
  lastPeriod: '2026-10',
  /** The bill and the lawsuit that are worked out in the README. */
  bill: `${ACCOUNT}-2026-10-01`,
  lawsuit: { project: LAWSUIT, client: 'Orrin Marine', invoiceNumber: 'WT-2026-1041' },
} as const satisfies { readonly months: ReadonlyArray<FirmMonth>; readonly [key: string]: unknown }
