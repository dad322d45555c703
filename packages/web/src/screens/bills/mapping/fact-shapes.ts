// What a row of a file may be, and the columns that each kind of fact has: core's own lists, in words for a person.
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_REQUIRED,
  CHARGE_CATEGORIES,
  CHARGE_COLUMNS,
  CHARGE_REQUIRED,
  COST_CENTRE_COLUMNS,
  COST_CENTRE_REQUIRED,
  INVOICE_COLUMNS,
  INVOICE_REQUIRED,
  PERSON_COLUMNS,
  PERSON_REQUIRED,
  PROJECT_COLUMNS,
  PROJECT_REQUIRED,
  SERVICE_COLUMNS,
  SERVICE_REQUIRED,
  UNIT_NAMES,
  USAGE_COLUMNS,
  USAGE_REQUIRED,
  USAGE_TYPES,
} from '@spillway/core'

export type FactShape = {
  readonly label: string
  readonly columns: ReadonlyArray<string>
  /** A mapping that does not fill them is refused. */
  readonly required: ReadonlyArray<string>
}

/** Made by the import where a mapping names no column for them. */
const MADE = ['line', 'source', 'id']
const named = (columns: ReadonlyArray<string>) => columns.filter((column) => !MADE.includes(column))

export const FACT_SHAPES: Readonly<Record<string, FactShape>> = {
  charge: { label: 'a charge of a bill', columns: CHARGE_COLUMNS, required: named(CHARGE_REQUIRED) },
  invoice: {
    label: 'the total of an invoice',
    columns: [...INVOICE_COLUMNS, 'service'],
    required: INVOICE_REQUIRED,
  },
  usage: { label: 'usage', columns: USAGE_COLUMNS, required: named(USAGE_REQUIRED) },
  service: { label: 'a service', columns: SERVICE_COLUMNS, required: SERVICE_REQUIRED },
  person: { label: 'a person', columns: PERSON_COLUMNS, required: PERSON_REQUIRED },
  'cost-centre': { label: 'a cost centre', columns: COST_CENTRE_COLUMNS, required: COST_CENTRE_REQUIRED },
  project: { label: 'a project', columns: PROJECT_COLUMNS, required: PROJECT_REQUIRED },
  account: { label: 'an account', columns: ACCOUNT_COLUMNS, required: ACCOUNT_REQUIRED },
}

const NO_SHAPE: FactShape = { label: '', columns: [], required: [] }
export const shapeOf = (fact: string): FactShape => FACT_SHAPES[fact] ?? { ...NO_SHAPE, label: fact }

/** Of a bill: every line of it says the same. */
export const SHARED: ReadonlyArray<string> = [
  ...['vendor', 'account', 'invoice', 'issued_on', 'period_start', 'period_end', 'currency'],
]

/** Columns that hold one of these words and nothing else. */
export const WORDS: Readonly<Record<string, ReadonlyArray<string>>> = {
  category: CHARGE_CATEGORIES,
  usage_type: USAGE_TYPES,
  unit: UNIT_NAMES,
  zone: ['domestic', 'roaming', 'international', 'long-distance'],
  time_band: ['peak', 'off-peak', 'weekend'],
  network: ['on-net', 'off-net'],
}

export const AMOUNTS: ReadonlySet<string> = new Set(['amount', 'total', 'quantity', 'budget', 'rate'])
export const NUMBERS_OF_PHONES: ReadonlySet<string> = new Set(['service', 'peer'])

const LABELS: Readonly<Record<string, string>> = {
  ...{ issued_on: 'Issued on', period_start: 'Period from', period_end: 'Period until', started_at: 'Started' },
  ...{ ended_at: 'Ended', usage_type: 'Usage type', service: 'Service or number', gl_code: 'GL code' },
}

export function labelOfField(name: string): string {
  const words = name.replaceAll('_', ' ')
  return LABELS[name] ?? words.charAt(0).toUpperCase() + words.slice(1)
}
