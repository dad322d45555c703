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
    readonly policy: { readonly name: string; readonly version: number } | null
    readonly window: { readonly start_on: string; readonly end_on: string }
    readonly sentence: string
    readonly formula: string
    readonly method: string
    readonly basis: string
    readonly actual: string
    readonly adjusted: string
    readonly flags: ReadonlyArray<string>
    readonly usage_base: string
    readonly leftover: { readonly unit: string; readonly units: number; readonly took_one: boolean }
    readonly charges: { readonly count: number; readonly amount: string; readonly lines: ReadonlyArray<ExplainedLine> }
    readonly usage: {
      readonly lines: ReadonlyArray<ExplainedUsage>
      readonly pool_count: number
      readonly pool_quantity_base: string
    }
  }>
  readonly retained: ReadonlyArray<{
    readonly currency: string
    readonly count: number
    readonly amount: string
    readonly own: string
    readonly lines: ReadonlyArray<ExplainedLine>
  }>
  readonly assignment: {
    readonly stays: ReadonlyArray<{ from: string; to: string; days: number; person: string; cost_centre: string }>
    readonly lines: ReadonlyArray<{ readonly at: ExplainedPlace | null; readonly fact: string }>
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
  readonly rated: unknown
}

export type EventExplained = { readonly id: string; readonly outcome: string; readonly sentence: string }
