// Reads every part of a file through its importer into the staging tables, counting as it goes. Judges nothing but what
// the importer says of a row: an error among its problems keeps the row out and raw.
import {
  type DirectoryFact,
  type DocumentKey,
  type Fact,
  type IntakeFile,
  type IntakePart,
  type Problem,
  type ReadContext,
  type ReadRow,
  Refusal,
  type SourcePlace,
} from '@spillway/core'
import type { EarlyWrite } from './early-write.ts'
import type { ImportProgress } from './import-options.ts'
import type { FeedRow } from './merge-directory.ts'
import type { ProblemTally } from './problem-tally.ts'
import type { StagedDocument, Staging } from './staging.ts'

const DIRECTORY_FACTS: ReadonlySet<Fact['fact']> = new Set([
  'pool',
  'pool-member',
  'service',
  'person',
  'cost-centre',
  'project',
  'account',
])

export type ReadState = {
  rows: number
  /** As the parts count them. */
  bytes: number
  quarantined: number
  /** Whether some row is more than one fact. */
  hasRowOfSeveralFacts: boolean
  /** Rows that say nothing to keep and nothing wrong. */
  withoutFacts: number
  /** Rows quarantined, per part. */
  readonly quarantinedOfPart: number[]
  quarantinedWithoutAmount: number
  /** Minor units of the bill lines among the quarantined rows, per currency. */
  readonly quarantinedMinor: Map<string, bigint>
  /** Rows of directory documents, in file order. */
  readonly directory: FeedRow[]
}

export type Reading = {
  readonly file: IntakeFile
  readonly source: string
  readonly subAccountOf: ReadContext['subAccountOf']
  readonly staging: Staging
  readonly tally: ProblemTally
  readonly signal: AbortSignal | undefined
  readonly onProgress: ((progress: ImportProgress) => void) | undefined
  /** Told between batches of rows. */
  readonly early: EarlyWrite | null
}

/** @throws Refusal `cancelled`, or what the file itself is refused for. */
export async function readFile(reading: Reading): Promise<ReadState> {
  const { file } = reading
  const state: ReadState = {
    rows: 0,
    bytes: 0,
    quarantined: 0,
    withoutFacts: 0,
    hasRowOfSeveralFacts: false,
    quarantinedOfPart: file.parts.map(() => 0),
    quarantinedWithoutAmount: 0,
    quarantinedMinor: new Map(),
    directory: [],
  }
  for (const [partNo, part] of file.parts.entries()) await readPart(reading, { part, partNo, state })
  reading.staging.flush()
  // What follows looks through all rows at once, and both together would need more memory than either.
  await reading.early?.settle()
  return state
}

/** Batches are small, and who looks on need not hear of each. */
const ROWS_PER_TELLING = 1000

type PartReading = { readonly part: IntakePart; readonly partNo: number; readonly state: ReadState }

async function readPart(reading: Reading, at: PartReading): Promise<void> {
  const { file, source, subAccountOf, staging, tally, signal, onProgress, early } = reading
  const { part, partNo, state } = at
  const earlierBytes = state.bytes
  const onBytes = (bytes: number) => {
    state.bytes = earlierBytes + bytes
  }
  const table = await part.openTable({ onBytes })
  staging.tables.set(partNo, { header: table.header, delimiter: table.delimiter ?? '' })
  const context = { fileName: file.fileName, member: part.member, source, subAccountOf }
  for (const problem of table.problems) tally.add(problem, placeOf(file, part))
  const documents: LastDocument = { key: undefined, document: -1 }
  let told = { bytes: -1, rows: 0 }
  for await (const rows of part.importer.read(table, context)) {
    stopIfCancelled(signal)
    for (const row of rows) {
      state.rows += 1
      for (const problem of row.problems) tally.add(problem, { ...placeOf(file, part), line: row.line })
      const error = row.problems.length === 0 ? undefined : row.problems.find(({ severity }) => severity === 'error')
      if (error) await quarantine(reading, at, { row, error })
      else if (row.facts.length === 0) state.withoutFacts += 1
      else {
        if (row.facts.length > 1) state.hasRowOfSeveralFacts = true
        for (const kept of row.facts)
          if (!keep(reading, at, { row, kept, documents })) await keepFirst(reading, at, { row, kept, documents })
      }
    }
    early?.advance()
    if (state.bytes === told.bytes && state.rows - told.rows < ROWS_PER_TELLING) continue
    told = { bytes: state.bytes, rows: state.rows }
    onProgress?.({ ...progressOf(file, state), stage: 'read', part: partNo + 1 })
  }
  state.bytes = earlierBytes + part.bytes
}

export function progressOf(file: IntakeFile, { rows, bytes }: Pick<ReadState, 'rows' | 'bytes'>) {
  const bytesTotal = file.parts.reduce((sum, part) => sum + part.bytes, 0)
  return { file: file.fileName, rows, bytes, bytesTotal, parts: file.parts.length }
}

export function placeOf(file: IntakeFile, part: IntakePart): SourcePlace {
  return {
    file: file.fileName,
    ...(part.member ? { member: part.member } : {}),
    ...(part.sheet ? { sheet: part.sheet } : {}),
  }
}

/** @throws Refusal `cancelled`. */
export function stopIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new Refusal('cancelled', 'The import was cancelled; nothing of this file was kept.')
}

async function quarantine(
  { staging }: Reading,
  { partNo, state }: PartReading,
  { row, error }: { row: ReadRow; error: Problem },
): Promise<void> {
  state.quarantined += 1
  state.quarantinedOfPart[partNo] = (state.quarantinedOfPart[partNo] as number) + 1
  await staging.quarantine(error, { partNo, line: row.line, raw: row.raw })
  const amounts = row.amount ? [row.amount] : row.facts.flatMap(({ fact }) => amountOf(fact))
  if (amounts.length === 0) state.quarantinedWithoutAmount += 1
  for (const { currency, minor } of amounts)
    state.quarantinedMinor.set(currency, (state.quarantinedMinor.get(currency) ?? NOTHING) + minor)
}

const NOTHING = 0n

function amountOf(fact: Fact): Array<{ currency: string; minor: bigint }> {
  return fact.fact === 'charge' && fact.category !== 'payment'
    ? [{ currency: fact.currency, minor: fact.amountMinor }]
    : []
}

/** Rows of one document mostly follow each other, and mostly share one key object. */
type LastDocument = { key: DocumentKey | undefined; document: number }
type KeptFact = {
  readonly row: ReadRow
  readonly kept: ReadRow['facts'][number]
  readonly documents: LastDocument
}

/** False where the fact's table is not open yet: opening one must wait, and a wait per row is too dear. */
function keep(
  { staging, source }: Reading,
  { partNo, state }: PartReading,
  { row, kept, documents }: KeptFact,
): boolean {
  const { fact, document: key } = kept
  const isDirectory = DIRECTORY_FACTS.has(fact.fact)
  const table = isDirectory ? undefined : staging.openTableOf(fact)
  if (!isDirectory && !table) return false
  if (documents.key !== key) {
    const staged: StagedDocument = { key, source: isDirectory ? source || key.part : source, partNo, isDirectory }
    documents.document = staging.document(staged)
    documents.key = key
  }
  const place = { document: documents.document, rowNo: state.rows, line: row.line }
  if (table) staging.appendTo(table, fact, place)
  else state.directory.push({ fact: fact as DirectoryFact, partNo, ...place })
  return true
}

async function keepFirst(reading: Reading, at: PartReading, fact: KeptFact): Promise<void> {
  await reading.staging.openTableFor(fact.kept.fact)
  keep(reading, at, fact)
}
