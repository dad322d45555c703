// One thing that a check could not prove.

/** `row` names the row: a result table and its key, or a file and line. */
export type CheckFailure = {
  readonly what: string
  readonly row: string
  readonly expected: string
  readonly found: string
}

/** More failures of one kind say nothing new. */
export const FAILURES_MAX = 100
