// Counts problems by code and keeps the first places of each: a file may have a million of them.
import { formatPlace, type Problem, type ProblemCode, type SourcePlace } from '@spillway/core'
import type { ProblemCount } from './import-report.ts'

const PLACES_KEPT = 5

export class ProblemTally {
  readonly #counts = new Map<ProblemCode, ProblemCount & { count: number; places: string[] }>()

  /** `place` completes what the problem says of its own place. */
  add(problem: Problem, place: SourcePlace): void {
    const known = this.#counts.get(problem.code)
    const where = formatPlace({ ...problem.source, ...place })
    if (known) {
      known.count += 1
      if (known.places.length < PLACES_KEPT) known.places.push(where)
      return
    }
    const { code, severity, message, hint } = problem
    this.#counts.set(code, { code, severity, message, hint, count: 1, places: [where] })
  }

  /** Errors first, then by count and code. */
  list(): ProblemCount[] {
    const rank = { error: 0, warning: 1, info: 2 }
    return [...this.#counts.values()].sort(
      (a, b) => rank[a.severity] - rank[b.severity] || b.count - a.count || (a.code < b.code ? -1 : 1),
    )
  }
}
