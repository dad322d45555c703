// A report over HTTP as what it was before it was sent: columns and rows, read as they are wanted.
import type { Report, ReportRow } from '@spillway/core'
import type { z } from 'zod'
import type { reportPage } from '../contract/reports.ts'
import type { Client, Question } from './client.ts'

type ReportPage = z.infer<typeof reportPage>
type ReportQuery = Omit<NonNullable<Question<'getReport'>['query']>, 'format' | 'limit' | 'cursor' | 'offset'>

/** Its head as a page, its rows as one stream: nothing is asked for twice, however long it is. */
export async function readReport(
  client: Client,
  { name, query, signal }: { readonly name: string; readonly query: ReportQuery; readonly signal?: AbortSignal },
): Promise<Report> {
  const params = { report: name }
  const head = await client.ask('getReport', { params, query: { ...query, limit: 1 }, signal })
  return reportOf(head, () => client.download('getReport', { params, query: { ...query, format: 'ndjson' }, signal }))
}

/** A report of which the head was asked for: its rows from the lines of NDJSON, unless there are none. */
export function reportOf(head: ReportPage, lines: () => AsyncIterable<Uint8Array>): Report {
  return { ...headOf(head), rows: head.rows.length === 0 ? noRows() : rowsOfLines(lines(), head) }
}

/** A list that comes in pages; each is asked for once the one before is taken. */
export async function readPages(page: (cursor: string | undefined) => Promise<ReportPage>): Promise<Report> {
  const first = await page(undefined)
  return { ...headOf(first), rows: rowsOfPages(first, page) }
}

function headOf({ name, title, columns, hasTotals }: ReportPage): Omit<Report, 'rows'> {
  return {
    name,
    title,
    columns: columns.map(({ key, title: text, kind, isDetail, isNullable }) => ({
      ...{ key, title: text, kind },
      ...(isDetail ? { isDetail } : {}),
      ...(isNullable ? { isNullable } : {}),
    })),
    ...(hasTotals ? { hasTotals } : {}),
  }
}

type Cells = Readonly<Record<string, string | null>>
const toRow = (cells: Cells, columns: ReportPage['columns']): ReportRow => columns.map(({ key }) => cells[key] ?? '')

async function* noRows(): AsyncGenerator<ReadonlyArray<ReportRow>> {
  yield []
}

async function* rowsOfPages(
  first: ReportPage,
  page: (cursor: string) => Promise<ReportPage>,
): AsyncGenerator<ReadonlyArray<ReportRow>> {
  let current = first
  while (true) {
    const { columns, rows, next } = current
    yield rows.map((cells) => toRow(cells, columns))
    if (next === null) return
    current = await page(next)
  }
}

async function* rowsOfLines(
  pieces: AsyncIterable<Uint8Array>,
  { columns }: ReportPage,
): AsyncGenerator<ReadonlyArray<ReportRow>> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of pieces) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    if (lines.length > 0) yield lines.map((line) => toRow(JSON.parse(line) as Cells, columns))
  }
}
