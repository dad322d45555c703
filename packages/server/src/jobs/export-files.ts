// Writes what is exported into files of the job, with the grants that whoever asked has by then: who lost them gets nothing.
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { type Period, Refusal, type Report, STATEMENT_KINDS, type StatementKind } from '@spillway/core'
import {
  buildReport,
  encodeParquet,
  focusReport,
  journalReport,
  periodNamed,
  planStatements,
  REPORT_NAMES,
  readStatements,
  type ScopedWorkspace,
  type Workspace,
} from '@spillway/engine'
import { encodeStatements, REPORT_ENCODERS } from '@spillway/formats'
import type { ExportRequest } from '../contract/jobs.ts'
import { CONTENT_TYPES } from '../contract/reports.ts'
import { scopeOfOwner, workspaceIn } from '../permissions/scope-of.ts'
import type { JobFile, JobOutcome } from './job-row.ts'
import type { JobContext } from './job-runner.ts'
import type { Writing } from './writing.ts'
import { zipOf } from './zip-of.ts'

const ENCODERS = { ...REPORT_ENCODERS, parquet: encodeParquet }

type Parts = { readonly workspace: Workspace; readonly writing: Writing }
type Made = Pick<JobOutcome, 'result' | 'files'>

export function exportFiles({ workspace, writing }: Parts): (context: JobContext) => Promise<Made> {
  return async (context) => {
    const request = context.request.parameters as ExportRequest
    const scope = await scopeOfOwner(workspace, context.request.owner, 'report:read')
    return writing.beside({ who: context.who }, (own) => {
      const scoped = workspaceIn(own, scope)
      return request.what === 'statements'
        ? exportStatements(scoped, request, context)
        : exportReport(scoped, request, context)
    })
  }
}

async function exportReport(workspace: ScopedWorkspace, request: ExportRequest, context: JobContext): Promise<Made> {
  const { format } = request
  if (format === 'pdf' || format === 'zip')
    throw new Refusal('bad-command', `${request.what} is not exported as ${format}.`, { hint: 'Statements are.' })
  const report = await reportOf(workspace, request)
  const name = `${report.name}-${request.period ?? 'all'}.${format}`
  let rows = 0
  const counted: Report = {
    ...report,
    rows: counting(report.rows, (count) => {
      if (context.signal.aborted) throw new Refusal('cancelled', 'The export was cancelled.')
      rows += count
      context.onProgress({ stage: `write ${name}`, rows })
    }),
  }
  const file = await writeFileOf(context, { name, type: CONTENT_TYPES[format] }, ENCODERS[format](counted))
  return { result: { what: request.what, rows }, files: [file] }
}

async function* counting<T>(batches: AsyncIterable<ReadonlyArray<T>>, count: (rows: number) => void) {
  for await (const batch of batches) {
    count(batch.length)
    yield batch
  }
}

/** @throws Refusal `bad-command`, `not-found`, `period-not-closed`. */
async function reportOf(workspace: ScopedWorkspace, request: ExportRequest): Promise<Report> {
  const { what, period, report, by, view, rules } = request
  if (what === 'report') {
    const name = REPORT_NAMES.find((one) => one === report)
    if (!name)
      throw new Refusal('not-found', `There is no report ${report}.`, {
        hint: `The reports are ${REPORT_NAMES.join(', ')}.`,
      })
    return buildReport(workspace, { name, period, by, view })
  }
  if (what === 'focus') return focusReport(workspace, { period: periodOf(request) })
  return (await journalReport(workspace, { period: periodOf(request), view, rules })).report
}

/** @throws Refusal `bad-command`. */
function periodOf({ what, period }: ExportRequest): Period {
  if (period !== undefined) return periodNamed(period)
  throw new Refusal('bad-command', `An export of ${what} names its period.`, {
    hint: 'Send `period`, such as 2026-10.',
  })
}

/** @throws Refusal `bad-command`. */
function statementKindsOf({ by }: ExportRequest): ReadonlyArray<StatementKind> {
  if (by === undefined) return STATEMENT_KINDS
  if (by === 'cost-centre' || by === 'person') return [by]
  throw new Refusal('bad-command', `There are no statements by ${by}.`, { hint: 'By cost-centre, or person.' })
}

/** One PDF for each owner and their index, in one archive. */
async function exportStatements(
  workspace: ScopedWorkspace,
  request: ExportRequest,
  context: JobContext,
): Promise<Made> {
  const { company, by, keys: wanted, paper = 'a4' } = request
  const period = periodOf(request)
  const plan = await planStatements(workspace, { period, kinds: statementKindsOf(request), keys: wanted })
  const total = plan.reduce((sum, { count }) => sum + count, 0)
  const kinds = plan.map(({ kind, allKeys, keys }) => ({
    ...{ kind, allKeys },
    statements: readStatements(workspace, { period, kind, keys, company }),
  }))
  const { files, told } = encodeStatements(kinds, {
    paper,
    onStatement: (done) => {
      if (context.signal.aborted) throw new Refusal('cancelled', 'The export was cancelled.')
      context.onProgress({ stage: 'statements', done, total })
    },
  })
  const name = `statements-${by === undefined ? '' : `${by}-`}${period.name}.zip`
  const file = await writeFileOf(context, { name, type: 'application/zip' }, zipOf(files))
  return { result: { what: 'statements', ...told() }, files: [file] }
}

async function writeFileOf(
  { folder }: JobContext,
  { name, type }: Omit<JobFile, 'bytes'>,
  pieces: AsyncIterable<string | Uint8Array>,
): Promise<JobFile> {
  const path = join(folder, name)
  try {
    await pipeline(Readable.from(pieces), createWriteStream(path, { flags: 'wx' }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC')
      throw new Refusal('no-space', 'The disk of the server has no room for the file.', {
        hint: 'Make room, and try again.',
      })
    throw error
  }
  return { name, type, bytes: (await stat(path)).size }
}
