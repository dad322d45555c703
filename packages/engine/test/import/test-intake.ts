// An intake of tables in memory, for tests of the import stage: a path is `NAME` and its rows are facts or problems.
import { createHash } from 'node:crypto'
import type { DocumentKey, Fact, Importer, Intake, Problem, ReadRow, Table } from '@spillway/core'

/** A row is what its importer says of it, and its raw text. */
export type TestRow = {
  readonly facts?: ReadonlyArray<{ readonly document: DocumentKey; readonly fact: Fact }>
  readonly problems?: ReadonlyArray<Problem>
  readonly amount?: { readonly currency: string; readonly minor: bigint }
  /** What the importer lets out of the text, where that is not all of it. */
  readonly raw?: string
}
export type TestFile = {
  readonly parts: ReadonlyArray<{
    readonly member?: string
    readonly rows: Iterable<TestRow>
    /** The import whose refused rows these are, mended. */
    readonly supplements?: string
  }>
  /** The content hash is made of this, or of the rows. */
  readonly content?: string
}

const ROWS_PER_BATCH = 1000

const importer: Importer = {
  name: 'test',
  version: 1,
  describes: 'rows in memory',
  recognises: () => true,
  read: async function* (table) {
    for await (const batch of (table as TestTable).testRows) yield batch
  },
}
type TestTable = Table & { readonly testRows: AsyncIterable<ReadonlyArray<ReadRow>> }

export function testIntake(files: Readonly<Record<string, TestFile>>): Intake {
  return {
    open: async (path) => {
      const file = files[path] as TestFile
      const content = file.content ?? textOf(file.parts.map(({ rows }) => [...rows]))
      return {
        fileName: path,
        bytes: content.length,
        digest: createHash('sha256').update(content).digest('hex'),
        parts: file.parts.map(({ member = '', rows, supplements }) => ({
          member,
          sheet: '',
          bytes: 0,
          importer,
          openTable: async () => tableOf(rows),
          ...(supplements === undefined ? {} : { supplements }),
        })),
        close: async () => undefined,
      }
    },
  }
}

function tableOf(rows: Iterable<TestRow>): TestTable {
  return {
    header: ['row'],
    headerLine: 1,
    sheet: '',
    problems: [],
    rows: (async function* () {
      for (const batch of batchesOf(rows))
        yield batch.map(({ line }) => ({ line, raw: rawOf(line), cells: [rawOf(line)] }))
    })(),
    testRows: (async function* () {
      yield* batchesOf(rows)
    })(),
  }
}

const rawOf = (line: number) => `row ${line}`

function* batchesOf(rows: Iterable<TestRow>): Generator<ReadRow[]> {
  let batch: ReadRow[] = []
  let line = 1
  for (const { facts = [], problems = [], amount, raw } of rows) {
    line += 1
    batch.push({ line, raw: raw ?? rawOf(line), facts, problems, ...(amount ? { amount } : {}) })
    if (batch.length < ROWS_PER_BATCH) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, cell: unknown) => (typeof cell === 'bigint' ? `${cell}n` : cell))
}
