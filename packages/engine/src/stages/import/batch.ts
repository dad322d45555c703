// The batch of a file: what makes it the same file, and what the catalog knows of it.
import { createHash } from 'node:crypto'
import type { IntakeFile } from '@spillway/core'
import type { Workspace } from '../../workspace/workspace.ts'

type Held = Pick<Workspace, 'catalog' | 'tenant'>

/** `verizon-detail@1`, each once, in the order of their names. */
export function importersOf(file: IntakeFile): string[] {
  return [...new Set(file.parts.map(({ importer }) => `${importer.name}@${importer.version}`))].sort()
}

/** The same content through the same importers from the same source is the same batch. */
export function batchIdOf(file: IntakeFile, source: string): string {
  const identity = JSON.stringify([file.digest, importersOf(file), source])
  return createHash('sha256').update(identity).digest('hex').slice(0, 24)
}

export type EarlierDocument = {
  readonly id: number
  readonly part: string
  readonly source: string
  readonly invoice: string
  readonly live: 0 | 1
  /** The file that superseded it; null where it is live. */
  readonly by: string | null
}

export type EarlierImport = {
  /** How often the file was imported already, taken back or not. */
  readonly times: number
  /** Its last import that was not taken back; null where all were. */
  readonly last: {
    readonly batch: string
    readonly file: string
    readonly at: string
    readonly documents: ReadonlyArray<EarlierDocument>
  } | null
}

/** What earlier imports of the same file left. An import again has the id `ID-2`, `ID-3`, ... */
export async function findEarlierImport({ catalog, tenant }: Held, id: string): Promise<EarlierImport> {
  const batches = await catalog
    .selectFrom('batch as b')
    .leftJoin('batch_taken_back as t', (join) => join.onRef('t.tenant', '=', 'b.tenant').onRef('t.batch', '=', 'b.id'))
    .select(['b.id', 'b.file', 'b.imported_at', 't.batch as takenBack'])
    .where('b.tenant', '=', tenant)
    .where('b.state', '=', 'complete')
    .where((where) => where.or([where('b.id', '=', id), where('b.id', 'like', `${id}-%`)]))
    .execute()
  const timeOf = (batch: string) => (batch === id ? 1 : Number(batch.slice(id.length + 1)))
  const [last] = batches.filter((batch) => batch.takenBack === null).sort((a, b) => timeOf(b.id) - timeOf(a.id))
  if (last === undefined) return { times: batches.length, last: null }
  const documents = await catalog
    .selectFrom('document as d')
    .leftJoin('document as s', 's.id', 'd.superseded_by')
    .leftJoin('batch as b', (join) => join.onRef('b.tenant', '=', 's.tenant').onRef('b.id', '=', 's.batch'))
    .select(['d.id', 'd.part', 'd.source', 'd.invoice', 'd.live', 'b.file as by'])
    .where('d.tenant', '=', tenant)
    .where('d.batch', '=', last.id)
    .orderBy('d.id')
    .execute()
  return { times: batches.length, last: { batch: last.id, file: last.file, at: last.imported_at, documents } }
}

/** The id of the import number `time`, counted from 1. */
export function batchIdAgain(id: string, time: number): string {
  return time === 1 ? id : `${id}-${time}`
}
