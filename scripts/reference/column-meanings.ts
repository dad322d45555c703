// What each column of each canonical file means: the part of docs/reference/canonical-files.md that the code does not say
// itself. Closed lists: a column without its meaning does not compile.
import {
  ACCOUNT_COLUMNS,
  ACCOUNT_REQUIRED,
  type AccountColumn,
  CHARGE_CATEGORIES,
  CHARGE_COLUMNS,
  CHARGE_REQUIRED,
  type ChargeColumn,
  COST_CENTRE_COLUMNS,
  COST_CENTRE_REQUIRED,
  type CostCentreColumn,
  INVOICE_COLUMNS,
  INVOICE_REQUIRED,
  type InvoiceColumn,
  NETWORKS,
  PERSON_COLUMNS,
  PERSON_REQUIRED,
  type PersonColumn,
  POOL_COLUMNS,
  POOL_MEMBER_COLUMNS,
  POOL_MEMBER_REQUIRED,
  POOL_MODELS,
  POOL_REQUIRED,
  type PoolColumn,
  type PoolMemberColumn,
  PROJECT_COLUMNS,
  PROJECT_REQUIRED,
  type ProjectColumn,
  SERVICE_COLUMNS,
  SERVICE_REQUIRED,
  type ServiceColumn,
  TIME_BANDS,
  UNIT_NAMES,
  USAGE_COLUMNS,
  USAGE_REQUIRED,
  USAGE_TYPES,
  type UsageColumn,
  ZONES,
} from '@spillway/core'

export type CanonicalFileText = {
  readonly file: string
  readonly about: string
  readonly columns: ReadonlyArray<string>
  readonly required: ReadonlyArray<string>
  readonly meanings: Readonly<Record<string, string>>
}

const words = (list: ReadonlyArray<string>) => list.map((word) => `\`${word}\``).join(', ')
const FROM = 'First day (YYYY-MM-DD); empty: since ever.'
const TO = 'The day after the last one; empty: no end.'
const PERIOD_START = 'First day of the billing period.'
const PERIOD_END = 'The day after its last one.'
const CURRENCY = 'ISO 4217 code, such as USD.'
const UNIT = `One of ${words(UNIT_NAMES)}; case matters.`

