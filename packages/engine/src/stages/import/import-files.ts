// The import stage: files in, facts and problems out. Each file is a batch of its own, all or nothing; a file that is
// refused does not stop the others. A dry run does everything but write.
import type { Workspace } from '../../workspace/workspace.ts'
import { checkDirectory } from './check-directory.ts'
import { importFile } from './import-file.ts'
import type { ImportOptions, PendingDirectory } from './import-options.ts'
import type { ImportReport } from './import-report.ts'
import { stopIfCancelled } from './read-file.ts'

/**
 * Imports the files in the order given. Cancelled, the files before the current one stay, and nothing of the current one.
 *
 * @throws Refusal `cancelled`. What a single file is refused for stands in its report.
 */
export async function importFiles(workspace: Workspace, options: ImportOptions): Promise<ImportReport> {
  const pending: PendingDirectory = new Map()
  const batches = new Set<string>()
  const files = []
  const interrupt = () => workspace.warehouse.interrupt()
  options.signal?.addEventListener('abort', interrupt)
  try {
    for (const [index, path] of options.paths.entries()) {
      stopIfCancelled(options.signal)
      const file = await importFile({ workspace, options, path, pending, index, batches })
      if (file.outcome === 'imported') batches.add(file.batch)
      files.push(file)
    }
    const directoryProblems = pending.size > 0 ? await checkDirectory(workspace, options.asOfOn, pending) : []
    return { isDryRun: options.dryRun === true, files, directoryProblems }
  } finally {
    options.signal?.removeEventListener('abort', interrupt)
  }
}
