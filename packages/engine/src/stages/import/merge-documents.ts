// The directory documents of a file: each merged with what its source had, and staged as the full set where it differs.
import { type IntakeFile, invariant } from '@spillway/core'
import type { LiveDocument } from '../../warehouse/live-documents.ts'
import type { FileImport } from './import-options.ts'
import type { DirectoryReport } from './import-report.ts'
import { pendingKey, readDirectory } from './live-directory.ts'
import { type DirectoryKind, type FeedRow, type MergedPart, mergeDirectoryPart } from './merge-directory.ts'
import type { ProblemTally } from './problem-tally.ts'
import { placeOf, type ReadState } from './read-file.ts'
import type { Staging } from './staging.ts'

export type MergedDocument = MergedPart & {
  /** In `staging.documents`. */
  readonly index: number
  readonly kind: DirectoryKind
  readonly feed: ReadonlyArray<FeedRow>
  readonly isChanged: boolean
  readonly report: DirectoryReport
}

type Merging = {
  readonly file: IntakeFile
  readonly staging: Staging
  readonly state: ReadState
  readonly live: ReadonlyArray<LiveDocument>
  readonly tally: ProblemTally
  /** The file adds to what an earlier one said. */
  readonly isSupplement: boolean
}

/** One per directory document of the file; its rows are staged where anything changed. */
export async function mergeDocuments(at: FileImport, merging: Merging): Promise<MergedDocument[]> {
  const { file, staging, state, tally } = merging
  const feeds = new Map<number, FeedRow[]>()
  for (const row of state.directory) {
    const feed = feeds.get(row.document)
    if (feed) feed.push(row)
    else feeds.set(row.document, [row])
  }
  const merged: MergedDocument[] = []
  for (const [index, feed] of feeds) {
    const document = await mergeDocument(at, merging, { index, feed })
    const part = file.parts[staging.documents[index]?.partNo as number]
    invariant(part, 'a directory document stands in a part of its file', { index })
    for (const problem of document.problems) tally.add(problem, placeOf(file, part))
    if (document.isChanged) await stage(staging, document)
    merged.push(document)
  }
  staging.flush()
  return merged
}

async function mergeDocument(
  { workspace, options, pending }: FileImport,
  { staging, state, live, isSupplement }: Merging,
  { index, feed }: { index: number; feed: ReadonlyArray<FeedRow> },
): Promise<MergedDocument> {
  const { key, source } = staging.documents[index] as Staging['documents'][number]
  const kind = feed[0]?.fact.fact as DirectoryKind
  invariant(
    feed.every(({ fact }) => fact.fact === kind),
    'a directory document holds one kind of fact',
    { part: key.part, kind },
  )
  const own = live.filter((document) => document.part === key.part && document.source === source)
  const tried = pending.get(pendingKey(key.part, source))
  const known = tried ? tried.rows : await readDirectory(workspace, kind, own)
  const parts = new Set(feed.map(({ partNo }) => partNo))
  const unreadRows = [...parts].reduce((sum, partNo) => sum + (state.quarantinedOfPart[partNo] as number), 0)
  const { asOfOn } = options
  const merged = mergeDirectoryPart({ kind, part: key.part, known, feed, unreadRows, isSupplement, asOfOn })
  const { changes, unchanged, massEnd } = merged.merge
  const report = { part: key.part, source, changes, unchanged, ...massEnd }
  return { ...merged, index, kind, feed, isChanged: changes.length > 0, report }
}

async function stage(staging: Staging, { index, rows }: MergedDocument): Promise<void> {
  for (const { fact, line } of rows) {
    const table = staging.openTableOf(fact) ?? (await staging.openTableFor(fact))
    staging.appendTo(table, fact, { document: index, rowNo: NO_ROW, line })
  }
}

/** A merged row may come from several files; rows of this one are counted apart. */
const NO_ROW = 0
