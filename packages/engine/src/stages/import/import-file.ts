// One file through the import: recognised, read, judged, and written as a whole. What it is refused for becomes its
// report; what is our own fault, or a cancellation, rolls back and goes on to the caller.
import { type CostCentre, type IntakeFile, invariant, Refusal } from '@spillway/core'
import { codeLookup } from '../../sub-accounts/code-lookup.ts'
import { type LiveDocument, liveDocuments } from '../../warehouse/live-documents.ts'
import { sweepWarehouse } from '../../warehouse/sweep.ts'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { balanceInvoices } from './balance-invoices.ts'
import { batchIdAgain, batchIdOf, type EarlierImport, findEarlierImport, importersOf } from './batch.ts'
import { refuseCycle } from './check-directory.ts'
import { describeFile, rejectedTables } from './describe-file.ts'
import { EarlyWrite } from './early-write.ts'
import type { FileImport, PendingDirectory } from './import-options.ts'
import type { FileReport } from './import-report.ts'
import { pendingKey, readWholeDirectory } from './live-directory.ts'
import { mendedPlaces } from './mended-places.ts'
import { refuseMassEnd } from './merge-directory.ts'
import { type MergedDocument, mergeDocuments } from './merge-documents.ts'
import { ProblemTally } from './problem-tally.ts'
import { progressOf, readFile, stopIfCancelled } from './read-file.ts'
import { settleRows } from './settle-rows.ts'
import { Staging } from './staging.ts'
import { addedBy, refuseCorrectedSince, supplementedBatch } from './supplement.ts'
import { type BatchToWrite, type DocumentToWrite, writeBatch } from './write-batch.ts'

type Draft = { -readonly [K in keyof FileReport]: FileReport[K] }

/** @throws Refusal `cancelled`. */
export async function importFile(at: FileImport): Promise<FileReport> {
  const { options, path } = at
  const draft = emptyReport(path)
  let file: IntakeFile | undefined
  try {
    file = await options.intake.open(path, { source: options.source })
    await importOpened(at, file, draft)
  } catch (error) {
    stopIfCancelled(options.signal)
    if (!(error instanceof Refusal) || error.kind === 'cancelled') throw error
    const { kind, message, hint, facts } = error
    const nothing = { rows: NO_ROWS, amounts: [], documents: [], invoices: [] }
    Object.assign(draft, nothing, { outcome: 'refused', refusal: { kind, message, hint, facts } })
  } finally {
    await file?.close()
  }
  return draft
}

async function importOpened(at: FileImport, file: IntakeFile, draft: Draft): Promise<void> {
  const { workspace, options } = at
  const base = batchIdOf(file, options.source)
  const earlier = await findEarlierImport(workspace, base)
  const { last } = earlier
  draft.file = file.fileName
  draft.importers = importersOf(file)
  draft.batch = last?.batch ?? batchIdAgain(base, earlier.times + 1)
  draft.supersededSince = supersededOf(last)
  draft.importedBefore = last && { batch: last.batch, file: last.file, at: last.at }
  draft.supplements = supplementedBatch(file)
  // A bill that is known changes nothing, not even when it was corrected since; a directory file is compared instead,
  // since what it says may be news again.
  const isBill = last?.documents.some(isInvoiceDocument) === true
  const isLive = last?.documents.every(({ live }) => live === 1) === true && last.documents.length > 0
  if (isLive || (isBill && !options.again)) return
  const { warehouse } = workspace
  const stage = () =>
    warehouse.withScratch(async (scratch) => {
      const staging = new Staging(warehouse, scratch, options.layout)
      const id = batchIdAgain(base, earlier.times + 1)
      const opened = { file, staging, draft, earlier, id }
      try {
        if (options.dryRun) await importStaged(at, { ...opened, early: null })
        else await warehouse.withConnection((beside) => importWriting(at, { ...opened, beside }))
      } finally {
        staging.flush()
      }
    })
  // The limit is that of every connection: what only looks, beside a close, leaves it as it is.
  if (options.dryRun) await stage()
  else await warehouse.withMemoryLimit(IMPORT_MEBIBYTES, stage)
}

/** What the staged rows of a file may take of memory, whatever its size; the rest waits on disk. */
const IMPORT_MEBIBYTES = 256

type Opened = {
  readonly file: IntakeFile
  readonly staging: Staging
  readonly draft: Draft
  readonly earlier: EarlierImport
  readonly id: string
  /** null where nothing is written. */
  readonly early: EarlyWrite | null
}

