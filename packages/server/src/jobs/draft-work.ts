// Looks at the files of a draft: an import that writes nothing, beside whatever else is done, and the rows that it would refuse
// as files.
import { createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type LocalDate, Refusal, type RejectedTable } from '@spillway/core'
import { type FileReport, importFiles, loadConfiguration } from '@spillway/engine'
import { encodeRejects, importerFromSource, previewFile, rejectsFileName } from '@spillway/formats'
import { balanceTogether } from './balance-together.ts'
import { describeLook } from './describe-look.ts'
import { type DraftLooked, draftRequestOf, requireDraft } from './draft-row.ts'
import { intakeOfFiles } from './intake-of-files.ts'
import { uploadFolderOf } from './job-row.ts'
import type { JobWork } from './job-runner.ts'
import type { WorkParts } from './work-parts.ts'

const BAD_ROWS_SHOWN = 200

export type DraftParameters = { readonly draft: string }

/** Where the refused rows of the files of a draft lie: a folder for each, by its number. */
export const rejectsFolderOf = (directory: string, draft: string) => join(uploadFolderOf(directory, draft), 'rejects')

export function draftWork({ workspace: held, writing }: WorkParts): JobWork {
  return {
    lane: 'look',
    run: async ({ request, who, signal, onProgress }) => {
      const { draft } = request.parameters as DraftParameters
      const row = await requireDraft(held, draft)
      const { files, options } = draftRequestOf(row)
      const folder = uploadFolderOf(held.directory, draft)
      const paths = files.map(({ path }) => join(folder, path))
      const rejects = rejectsFolderOf(held.directory, draft)
      await rm(rejects, { recursive: true, force: true })
      const looked = await writing.beside({ who }, async (workspace): Promise<DraftLooked> => {
        const { source, acceptEnds, again, asOf } = options
        const report = await importFiles(workspace, {
          ...{ paths, intake: await intakeOfFiles(workspace), source, dryRun: true, acceptMassEnd: acceptEnds },
          ...{ again, signal, asOfOn: asOf as LocalDate, describe: { badRowsMax: BAD_ROWS_SHOWN } },
          onRejects: (tables, index) => writeRejects(tables, join(rejects, String(index + 1))),
          onProgress: ({ file, stage, rows, bytes, bytesTotal }) =>
            onProgress({ stage: `${stage} ${file}`, rows, done: bytes, total: bytesTotal }),
        })
        const documents = await loadConfiguration(workspace, 'Source')
        const sources = documents.map(({ body }) => importerFromSource(body))
        const looks = []
        for (const [at, file] of balanceTogether(report.files).entries())
          looks.push(describeLook({ file, source, sources, titles: await titlesOf(file, paths[at] as string) }))
        const directoryProblems = report.directoryProblems.map(({ code, severity, message, hint }) => ({
          ...{ code, severity, message, hint },
        }))
        return { files: looks, directoryProblems }
      })
      await keepLook(held, { draft, job: row.look_job, looked })
      return { result: { draft, outcomes: looked.files.map(({ outcome }) => outcome) }, files: [] }
    },
  }
}

/** Where it was asked to look again meanwhile, that look says more. */
async function keepLook(
  { catalog, tenant }: WorkParts['workspace'],
  { draft, job, looked }: { readonly draft: string; readonly job: string; readonly looked: DraftLooked },
): Promise<void> {
  await catalog
    .updateTable('import_draft')
    .set({ looked: JSON.stringify(looked) })
    .where('tenant', '=', tenant)
    .where('id', '=', draft)
    .where('look_job', '=', job)
    .execute()
}

/** A file of each table that has some, each whole or not at all. */
async function writeRejects(tables: ReadonlyArray<RejectedTable>, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true })
  for (const table of tables) {
    const path = join(folder, rejectsFileName(table))
    const part = `${path}.part`
    let hasRows = false
    const rows = async function* () {
      for await (const batch of table.rows) {
        hasRows = true
        yield batch
      }
    }
    await pipeline(Readable.from(encodeRejects({ ...table, rows: rows() })), createWriteStream(part))
    if (hasRows) await rename(part, path)
    else await rm(part)
  }
}

/** The titles of a file that no format claims, also where something stands above them. */
async function titlesOf({ refusal }: FileReport, path: string): Promise<string[]> {
  const header = refusal?.facts.header as ReadonlyArray<string> | undefined
  if (header === undefined) return []
  try {
    await stat(path)
    const { columns } = await previewFile(path, { rows: 1 })
    return columns.map(({ title }) => title)
  } catch (error) {
    if (error instanceof Refusal) return [...header]
    throw error
  }
}
