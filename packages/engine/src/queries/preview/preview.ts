// What a month would have been billed under other documents of the catalogue: accounts, share plans, buckets and services
// that would differ. Amounts are minor units; quantities are base units.
import type { Problem, Report } from '@spillway/core'
import type { DocumentName } from '../../catalog/delete-configuration.ts'

export const PREVIEW_DIMENSIONS = ['account', 'plan', 'bucket', 'service'] as const
export type PreviewDimension = (typeof PREVIEW_DIMENSIONS)[number]

export type PreviewTotal = {
  readonly currency: string
  readonly beforeMinor: bigint
  readonly afterMinor: bigint
  readonly changeMinor: bigint
}

/** Of the keys of a dimension that would differ, all of them, however many rows are shown. */
export type PreviewSum = {
  readonly currency: string
  /** How many would be billed less, and how much less together. */
  readonly gainers: number
  readonly gainedMinor: bigint
  /** How many would be billed more, and how much more together. */
  readonly losers: number
  readonly lostMinor: bigint
}

export type PreviewView = {
  /** How many keys differ. */
  readonly count: number
  /** Per currency; none of buckets, which are no money. */
  readonly sums: ReadonlyArray<PreviewSum>
  /** The greatest change first; at most as many rows as were asked for. */
  readonly report: Report
}

export type Preview = {
  readonly period: string
  /** With which it is compared: the published one, else the newest close. */
  readonly run: string
  readonly documents: ReadonlyArray<DocumentName>
  /** Named by those that were tried, in force now, and unknown to the run: taken as they are now. */
  readonly brought: ReadonlyArray<DocumentName>
  /** Per currency, all bills of the month. */
  readonly totals: ReadonlyArray<PreviewTotal>
  readonly views: Readonly<Record<PreviewDimension, PreviewView>>
  /** What a close under these documents would find, and the run did not. */
  readonly problems: ReadonlyArray<Problem>
}
