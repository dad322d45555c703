// What a statement says: the month of one cost centre or one person, ready to be written on paper. Amounts are minor units of
// the section's currency. It holds figures alone: nothing here is formatted, cut or rounded.
import type { ActualAndAdjusted } from '../directory/cost-centre-tree.ts'
import type { UsageType } from '../quantity/unit.ts'
import type { Period } from '../time/period.ts'
import type { Mover } from '../trend/rank-movers.ts'

export const STATEMENT_KINDS = ['cost-centre', 'person'] as const
/** Whom a statement is for. */
export type StatementKind = (typeof STATEMENT_KINDS)[number]

/** A key with its name; '' where the directory has none. */
export type NamedKey = { readonly key: string; readonly name: string }

export type StatementOwner = NamedKey & {
  readonly kind: StatementKind
  /**
   * Of a cost centre the centres above it, the root first; of a person the cost centres that the person's charges and usage
   * of the month fell on, in order of key.
   */
  readonly costCentres: ReadonlyArray<NamedKey>
  /** '' where it is not known, and for a person. */
  readonly glCode: string
}

export type StatementHeading = {
  /** Whose statements these are; '' where nobody said. */
  readonly company: string
  readonly period: Period
  readonly run: string
  /** Anything that is not published may change: the paper says draft. */
  readonly isPublished: boolean
  /** ISO instant of the close, which is when the figures were made. */
  readonly closedAt: string
}

/** One kind of charge of one service. */
export type StatementLine = ActualAndAdjusted & {
  readonly vendor: string
  readonly category: string
  readonly usageType: string
  /** `unallocated`, `unused` or ''. */
  readonly flag: string
}

/** `service` '' is what stands on no service: charges of an account, what is unallocated or unused. */
export type StatementService = ActualAndAdjusted & {
  readonly service: string
  /** Who uses it, or what it is; '' where nothing is known. */
  readonly name: string
  readonly lines: ReadonlyArray<StatementLine>
}

/** A month of the chart; `amounts` null where the month has not been closed, which is not the same as nothing. */
export type StatementMonth = { readonly period: string; readonly amounts: ActualAndAdjusted | null }

/** What happened in one currency. Currencies are never added to each other. */
export type StatementSection = ActualAndAdjusted & {
  readonly currency: string
  /** Thirteen, the statement's own month last. */
  readonly months: ReadonlyArray<StatementMonth>
  /** The largest changes of adjusted since the month before, at most ten; null where that month has not been closed. */
  readonly movers: ReadonlyArray<Mover & { readonly name: string }> | null
  /** In order of service. */
  readonly services: ReadonlyArray<StatementService>
}

export type StatementUsage = {
  /** The words of the class, such as `voice/domestic/peak`. */
  readonly usageClass: string
  readonly usageType: UsageType
  readonly quantityBase: bigint
  /** How many services used it. */
  readonly services: number
}

export type Statement = {
  readonly heading: StatementHeading
  readonly owner: StatementOwner
  /** One per currency of the month, in order of its code; none where there is usage alone. */
  readonly sections: ReadonlyArray<StatementSection>
  readonly usage: ReadonlyArray<StatementUsage>
}
