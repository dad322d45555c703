// One bill as a document (spec, accounts, "One bill"): a heading, its sections in order, and the calls of each. Its parts come
// as a stream, because a bill can have millions of calls. Holds figures alone: nothing here is formatted, cut or rounded.
import type { BillLineKind } from '../billing/bill-line.ts'
import type { UsageType } from '../quantity/unit.ts'
import type { LocalDate } from '../time/local-date.ts'

export const BILL_SECTIONS = ['user-id', 'service', 'cost-centre', 'project'] as const
/** What a bill is broken down by. */
export type BillSections = (typeof BILL_SECTIONS)[number]

/** Usage that is listed call by call. */
export const BILLED_CALL_TYPES: ReadonlyArray<string> = ['conference', 'voice']

/** `void` is a bill that was taken back; it stays readable, and counts in no total. */
export type BillState = 'draft' | 'issued' | 'void'

export type BillHeading = {
  readonly number: string
  readonly state: BillState
  /** The void bill that this one replaces; '' for none. */
  readonly replaces: string
  /** The bill that replaces this one; '' for none. */
  readonly replacedBy: string
  /** Why it is void; '' otherwise. */
  readonly voidReason: string
  /** ISO instant of the publication or reissue; '' for a draft. */
  readonly issuedAt: string
  /** Who bills; '' where no document of kind Provider says it. */
  readonly provider: string
  readonly account: string
  /** As the customer wants to be named on the bill; '' where nobody gave a name. */
  readonly name: string
  readonly address: ReadonlyArray<string>
  /** Path of a picture below the workspace's folder; '' for none. */
  readonly logo: string
  readonly from: LocalDate
  /** The day after the last. */
  readonly until: LocalDate
  readonly timeZone: string
  readonly currency: string
  readonly totalMinor: bigint
  readonly sections: BillSections
  readonly hasCalls: boolean
  readonly run: string
  /** ISO instant of the close, which is when the figures were made. */
  readonly closedAt: string
}

/** Minor units of one section, or of the whole bill, by kind of charge. */
export type BillAmounts = Readonly<Record<BillLineKind, bigint>>

/** `key` '' is `unassigned`, which is first; the others follow by the bytes of their keys. */
export type BillSectionTotal = {
  readonly key: string
  /** '' where nobody gave one. */
  readonly name: string
  readonly amounts: BillAmounts
  readonly subtotalMinor: bigint
}

/** What one class of usage comes to in a section. */
export type BillUsage = {
  readonly usageClass: string
  readonly usageType: UsageType
  /** null in bills of runs that kept no quantities. */
  readonly quantityBase: bigint | null
  readonly amountMinor: bigint
}

/** A charge beside usage. `about`: the product, or the first day of the period that an adjustment corrects. */
export type BillOtherLine = {
  readonly kind: Exclude<BillLineKind, 'usage'>
  readonly about: string
  readonly account: string
  /** '' where the line is of no service. */
  readonly service: string
  readonly amountMinor: bigint
}

export type BillSection = BillSectionTotal & {
  readonly usage: ReadonlyArray<BillUsage>
  readonly lines: ReadonlyArray<BillOtherLine>
  /**
   * Parts of calls whose service is divided, and that are listed in the section with their largest part. What the listed
   * calls have here and these parts come to what the section has of usage in calls.
   */
  readonly partsOfCalls: { readonly calls: number; readonly amountMinor: bigint }
}

/** A conference with its legs, or a leg that is none's. It is listed in one section, and nowhere else. */
export type BillCall = {
  readonly account: string
  readonly service: string
  /** In the time zone of the account, with its offset. */
  readonly start: string
  readonly seconds: number
  readonly participants: number
  /** As dialled; '' for none. */
  readonly accountCode: string
  /** What its legs were rated as, in order, with `; ` between. */
  readonly usageClass: string
  /** Its number at the bridge, or the id of the one leg. */
  readonly call: string
  readonly quantityBase: bigint
  /** What the section has of it: all, but where its service is divided. */
  readonly amountMinor: bigint
}

/** A section, then its calls in order of time, then the next section. */
export type BillPiece =
  | { readonly kind: 'section'; readonly section: BillSection }
  | { readonly kind: 'calls'; readonly calls: ReadonlyArray<BillCall> }

export type Bill = {
  readonly heading: BillHeading
  readonly amounts: BillAmounts
  /** One small row a section, in their order. */
  readonly sections: ReadonlyArray<BillSectionTotal>
  /** Can be read once. */
  readonly pieces: AsyncIterable<BillPiece>
}
