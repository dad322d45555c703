// Rows of runs with what they read. A provider's run read tens of thousands of documents, megabytes of text that never change
// once it is closed: of the runs that were asked about last the text is the same string each time, so that neither the catalog nor
// whoever looks something up by it reads it again.
import { sql } from 'kysely'
import type { Workspace } from '../workspace/workspace.ts'
import { keptRead } from './kept-reads.ts'
import { LastAsked } from './last-asked.ts'
import { inputsOf, type RatingPins } from './run-record.ts'
import type { RunTable } from './tables.ts'

type Held = Pick<Workspace, 'catalog' | 'tenant'>

/** A run without what it read. */
export type RunHead = Omit<RunTable, 'inputs'>

const HEAD = [
  ...(['tenant', 'id', 'period', 'state', 'code_version', 'outputs', 'closed_at', 'closed_by'] as const),
  ...(['published_at', 'published_by', 'reopened_at', 'reopened_by', 'reopen_reason'] as const),
] as const

/** Texts that are shorter take no longer to read than to look up. */
const LONG_BYTES = 100_000
const TEXTS_KEPT = 6
const BRIEFS_KEPT = 200

type Kept = { readonly texts: LastAsked<string, string>; readonly briefs: LastAsked<string, Brief> }

const keptBy = new WeakMap<Workspace['catalog'], Kept>()

function keptOf(catalog: Workspace['catalog']): Kept {
  const kept = keptBy.get(catalog) ?? { texts: new LastAsked(TEXTS_KEPT), briefs: new LastAsked(BRIEFS_KEPT) }
  keptBy.set(catalog, kept)
  return kept
}

type Identified = { readonly head: RunHead; readonly bytes: number; readonly key: string }

/** `key`: a close that broke off may have had its number before, but neither its moment nor, but by chance, its length. */
function identify({ catalog, tenant }: Held, id: string): Promise<Readonly<Identified> | undefined> {
  return keptRead(catalog, { question: ['the head of the run', tenant, id] }, () => readHead({ catalog, tenant }, id))
}

/** How long a text is, SQLite says by reading it: megabytes. */
async function readHead({ catalog, tenant }: Held, id: string): Promise<Identified | undefined> {
  const row = await catalog
    .selectFrom('run')
    .select([...HEAD, sql<number>`octet_length(inputs)`.as('bytes')])
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (!row) return undefined
  const { bytes, ...head } = row
  return { head, bytes, key: JSON.stringify([tenant, id, head.code_version, head.closed_at, bytes]) }
}

/** The run of a number, whatever became of it; undefined where there is none. */
export async function readRun(held: Held, id: string): Promise<RunTable | undefined> {
  const found = await identify(held, id)
  return found && { ...found.head, inputs: await textOf(held, found) }
}

async function textOf({ catalog, tenant }: Held, { head, bytes, key }: Identified): Promise<string> {
  const { texts } = keptOf(catalog)
  const known = bytes < LONG_BYTES ? undefined : texts.get(key)
  if (known !== undefined) return known
  const { inputs } = await catalog
    .selectFrom('run')
    .select('inputs')
    .where('tenant', '=', tenant)
    .where('id', '=', head.id)
    .executeTakeFirstOrThrow()
  if (bytes >= LONG_BYTES) texts.set(key, inputs)
  return inputs
}

/** What others ask of the runs before: short, however much a run read. */
type Brief = {
  readonly rating: RatingPins | undefined
  readonly documents: ReadonlyArray<number>
  /** Ids of what was sold. */
  readonly products: ReadonlyArray<string>
}
export type BriefRun = Brief & { readonly head: RunHead }

/** Without the text of what it read; undefined where there is no such run. */
export async function readBriefRun(held: Held, id: string): Promise<BriefRun | undefined> {
  const found = await identify(held, id)
  if (found === undefined) return undefined
  const { head, bytes, key } = found
  const { briefs } = keptOf(held.catalog)
  const known = bytes < LONG_BYTES ? undefined : briefs.get(key)
  if (known !== undefined) return { head, ...known }
  const { rating, documents, configuration } = inputsOf({ inputs: await textOf(held, found) })
  const products = configuration.flatMap(({ kind, name }) => (kind === 'Product' ? [name] : []))
  const brief = { rating, documents: documents.map(({ doc }) => doc), products }
  if (bytes >= LONG_BYTES) briefs.set(key, brief)
  return { head, ...brief }
}
