// Facts as the cells of their tables, and directory rows back as facts. The one place that knows both spellings; the
// order of the cells is the order of the table's own columns (schema.ts), which a test holds.
import type {
  Account,
  Charge,
  DirectoryFact,
  ExtraColumns,
  Fact,
  FactKind,
  InvoiceTotal,
  LocalDate,
  Person,
  Pool,
  Project,
  Service,
  Usage,
} from '@spillway/core'
import { NO_EXTRA_COLUMNS } from '@spillway/core'
import { columnsOf } from './fact-columns.ts'
import type { FactTable } from './schema.ts'
import type { Cell, Row } from './warehouse.ts'

export const TABLE_OF_FACT: Readonly<Record<FactKind, FactTable>> = {
  charge: 'charge',
  invoice: 'invoice_total',
  usage: 'usage',
  pool: 'pool',
  'pool-member': 'pool_member',
  service: 'service',
  person: 'person',
  'cost-centre': 'cost_centre',
  project: 'project',
  account: 'account',
}

const PLACE_COLUMNS: ReadonlySet<string> = new Set(['tenant', 'doc', 'ordinal', 'line', 'digest'])

/** The columns that say what a fact is: all but its place and its digest. Two facts are the same where these are. */
export function contentColumnsOf(table: FactTable): string[] {
  return columnsOf(table).filter((column) => !PLACE_COLUMNS.has(column))
}

/** The cells of {@link contentColumnsOf}, in that order. */
export function toCells(fact: Fact): Cell[] {
  switch (fact.fact) {
    case 'charge':
      return chargeCells(fact)
    case 'invoice':
      return invoiceCells(fact)
    case 'usage':
      return usageCells(fact)
    default:
      return directoryCells(fact)
  }
}

/** JSON with sorted names, so that equal columns are equal text; '' for none. */
function extraText(extra: ExtraColumns): string {
  if (extra === NO_EXTRA_COLUMNS) return ''
  const names = Object.keys(extra)
  if (names.length === 0) return ''
  return JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, extra[name]])))
}

const chargeCells = (f: Charge): Cell[] => [
  f.vendor,
  f.account,
  f.invoice,
  f.issuedOn,
  f.periodStartOn,
  f.periodEndOn,
  f.currency,
  f.line,
  f.service,
  f.pool,
  f.category,
  f.usageType,
  f.product,
  f.description,
  f.amountMinor,
  f.quantity,
  f.unit,
  f.periodBy ?? '',
  extraText(f.extra),
]

const invoiceCells = (f: InvoiceTotal): Cell[] => [
  f.vendor,
  f.account,
  f.invoice,
  f.issuedOn,
  f.periodStartOn,
  f.periodEndOn,
  f.currency,
  f.service,
  f.totalMinor,
  f.periodBy ?? '',
  extraText(f.extra),
]

const usageCells = (f: Usage): Cell[] => [
  f.source,
  f.id,
  f.account,
  f.service,
  f.usageType,
  f.startedAt,
  f.endedAt,
  f.isWallTime,
  f.quantityBase,
  f.quantity,
  f.unit,
  f.zone,
  f.timeBand,
  f.network,
  f.accountCode,
  f.peer,
  f.app,
  f.pool,
  f.participants,
  f.view,
  f.cycleOn,
  extraText(f.extra),
  f.conference ?? '',
  f.participant ?? '',
]

function directoryCells(fact: DirectoryFact): Cell[] {
  switch (fact.fact) {
    case 'pool':
      return poolCells(fact)
    case 'pool-member':
      return [fact.pool, fact.service, fact.contribution, fact.unit, fact.from, fact.to, extraText(fact.extra)]
    case 'service':
      return serviceCells(fact)
    case 'person':
      return personCells(fact)
    case 'cost-centre':
      return [fact.costCentre, fact.parent, fact.name, fact.glCode, fact.budget, extraText(fact.extra)]
    case 'project':
      return projectCells(fact)
    case 'account':
      return accountCells(fact)
  }
}

const poolCells = (f: Pool): Cell[] => [
  f.pool,
  f.vendor,
  f.account,
  f.model,
  f.usageType,
  f.allowanceBase,
  f.maxMembers,
  f.zone,
  f.timeBand,
  f.network,
  extraText(f.extra),
]

