// What was asked cannot be done. One class with a closed list of kinds, mapped once to an exit code (and once to HTTP).

export const REFUSAL_KINDS = [
  'bad-command',
  'bad-configuration',
  'not-found',
  'in-use',
  'not-permitted',
  'not-signed-in',
  'exists',
  'request-repeated',
  'changed-meanwhile',
  'condition-missing',
  'too-many',
  'too-large',
  'intake-full',
  'no-space',
  'period-published',
  'period-not-closed',
  'period-not-published',
  'unreconciled',
  'unrated',
  'workspace-busy',
  'workspace-exists',
  'workspace-missing',
  'workspace-too-new',
  'workspace-damaged',
  'workspace-read-only',
  'hostile-file',
  'unrecognised-file',
  'mass-end',
  'passcode-key',
  'cost-centre-cycle',
  'cancelled',
] as const
export type RefusalKind = (typeof REFUSAL_KINDS)[number]

/** Thrown where what was asked cannot be done; `message` is one sentence for a person, `hint` says what to do. */
export class Refusal extends Error {
  readonly kind: RefusalKind
  readonly hint: string
  readonly facts: Readonly<Record<string, unknown>>

  constructor(
    kind: RefusalKind,
    message: string,
    { hint = '', facts = {} }: { hint?: string; facts?: Readonly<Record<string, unknown>> } = {},
  ) {
    super(message)
    this.name = 'Refusal'
    this.kind = kind
    this.hint = hint
    this.facts = facts
  }
}
