// Periods, runs, reports and explanations, in the scope of who asks. A page for a screen is JSON; every other format is the
// whole report, streamed, and stands in the audit log as an export.
import { formatAmount, invariant, Refusal } from '@spillway/core'
import {
  buildReport,
  currentRuns,
  eventLines,
  explainEvent,
  explainService,
  explanationJson,
  explanationLines,
  type JsonValue,
  listRuns,
  outputsOf,
  periodNamed,
  REPORT_NAMES,
  type ReportName,
  type RunTable,
  sourceLines,
} from '@spillway/engine'
import { CONTENT_TYPES, reportRoutes as routes } from '../contract/reports.ts'
import type { Server } from '../http/environment.ts'
import { KeptTexts } from '../http/kept-texts.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { fileOfReport } from '../http/report-file.ts'

export function registerReports(server: Server): void {
  register(server, routes.listPeriods, async (c, { workspace }) => {
    const periods = (await currentRuns(workspace)).map(({ id, ...rest }) => ({ ...rest, run: id }))
    return c.json(pageOfItems(periods, { ...c.req.valid('query'), idOf: ({ run }) => run }), 200)
  })
  register(server, routes.listRuns, async (c, { workspace }) => {
    const { period, state, ...page } = c.req.valid('query')
    const rows = await listRuns(workspace, period === undefined ? undefined : periodNamed(period))
    const runs = rows.map(toRun).filter((one) => state === undefined || one.state === state)
    return c.json(pageOfItems(runs, { ...page, idOf: ({ id }) => id }), 200)
  })
  register(server, routes.getRun, async (c, { workspace }) => {
    const { id } = c.req.valid('param')
    const row = (await listRuns(workspace)).find((one) => one.id === id)
    if (!row) throw new Refusal('not-found', `There is no run ${id}.`, { hint: 'List the runs.' })
    return c.json(toRun(row), 200)
  })
  register(server, routes.getReport, async (c, call) => {
    const name = reportNamed(c.req.valid('param').report)
    const { format, limit, cursor, offset, ...request } = c.req.valid('query')
    const asked = { name, ...request }
    if (format === 'json') {
      const { workspace, withOwnConnection: onOwn } = call
      const asker = { signal: () => c.req.raw.signal, onOwn }
      const page = await call.services.pages.page(workspace, { asked, limit, cursor, offset }, asker)
      return c.body(page, 200, { 'content-type': CONTENT_TYPES.json })
    }
    const report = await buildReport(call.workspace, asked)
    const details = { ...request, format, isPart: !call.workspace.scope.isWholeTenant }
    await call.audit({ action: 'export', subject: `report ${name}`, details })
    return fileOfReport(report, format, request.period)
  })
  register(server, routes.getSourceLines, async (c, { workspace }) => {
    const { batch, ...place } = c.req.valid('query')
    return c.json((await sourceLines(workspace, { file: batch, ...place })) as never, 200)
  })
  const explanations = new KeptTexts()
  register(server, routes.explain, async (c, call) => {
    const { period, lines, format } = c.req.valid('query')
    const { service } = c.req.valid('param')
    const signal = c.req.raw.signal
    const explain = () =>
      call.withOwnConnection((workspace) =>
        explainService(workspace, { service, period: periodNamed(period), linesMax: lines, signal }),
      )
    if (format === 'text') return c.text(asText(explanationLines(await explain())), 200)
    const asJson = async () => JSON.stringify(withoutPaths(explanationJson(await explain())))
    const text = await explanations.text(call.workspace, [service, period, lines], asJson)
    return c.body(text, 200, { 'content-type': CONTENT_TYPES.json })
  })
  register(server, routes.explainEvent, async (c, call) => {
    const { id, source, format } = c.req.valid('query')
    const { signal } = c.req.raw
    const explanation = await call.withOwnConnection((workspace) => explainEvent(workspace, { id, source, signal }))
    return format === 'text'
      ? c.text(asText(eventLines(explanation)), 200)
      : c.json(withoutPaths(explanationJson(explanation)) as never, 200)
  })
}

const asText = (lines: ReadonlyArray<string>) => lines.map((line) => `${line}\n`).join('')

function toRun(row: RunTable) {
  invariant(
    row.state === 'closed' || row.state === 'published' || row.state === 'reopened',
    'a listed run was closed',
    {
      run: row.id,
    },
  )
  return {
    id: row.id,
    period: row.period,
    state: row.state,
    codeVersion: row.code_version,
    closedAt: row.closed_at,
    closedBy: row.closed_by,
    publishedAt: row.published_at,
    publishedBy: row.published_by,
    reopenedAt: row.reopened_at,
    reopenReason: row.reopen_reason,
    totals: outputsOf(row).totals.map(({ currency, actual_minor, adjusted_minor }) => ({
      currency,
      actual: formatAmount(BigInt(actual_minor), currency),
      adjusted: formatAmount(BigInt(adjusted_minor), currency),
    })),
  }
}

/** @throws Refusal `not-found`. */
function reportNamed(name: string): ReportName {
  const known = REPORT_NAMES.find((candidate) => candidate === name)
  if (known) return known
  throw new Refusal('not-found', `There is no report ${name}.`, { hint: `The reports are ${REPORT_NAMES.join(', ')}.` })
}

/** Where a file stood on the server's disk is nobody's business over HTTP. */
function withoutPaths(value: JsonValue): JsonValue {
  if (Array.isArray(value)) return value.map(withoutPaths)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, part]) => (key === 'file_path' ? [] : [[key, withoutPaths(part)]])),
  )
}
