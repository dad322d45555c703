// Sums of billable time by person, project or month (spec, accounts, "Projects and billable time"), of the calls as they are read:
// none of them is kept for it.
import { compareBytes, type ProjectBook, type ReportRow } from '@spillway/core'
import { LastAsked } from '../../catalog/last-asked.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { moneyCells, moneyOf } from './billable-money.ts'
import {
  type BillableCall,
  type BillableRequest,
  byTime,
  eachBillableCall,
  lacksCurrency,
  refuseWithoutCurrency,
  stateOfBillable,
} from './read-billable-calls.ts'

export const BILLABLE_DIMENSIONS = ['person', 'project', 'month'] as const
export type BillableDimension = (typeof BILLABLE_DIMENSIONS)[number]

export type SumsOfDays = {
  readonly rows: ReadonlyArray<ReportRow>
  readonly openMonths: ReadonlyArray<string>
}

type SumsRequest = Pick<BillableRequest, 'from' | 'until'> & { readonly by: BillableDimension }

/** The months of a year that somebody goes through, and some days more. */
const KEPT_MOST = 16
/** More than these would be much memory for what is soon made of a few calls. */
const KEPT_ROWS_MAX = 20_000

const sumsBy = new WeakMap<object, LastAsked<string, SumsOfDays>>()

/**
 * Of all projects. Those of the days that were asked for last are kept for as long as nothing that they follow from changes.
 *
 * @throws Refusal `bad-configuration` where a rate has no currency, because neither the account nor one above it has one.
 */
export async function sumsOfDays(workspace: Workspace, { by, from, until }: SumsRequest): Promise<SumsOfDays> {
  const { catalog, tenant } = workspace
  const kept = sumsBy.get(catalog) ?? new LastAsked<string, SumsOfDays>(KEPT_MOST)
  sumsBy.set(catalog, kept)
  const key = JSON.stringify([tenant, await stateOfBillable(workspace), by, from, until])
  const known = kept.get(key)
  if (known) return known
  const sums = new BillableSums(by)
  const { owners, openMonths } = await eachBillableCall(workspace, { from, until }, (one) => sums.add(one))
  const made = { rows: sums.rows(owners.projects), openMonths }
  if (made.rows.length <= KEPT_ROWS_MAX) kept.set(key, made)
  return made
}

type Sum = {
  /** Of the call that was added first: which it is makes no difference to what is asked of it. */
  readonly one: BillableCall
  readonly currency: string
  calls: number
  seconds: number
  billableSeconds: number
  costMinor: bigint | null
  amountMinor: bigint | null
}

export class BillableSums {
  readonly #by: BillableDimension
  readonly #sums = new Map<string, Sum>()
  #faulty: BillableCall | undefined

  constructor(by: BillableDimension) {
    this.#by = by
  }

  add(billable: BillableCall): void {
    if (lacksCurrency(billable) && isBefore(billable, this.#faulty)) this.#faulty = billable
    const key = groupOf(billable, this.#by)
    for (const [index, money] of moneyOf(billable).entries()) {
      const sum = this.#sumOf(`${key}\u0000${money.currency}`, { one: billable, currency: money.currency })
      sum.costMinor = plus(sum.costMinor, money.costMinor)
      sum.amountMinor = plus(sum.amountMinor, money.amountMinor)
      // Time is told once, whatever the number of currencies.
      if (index > 0) continue
      sum.calls += 1
      sum.seconds += billable.seconds
      sum.billableSeconds += billable.billableSeconds
    }
  }

  /** In the order of their keys. @throws Refusal `bad-configuration` where a rate has no currency. */
  rows(projects: ProjectBook): ReportRow[] {
    refuseWithoutCurrency(this.#faulty)
    return [...this.#sums.values()]
      .map((sum) => ({ keys: keysOf(sum.one, { by: this.#by, projects }), sum }))
      .map(({ keys, sum }) => ({ keys, sum, order: [...keys, sum.currency].join('\u0000') }))
      .sort((a, b) => compareBytes(a.order, b.order))
      .map(({ keys, sum }) => [
        ...keys,
        String(sum.calls),
        String(sum.seconds),
        String(sum.billableSeconds),
        ...moneyCells(sum),
      ])
  }

  #sumOf(id: string, { one, currency }: Pick<Sum, 'one' | 'currency'>): Sum {
    const known = this.#sums.get(id)
    if (known) return known
    const sum = { one, currency, calls: 0, seconds: 0, billableSeconds: 0, costMinor: null, amountMinor: null }
    this.#sums.set(id, sum)
    return sum
  }
}

const plus = (a: bigint | null, b: bigint | null) => (a === null ? b : b === null ? a : a + b)

function isBefore(one: BillableCall, other: BillableCall | undefined): boolean {
  if (!other) return true
  return (compareBytes(one.part.project, other.part.project) || byTime(one, other)) < 0
}

/** What calls of one sum have in common. */
function groupOf({ part, month, client }: BillableCall, by: BillableDimension): string {
  if (by === 'project') return `${part.project}\u0000${client}`
  return by === 'month' ? `${part.project}\u0000${month}` : `${part.project}\u0000${part.person}\u0000${month}`
}

type Keyed = { readonly by: BillableDimension; readonly projects: ProjectBook }

function keysOf({ part, month, personName, client }: BillableCall, { by, projects }: Keyed): string[] {
  const nobody = part.project === '' ? 'unassigned' : ''
  if (by === 'person') return [part.project, part.person, part.person === '' ? 'unassigned' : personName, month]
  if (by === 'project') return [part.project, projects.newest(part.project)?.name ?? nobody, client]
  return [part.project, month]
}
