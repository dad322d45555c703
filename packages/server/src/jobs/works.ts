// What each kind of job does. Everything that is computed is the engine's; here stands who asks, and what comes back.
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type LocalDate, Refusal } from '@spillway/core'
import {
  backupWorkspace,
  checkWorkspace,
  closedPeriodOf,
  closePeriod,
  importFiles,
  periodNamed,
} from '@spillway/engine'
import { checkResult } from '../contract/checks.ts'
import type { JobKind } from '../contract/jobs.ts'
import { scheduledWorks } from '../schedules/scheduled-works.ts'
import type { SavedFile } from '../uploads/save-upload.ts'
import { announceImport } from './announce-import.ts'
import { draftWork } from './draft-work.ts'
import { exportFiles } from './export-files.ts'
import { importReportJson } from './import-report-json.ts'
import { intakeOfFiles } from './intake-of-files.ts'
import { uploadFolderOf } from './job-row.ts'
import type { JobWork } from './job-runner.ts'
import type { WorkParts } from './work-parts.ts'

export type ImportParameters = {
  /** The job with which the files came: another one may try them again. */
  readonly upload: string
  readonly files: ReadonlyArray<SavedFile>
  readonly source: string
  readonly dryRun: boolean
  readonly acceptEnds: boolean
  readonly again: boolean
  readonly asOf: string
}
export type CloseParameters = { readonly period: string }
export type CheckParameters = { readonly period?: string | undefined }
export type BackupParameters = { readonly name: string }

export function makeWorks(parts: WorkParts): Readonly<Record<JobKind, JobWork>> {
  return {
    import: importWork(parts),
    'import-draft': draftWork(parts),
    close: closeWork(parts),
    export: { lane: 'read', run: exportFiles(parts) },
    backup: backupWork(parts),
    check: checkWork(parts),
    ...scheduledWorks(parts),
  }
}

function importWork({ workspace: { directory }, writing }: WorkParts): JobWork {
  return {
    lane: 'change',
    run: async ({ request, who, signal, onProgress }) => {
      const { upload, files, source, dryRun, acceptEnds, again, asOf } = request.parameters as ImportParameters
      const folder = uploadFolderOf(directory, upload)
      await requireThere(folder)
      const report = await writing.take({ who }, async (workspace) =>
        importFiles(workspace, {
          paths: files.map(({ path }) => join(folder, path)),
          intake: await intakeOfFiles(workspace),
          ...{ source, dryRun, acceptMassEnd: acceptEnds, again, signal, asOfOn: asOf as LocalDate },
          onProgress: ({ file, stage, rows, bytes, bytesTotal }) =>
            onProgress({ stage: `${stage} ${file}`, rows, done: bytes, total: bytesTotal }),
        }),
      )
      await rm(folder, { recursive: true, force: true })
      return { result: importReportJson(report), files: [] }
    },
    announce: announceImport,
  }
}

/** @throws Refusal `not-found`. */
async function requireThere(folder: string): Promise<void> {
  await stat(folder).catch(() => {
    throw new Refusal('not-found', 'The files of this job are not kept any more.', { hint: 'Send them again.' })
  })
}

/** Beside what is changed meanwhile: it takes no turn. */
function backupWork({ backupFolder, writing }: WorkParts): JobWork {
  return {
    lane: 'read',
    run: async ({ request, who, signal, onProgress }) => {
      const { name } = request.parameters as BackupParameters
      const { takenAt, files } = await writing.beside({ who }, (workspace) =>
        backupWorkspace(workspace, { to: join(backupFolder, name), signal, onProgress }),
      )
      const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
      return { result: { name, takenAt, bytes, files }, files: [] }
    },
  }
}

function closeWork({ writing, intake }: WorkParts): JobWork {
  return {
    lane: 'change',
    run: async ({ request, who, signal, onProgress }) => {
      const { period } = request.parameters as CloseParameters
      onProgress({ stage: 'events' })
      await intake.importWaiting()
      if (signal.aborted) throw new Refusal('cancelled', 'The close was cancelled; nothing was changed.')
      const closed = await writing.take({ who }, async (workspace) =>
        closedPeriodOf(workspace, await closePeriod(workspace, { period: periodNamed(period), signal, onProgress })),
      )
      return { result: closed, files: [] }
    },
  }
}

/** In a turn: a close would take away the rows of a run that it replaces while they are looked at. */
function checkWork({ writing }: WorkParts): JobWork {
  return {
    lane: 'change',
    run: async ({ request, who, signal, onProgress }) => {
      const { period } = request.parameters as CheckParameters
      const { runs, audit } = await writing.take({ who }, (workspace) =>
        checkWorkspace(workspace, {
          period: period === undefined ? undefined : periodNamed(period),
          signal,
          onProgress: ({ run, stage, done, total }) => onProgress({ stage: `${run} ${stage}`, done, total }),
        }),
      )
      const isProved = runs.every(({ failures }) => failures.length === 0) && audit.failures.length === 0
      const result = checkResult.parse({
        isProved,
        runs: runs.map((run) => ({ ...run, isProved: run.failures.length === 0 })),
        audit: { ...audit, isProved: audit.failures.length === 0 },
      })
      return { result, files: [] }
    },
  }
}
