// `import --preview`: what a table is that no format knows, with a Source document to begin with; or what a saved one makes of its
// first rows. Imports nothing.
import { Refusal, type Report, type ReportColumn } from '@spillway/core'
import { codeLookup, documentText, loadConfiguration } from '@spillway/engine'
import { type FilePreview, type PreviewRequest, previewFile } from '@spillway/formats'
import { atWorkspace, type CommandContext, pathFrom } from '../command-context.ts'
import { counted } from '../output/counted.ts'
import { printReport } from '../output/print-report.ts'
import { printable } from '../output/printable.ts'

const ROWS = 50
const SAMPLES_WIDTH = 60

/** @throws Refusal `not-found` for a source that there is not; what opening the file refuses. */
export async function previewImport(
  context: CommandContext,
  { file, source }: { readonly file: string; readonly source: string | undefined },
): Promise<void> {
  const path = pathFrom(context, file)
  const preview = await atWorkspace(context, {
    access: 'read',
    here: async (workspace) => {
      const request: PreviewRequest = { rows: ROWS, subAccountOf: await codeLookup(workspace) }
      if (source === undefined) return previewFile(path, request)
      const found = (await loadConfiguration(workspace, 'Source')).find(({ name }) => name === source)
      if (found) return previewFile(path, { ...request, mapping: found.body })
      throw noSource(source)
    },
    there: async (client) => {
      const { previewOnServer } = await import('../remote/preview-on-server.ts')
      return previewOnServer(client, { path, source, rows: ROWS, noSource, signal: context.terminal.signal })
    },
  })
  describeTable(preview, context)
  if (preview.mapped === null) await context.terminal.out(documentText(preview.suggestion))
  else await showMapped(preview.mapped, context)
}

function noSource(name: string): Refusal {
  return new Refusal('not-found', `There is no Source ${name}.`, {
    hint: 'Leave out --source to see what the table is, and a Source document to begin with.',
  })
}

function describeTable({ settings, columns, parts, part, isWhole }: FilePreview, { terminal }: CommandContext): void {
  const { encoding, delimiter, headerRow } = settings
  const place = [part.member, part.sheet].filter((name) => name !== '').join(' ')
  const read = [
    ...(place === '' ? [] : [`${printable(place)}, one of ${counted(parts.length, 'table')}`]),
    ...(encoding === '' ? [] : [encoding, `delimiter ${delimiter}`]),
    headerRow === null ? 'no header' : `header in line ${headerRow}`,
    ...(isWhole ? [] : ['its beginning alone']),
  ]
  terminal.note(`Read as ${read.join(', ')}.`)
  for (const { title, kind, format, meaning, samples } of columns) {
    const shown = samples.join(' | ')
    const cut = shown.length > SAMPLES_WIDTH ? `${shown.slice(0, SAMPLES_WIDTH)}…` : shown
    const what = [format ?? kind, ...(meaning === null ? [] : [`→ ${meaning}`])].join(' ')
    terminal.note(printable(`  ${title}: ${what}  ${cut}`))
  }
}

async function showMapped(mapped: NonNullable<FilePreview['mapped']>, context: CommandContext): Promise<void> {
  const { issues, rows, counts } = mapped
  for (const { path, message } of issues) context.terminal.note(printable(`  ${path}: ${message}`))
  if (issues.length > 0) {
    context.exitCode = 2
    return
  }
  await printReport(mappedReport(rows), {}, context.terminal)
  context.terminal.note(
    `${counted(counts.read, 'row')} looked at: ${counts.accepted} accepted, ${counts.quarantined} refused, ${counts.ignored} ignored.`,
  )
  if (counts.quarantined > 0) context.exitCode = 1
}

/** One row per fact, and one per row that is refused; columns that no row fills are left out. */
function mappedReport(rows: NonNullable<FilePreview['mapped']>['rows']): Report {
  const names = [...new Set(rows.flatMap(({ facts }) => facts.flatMap(({ cells }) => Object.keys(cells))))]
  const filled = names.filter((name) => rows.some(({ facts }) => facts.some(({ cells }) => (cells[name] ?? '') !== '')))
  const text = (key: string): ReportColumn => ({ key, title: key, kind: 'text' })
  const columns = [text('row'), text('fact'), ...filled.map(text), text('problem')]
  const cells = rows.flatMap(({ line, facts, problems }) => {
    const wrong = problems.map(({ message }) => message).join(' ')
    const blank = filled.map(() => '')
    if (facts.length === 0) return [[String(line), '', ...blank, wrong]]
    return facts.map((one) => [String(line), one.fact, ...filled.map((name) => one.cells[name] ?? ''), wrong])
  })
  return {
    ...{ name: 'import-preview', title: 'First rows', columns },
    rows: (async function* () {
      yield cells
    })(),
  }
}
