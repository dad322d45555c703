// What another policy would have made of a period: who would carry more and who less. Amounts are adjusted minor units.
import type { Problem } from '@spillway/core'

export const SIMULATION_DIMENSIONS = ['service', 'person', 'cost-centre'] as const
export type SimulationDimension = (typeof SIMULATION_DIMENSIONS)[number]

/** One key that carries another amount than before. */
export type SimulatedChange = {
  /** '' for what no service, no person or no cost centre has; `name` says which. */
  readonly key: string
  readonly name: string
  readonly currency: string
  readonly beforeMinor: bigint
  readonly afterMinor: bigint
  /** After less before: positive where the key would carry more. */
  readonly changeMinor: bigint
}

export type SimulatedView = {
  /** Only keys that differ: the greatest change first, whichever way it goes, then by key. */
  readonly changes: ReadonlyArray<SimulatedChange>
  /** Per currency with changes; what those who lose carry more is what those who gain carry less. */
  readonly sums: ReadonlyArray<{
    readonly currency: string
    /** How many would carry less, and how much less together. */
    readonly gainers: number
    readonly gainedMinor: bigint
    /** How many would carry more, and how much more together. */
    readonly losers: number
    readonly lostMinor: bigint
  }>
}

export type Simulation = {
  readonly period: string
  /** The run it is compared with: the published one, else the newest close. */
  readonly run: string
  /** The simulated policies, with the pools whose charges each would share. */
  readonly policies: ReadonlyArray<{ readonly name: string; readonly pools: ReadonlyArray<string> }>
  /** The pools that would be shared by other policies; names in order, '' nowhere. */
  readonly pools: ReadonlyArray<{
    readonly pool: string
    readonly before: ReadonlyArray<string>
    readonly after: ReadonlyArray<string>
  }>
  /** Per currency, the same before and after. */
  readonly totals: ReadonlyArray<{ readonly currency: string; readonly totalMinor: bigint }>
  readonly views: Readonly<Record<SimulationDimension, SimulatedView>>
  /** What a close with these policies would find. */
  readonly problems: ReadonlyArray<Problem>
}
