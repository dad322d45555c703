// Answers as texts of JSON, kept while what they follow from stays as it is: what was looked at is opened again. Whoever asks is asked
// for by their scope. Only for answers that follow from documents, runs, configuration and decisions, and not from a clock.
import { LastAsked, type ScopedWorkspace, stateOfFacts } from '@spillway/engine'

/** 32 MB together. */
const KEPT_MAX = 500
const CHARACTERS_MAX = 64_000

/** Everything that the answer depends on beside what counts: which answer it is, and what was asked. */
export type TextQuestion = ReadonlyArray<string | number | undefined>

type KeptOf = {
  /** So many texts. */
  readonly most?: number
  /** One that is longer is made every time. */
  readonly charactersMax?: number
}

export class KeptTexts {
  readonly #kept: LastAsked<string, string>
  readonly #charactersMax: number

  constructor({ most = KEPT_MAX, charactersMax = CHARACTERS_MAX }: KeptOf = {}) {
    this.#kept = new LastAsked(most)
    this.#charactersMax = charactersMax
  }

  async text(workspace: ScopedWorkspace, asked: TextQuestion, make: () => Promise<string>): Promise<string> {
    const state = await stateOfFacts(workspace)
    // What is left out is null, and never takes the place of what comes after it.
    const question = JSON.stringify([state, workspace.tenant, workspace.scope.rows, asked])
    const known = this.#kept.get(question)
    if (known !== undefined) return known
    const made = await make()
    if (made.length <= this.#charactersMax) this.#kept.set(question, made)
    return made
  }
}
