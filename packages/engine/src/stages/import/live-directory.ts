// The directory as it stands: the rows of live documents as facts, of one source or of all.
import type { Account, DirectoryFact } from '@spillway/core'
import { configurationState } from '../../catalog/configuration.ts'
import { KeptLast } from '../../catalog/kept-last.ts'
import { fromDirectoryRow, TABLE_OF_FACT } from '../../warehouse/fact-rows.ts'
import { type LiveDocument, liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import type { PendingDirectory } from './import-options.ts'
import type { DirectoryKind } from './merge-directory.ts'

type Held = Pick<Workspace, 'catalog' | 'warehouse' | 'tenant'>

/** Rows of one kind in the documents given, in the order of document and file. */
export async function readDirectory(
  { warehouse, tenant }: Pick<Held, 'warehouse' | 'tenant'>,
  kind: DirectoryKind,
  documents: ReadonlyArray<LiveDocument>,
): Promise<DirectoryFact[]> {
  if (documents.length === 0) return []
  const rows = await warehouse.rows(
    `WITH ${liveDocumentsCte(documents)} SELECT * FROM "${TABLE_OF_FACT[kind]}"
     WHERE tenant = $tenant AND doc IN (FROM live_document) ORDER BY doc, ordinal`,
    { tenant },
  )
  return rows.map((row) => fromDirectoryRow(kind, row))
}

/** All rows of one kind, whatever their source, as they are after what is `pending`. */
export async function readWholeDirectory(
  held: Held,
  kind: DirectoryKind,
  pending: PendingDirectory,
): Promise<DirectoryFact[]> {
  const documents = await liveDocuments(held)
  const untouched = documents.filter(({ part, source }) => !pending.has(pendingKey(part, source)))
  const stored = await readDirectory(held, kind, untouched)
  return [...stored, ...[...pending.values()].flatMap(({ rows }) => rows.filter((row) => row.fact === kind))]
}

export function pendingKey(part: string, source: string): string {
  return `${part}\u0000${source}`
}

const accountsBy = new KeptLast<ReadonlyArray<Account>>()

/** Accounts of every live file, in the order of document and file: the same list for as long as the same documents are live. */
export async function readAccounts(held: Held): Promise<ReadonlyArray<Account>> {
  const documents = await liveDocuments(held)
  const state = documents.map(({ doc }) => doc).join()
  const read = async () => (await readDirectory(held, 'account', documents)) as Account[]
  return accountsBy.get(held.catalog, { name: held.tenant, state }, read)
}

/** What accounts follow from: another after every change of files and of documents. */
export async function stateOfAccounts(held: Pick<Held, 'catalog' | 'tenant'>): Promise<string> {
  const documents = await liveDocuments(held)
  return `${await configurationState(held)} ${documents.map(({ doc }) => doc).join()}`
}
