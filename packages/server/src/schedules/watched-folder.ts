// A folder that is watched: files that nobody writes to any more are imported and moved into `done`, or into `rejected` with what
// they were refused for beside them. Looks at plain files alone, and follows no link.
import { lstatSync } from 'node:fs'
import { mkdir, readdir, rename, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { LocalDate } from '@spillway/core'
import { importFiles, type Workspace } from '@spillway/engine'
import { importReportJson } from '../jobs/import-report-json.ts'
import { intakeOfFiles } from '../jobs/intake-of-files.ts'
import type { JobContext } from '../jobs/job-runner.ts'

/** A file is whole once nobody wrote to it for so long. */
const QUIET_MS = 10_000
const UNFINISHED = /^\.|\.(?:part|tmp|crdownload|filepart|swp)$/i

/** Paths of whole files, by name; the folder is made where it is missing. */
export async function wholeFilesIn(folder: string, now: Date): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  const paths: string[] = []
  for (const name of (await readdir(folder)).sort()) {
    if (UNFINISHED.test(name)) continue
    const found = lstatSync(join(folder, name), { throwIfNoEntry: false })
    if (found?.isFile() && found.size > 0 && now.getTime() - found.mtimeMs >= QUIET_MS) paths.push(join(folder, name))
  }
  return paths
}

type Watched = { readonly folder: string; readonly source: string }

/** Killed between import and move, a file is imported again, changes nothing, and is moved then. */
export async function importFolder(
  workspace: Workspace,
  { folder, source }: Watched,
  { signal, onProgress }: Pick<JobContext, 'signal' | 'onProgress'>,
): Promise<Record<string, unknown>> {
  const now = workspace.actor.now()
  const paths = await wholeFilesIn(folder, now)
  const report = await importFiles(workspace, {
    ...{ paths, source, signal, intake: await intakeOfFiles(workspace) },
    asOfOn: now.toISOString().slice(0, 10) as LocalDate,
    onProgress: ({ file, stage, rows, bytes, bytesTotal }) =>
      onProgress({ stage: `${stage} ${basename(file)}`, rows, done: bytes, total: bytesTotal }),
  })
  for (const [at, path] of paths.entries()) {
    const refusal = report.files[at]?.refusal
    const place = await move(path, { folder: join(folder, refusal ? 'rejected' : 'done'), now })
    if (refusal) await writeFile(`${place}.txt`, `${refusal.message}\n${refusal.hint}\n`)
  }
  return importReportJson(report)
}

/** Under its name; where one is there already, with the instant behind it. */
async function move(path: string, { folder, now }: { readonly folder: string; readonly now: Date }): Promise<string> {
  await mkdir(folder, { recursive: true })
  const name = basename(path)
  const isTaken = lstatSync(join(folder, name), { throwIfNoEntry: false }) !== undefined
  const place = join(folder, isTaken ? `${name}.${now.toISOString().replaceAll(/[:.]/g, '-')}` : name)
  await rename(path, place)
  return place
}
