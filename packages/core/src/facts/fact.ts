// The facts that an import turns rows into (spec, import, "Facts"). Immutable. An empty text means "not given"; a null
// date means "not given" or, for `from` and `to`, without beginning or end. All date ranges are half-open.

import type { UsageType } from '../quantity/unit.ts'
import type { LocalDate } from '../time/local-date.ts'
import type { ChargeCategory, Network, PoolModel, TimeBand, Zone } from './words.ts'

/** Columns of the row that no canonical column took, kept with the row under their own names. */
export type ExtraColumns = Readonly<Record<string, string>>

/** A line of a vendor's bill. `amountMinor` is in the minor unit of `currency`, negative for a credit. */
export type Charge = {
  readonly fact: 'charge'
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly issuedOn: LocalDate | null
  readonly periodStartOn: LocalDate
  readonly periodEndOn: LocalDate
  readonly currency: string
  /** Unique in its invoice. */
  readonly line: string
  readonly service: string
  readonly pool: string
  readonly category: ChargeCategory
  readonly usageType: UsageType | ''
  readonly product: string
  readonly description: string
  readonly amountMinor: bigint
  /** Decimal text as billed, for people to read; no rule computes with it. */
  readonly quantity: string
  readonly unit: string
  /** `issued`: the source says that its bills belong to the month of issue; else to the month with most of their days. */
  readonly periodBy?: 'issued'
  readonly extra: ExtraColumns
}

/** A control total: what the vendor says that an invoice (or, with `service`, one service on it) comes to. */
export type InvoiceTotal = {
  readonly fact: 'invoice'
  readonly vendor: string
  readonly account: string
  readonly invoice: string
  readonly issuedOn: LocalDate | null
  readonly periodStartOn: LocalDate
  readonly periodEndOn: LocalDate
  readonly currency: string
  /** null: the total of the invoice. '': of its account-level lines. Else: of that service. */
  readonly service: string | null
  readonly totalMinor: bigint
  readonly periodBy?: 'issued'
  readonly extra: ExtraColumns
}

/** Which of a vendor's overlapping pictures of the same usage a row belongs to; '' stands alone and always counts. */
export const USAGE_VIEWS = ['', 'class-summary', 'line-summary', 'itemised'] as const
export type UsageView = (typeof USAGE_VIEWS)[number]

/** Usage of one service: one event, or a summary over a span. `quantityBase` is in the base unit of `usageType`. */
export type Usage = {
  readonly fact: 'usage'
  readonly source: string
  /** Unique with `source`. */
  readonly id: string
  readonly account: string
  readonly service: string
  readonly usageType: UsageType
  /** Microseconds since 1970: an instant (UTC), or a wall-clock time in the account's zone where `isWallTime`. */
  readonly startedAt: number
  readonly endedAt: number | null
  readonly isWallTime: boolean
  readonly quantityBase: bigint
  readonly quantity: string
  readonly unit: string
  readonly zone: Zone | ''
  readonly timeBand: TimeBand | ''
  readonly network: Network | ''
  readonly accountCode: string
  readonly peer: string
  readonly app: string
  readonly pool: string
  readonly participants: number | null
  /** Which conference the row is a leg of; legs of one service with the same one are one conference. Not given: on its own. */
  readonly conference?: string
  /** Who was connected, as the source names them. */
  readonly participant?: string
  /**
   * Where a vendor shows the same usage in several views, the rows of the first view in the order of USAGE_VIEWS count
   * for a source, account, service, usage type and `cycleOn`, and the rows of the others are there to look into.
   */
  readonly view: UsageView
  /** The first day of the bill's period, for rows with a view; null for others. */
  readonly cycleOn: LocalDate | null
  readonly extra: ExtraColumns
}

export type Pool = {
  readonly fact: 'pool'
  readonly pool: string
  readonly vendor: string
  readonly account: string
  readonly model: PoolModel
  readonly usageType: UsageType
  /** Base units; null where the allowance is the sum of the members' contributions. */
  readonly allowanceBase: bigint | null
  readonly maxMembers: number | null
  readonly zone: Zone | ''
  readonly timeBand: TimeBand | ''
  readonly network: Network | ''
  readonly extra: ExtraColumns
}

export type PoolMember = {
  readonly fact: 'pool-member'
  readonly pool: string
  readonly service: string
  /** In `unit`; the pool says the usage type, so it becomes base units when both are known. Decimal text, '' for none. */
  readonly contribution: string
  readonly unit: string
  readonly from: LocalDate | null
  readonly to: LocalDate | null
  readonly extra: ExtraColumns
}

/** An assignment of a service to a person, a cost centre or a project, from a day to a day, whole or by a share. */
export type Service = {
  readonly fact: 'service'
  readonly service: string
  readonly vendor: string
  readonly account: string
  readonly product: string
  readonly serviceType: string
  readonly person: string
  readonly costCentre: string
  readonly project: string
  readonly from: LocalDate | null
  readonly to: LocalDate | null
  /** Ten-thousandths of a per cent (1,000,000 is 100 %); null: the whole. */
  readonly sharePpm: number | null
  readonly deviceType: string
  readonly extra: ExtraColumns
}

export type Person = {
  readonly fact: 'person'
  readonly employee: string
  readonly name: string
  readonly email: string
  readonly aliases: ReadonlyArray<string>
  readonly costCentre: string
  readonly manager: string
  readonly from: LocalDate | null
  readonly to: LocalDate | null
  readonly extra: ExtraColumns
}

export type CostCentre = {
  readonly fact: 'cost-centre'
  readonly costCentre: string
  readonly parent: string
  readonly name: string
  readonly glCode: string
  /** Decimal text per period in the reporting currency, '' for none. */
  readonly budget: string
  readonly extra: ExtraColumns
}

export type Project = {
  readonly fact: 'project'
  readonly project: string
  readonly client: string
  readonly name: string
  /** Decimal text per hour, '' for none. */
  readonly rate: string
  readonly incrementMinutes: number | null
  readonly from: LocalDate | null
  readonly to: LocalDate | null
  readonly extra: ExtraColumns
}

export type Account = {
  readonly fact: 'account'
  readonly account: string
  readonly parent: string
  readonly usageInvoicer: string
  readonly name: string
  readonly currency: string
  readonly timeZone: string
  readonly cycleDay: number | null
  readonly extra: ExtraColumns
}

export type DirectoryFact = Person | CostCentre | Project | Service | Account | Pool | PoolMember
export type Fact = Charge | InvoiceTotal | Usage | DirectoryFact
export type FactKind = Fact['fact']