const charge: Readonly<Record<ChargeColumn, string>> = {
  vendor: 'Who sends the bill.',
  account: 'The account that it is for.',
  invoice:
    "The vendor's number of the bill; with vendor and account it names the document that a corrected file supersedes.",
  issued_on: 'Date of issue.',
  period_start: PERIOD_START,
  period_end: PERIOD_END,
  currency: CURRENCY,
  line: 'Makes the row unique in its invoice.',
  service: 'The line, SIM or seat; empty: the charge stands on the account.',
  pool: 'The pool that it belongs to, where the vendor says so; else it is found by the service.',
  category: `What it is for: ${words(CHARGE_CATEGORIES)}. Payments are kept and shown, and are no charges.`,
  usage_type: `${words(USAGE_TYPES)}; a charge without one finds no pool by its service.`,
  product: 'Plan or feature code; a policy can match it.',
  description: 'For people.',
  amount: 'Decimal text with at most the decimals of the currency; negative for a credit.',
  quantity: 'As billed, for people: no rule computes with it.',
  unit: 'As billed.',
}
const invoice: Readonly<Record<InvoiceColumn, string>> = {
  vendor: 'As in charges.csv.',
  account: 'As in charges.csv.',
  invoice: 'As in charges.csv.',
  issued_on: 'Date of issue.',
  period_start: PERIOD_START,
  period_end: PERIOD_END,
  currency: CURRENCY,
  total: 'What the vendor says that the charges of the invoice come to, without balances and payments.',
}
const usage: Readonly<Record<UsageColumn, string>> = {
  source: 'Where the event comes from; unique with `id`.',
  id: 'The same source and id is one event, whatever file it comes in.',
  account: 'Gives wall-clock times their zone.',
  service: 'Who used it.',
  usage_type: `${words(USAGE_TYPES)}.`,
  started_at: 'A date, a time with an offset (an instant), or a time without one (a wall-clock time of the account).',
  ended_at: 'The end, exclusive. A summary of a month has the first day of the next.',
  quantity: 'Plain decimal; negative for a correction.',
  unit: `${UNIT} kB is 1000 and KiB 1024 bytes.`,
  zone: `${words(ZONES)}; empty counts as domestic.`,
  time_band: `${words(TIME_BANDS)}.`,
  network: `${words(NETWORKS)} (on-net is mobile-to-mobile).`,
  account_code: 'Matter, client or project code that was dialled.',
  peer: 'The other end.',
  app: 'The application.',
  pool: 'The pool that it counts in, where the vendor says so.',
  participants: 'Of a conference.',
  conference:
    'Which conference it is a leg of. Rows of one service with the same one are one conference; a row without one is a call of its own.',
  participant: 'Who was connected.',
}
const pool: Readonly<Record<PoolColumn, string>> = {
  pool: 'Its id.',
  vendor: 'Whose it is.',
  account: 'The account whose charges without a service find this pool.',
  model: `${words(POOL_MODELS)}.`,
  usage_type: `${words(USAGE_TYPES)}.`,
  allowance: 'Usage that it covers; empty: the sum of the contributions.',
  unit: UNIT,
  max_members: 'A ceiling that is reported when it is passed.',
  zone: 'Narrows the pool to a zone.',
  time_band: 'Narrows it to a time band.',
  network: 'Narrows it to a network.',
}
const member: Readonly<Record<PoolMemberColumn, string>> = {
  pool: 'The pool.',
  service: 'The member.',
  contribution: "What the member's own plan brings; empty or 0 for an add-on.",
  unit: UNIT,
  from: FROM,
  to: TO,
}
const service: Readonly<Record<ServiceColumn, string>> = {
  service: 'The id as the bills write it.',
  vendor: 'Who bills it.',
  account: 'The account it is on.',
  product: 'Plan; a pool can be made of all services of a product.',
  service_type: 'Your own classes of services; a policy can weigh by them.',
  person: 'Employee number of who has it.',
  cost_centre: "Wins over the person's own; empty: the person's on each day.",
  project: 'The project that it works for.',
  from: 'First day of this assignment; empty: since ever.',
  to: TO,
  share: 'Percentage of a split (60 or 33.3333); rows of the same days sum to 100.',
  device_type: 'For people.',
}
const person: Readonly<Record<PersonColumn, string>> = {
  employee: 'Employee number: what a person is known by.',
  name: 'For people; two may have the same.',
  email: 'For people.',
  aliases: 'User principal names, extensions; separated by `;`.',
  cost_centre: 'Where the person belongs, and so do the services without a cost centre of their own.',
  manager: 'Employee number.',
  from: FROM,
  to: 'The day after the last one at work; empty: no end.',
}
const costCentre: Readonly<Record<CostCentreColumn, string>> = {
  cost_centre: 'Its id.',
  parent: 'The centre above it; empty: the top.',
  name: 'For people.',
  gl_code: 'General ledger code.',
  budget: 'Per month, decimal text.',
}
const project: Readonly<Record<ProjectColumn, string>> = {
  project: 'Its code.',
  client: 'Whom the work is for.',
  name: 'For people.',
  rate: 'Per hour, decimal text.',
  increment_minutes: 'Billing increment.',
  from: FROM,
  to: TO,
}
const account: Readonly<Record<AccountColumn, string>> = {
  account: 'Its number.',
  parent: 'The account above it.',
  usage_invoicer: 'Who invoices its usage.',
  name: 'For people.',
  currency: CURRENCY,
  time_zone: 'IANA name, such as America/New_York: the zone of its wall-clock times. Empty: UTC.',
  cycle_day: 'Day of the month on which its billing period begins.',
}

export const CANONICAL_FILE_TEXTS: ReadonlyArray<CanonicalFileText> = [
  {
    file: 'charges.csv',
    about: 'The lines of bills.',
    columns: CHARGE_COLUMNS,
    required: CHARGE_REQUIRED,
    meanings: charge,
  },
  {
    file: 'invoices.csv',
    about: 'The control totals of bills: what the lines are checked against.',
    columns: INVOICE_COLUMNS,
    required: INVOICE_REQUIRED,
    meanings: invoice,
  },
  {
    file: 'usage.csv',
    about: 'Usage, event by event or as summaries per service and class.',
    columns: USAGE_COLUMNS,
    required: USAGE_REQUIRED,
    meanings: usage,
  },
  { file: 'pools.csv', about: 'Shared allowances.', columns: POOL_COLUMNS, required: POOL_REQUIRED, meanings: pool },
  {
    file: 'pool_members.csv',
    about: 'Who shares a pool, and when.',
    columns: POOL_MEMBER_COLUMNS,
    required: POOL_MEMBER_REQUIRED,
    meanings: member,
  },
  {
    file: 'services.csv',
    about: 'The inventory, and whose each service is.',
    columns: SERVICE_COLUMNS,
    required: SERVICE_REQUIRED,
    meanings: service,
  },
  {
    file: 'people.csv',
    about: 'Employees, as HR sends them.',
    columns: PERSON_COLUMNS,
    required: PERSON_REQUIRED,
    meanings: person,
  },
  {
    file: 'cost_centres.csv',
    about: 'The tree of those who pay.',
    columns: COST_CENTRE_COLUMNS,
    required: COST_CENTRE_REQUIRED,
    meanings: costCentre,
  },
  { file: 'projects.csv', about: 'Projects.', columns: PROJECT_COLUMNS, required: PROJECT_REQUIRED, meanings: project },
  {
    file: 'accounts.csv',
    about: 'The tree of accounts.',
    columns: ACCOUNT_COLUMNS,
    required: ACCOUNT_REQUIRED,
    meanings: account,
  },
]
