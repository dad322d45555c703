// Any importer, without the passcodes that a file has in columns called so: a column that nobody asked for is kept with its
// row, and must not be kept with these. An importer of call records looks closer itself.
import type { Importer, ReadContext, ReadRow, Table } from '@spillway/core'
import { normaliseName } from '../intake/column-lookup.ts'
import { isCalledEntryCode } from './entry-code-columns.ts'
import { EntryCodes } from './entry-codes.ts'

export function concealEntryCodes<I extends Importer>(importer: I): I {
  return { ...importer, read: (table: Table, context: ReadContext) => readConcealed(importer, table, context) }
}

const ACCOUNT = /^(data)?account(no|nr|number|id)?$/

async function* readConcealed(
  importer: Importer,
  table: Table,
  context: ReadContext,
): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const columns = table.header.flatMap((title, index) => (isCalledEntryCode(title) ? [index] : []))
  if (columns.length === 0) return yield* importer.read(table, context)
  const account = table.header.findIndex((title) => ACCOUNT.test(normaliseName(title)))
  const codes = new EntryCodes(table, {
    columns,
    accountOf: (cells) => cells[account] ?? '',
    subAccountOf: context.subAccountOf,
  })
  for await (const batch of importer.read(codes.table, context)) yield batch.map((row) => codes.conceal(row))
}
