// What every bill writer hands back: the files of a month, and what it knows it billed, for expected/.

export type BilledInvoice = {
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  /** The month that the bill belongs to. */
  readonly period: string
  readonly issuedOn: string
  readonly periodStartOn: string
  readonly periodEndOn: string
  readonly currency: string
  /** Sum of the lines, as the generator wrote them. */
  readonly linesCents: bigint
  /** What the vendor says they sum to; differs in the month of the bill that does not foot. */
  readonly controlCents: bigint
}

export type WrittenFile = { readonly path: string; readonly content: string | Buffer }

export type MonthOfBills = {
  readonly files: ReadonlyArray<WrittenFile>
  readonly invoices: ReadonlyArray<BilledInvoice>
}
