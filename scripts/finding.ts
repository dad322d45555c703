// What a check of the house found, and how it is printed: `file:line rule: message`, so that an editor can open it.

export type Finding = {
  readonly rule: string
  /** Relative to the root of the project, with `/`. */
  readonly file: string
  /** Counts from 1; 0 where the finding is about the whole file. */
  readonly line: number
  readonly message: string
}

export function formatFinding({ rule, file, line, message }: Finding): string {
  return `${line === 0 ? file : `${file}:${line}`} ${rule}: ${message}`
}
