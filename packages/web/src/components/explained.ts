// What the API says of a figure, as far as the panel shows it. The route's own schema leaves the parts open.

export type ExplainedPlace = {
  readonly place: string
  readonly file: string
  readonly member: string
  readonly sheet: string
  readonly line: number
  /** The same file may have been imported twice, from one place or several. */
  readonly file_path: string
  readonly batch?: string
}

export type ExplainedLine = {
  readonly at: ExplainedPlace | null
  readonly service: string
  readonly is_own: boolean
  readonly category: string
  readonly description: string
  readonly billed: string
}

type ExplainedUsage = {
  readonly at: ExplainedPlace | null
  readonly started_at: string
  readonly quantity: string
  readonly unit: string
  readonly quantity_base: string
  readonly zone: string
  readonly time_band: string
  readonly network: string
}

export type ServiceExplained = {
  readonly service: string
  readonly period: string
  readonly run: string
  readonly run_state: string
  readonly totals: ReadonlyArray<{ currency: string; actual: string; adjusted: string; difference: string }>
  readonly components: ReadonlyArray<{
    readonly pool: string
    readonly usage_type: string
    readonly component: string
    readonly currency: string
    /** `version` is null for a default policy, which nobody saved. */
    readonly policy: { readonly name: string; readonly version: number | null }
    readonly window: { readonly start_on: string; readonly end_on: string; readonly is_part: boolean }
    readonly sentence: string
    readonly formula: string
    readonly method: string
    readonly basis: string
    readonly limits: { readonly floor: string | null; readonly cap: string | null }
    readonly actual: string
    readonly adjusted: string
    readonly flags: ReadonlyArray<string>
    readonly usage_base: string
    readonly leftover: { readonly unit: string; readonly units: number; readonly took_one: boolean }
    readonly charges: { readonly count: number; readonly amount: string; readonly lines: ReadonlyArray<ExplainedLine> }
    /** null where the method reads none. */
    readonly usage: {
      readonly count: number
      readonly lines: ReadonlyArray<ExplainedUsage>
      readonly pool_count: number
      readonly pool_quantity_base: string
    } | null
    readonly days: number
    readonly contribution_base: string
    readonly membership: ReadonlyArray<{
      readonly at: ExplainedPlace | null
      readonly configuration: string
      readonly contribution: string
      readonly unit: string
    }>
  }>
  readonly retained: ReadonlyArray<{
    readonly currency: string
    readonly count: number
    readonly amount: string
    readonly own: string
    readonly lines: ReadonlyArray<ExplainedLine>
  }>
  readonly assignment: {
    readonly stays: ReadonlyArray<{
      readonly from: string
      readonly to: string
      readonly days: number
      readonly person: string
      readonly cost_centre: string
      readonly project: string
      readonly share_ppm: number
    }>
    readonly line_count: number
    readonly lines: ReadonlyArray<{ readonly at: ExplainedPlace | null; readonly fact: string; readonly id: string }>
    readonly carried_by: ReadonlyArray<{
      readonly person: string
      readonly person_name: string
      readonly cost_centre: string
      readonly cost_centre_name: string
      readonly project: string
      readonly project_name: string
      readonly currency: string
      readonly actual: string
      readonly adjusted: string
    }>
  } | null
  readonly rated: RatedExplained | null
}

/** What a bucket, a tier or a rate took of an event. */
export type ExplainedPart = {
  /** '' out of bucket. */
  readonly bucket: string
  readonly tier: number
  readonly on: string
  readonly holder: string
  readonly holder_account: string
  /** `SharePlan/fleet v2`; '' where nothing prices it. */
  readonly rule: string
  readonly quantity_base: string
  readonly price: string
  readonly formula: string
  /** Exact; '' where nothing prices it. */
  readonly cost: string
  readonly currency: string
  readonly bill: string
}

export type RatedRow = {
  readonly account: string
  readonly usage_class: string
  readonly bucket: string
  readonly tier: number
  readonly bill: string
  readonly plan: string
  readonly currency: string
  readonly quantity_base: string
  readonly amount: string
  readonly rules: ReadonlyArray<string>
  readonly prices: ReadonlyArray<string>
  readonly flats: ReadonlyArray<{ readonly amount: string; readonly reached_at: string }>
  readonly event_count: number
  readonly formula: string
}

export type OtherCharge = {
  readonly bill: string
  readonly account: string
  readonly kind: string
  readonly about: string
  readonly currency: string
  readonly amount: string
  readonly rule: string
  readonly sentence: string
  readonly formula: string
  readonly late: ReadonlyArray<{
    readonly at: ExplainedPlace | null
    readonly service: string
    readonly started_at: string
    readonly usage_type: string
    readonly quantity_base: string
  }>
  readonly late_count: number
}

export type RatedExplained = {
  readonly rows: ReadonlyArray<RatedRow>
  readonly charges: ReadonlyArray<OtherCharge>
  readonly event_count: number
  readonly events: ReadonlyArray<{
    readonly at: ExplainedPlace | null
    readonly started_at: string
    readonly source: string
    readonly id: string
    readonly usage_class: string
    readonly quantity_base: string
    readonly billed_base: string
    readonly parts: ReadonlyArray<ExplainedPart>
  }>
}

export type EventExplained = {
  readonly source: string
  readonly id: string
  readonly service: string
  readonly account: string
  readonly at: ExplainedPlace
  readonly started_at: string
  readonly quantity: string
  readonly unit: string
  readonly quantity_base: string
  readonly usage_type: string
  readonly usage_class: string
  /** null where no run drew it. */
  readonly billed_base: string | null
  readonly outcome: 'rated' | 'late' | 'not-yet' | 'not-rated'
  readonly sentence: string
  readonly run: string
  readonly run_state: string
  readonly period: string
  readonly parts: ReadonlyArray<ExplainedPart>
  readonly drawn_base: string
  readonly rated_base: string
  readonly flats: ReadonlyArray<{
    readonly bucket: string
    readonly tier: number
    readonly currency: string
    readonly amount: string
  }>
  readonly moved: ReadonlyArray<{
    readonly account: string
    readonly service: string
    readonly billed_to: string
    readonly corrected_on: string
    readonly currency: string
    readonly amount: string
  }>
  readonly conflicts: ReadonlyArray<{ readonly place: string; readonly message: string; readonly raw: string }>
  readonly repeats: ReadonlyArray<{ readonly file: string; readonly row_count: number }>
}
