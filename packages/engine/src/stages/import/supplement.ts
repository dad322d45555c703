// Mended rows: a file of rows that an import refused names that import, and adds to it. A bill is otherwise replaced as a
// whole, and one of which three rows were mended would become a bill of three rows (decision 0034).
import { type IntakeFile, Refusal } from '@spillway/core'
import type { LiveDocument } from '../../warehouse/live-documents.ts'
import type { FileImport } from './import-options.ts'
import type { Staging } from './staging.ts'

/** The import that the file's rows were refused by; '' for any other file. @throws Refusal `bad-command` for several. */
export function supplementedBatch({ fileName, parts }: IntakeFile): string {
  const [root = '', ...others] = new Set(parts.map(({ supplements = '' }) => supplements))
  if (others.length === 0) return root
  throw new Refusal('bad-command', `${fileName} holds rows of several imports.`, {
    hint: 'Mend the rows of each import in a file of their own.',
  })
}

/**
 * Live documents of an import and of what was added to it already; null for a file that adds to none.
 * @throws Refusal `not-found`; `changed-meanwhile` where the import was taken back; `bad-command` for another source.
 */
export async function addedBy(
  { workspace: { catalog, tenant }, options, batches }: FileImport,
  { root, live }: { readonly root: string; readonly live: ReadonlyArray<LiveDocument> },
): Promise<ReadonlyArray<LiveDocument> | null> {
  if (root === '') return null
  // Of the same command: looked at, and not written yet.
  if (batches.has(root)) return live.filter(({ batch }) => batch === root)
  const found = await catalog
    .selectFrom('batch as b')
    .leftJoin('batch_taken_back as t', (join) => join.onRef('t.tenant', '=', 'b.tenant').onRef('t.batch', '=', 'b.id'))
    .select(['b.file', 'b.source', 't.batch as takenBack'])
    .where('b.tenant', '=', tenant)
    .where('b.id', '=', root)
    .where('b.state', '=', 'complete')
    .executeTakeFirst()
  if (!found)
    throw new Refusal('not-found', `These are mended rows of import ${root}, which is not here.`, {
      hint: 'Import the file first that they come from; or remove the columns that begin with rejected_, to import them for themselves.',
    })
  if (found.takenBack !== null)
    throw new Refusal('changed-meanwhile', `${found.file}, to which these rows belong, was taken back.`, {
      hint: 'Mend the whole file, and import it again.',
    })
  if (found.source !== options.source)
    throw new Refusal('bad-command', `${found.file}, to which these rows belong, was imported from another source.`, {
      hint: found.source === '' ? 'Leave out --source.' : `Say --source ${found.source}, as with that file.`,
    })
  const others = await catalog
    .selectFrom('batch_supplement')
    .select('batch')
    .where('tenant', '=', tenant)
    .where('supplements', '=', root)
    .execute()
  const family = new Set([root, ...others.map(({ batch }) => batch)])
  return live.filter(({ batch }) => family.has(batch))
}

/**
 * Takes from `superseded` what the file adds to: it stays.
 * @throws Refusal `changed-meanwhile` where another file corrected a bill since.
 */
export function refuseCorrectedSince(
  staging: Staging,
  {
    superseded,
    added,
  }: { readonly superseded: Map<number, LiveDocument[]>; readonly added: ReadonlyArray<LiveDocument> },
): void {
  const own = new Set(added.map(({ doc }) => doc))
  for (const [index, documents] of superseded) {
    if (staging.documents[index]?.isDirectory) continue
    const other = documents.find(({ doc }) => !own.has(doc))
    if (other)
      throw new Refusal('changed-meanwhile', `${other.invoice} was corrected since by ${other.file}.`, {
        hint: 'What that file says counts; mend and import that one where these rows are still missing.',
      })
    superseded.delete(index)
  }
}
