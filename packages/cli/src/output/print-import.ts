// What an import did, file by file: rows, money, what it supersedes, who joined or left, and what is wrong.
import { isAbsolute, relative } from 'node:path'
import { formatAmount, type Severity } from '@spillway/core'
import type { DirectoryReport, FileReport, ImportReport } from '@spillway/engine'
import type { Terminal } from '../terminal.ts'
import { counted } from './counted.ts'
import { printCounted, printProblemCounts } from './print-problems.ts'
import { groupThousands } from './print-table.ts'
import { printable } from './printable.ts'

const CHANGES_SHOWN = 12

/** What a part of the directory came to; `changes` where they are at hand. */
export type PrintedDirectory = Pick<DirectoryReport, 'part' | 'unchanged'> & {
  readonly kinds: ReadonlyMap<string, number>
  readonly changes: DirectoryReport['changes']
}
type PrintedFile = Omit<FileReport, 'directory' | 'batch' | 'description' | 'importedBefore'> & {
  readonly directory: ReadonlyArray<PrintedDirectory>
}
/** An import of a folder, or what a server says of one. */
export type PrintedImport = {
  readonly isDryRun: boolean
  readonly files: ReadonlyArray<PrintedFile>
  readonly directoryProblems: ImportReport['directoryProblems']
}

export function printedImport({ files, ...report }: ImportReport): PrintedImport {
  return {
    ...report,
    files: files.map((file) => ({ ...file, directory: file.directory.map(countedKinds) })),
  }
}

function countedKinds(report: DirectoryReport): PrintedDirectory {
  const kinds = new Map<string, number>()
  for (const { kind } of report.changes) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  return { ...report, kinds }
}

export function hasProblems({ files, directoryProblems }: PrintedImport): boolean {
  const isWorse = ({ severity }: { readonly severity: Severity }) => severity !== 'info'
  return files.some(({ problems }) => problems.some(isWorse)) || directoryProblems.some(isWorse)
}

export function printImport({ files, directoryProblems, isDryRun }: PrintedImport, terminal: Terminal): void {
  for (const file of files) printFile({ ...file, file: nameOf(file.file, terminal) }, terminal)
  printProblemCounts(directoryProblems, terminal)
  if (isDryRun) terminal.note('Dry run: nothing was changed.')
}

/** As the user would name it from here. */
function nameOf(file: string, { directory }: Terminal): string {
  const near = isAbsolute(file) ? relative(directory, file) : file
  return printable(near.startsWith('..') ? file : near)
}

function printFile(file: PrintedFile, terminal: Terminal): void {
  const { green, red, dim, bold } = terminal.colours
  if (file.refusal) {
    terminal.note(`${red('refused')}   ${bold(file.file)} ${printable(file.refusal.message)}`)
    terminal.note(dim(`          ${printable(file.refusal.hint)}`))
    return
  }
  const { read, accepted, quarantined, duplicates } = file.rows
  const outcome = file.outcome === 'imported' ? green('imported ') : dim('unchanged')
  const rest = [
    quarantined > 0 ? `${groupThousands(String(quarantined))} in quarantine` : '',
    duplicates > 0 ? counted(duplicates, 'duplicate') : '',
  ]
  const counts = [counted(read, 'row'), `${groupThousands(String(accepted))} accepted`, ...rest].filter(
    (text) => text !== '',
  )
  terminal.note(`${outcome} ${bold(file.file)} ${dim(`(${file.importers.join(', ')})`)} ${counts.join(', ')}`)
  for (const { currency, acceptedMinor, quarantinedMinor } of file.amounts) {
    const held =
      quarantinedMinor === 0n ? '' : `, ${groupThousands(formatAmount(quarantinedMinor, currency))} in quarantine`
    terminal.note(`          ${groupThousands(formatAmount(acceptedMinor, currency))} ${currency}${held}`)
  }
  for (const { invoice, part, supersedes } of file.documents)
    if (supersedes.length > 0)
      terminal.note(
        printable(
          `          supersedes ${invoice || part} of ${supersedes.map(({ file: earlier }) => earlier).join(', ')}`,
        ),
      )
  for (const { part, invoice, by } of file.supersededSince)
    terminal.note(printable(`          ${invoice || part} was superseded since by ${by}; --again takes it back`))
  if (file.supplements !== '' && file.outcome === 'imported')
    terminal.note(`          adds to import ${file.supplements}`)
  for (const directory of file.directory) printDirectory(directory, terminal)
  printInvoices(file, terminal)
  printCounted(file.problems, terminal)
}

function printInvoices({ invoices, outcome }: PrintedFile, { note, colours }: Terminal): void {
  if (outcome !== 'imported') return
  for (const { invoice, currency, chargesMinor, totalMinor, differenceMinor } of invoices) {
    if (totalMinor === null || differenceMinor === 0n || differenceMinor === null) continue
    const texts = [totalMinor, chargesMinor, differenceMinor].map((minor) =>
      groupThousands(formatAmount(minor, currency)),
    )
    note(
      `          ${colours.yellow('does not foot so far')} ${printable(invoice)}: total ${texts[0]}, lines ${texts[1]}, difference ${texts[2]} ${currency}`,
    )
  }
}

function printDirectory(
  { part, kinds: counts, changes, unchanged }: PrintedDirectory,
  { note, colours }: Terminal,
): void {
  const summary = [...counts].map(([kind, count]) => `${count} ${kind}`).join(', ')
  note(`          ${part}: ${summary || 'no change'}${unchanged > 0 ? `, ${unchanged} unchanged` : ''}`)
  if (
    changes.length === 0 ||
    changes.length === counts.get('joiner') ||
    changes.length === counts.get('added') ||
    changes.length === counts.get('new')
  )
    return
  const lines = describeChanges(changes)
  for (const line of lines.slice(0, CHANGES_SHOWN)) note(colours.dim(printable(`            ${line}`)))
  if (lines.length > CHANGES_SHOWN) note(colours.dim(`            and ${lines.length - CHANGES_SHOWN} more`))
}

type Change = DirectoryReport['changes'][number]

/** That a change is of days that are past stands on the line of what happened, which comes before it. */
export function describeChanges(changes: ReadonlyArray<Change>): string[] {
  const lines: string[] = []
  let before: Change | undefined
  for (const change of changes) {
    const isOfLast = change.kind === 'retroactive' && change.of.length > 0
    if (isOfLast)
      lines.push(`${lines.pop()}, retroactive${before && sinceOf(before) === sinceOf(change) ? '' : sinceOf(change)}`)
    else lines.push(describeChange(change))
    before = change
  }
  return lines
}

function sinceOf(change: Change): string {
  return 'effectiveOn' in change && change.effectiveOn !== null ? ` from ${change.effectiveOn}` : ''
}

function describeChange(change: Change): string {
  const id =
    'employee' in change ? change.employee : 'service' in change ? change.service : 'id' in change ? change.id : ''
  const on = sinceOf(change)
  const fields = 'fields' in change ? ` (${change.fields.join(', ')})` : ''
  return `${change.kind} ${id}${fields}${on}`
}
