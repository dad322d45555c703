// A broken rule of our own. Never used for outside data (a Problem) or for what was asked and cannot be done (a Refusal).

/** A bug: we broke one of our own rules. Caught only at the edge of the process, after the work is rolled back. */
export class Bug extends Error {
  readonly facts: Readonly<Record<string, unknown>>

  constructor(message: string, facts: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.name = 'Bug'
    this.facts = facts
  }
}

/** Throws a {@link Bug} with `facts` unless `condition` holds. */
export function invariant(
  condition: unknown,
  message: string,
  facts: Readonly<Record<string, unknown>> = {},
): asserts condition {
  if (!condition) throw new Bug(message, facts)
}