/** What is written while the file is read goes again where the file is refused, cancelled or says nothing new. */
async function importWriting(
  at: FileImport,
  { beside, ...opened }: Omit<Opened, 'early'> & { readonly beside: Warehouse },
): Promise<void> {
  const { file, staging, id, draft } = opened
  const { fileName, digest, bytes, parts } = file
  const { path, options } = at
  const batch = { id, file: fileName, path, digest, bytes, importers: importersOf(file), source: options.source, parts }
  const early = new EarlyWrite(at.workspace, { beside, staging, batch, limits: options.early })
  let isWritten = false
  try {
    await importStaged(at, { ...opened, early })
    isWritten = draft.outcome === 'imported'
  } finally {
    await early.giveUp()
    if (early.isBegun && !isWritten) await sweepWarehouse(at.workspace)
  }
}

async function importStaged(at: FileImport, opened: Opened): Promise<void> {
  const { workspace, options } = at
  const { file, staging, draft, id, early } = opened
  const tally = new ProblemTally()
  const { source, signal, onProgress } = options
  const subAccountOf = await codeLookup(workspace)
  const state = await readFile({ file, source, subAccountOf, staging, tally, signal, onProgress, early })
  const report = (stage: 'check' | 'write') =>
    onProgress?.({ ...progressOf(file, state), stage, part: file.parts.length })
  report('check')
  const live = await liveDocuments(workspace)
  const added = await addedBy(at, { root: draft.supplements, live })
  const superseded = supersededBy(staging, live)
  if (added !== null) refuseCorrectedSince(staging, { superseded, added })
  const merged = await mergeDocuments(at, { file, staging, state, live, tally, isSupplement: added !== null })
  draft.directory = merged.map(({ report: found }) => found)
  draft.problems = tally.list()
  if (!options.acceptMassEnd) for (const { report: found } of merged) refuseMassEnd(found.part, found)
  await refuseCycles(at, merged)
  const replaced = new Set([...superseded.values()].flat().map(({ doc }) => doc))
  const documentsKept = live.filter(({ doc }) => !replaced.has(doc))
  const known = { tenant: workspace.tenant, documents: documentsKept, added: added ?? [] }
  const { rows, amounts } = await settleRows({ file, source, staging, state, tally, known, merged })
  const counts = await staging.countByDocument()
  const documents = documentsToWrite(staging, { counts, superseded, merged })
  Object.assign(draft, { rows, amounts, quarantinedWithoutAmount: state.quarantinedWithoutAmount })
  draft.invoices = await balanceInvoices(workspace, { staging, known: known.documents, tally, file })
  draft.problems = tally.list()
  const rejects = { file, batch: draft.supplements || id }
  if (options.describe) draft.description = await describeFile(workspace, { staging, ...rejects, ...options.describe })
  if (options.onRejects && staging.hasQuarantine) await options.onRejects(rejectedTables(staging, rejects), at.index)
  // Nothing new: not even a batch, unless a first look at the file left rows in quarantine, or rows of one came back.
  const mended = mendedPlaces(file)
  const leavesNothing = rows.quarantined === 0 && mended.size === 0
  if (documents.length === 0 && (opened.earlier.last !== null || leavesNothing)) return
  draft.batch = id
  draft.outcome = 'imported'
  draft.documents = describeDocuments(documents, { file, counts, live })
  for (const part of merged)
    at.pending.set(pendingKey(part.report.part, part.report.source), {
      ...part.report,
      rows: part.rows.map(({ fact }) => fact),
    })
  if (options.dryRun) return
  stopIfCancelled(signal)
  report('write')
  await write(at, { ...opened, documents, rows, mended })
}

async function write(
  { workspace, options, path }: FileImport,
  { file, staging, id, early, documents, rows, mended }: Opened & Pick<BatchToWrite, 'documents' | 'rows' | 'mended'>,
): Promise<void> {
  const { fileName, digest, bytes, parts } = file
  const importers = importersOf(file)
  const { source } = options
  const supplements = supplementedBatch(file)
  const origin = { id, file: fileName, path, digest, bytes, importers, source, parts }
  const batch = { ...origin, rows, documents, supplements, mended }
  try {
    await writeBatch(workspace, { staging, batch, early, beforeCompleting: () => stopIfCancelled(options.signal) })
  } catch (error) {
    await sweepWarehouse(workspace)
    throw error
  }
}

