// Which GL codes and which legal entity a charge of the journal goes to. Gives every charge one of each: what has no code
// goes to suspense, what is below no entity's cost centre to the document's own entity.
import { ancestorsOf, type CostCentreTree } from '../directory/cost-centre-tree.ts'

/** What a debit line can be about, beside its entity, currency and GL code. */
export const DEBIT_DIMENSIONS = ['cost-centre', 'project', 'vendor', 'invoice', 'category'] as const
export type DebitDimension = (typeof DEBIT_DIMENSIONS)[number]
/** What a credit line can be about. An invoice is known by vendor, account and number. */
export const CREDIT_DIMENSIONS = ['vendor', 'invoice'] as const
export type CreditDimension = (typeof CREDIT_DIMENSIONS)[number]

/** A legal entity: the cost centres named and all below them, less what another entity names. null: as in the document. */
export type JournalEntity = {
  readonly entity: string
  readonly costCentres: ReadonlyArray<string>
  readonly payable: string | null
  readonly suspense: string | null
  readonly tax: string | null
  readonly receivable: string | null
  readonly revenue: string | null
}

export type JournalRules = {
  /** The entity of cost centres below no other entity's, and of what nobody owns. */
  readonly entity: string
  /** GL code of the clearing account that the vendors' bills are booked against. */
  readonly payable: string
  /** GL code of charges whose cost centre has none. */
  readonly suspense: string
  /** GL code of charges of category tax; null where they go with the cost centre's own code. */
  readonly tax: string | null
  /** GL code of what customers owe us by our own bills. */
  readonly receivable: string
  /** GL code of what our own bills earn. */
  readonly revenue: string
  readonly entities: ReadonlyArray<JournalEntity>
  /** A vendor's own clearing account, before that of the entity. */
  readonly payableOfVendor: ReadonlyMap<string, string>
  readonly debitBy: ReadonlyArray<DebitDimension>
  readonly creditBy: ReadonlyArray<CreditDimension>
}

/**
 * What holds where no document of kind Journal was applied. The codes are words and not numbers: no ledger has them, so
 * that a journal by default rules is refused when it is loaded, and never booked to somebody's real account 2100.
 */
export const DEFAULT_JOURNAL_RULES: JournalRules = {
  entity: 'COMPANY',
  payable: 'PAYABLE',
  suspense: 'SUSPENSE',
  tax: null,
  receivable: 'RECEIVABLE',
  revenue: 'REVENUE',
  entities: [],
  payableOfVendor: new Map(),
  debitBy: ['cost-centre', 'project'],
  creditBy: ['vendor'],
}

/** `glCode` is null where the cost centre and all above it have none. */
export type CostCentreCoding = { readonly entity: string; readonly glCode: string | null }

/** Entity and GL code of a cost centre: the nearest, from itself to the root; '' is what nobody owns. */
export function codeCostCentres({
  tree,
  rules,
}: {
  readonly tree: CostCentreTree
  readonly rules: JournalRules
}): (costCentre: string) => CostCentreCoding {
  const entityOf = new Map(rules.entities.flatMap((entity) => entity.costCentres.map((id) => [id, entity.entity])))
  const known = new Map<string, CostCentreCoding>()
  return (costCentre) => {
    const earlier = known.get(costCentre)
    if (earlier) return earlier
    const upwards = [costCentre, ...ancestorsOf(tree, costCentre)]
    const glCode = upwards.map((id) => tree.nodes.get(id)?.row?.glCode ?? '').find((code) => code !== '')
    const entity = upwards.map((id) => entityOf.get(id)).find((name) => name !== undefined)
    const coding = { entity: entity ?? rules.entity, glCode: glCode ?? null }
    known.set(costCentre, coding)
    return coding
  }
}

type EntityCodes = Pick<JournalRules, 'payable' | 'suspense' | 'tax' | 'receivable' | 'revenue'>

/** The codes of an entity: its own where it has one, else the document's. */
export function codesOfEntity(rules: JournalRules, entity: string): EntityCodes {
  const own = rules.entities.find((candidate) => candidate.entity === entity)
  return {
    payable: own?.payable ?? rules.payable,
    suspense: own?.suspense ?? rules.suspense,
    tax: own?.tax ?? rules.tax,
    receivable: own?.receivable ?? rules.receivable,
    revenue: own?.revenue ?? rules.revenue,
  }
}
