// What an explanation is: everything behind what one service carries in a period, as plain values that a terminal, a
// file or a screen can show. Amounts are minor units of the `currency` beside or above them, usage is in base units.
import type { AllocationFlag, AllocationMethod, LocalDate, UsageType } from '@spillway/core'

/** Where a source row stands. */
export type Citation = {
  /** As printed: `bills.zip!detail.txt:12`; `bill U-2026-10-01` of a line of our own bills, which is in no file. */
  readonly place: string
  readonly file: string
  /** Where the file stood when it was imported. */
  readonly filePath: string
  readonly member: string
  readonly sheet: string
  readonly line: number
}

export type ChargeLine = {
  readonly at: Citation
  /** '' for the account. */
  readonly service: string
  readonly isOwn: boolean
  readonly invoice: string
  readonly category: string
  readonly usageType: string
  readonly product: string
  readonly description: string
  /** What the line says. */
  readonly billedMinor: bigint
  /** What of it counts here: less than billed only where the pool's policy changes within the bill's days. */
  readonly countedMinor: bigint
}

/** `count` and the amounts are over all lines, `lines` are the first of them, the service's own before others. */
export type CitedCharges = {
  readonly count: number
  readonly amountMinor: bigint
  readonly ownCount: number
  readonly ownMinor: bigint
  readonly lines: ReadonlyArray<ChargeLine>
}

export type UsageLine = {
  readonly at: Citation
  /** ISO text without a zone, as the row says it. */
  readonly startedAt: string
  /** As the row says it, in `unit`. */
  readonly quantity: string
  readonly unit: string
  readonly quantityBase: bigint
  readonly zone: string
  readonly timeBand: string
  readonly network: string
}

/** The service's usage in the basis, row by row, and how much all participants used. */
export type CitedUsage = {
  readonly count: number
  readonly quantityBase: bigint
  readonly lines: ReadonlyArray<UsageLine>
  readonly poolCount: number
  readonly poolQuantityBase: bigint
}

/** One reason why the service is a member: a row of pool_members.csv, or a Pool document and the inventory row it found. */
export type MembershipLine = {
  /** null where the Pool document itself lists the service. */
  readonly at: Citation | null
  /** `Pool/P-100 v3`; '' where a file lists the service. */
  readonly configuration: string
  readonly contribution: string
  readonly unit: string
  readonly from: LocalDate | null
  readonly to: LocalDate | null
}

export type ComponentExplanation = {
  readonly pool: string
  readonly usageType: UsageType
  readonly component: string
  readonly currency: string
  /** `version` is null for a default policy, which nobody saved. */
  readonly policy: { readonly name: string; readonly version: number | null }
  /** The days of the pool's window that this is about; `isPart` where the policy changed inside the window. */
  readonly window: { readonly startOn: LocalDate; readonly endOn: LocalDate; readonly isPart: boolean }
  readonly sentence: string
  /** Evaluates to `adjustedMinor`. */
  readonly formula: string
  readonly method: AllocationMethod | 'follow'
  /** Which usage counts; '' where the method reads none. */
  readonly basis: string
  /** As the policy says them, major units; null for none. */
  readonly limits: { readonly floor: string | null; readonly cap: string | null }
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
  readonly weight: string
  readonly share: string
  readonly floorMinor: bigint
  readonly flags: ReadonlyArray<AllocationFlag>
  readonly usageBase: bigint
  readonly contributionBase: bigint
  readonly days: number
  /** The minor units that rounding left over, one each to the largest fractions. */
  readonly leftover: { readonly unit: string; readonly units: number; readonly tookOne: boolean }
  /** Their counted amounts sum to what the component shares, those of the service to `actualMinor`. */
  readonly charges: CitedCharges
  /** null where the method reads no usage. */
  readonly usage: CitedUsage | null
  readonly membership: ReadonlyArray<MembershipLine>
}

/** Charges that stay where the vendor put them. */
export type RetainedCharges = CitedCharges & { readonly currency: string }

export type Stay = {
  readonly from: LocalDate
  /** Exclusive. */
  readonly to: LocalDate
  readonly days: number
  /** '' where nobody owns the service. */
  readonly person: string
  readonly costCentre: string
  readonly project: string
  /** Millionths; all pieces of the same days sum to a whole. */
  readonly sharePpm: number
}

export type AssignmentLine = {
  readonly at: Citation
  readonly fact: 'service' | 'sub-account' | 'person'
  readonly id: string
  readonly person: string
  readonly costCentre: string
  readonly project: string
  readonly from: LocalDate | null
  readonly to: LocalDate | null
  readonly sharePpm: number | null
}

