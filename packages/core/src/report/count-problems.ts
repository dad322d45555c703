// Problems for people and programs that want no list of a million: one entry a code, with how many and the first in words.
import type { Problem, Severity } from '../problem.ts'

export type CountedProblem = Pick<Problem, 'code' | 'severity' | 'message' | 'hint'> & { readonly count: number }

const ORDER: Record<Severity, number> = { error: 0, warning: 1, info: 2 }

/** Errors first, then warnings, then notes; within these by code. */
export function countProblems(problems: ReadonlyArray<Problem>): CountedProblem[] {
  const counted = new Map<string, CountedProblem>()
  for (const { code, severity, message, hint } of problems) {
    const known = counted.get(code)
    counted.set(code, {
      ...{ code, severity, hint, message: known ? known.message : message },
      count: known ? known.count + 1 : 1,
    })
  }
  return [...counted.values()].sort(
    (a, b) => ORDER[a.severity] - ORDER[b.severity] || (a.code < b.code ? -1 : a.code > b.code ? 1 : 0),
  )
}
