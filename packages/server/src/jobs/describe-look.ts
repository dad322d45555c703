// What a look at an uploaded file found, as the screens show it: what it is, what it covers, what it replaces, what is wrong.
import { formatAmount } from '@spillway/core'
import type { FileReport } from '@spillway/engine'
import { IMPORTERS, nearestFormats } from '@spillway/formats'
import type { DraftLook } from '../contract/import-drafts.ts'

const SHOWN = 100

export type LookedFile = {
  readonly file: FileReport
  /** The `--source` that it was looked at with. */
  readonly source: string
  /** Of a file that no format claims, as far as they could be read. */
  readonly titles: ReadonlyArray<string>
  /** Formats beside the built-in ones. */
  readonly sources: ReadonlyArray<{
    readonly name: string
    readonly describes: string
    readonly columns?: ReadonlyArray<string>
  }>
}

const NO_COVER = { vendors: [], accounts: [], accountCount: 0, invoiceCount: 0, from: null, until: null, months: [] }

export function describeLook({ file, source, titles, sources }: LookedFile): DraftLook {
  const { outcome, refusal, batch, rows, quarantinedWithoutAmount, description, importedBefore, supplements } = file
  const candidates = (refusal?.facts.candidates ?? []) as ReadonlyArray<{ name: string; describes: string }>
  const isUnknown = refusal?.facts.header !== undefined
  const formats = [...IMPORTERS, ...sources]
  const known = file.importers.map((name) => name.replace(/@\d+$/, ''))
  const recognised =
    description?.recognised ??
    known.map((name) => ({
      ...{ member: '', sheet: '', format: name },
      describes: formats.find((one) => one.name === name)?.describes ?? '',
    }))
  return {
    ...{ outcome, batch, rows, quarantinedWithoutAmount, supplements },
    refusal: refusal && { code: refusal.kind, detail: refusal.message, hint: refusal.hint },
    confidence: known.length === 0 ? 'none' : known.some((name) => isNamed(name, source)) ? 'named' : 'certain',
    recognised: [...recognised],
    candidates: isUnknown ? [] : candidates.map(({ name, describes }) => ({ format: name, describes })),
    nearest: isUnknown ? nearestFormats(titles, formats) : [],
    amounts: file.amounts.map(({ currency, acceptedMinor, quarantinedMinor }) => ({
      currency,
      accepted: formatAmount(acceptedMinor, currency),
      quarantined: formatAmount(quarantinedMinor, currency),
    })),
    covers: description === null ? NO_COVER : plain(description.cover),
    invoices: invoicesOf(file),
    supersedes: file.documents
      .filter(({ supersedes }) => supersedes.length > 0)
      .slice(0, SHOWN)
      .map(({ part, vendor, account, invoice, supersedes }) => ({
        ...{ part, vendor, account, invoice, files: supersedes.map((one) => one.file) },
      })),
    duplicateOf:
      outcome === 'unchanged' && importedBefore !== null
        ? { batch: importedBefore.batch, file: importedBefore.file, importedAt: importedBefore.at }
        : null,
    supersededSince: file.supersededSince.slice(0, SHOWN),
    directory: file.directory.map(({ part, source: of, changes, unchanged, active, ending }) => ({
      ...{ part, source: of, changes: changes.length, unchanged, active, ending },
      kinds: countsOf(changes.map(({ kind }) => kind)),
    })),
    problems: file.problems.map(({ places, ...problem }) => ({ ...problem, places: [...places] })),
    badRows: [...(description?.badRows ?? [])],
  }
}

function isNamed(format: string, source: string): boolean {
  return source !== '' && (format === source || format.startsWith(`${source}-`))
}

function plain({ vendors, accounts, months, ...cover }: NonNullable<FileReport['description']>['cover']) {
  return { ...cover, vendors: [...vendors], accounts: [...accounts], months: [...months] }
}

/** Those that do not foot come first. */
function invoicesOf({ invoices }: FileReport): DraftLook['invoices'] {
  const isOpen = ({ differenceMinor }: FileReport['invoices'][number]) =>
    differenceMinor !== null && differenceMinor !== 0n
  return [...invoices.filter(isOpen), ...invoices.filter((one) => !isOpen(one))]
    .slice(0, SHOWN)
    .map(({ vendor, account, invoice, currency, lines, chargesMinor, totalMinor, differenceMinor }) => ({
      ...{ vendor, account, invoice, currency, lines, charges: formatAmount(chargesMinor, currency) },
      total: totalMinor === null ? null : formatAmount(totalMinor, currency),
      difference: differenceMinor === null ? null : formatAmount(differenceMinor, currency),
    }))
}

/** In the order in which they come first. */
export function countsOf(kinds: ReadonlyArray<string>): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const kind of kinds) counts[kind] = (counts[kind] ?? 0) + 1
  return counts
}
