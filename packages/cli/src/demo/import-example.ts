// Imports files of an example as `import` does, and takes none that is refused: the example would be another one.
import { join } from 'node:path'
import { invariant, parseLocalDate, Refusal } from '@spillway/core'
import { applyConfiguration, type ImportReport, importFiles, type Workspace } from '@spillway/engine'
import { SOURCE_KIND } from '@spillway/formats'
import { intakeOf } from '../command-intake.ts'
import { readConfigurationFile } from '../commands/apply.ts'

export type ExampleFiles = {
  readonly folder: string
  readonly files: ReadonlyArray<string>
}

export async function applyExample(workspace: Workspace, { folder, files }: ExampleFiles): Promise<void> {
  const documents = await Promise.all(files.map((path) => readConfigurationFile(join(folder, path))))
  await applyConfiguration(workspace, { files: documents, kinds: [SOURCE_KIND] })
}

/** @throws Refusal of the first file that is refused. */
export async function importExample(
  workspace: Workspace,
  { folder, files, asOf, signal }: ExampleFiles & { readonly asOf: string; readonly signal: AbortSignal },
): Promise<ImportReport> {
  const asOfOn = parseLocalDate(asOf)
  invariant(asOfOn, 'a month of the example begins on a day', { asOf })
  const paths = files.map((file) => join(folder, file))
  const report = await importFiles(workspace, { paths, intake: await intakeOf(workspace), source: '', asOfOn, signal })
  const refused = report.files.find(({ refusal }) => refusal !== null)
  if (refused?.refusal)
    throw new Refusal(refused.refusal.kind, `${refused.file}: ${refused.refusal.message}`, {
      hint: refused.refusal.hint,
    })
  return report
}

export type RowsRead = { readonly rows: number; readonly quarantined: number; readonly duplicates: number }

export function countRows({ files }: ImportReport): RowsRead {
  const sum = (count: (rows: ImportReport['files'][number]['rows']) => number) =>
    files.reduce((total, { rows }) => total + count(rows), 0)
  return {
    rows: sum(({ read }) => read),
    quarantined: sum(({ quarantined }) => quarantined),
    duplicates: sum(({ duplicates }) => duplicates),
  }
}
