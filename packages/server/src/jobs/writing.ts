// How work in the background changes the workspace: in its turn, in somebody's name, and on a connection of its own, so that
// stopping it stops nothing else.
import type { Workspace } from '@spillway/engine'
import type { Turns } from '../http/turns.ts'

export class Writing {
  readonly #workspace: Workspace
  readonly #turns: Turns

  constructor(workspace: Workspace, turns: Turns) {
    this.#workspace = workspace
    this.#turns = turns
  }

  /** Never to be called within a turn: it would wait for itself. */
  take<T>({ who }: { readonly who: string }, work: (workspace: Workspace) => Promise<T>): Promise<T> {
    return this.#turns.take(() => this.beside({ who }, work))
  }

  /** Without a turn, for what only reads. */
  beside<T>({ who }: { readonly who: string }, work: (workspace: Workspace) => Promise<T>): Promise<T> {
    const { warehouse, actor } = this.#workspace
    return warehouse.withConnection((own) => work({ ...this.#workspace, warehouse: own, actor: { ...actor, who } }))
  }
}