/** A bill, or a part of one: a later document of the same part and invoice replaces it. Other usage only adds up. */
function isInvoiceDocument({ invoice }: { readonly invoice: string }): boolean {
  return invoice !== ''
}

function supersededOf(last: EarlierImport['last']): FileReport['supersededSince'] {
  const gone = last ? last.documents.filter((document) => document.by !== null) : []
  return gone.map(({ part, invoice, by }) => ({ part, invoice, by: by as string }))
}

/** Live documents that each staged document replaces, by its index. */
function supersededBy(staging: Staging, live: ReadonlyArray<LiveDocument>): Map<number, LiveDocument[]> {
  const keyOf = (document: Pick<LiveDocument, 'part' | 'vendor' | 'account' | 'invoice'>, source: string) =>
    [document.part, source, document.vendor, document.account, document.invoice].join('\u0000')
  const byKey = new Map<string, LiveDocument[]>()
  for (const document of live) {
    const key = keyOf(document, isInvoiceDocument(document) ? '' : document.source)
    const known = byKey.get(key)
    if (known) known.push(document)
    else byKey.set(key, [document])
  }
  const superseded = new Map<number, LiveDocument[]>()
  for (const [index, { key, source, isDirectory }] of staging.documents.entries()) {
    if (!isDirectory && !isInvoiceDocument(key)) continue
    const found = byKey.get(keyOf(key, isDirectory ? source : ''))
    if (found) superseded.set(index, found)
  }
  return superseded
}

async function refuseCycles({ workspace, pending }: FileImport, merged: ReadonlyArray<MergedDocument>): Promise<void> {
  const changed = merged.filter((part) => part.isChanged && part.kind === 'cost-centre')
  if (changed.length === 0) return
  const after: PendingDirectory = new Map(pending)
  for (const { report, rows } of changed)
    after.set(pendingKey(report.part, report.source), { ...report, rows: rows.map(({ fact }) => fact) })
  refuseCycle((await readWholeDirectory(workspace, 'cost-centre', after)) as CostCentre[])
}

/** Documents with facts, and directory documents with changes; in the order of the file. */
function documentsToWrite(
  staging: Staging,
  {
    counts,
    superseded,
    merged,
  }: {
    counts: ReadonlyArray<number>
    superseded: ReadonlyMap<number, ReadonlyArray<LiveDocument>>
    merged: ReadonlyArray<MergedDocument>
  },
): DocumentToWrite[] {
  const changed = new Set(merged.filter(({ isChanged }) => isChanged).map(({ index }) => index))
  const documents: DocumentToWrite[] = []
  const replaced = new Set<number>()
  for (const [index, staged] of staging.documents.entries()) {
    if (staged.isDirectory ? !changed.has(index) : counts[index] === 0) continue
    const supersedes = (superseded.get(index) ?? []).map(({ doc }) => doc).filter((doc) => !replaced.has(doc))
    for (const doc of supersedes) replaced.add(doc)
    documents.push({ index, staged, supersedes })
  }
  return documents
}

function describeDocuments(
  documents: ReadonlyArray<DocumentToWrite>,
  { file, counts, live }: { file: IntakeFile; counts: ReadonlyArray<number>; live: ReadonlyArray<LiveDocument> },
): FileReport['documents'] {
  const fileOf = new Map(live.map((document) => [document.doc, document.file]))
  return documents.map(({ index, staged, supersedes }) => {
    const part = file.parts[staged.partNo]
    invariant(part, 'a document stands in a part of its file', { partNo: staged.partNo })
    return {
      ...staged.key,
      source: staged.source,
      member: part.member,
      sheet: part.sheet,
      rows: counts[index] as number,
      supersedes: supersedes.map((doc) => ({ doc, file: fileOf.get(doc) as string })),
    }
  })
}

const NO_ROWS = { read: 0, accepted: 0, quarantined: 0, duplicates: 0 }

function emptyReport(path: string): Draft {
  return {
    file: path,
    batch: '',
    outcome: 'unchanged',
    refusal: null,
    importers: [],
    rows: NO_ROWS,
    amounts: [],
    quarantinedWithoutAmount: 0,
    invoices: [],
    documents: [],
    directory: [],
    problems: [],
    supersededSince: [],
    importedBefore: null,
    supplements: '',
    description: null,
  }
}
