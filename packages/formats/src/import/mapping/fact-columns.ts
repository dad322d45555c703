// The canonical columns that a mapping may fill, per kind of fact: core's own lists, and what each column holds.
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_REQUIRED,
  type CellOf,
  CHARGE_COLUMNS,
  CHARGE_REQUIRED,
  COST_CENTRE_COLUMNS,
  COST_CENTRE_REQUIRED,
  type Fact,
  type FactKind,
  type FactReading,
  INVOICE_COLUMNS,
  INVOICE_REQUIRED,
  PERSON_COLUMNS,
  PERSON_REQUIRED,
  POOL_COLUMNS,
  POOL_MEMBER_COLUMNS,
  POOL_MEMBER_REQUIRED,
  POOL_REQUIRED,
  PROJECT_COLUMNS,
  PROJECT_REQUIRED,
  type RowContext,
  readAccount,
  readCharge,
  readCostCentre,
  readInvoice,
  readPerson,
  readPool,
  readPoolMember,
  readProject,
  readService,
  readUsage,
  SERVICE_COLUMNS,
  SERVICE_REQUIRED,
  USAGE_COLUMNS,
  USAGE_REQUIRED,
} from '@spillway/core'

/** How a cell becomes canonical text: amounts and numbers as plain decimals, days as ISO dates, instants as ISO times. */
export type ColumnKind = 'text' | 'amount' | 'number' | 'date' | 'instant'

export type FactShape = {
  readonly columns: ReadonlyArray<string>
  /** A mapping that does not fill them is refused. */
  readonly required: ReadonlyArray<string>
  readonly read: (cell: CellOf<string>, context: RowContext<string>) => FactReading<Fact>
  /** The document that its facts belong to; for bills it is completed by vendor, account and invoice. */
  readonly part: string
}

/** Made by the importer where a mapping does not name a column for them. */
const MADE = ['line', 'source', 'id']
const named = (columns: ReadonlyArray<string>) => columns.filter((column) => !MADE.includes(column))

export const FACT_SHAPES: { readonly [K in FactKind]: FactShape } = {
  charge: { columns: CHARGE_COLUMNS, required: named(CHARGE_REQUIRED), read: readCharge, part: 'charges' },
  // With a service, the total is that service's share of the invoice.
  invoice: { columns: [...INVOICE_COLUMNS, 'service'], required: INVOICE_REQUIRED, read: readInvoice, part: 'totals' },
  usage: { columns: USAGE_COLUMNS, required: named(USAGE_REQUIRED), read: readUsage, part: 'usage' },
  pool: { columns: POOL_COLUMNS, required: POOL_REQUIRED, read: readPool, part: 'pools' },
  'pool-member': {
    columns: POOL_MEMBER_COLUMNS,
    required: POOL_MEMBER_REQUIRED,
    read: readPoolMember,
    part: 'pool-members',
  },
  service: { columns: SERVICE_COLUMNS, required: SERVICE_REQUIRED, read: readService, part: 'services' },
  person: { columns: PERSON_COLUMNS, required: PERSON_REQUIRED, read: readPerson, part: 'people' },
  'cost-centre': {
    columns: COST_CENTRE_COLUMNS,
    required: COST_CENTRE_REQUIRED,
    read: readCostCentre,
    part: 'cost-centres',
  },
  project: { columns: PROJECT_COLUMNS, required: PROJECT_REQUIRED, read: readProject, part: 'projects' },
  account: { columns: ACCOUNT_COLUMNS, required: ACCOUNT_REQUIRED, read: readAccount, part: 'accounts' },
}

export const FACT_KINDS = Object.keys(FACT_SHAPES) as ReadonlyArray<FactKind>

const KINDS: Readonly<Record<string, ColumnKind>> = {
  amount: 'amount',
  total: 'amount',
  quantity: 'number',
  allowance: 'number',
  contribution: 'number',
  share: 'number',
  budget: 'number',
  rate: 'number',
  participants: 'number',
  max_members: 'number',
  increment_minutes: 'number',
  cycle_day: 'number',
  issued_on: 'date',
  period_start: 'date',
  period_end: 'date',
  from: 'date',
  to: 'date',
  started_at: 'instant',
  ended_at: 'instant',
}

/** Ends are exclusive: an inclusive date of the file moves by a day. */
const ENDS = ['period_end', 'to', 'ended_at']

export function kindOfColumn(column: string): ColumnKind {
  return KINDS[column] ?? 'text'
}

export function isEndColumn(column: string): boolean {
  return ENDS.includes(column)
}
