// Why DuckDB would not open a file, as a refusal that a person can act on.
import { Refusal } from '@spillway/core'

/** DuckDB says why it cannot open a file only in its message; what is not listed here is our own fault and stays an error. */
const OPEN_FAILURES = [
  {
    says: /Could not set lock/,
    kind: 'workspace-busy',
    hint: 'Wait until it has finished, or stop it, and run the command again.',
    message: (text: string) => {
      const pid = pidIn(text)
      return `The workspace is held by another process${pid ? ` (PID ${pid})` : ''}.`
    },
  },
  {
    says: /Permission denied|Read-only file system/,
    kind: 'workspace-read-only',
    hint: 'Ask for the right to it, or work on a copy of the folder.',
    message: () => 'This user may not open the warehouse in the way that the command needs.',
  },
  {
    says: /with version number/,
    kind: 'workspace-too-new',
    hint: 'Use the newer spillway that wrote it.',
    message: () => 'The warehouse was written by a newer program.',
  },
  {
    says: /not a valid DuckDB database file|Could not read enough bytes|database does not exist|[Cc]orrupt|checksum/,
    kind: 'workspace-damaged',
    hint: 'Put both files of the workspace back from the same backup.',
    message: () => 'The warehouse of this workspace is missing or damaged.',
  },
] as const

function pidIn(text: string): string {
  return /PID (\d+)/.exec(text)?.[1] ?? ''
}

/** A Refusal `workspace-busy`, `workspace-read-only`, `workspace-too-new` or `workspace-damaged`; else the error as it is. */
export function openRefusal(error: unknown): unknown {
  const text = error instanceof Error ? error.message : String(error)
  const failure = OPEN_FAILURES.find(({ says }) => says.test(text))
  if (!failure) return error
  const { kind, hint, message } = failure
  return new Refusal(kind, message(text), { hint, facts: { reason: text, pid: pidIn(text) } })
}
