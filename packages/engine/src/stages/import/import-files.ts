// The import stage: files in, facts and problems out. Each file is a batch of its own, all or nothing; a file that is
// refused does not stop the others. A dry run does everything but write.
import type { DirectoryFact, Intake, LocalDate } from '@spillway/core'
import type { Workspace } from '../../workspace/workspace.ts'
import { checkDirectory } from './check-directory.ts'
import { importFile } from './import-file.ts'
import type { ImportReport } from './import-report.ts'
import { stopIfCancelled } from './read-file.ts'

/** `rows` read so far; `part` of `parts` is being read, counted from 1. */
export type ImportProgress = {
  readonly file: string
  readonly stage: 'read' | 'check' | 'write'
  readonly rows: number
  readonly part: number
  readonly parts: number
}

export type ImportOptions = {
  readonly paths: ReadonlyArray<string>
  readonly intake: Intake
  /** The `--source` the user gave, '' for none. */
  readonly source: string
  /** Directory rows without days of their own hold from this day, and what is absent ends on it. */
  readonly asOfOn: LocalDate
  readonly dryRun?: boolean
  /** Takes a directory file though it ends more than 20 % of what is active. */
  readonly acceptMassEnd?: boolean
  /** Takes a bill again that was imported before and superseded since; without it such a file changes nothing. */
  readonly again?: boolean
  readonly onProgress?: ((progress: ImportProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Directory rows as this command leaves them, by part and source: what a dry run cannot read back. */
export type PendingDirectory = Map<string, { part: string; source: string; rows: ReadonlyArray<DirectoryFact> }>

/**
 * Imports the files in the order given. Cancelled, the files before the current one stay, and nothing of the current one.
 *
 * @throws Refusal `cancelled`. What a single file is refused for stands in its report.
 */
export async function importFiles(workspace: Workspace, options: ImportOptions): Promise<ImportReport> {
  const pending: PendingDirectory = new Map()
  const files = []
  const interrupt = () => workspace.warehouse.interrupt()
  options.signal?.addEventListener('abort', interrupt)
  try {
    for (const path of options.paths) {
      stopIfCancelled(options.signal)
      files.push(await importFile({ workspace, options, path, pending }))
    }
    const directoryProblems = pending.size > 0 ? await checkDirectory(workspace, options.asOfOn, pending) : []
    return { isDryRun: options.dryRun === true, files, directoryProblems }
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
  }
}