const serviceCells = (f: Service): Cell[] => [
  f.service,
  f.vendor,
  f.account,
  f.product,
  f.serviceType,
  f.person,
  f.costCentre,
  f.project,
  f.from,
  f.to,
  f.sharePpm,
  f.deviceType,
  extraText(f.extra),
]

const personCells = (f: Person): Cell[] => [
  f.employee,
  f.name,
  f.email,
  f.aliases.join(';'),
  f.costCentre,
  f.manager,
  f.from,
  f.to,
  extraText(f.extra),
]

const projectCells = (f: Project): Cell[] => [
  f.project,
  f.client,
  f.name,
  f.rate,
  f.incrementMinutes,
  f.from,
  f.to,
  extraText(f.extra),
]

const accountCells = (f: Account): Cell[] => [
  f.account,
  f.parent,
  f.usageInvoicer,
  f.name,
  f.currency,
  f.timeZone,
  f.cycleDay,
  extraText(f.extra),
]

/** A stored row of a directory table as the fact that it was written from. */
export function fromDirectoryRow(kind: DirectoryFact['fact'], row: Row): DirectoryFact {
  const extra = (row.extra === '' ? {} : JSON.parse(row.extra as string)) as ExtraColumns
  const range = { from: row.from_on as LocalDate | null, to: row.to_on as LocalDate | null }
  switch (kind) {
    case 'pool':
      return { ...poolOf(row), extra }
    case 'pool-member':
      return {
        fact: kind,
        ...texts(row, { pool: 'pool', service: 'service', contribution: 'contribution', unit: 'unit' }),
        ...range,
        extra,
      }
    case 'service':
      return { ...serviceOf(row), ...range, extra }
    case 'person':
      return { ...personOf(row), ...range, extra }
    case 'cost-centre':
      return {
        fact: kind,
        ...texts(row, {
          costCentre: 'cost_centre',
          parent: 'parent',
          name: 'name',
          glCode: 'gl_code',
          budget: 'budget',
        }),
        extra,
      }
    case 'project':
      return {
        fact: kind,
        ...texts(row, { project: 'project', client: 'client', name: 'name', rate: 'rate' }),
        incrementMinutes: row.increment_minutes as number | null,
        ...range,
        extra,
      }
    case 'account':
      return { ...accountOf(row), extra }
  }
}

function texts<K extends string>(row: Row, columnOf: Readonly<Record<K, string>>): Record<K, string> {
  const entries = Object.entries<string>(columnOf)
  return Object.fromEntries(entries.map(([key, column]) => [key, row[column] as string])) as Record<K, string>
}

function poolOf(row: Row): Omit<Pool, 'extra'> {
  return {
    fact: 'pool',
    ...texts(row, { pool: 'pool', vendor: 'vendor', account: 'account' }),
    model: row.model as Pool['model'],
    usageType: row.usage_type as Pool['usageType'],
    allowanceBase: row.allowance_base as bigint | null,
    maxMembers: row.max_members as number | null,
    zone: row.zone as Pool['zone'],
    timeBand: row.time_band as Pool['timeBand'],
    network: row.network as Pool['network'],
  }
}

function serviceOf(row: Row): Omit<Service, 'extra' | 'from' | 'to'> {
  return {
    fact: 'service',
    ...texts(row, {
      service: 'service',
      vendor: 'vendor',
      account: 'account',
      product: 'product',
      serviceType: 'service_type',
      person: 'person',
      costCentre: 'cost_centre',
      project: 'project',
      deviceType: 'device_type',
    }),
    sharePpm: row.share_ppm as number | null,
  }
}

function personOf(row: Row): Omit<Person, 'extra' | 'from' | 'to'> {
  const aliases = row.aliases as string
  return {
    fact: 'person',
    ...texts(row, {
      employee: 'employee',
      name: 'name',
      email: 'email',
      costCentre: 'cost_centre',
      manager: 'manager',
    }),
    aliases: aliases === '' ? [] : aliases.split(';'),
  }
}

function accountOf(row: Row): Omit<Account, 'extra'> {
  return {
    fact: 'account',
    ...texts(row, {
      account: 'account',
      parent: 'parent',
      usageInvoicer: 'usage_invoicer',
      name: 'name',
      currency: 'currency',
      timeZone: 'time_zone',
    }),
    cycleDay: row.cycle_day as number | null,
  }
}
