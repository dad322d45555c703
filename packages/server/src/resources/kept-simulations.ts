// The last what-if of policies, kept until anything that it follows from changes: who looks at it by service after cost centres asks
// about the same month under the same policies, and it is not divided again.
import { type Simulation, stateOfFacts, type Workspace } from '@spillway/engine'

/** More are much memory, and more than anybody reads. */
const CHANGES_MAX = 200_000

type Tried = { readonly workspace: Workspace; readonly period: string; readonly files: unknown }

export class KeptSimulations {
  readonly #last = new WeakMap<Workspace['catalog'], { readonly state: string; readonly simulation: Simulation }>()

  /** What was computed of the same, else what `compute` gives. */
  async get({ workspace, period, files }: Tried, compute: () => Promise<Simulation>): Promise<Simulation> {
    const { catalog } = workspace
    const state = JSON.stringify([await stateOfFacts(workspace), period, files])
    const known = this.#last.get(catalog)
    if (known?.state === state) return known.simulation
    const simulation = await compute()
    const changes = Object.values(simulation.views).reduce((sum, view) => sum + view.changes.length, 0)
    // Of a computation that ended alone: whoever goes away breaks off their own, and nobody else's.
    if (changes <= CHANGES_MAX) this.#last.set(catalog, { state, simulation })
    return simulation
  }
}