/** What each owner carries of the service. */
export type CarriedBy = {
  readonly person: string
  readonly personName: string
  readonly costCentre: string
  readonly costCentreName: string
  readonly project: string
  readonly projectName: string
  readonly currency: string
  readonly actualMinor: bigint
  readonly adjustedMinor: bigint
}

export type Assignment = {
  readonly startOn: LocalDate
  readonly endOn: LocalDate
  readonly stays: ReadonlyArray<Stay>
  /** How many rows of the directory say so; `lines` are the first of them. */
  readonly lineCount: number
  readonly lines: ReadonlyArray<AssignmentLine>
  readonly carriedBy: ReadonlyArray<CarriedBy>
}

/** A part of an event; `bucket` is '' out of bucket, `tier` 0. */
export type TracedPartText = {
  readonly bucket: string
  readonly tier: number
  /** What holds the bucket: service, account or share-plan, the id of it, and its account. */
  readonly on: string
  readonly holder: string
  readonly holderAccount: string
  /** The document that says so: `SharePlan/fleet v2`; '' where nothing prices it. */
  readonly rule: string
  readonly quantityBase: bigint
  /** `0.10 per 1 MB, increment 1 kB`; '' where units are free, or nothing prices them. */
  readonly price: string
  /** Evaluates to `cost`; '' where it has none. */
  readonly formula: string
  /** Exact, before it was summed and rounded with others, and without flat charges; '' where nothing prices it. */
  readonly cost: string
  /** Of the account that is billed. */
  readonly currency: string
  /** The bill that it is on: `U-2026-10-01`. */
  readonly bill: string
}

export type TracedEventLine = {
  /** null where the row is not found by source and id. */
  readonly at: Citation | null
  readonly startedAt: string
  readonly source: string
  readonly id: string
  readonly usageClass: string
  /** As the row says it, and as it was drawn and rated. */
  readonly quantityBase: bigint
  readonly billedBase: bigint
  /** They sum to `billedBase`. */
  readonly parts: ReadonlyArray<TracedPartText>
}

/** A row of `report usage`: what a service used of a class from one tier of a bucket, or out of bucket. */
export type RatedRowText = {
  readonly account: string
  readonly usageClass: string
  readonly bucket: string
  readonly tier: number
  readonly billedTo: string
  readonly bill: string
  /** The share plan whose line of the bill it is in; '' where it is none, or not shown on bills. */
  readonly plan: string
  readonly currency: string
  readonly quantityBase: bigint
  readonly amountMinor: bigint
  /** The documents that say so, each as `SharePlan/fleet v2`. */
  readonly rules: ReadonlyArray<string>
  /** Each price that its units have. */
  readonly prices: ReadonlyArray<string>
  /** Flat charges that its events caused, and the start of the event that reached the tier. */
  readonly flats: ReadonlyArray<{ readonly amountMinor: bigint; readonly reachedAt: string }>
  /** How many events have a part in it. */
  readonly eventCount: number
  /** Evaluates to `amountMinor`; '' where nothing in it is priced. */
  readonly formula: string
}

/** A line of a bill that is no usage: recurring, or an adjustment of a period that is closed. */
export type OtherChargeText = {
  readonly bill: string
  readonly account: string
  readonly kind: string
  readonly about: string
  readonly currency: string
  readonly amountMinor: bigint
  /** The document that says so; '' for an adjustment. */
  readonly rule: string
  readonly sentence: string
  /** Evaluates to `amountMinor`; '' where this version knows none. */
  readonly formula: string
  /** Usage that came late, of the services that share buckets with this one; [] for other kinds. */
  readonly late: ReadonlyArray<{
    readonly at: Citation
    readonly service: string
    readonly startedAt: string
    readonly usageType: UsageType
    readonly quantityBase: bigint
  }>
  readonly lateCount: number
}

/** What a service that we sell was rated and billed. */
export type RatedExplanation = {
  readonly rows: ReadonlyArray<RatedRowText>
  readonly charges: ReadonlyArray<OtherChargeText>
  readonly eventCount: number
  /** The first of them in the order of drawing. */
  readonly events: ReadonlyArray<TracedEventLine>
}

export type Explanation = {
  readonly service: string
  readonly period: string
  readonly run: string
  readonly runState: string
  /** Per currency: equal to `report charges --by service`. */
  readonly totals: ReadonlyArray<{
    readonly currency: string
    readonly actualMinor: bigint
    readonly adjustedMinor: bigint
    readonly differenceMinor: bigint
  }>
  /** Ordered by pool, component, currency and days. */
  readonly components: ReadonlyArray<ComponentExplanation>
  /** By currency. */
  readonly retained: ReadonlyArray<RetainedCharges>
  readonly assignment: Assignment
  /** null for a service that we do not sell. */
  readonly rated: RatedExplanation | null
}
