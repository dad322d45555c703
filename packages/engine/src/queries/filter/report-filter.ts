// `where` of reports: which rows a report is about. Values of one dimension are alternatives, dimensions hold together. Decides
// nothing about who may see what: that is the scope's.
import { compareBytes, Refusal } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { costCentresOfRun } from '../run-cost-centres.ts'
import type { RowFilter } from './row-filter.ts'

/** The column behind each dimension that money can be filtered by. */
export const CHARGE_FILTERS = {
  service: 'service',
  person: 'person',
  'cost-centre': 'cost_centre',
  'cost-centre-below': 'cost_centre',
  project: 'project',
  vendor: 'vendor',
  account: 'account',
  pool: 'pool',
  category: 'category',
  'usage-type': 'usage_type',
  invoice: 'invoice',
  component: 'component',
  currency: 'currency',
} as const

export const USAGE_FILTERS = {
  service: 'service',
  person: 'person',
  'cost-centre': 'cost_centre',
  'cost-centre-below': 'cost_centre',
  project: 'project',
  vendor: 'vendor',
  account: 'account',
  pool: 'pool',
  'usage-type': 'usage_type',
} as const

/** Of services that we sell: who has them is not rated. */
export const SOLD_USAGE_FILTERS = { service: 'service', account: 'account', 'usage-type': 'usage_type' } as const

export const ALLOCATION_FILTERS = {
  pool: 'pool',
  policy: 'policy',
  component: 'component',
  service: 'service',
  currency: 'currency',
} as const

export const UNUSED_FILTERS = {
  service: 'service',
  vendor: 'vendor',
  account: 'account',
  'service-type': 'service_type',
  person: 'person',
  'cost-centre': 'cost_centre',
  'cost-centre-below': 'cost_centre',
} as const

const SUBTREE = 'cost-centre-below'

export type FilterRequest = {
  /** As they were typed: `cost-centre=CC-100`; a value may hold anything, `=` too. */
  readonly where: ReadonlyArray<string> | undefined
  readonly columns: Readonly<Record<string, string>>
  /** Whose directory says what is below a cost centre. */
  readonly run: Pick<RunTable, 'inputs'>
}

/** @throws Refusal `bad-command` for what is no term, or of no dimension of the report. */
export async function readFilter(
  workspace: ScopedWorkspace,
  { where = [], columns, run }: FilterRequest,
): Promise<RowFilter> {
  const filter = new Map<string, ReadonlyArray<string>>()
  for (const [dimension, values] of termsOf(where, columns)) {
    const column = columns[dimension] as string
    const wanted = dimension === SUBTREE ? await centresBelow(workspace, run, values) : values
    const known = filter.get(column)
    // `cost-centre` and `cost-centre-below` hold together, as any two dimensions do.
    filter.set(column, known === undefined ? wanted : known.filter((value) => wanted.includes(value)))
  }
  return filter
}

/** Where: ` of cost-centre CC-100 or CC-200, vendor acme`; '' without any. */
export function whereText(where: ReadonlyArray<string> = []): string {
  const terms = new Map<string, string[]>()
  for (const term of where) {
    const { dimension, value } = termOf(term)
    terms.set(dimension, [...(terms.get(dimension) ?? []), value === '' ? 'none' : value])
  }
  if (terms.size === 0) return ''
  const said = [...terms].map(([dimension, values]) => `${wordsOf(dimension)} ${values.join(' or ')}`)
  return `, of ${said.join(', ')}`
}

/** A condition on rows that have the columns under their own names. */
export function conditionOf(filter: RowFilter, alias = ''): string {
  const at = alias === '' ? '' : `${alias}.`
  const conditions = [...filter].map(([column, values]) => `${at}${column} ${amongSql(values)}`)
  return conditions.length === 0 ? 'true' : conditions.join(' AND ')
}

export function amongSql(values: ReadonlyArray<string>): string {
  return values.length === 0 ? 'IN (NULL)' : `IN (${values.map(literal).join(', ')})`
}

const wordsOf = (dimension: string) =>
  dimension === SUBTREE ? 'cost centre and below' : dimension.replaceAll('-', ' ')

function termsOf(
  where: ReadonlyArray<string>,
  columns: Readonly<Record<string, string>>,
): ReadonlyMap<string, ReadonlyArray<string>> {
  const terms = new Map<string, string[]>()
  for (const term of where) {
    const { dimension, value } = termOf(term)
    if (!Object.hasOwn(columns, dimension))
      throw new Refusal('bad-command', `This report has no --where ${dimension}=…`, {
        hint: `One of ${Object.keys(columns).join(', ')}.`,
      })
    terms.set(dimension, [...(terms.get(dimension) ?? []), value])
  }
  return terms
}

function termOf(term: string): { readonly dimension: string; readonly value: string } {
  const at = term.indexOf('=')
  if (at > 0) return { dimension: term.slice(0, at), value: term.slice(at + 1) }
  throw new Refusal('bad-command', `"${term}" is no condition.`, {
    hint: 'Write it as DIMENSION=VALUE, such as cost-centre=CC-100.',
  })
}

/** The roots themselves among them, also those that the directory has not. */
async function centresBelow(
  workspace: ScopedWorkspace,
  run: Pick<RunTable, 'inputs'>,
  roots: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> {
  const children = new Map<string, string[]>()
  for (const { costCentre, parent } of await costCentresOfRun(workspace, run))
    if (parent !== '') children.set(parent, [...(children.get(parent) ?? []), costCentre])
  // A set, so that a circle of parents ends.
  const found = new Set(roots)
  for (const centre of found) for (const child of children.get(centre) ?? []) found.add(child)
  return [...found].sort(compareBytes)
}
