// Numbers for the cells that many rows have in common: each combination that was met has one, counted from 0. It keeps every
// combination, so whoever asks bounds how many there may be.
import type { Cell } from '../../warehouse/warehouse.ts'

/** What followed one beginning of a combination: the cell that came last, and where it leads; all of them once there are two. */
type Branch = { lastCell: Cell | undefined; lastLeads: Branch | number; leads: Map<Cell, Branch | number> | null }

const newBranch = (): Branch => ({ lastCell: undefined, lastLeads: -1, leads: null })

export class ClassIndex {
  readonly #positions: ReadonlyArray<number>
  readonly #root = newBranch()
  #size = 0

  /** `positions` of the cells in a row that make its class; one at least. */
  constructor(positions: ReadonlyArray<number>) {
    this.#positions = positions
  }

  /** Combinations met so far. */
  get size(): number {
    return this.#size
  }

  /** The number of the row's combination; where it is new, the size from before. */
  numberOf(cells: ReadonlyArray<Cell>): number {
    const positions = this.#positions
    const end = positions.length - 1
    let branch = this.#root
    for (let at = 0; at < end; at += 1) {
      const cell = cells[positions[at] as number] as Cell
      branch = (branch.lastCell === cell ? branch.lastLeads : this.#lead(branch, cell, false)) as Branch
    }
    const cell = cells[positions[end] as number] as Cell
    return (branch.lastCell === cell ? branch.lastLeads : this.#lead(branch, cell, true)) as number
  }

  #lead(branch: Branch, cell: Cell, isLast: boolean): Branch | number {
    let leads = branch.leads?.get(cell)
    if (leads === undefined) {
      leads = isLast ? this.#size : newBranch()
      if (isLast) this.#size += 1
      if (branch.leads !== null) branch.leads.set(cell, leads)
      else if (branch.lastCell !== undefined)
        branch.leads = new Map([
          [branch.lastCell, branch.lastLeads],
          [cell, leads],
        ])
    }
    branch.lastCell = cell
    branch.lastLeads = leads
    return leads
  }
}
