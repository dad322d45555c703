// All statements of a period as files: a PDF for each owner, and an index of them at the end. Holds one statement, and the rows
// of the index.
import { formatAmount, type Report, type Statement, type StatementKind } from '@spillway/core'
import { encodeCsv } from '../csv/encode-csv.ts'
import { createStatementEncoder } from '../pdf/encode-statement.ts'
import { statementFileNames } from '../pdf/statement-file-names.ts'
import type { Paper } from '../pdf/statement-style.ts'

export type StatementsOfKind = {
  readonly kind: StatementKind
  /** Whichever are wanted: a statement's file is called the same on every export. */
  readonly allKeys: ReadonlyArray<string>
  readonly statements: AsyncIterable<Statement>
}

export type StatementsEncoded = {
  /** PDFs: the index is one more file. */
  readonly statements: number
  readonly isPublished: boolean
  /** How many show `?` for characters that the font lacks, and the first of them. */
  readonly incomplete: number
  readonly examples: ReadonlyArray<{ readonly file: string; readonly characters: ReadonlyArray<string> }>
}

export type StatementsEncoding = {
  readonly paper: Paper
  /** After each statement: how many there are. What it throws ends the encoding. */
  readonly onStatement: (done: number) => void
}

export type StatementFile = { readonly name: string; readonly bytes: Uint8Array }

export type EncodedStatements = {
  /** Made as they are taken. */
  readonly files: AsyncIterable<StatementFile>
  /** What came of the files that were taken. */
  readonly told: () => StatementsEncoded
}

const INDEX = 'index.csv'
const EXAMPLES_MAX = 5

export function encodeStatements(
  kinds: ReadonlyArray<StatementsOfKind>,
  { paper, onStatement }: StatementsEncoding,
): EncodedStatements {
  const index: string[][] = []
  const examples: Array<StatementsEncoded['examples'][number]> = []
  let [done, incomplete, isPublished] = [0, 0, true]
  async function* files() {
    const encode = await createStatementEncoder({ paper })
    for (const { kind, allKeys, statements } of kinds) {
      const fileOf = statementFileNames(kind, allKeys)
      for await (const statement of statements) {
        const name = fileOf.get(statement.owner.key) as string
        const { bytes, missingCharacters } = await encode(statement)
        index.push(...indexRows(statement, { file: name, missingCharacters }))
        if (missingCharacters.length > 0) {
          incomplete += 1
          if (examples.length < EXAMPLES_MAX) examples.push({ file: name, characters: missingCharacters })
        }
        isPublished &&= statement.heading.isPublished
        done += 1
        onStatement(done)
        yield { name, bytes }
      }
    }
    yield { name: INDEX, bytes: await bytesOf(encodeCsv(indexReport(index))) }
  }
  return { files: files(), told: () => ({ statements: done, isPublished, incomplete, examples }) }
}

async function bytesOf(pieces: AsyncIterable<string>): Promise<Uint8Array> {
  const taken: Buffer[] = []
  for await (const piece of pieces) taken.push(Buffer.from(piece))
  return Buffer.concat(taken)
}

const INDEX_COLUMNS: Report['columns'] = [
  { key: 'file', title: 'File', kind: 'text' },
  { key: 'by', title: 'By', kind: 'text' },
  { key: 'key', title: 'Key', kind: 'text' },
  { key: 'name', title: 'Name', kind: 'text' },
  { key: 'currency', title: 'Currency', kind: 'text' },
  { key: 'actual', title: 'Actual', kind: 'amount' },
  { key: 'adjusted', title: 'Adjusted', kind: 'amount' },
  { key: 'difference', title: 'Difference', kind: 'amount' },
  { key: 'missing_characters', title: 'Missing characters', kind: 'text' },
]

function indexReport(rows: ReadonlyArray<ReadonlyArray<string>>): Report {
  return {
    name: 'statements',
    title: 'Statements',
    columns: INDEX_COLUMNS,
    rows: (async function* () {
      yield rows
    })(),
  }
}

/** One row per file and currency; one without amounts where there is usage alone. */
function indexRows(
  { owner, sections }: Statement,
  { file, missingCharacters }: { file: string; missingCharacters: ReadonlyArray<string> },
): string[][] {
  const who = [file, owner.kind, owner.key, owner.name]
  const missing = missingCharacters.join(' ')
  if (sections.length === 0) return [[...who, '', '', '', '', missing]]
  return sections.map(({ currency, actualMinor, adjustedMinor }) => [
    ...who,
    currency,
    ...[actualMinor, adjustedMinor, adjustedMinor - actualMinor].map((minor) => formatAmount(minor, currency)),
    missing,
  ])
}
