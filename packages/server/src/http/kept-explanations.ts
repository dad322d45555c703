// Explanations as texts of JSON, kept while what they follow from stays as it is: one that was looked at is opened again. Whoever
// asks is asked for by their scope.
import { LastAsked, type ScopedWorkspace, stateOfFacts } from '@spillway/engine'

/** Of a few kilobytes each; with more lines than a screen shows they are made every time. */
const KEPT_MAX = 500
const LINES_MAX = 50

export type ExplanationQuestion = { readonly service: string; readonly period: string; readonly lines: number }

export class KeptExplanations {
  readonly #kept = new LastAsked<string, string>(KEPT_MAX)

  async text(
    workspace: ScopedWorkspace,
    { service, period, lines }: ExplanationQuestion,
    make: () => Promise<string>,
  ): Promise<string> {
    if (lines > LINES_MAX) return make()
    const state = await stateOfFacts(workspace)
    const question = JSON.stringify([state, workspace.tenant, workspace.scope.rows, service, period, lines])
    const known = this.#kept.get(question)
    if (known !== undefined) return known
    const made = await make()
    this.#kept.set(question, made)
    return made
  }
}
