// ASC X12 811, consolidated service invoice: charges, use and the total of every invoice of an interchange. Refuses other
// transactions by name; a bill that does not foot is read as it is.
import type { Importer, ReadContext, ReadRow, Table, TableRow, UnreadableRow } from '@spillway/core'
import { type ColumnLookup, lookUpColumns, requireColumns } from '../../intake/column-lookup.ts'
import { placeOf } from '../../intake/part.ts'
import { ELEMENT_SEPARATOR } from '../../intake/x12/interchange-scanner.ts'
import { isDecimalTax, type SegmentColumn, SetReader } from './set-reader.ts'

const COLUMNS = [
  { name: 'segment', required: true },
  { name: 'elements', required: true },
] as const

export const x12ConsolidatedInvoice: Importer = {
  name: 'x12-811',
  version: 1,
  describes: 'ASC X12 811, consolidated service invoice: charges, taxes, calls and totals, from any sender',
  recognises: ({ header, rows }) => {
    const lookup = lookUpColumns(header, COLUMNS)
    return lookup.missing.length === 0 && lookup.cell(rows[0] ?? [], 'segment').trim() === 'ISA'
  },
  read: readInterchange,
}

async function* readInterchange(table: Table, context: ReadContext): AsyncGenerator<ReadonlyArray<ReadRow>> {
  const place = placeOf({ file: context.fileName, member: context.member, sheet: table.sheet })
  const lookup = requireColumns(table.header, COLUMNS, { ...place, line: table.headerLine })
  const batches = table.rows[Symbol.asyncIterator]()
  try {
    const { ahead, isTaxDecimal } = await lookAhead(batches, lookup)
    const reader = new SetReader(lookup, { place, isTaxDecimal })
    // The last row waits, for what turns out to be missing behind it.
    let held: ReadRow[] = []
    for (;;) {
      const batch = ahead.shift() ?? (await nextOf(batches))
      if (!batch) break
      const rows = [...held, ...batch.flatMap((row) => reader.read(row))]
      held = rows.splice(-1)
      yield rows
    }
    yield [...held, ...reader.finish()]
  } finally {
    await batches.return?.()
  }
}

type Batch = ReadonlyArray<TableRow | UnreadableRow>

const ROWS_AHEAD = 10_000

/**
 * Some senders write taxes as decimals and drop zeros at the end (5.5, and 5 for 5.00), others in whole cents (500). One
 * tax with a point among the first segments settles it for the file.
 */
async function lookAhead(
  batches: AsyncIterator<Batch>,
  lookup: ColumnLookup<SegmentColumn>,
): Promise<{ ahead: Batch[]; isTaxDecimal: boolean }> {
  const ahead: Batch[] = []
  for (let count = 0; count < ROWS_AHEAD; ) {
    const batch = await nextOf(batches)
    if (!batch) break
    ahead.push(batch)
    count += batch.length
    if (batch.some((row) => 'cells' in row && tellsDecimalTax(row, lookup))) return { ahead, isTaxDecimal: true }
  }
  return { ahead, isTaxDecimal: false }
}

function tellsDecimalTax({ cells }: TableRow, lookup: ColumnLookup<SegmentColumn>): boolean {
  if (lookup.cell(cells, 'segment').trim() !== 'TXI') return false
  return isDecimalTax(lookup.cell(cells, 'elements').split(ELEMENT_SEPARATOR)[1] ?? '')
}

async function nextOf(batches: AsyncIterator<Batch>): Promise<Batch | undefined> {
  const next = await batches.next()
  return next.done ? undefined : next.value
}
