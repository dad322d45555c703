// The one place where what went wrong becomes an exit code (spec, import, "Command line").
import { Bug, Refusal, type RefusalKind } from '@spillway/core'
import { ServerFault } from './remote/server-fault.ts'

export type ExitCode = 0 | 1 | 2 | 3 | 70

const EXIT_OF_REFUSAL: Record<RefusalKind, ExitCode> = {
  'bad-command': 2,
  'bad-configuration': 2,
  'not-found': 2,
  'in-use': 3,
  'not-permitted': 3,
  'not-signed-in': 3,
  exists: 3,
  'request-repeated': 3,
  'changed-meanwhile': 3,
  'condition-missing': 3,
  'too-many': 3,
  'too-large': 3,
  'intake-full': 3,
  'no-space': 3,
  'workspace-missing': 2,
  'hostile-file': 2,
  'unrecognised-file': 2,
  'workspace-exists': 3,
  'workspace-busy': 3,
  'workspace-too-new': 3,
  'workspace-damaged': 3,
  'workspace-read-only': 3,
  'period-published': 3,
  'period-not-closed': 3,
  'period-not-published': 3,
  unreconciled: 3,
  unrated: 3,
  'mass-end': 3,
  'passcode-key': 3,
  'cost-centre-cycle': 2,
  cancelled: 1,
}

export type Failure = { readonly code: ExitCode; readonly text: string; readonly hint: string }

/** What to print and how to exit for anything thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refusal) return { code: EXIT_OF_REFUSAL[error.kind], text: error.message, hint: error.hint }
  if (error instanceof ServerFault) return { code: 70, text: error.message, hint: error.hint }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const facts = error instanceof Bug && Object.keys(error.facts).length > 0 ? `\n${toText(error.facts)}` : ''
  return {
    code: 70,
    text: `This is a bug in spillway. What was not finished was not kept.\n${detail}${facts}`,
    hint: 'Please report it with the lines above.',
  }
}

function toText(facts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(facts, (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value))
}
