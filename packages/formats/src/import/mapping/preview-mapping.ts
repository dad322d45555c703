// What a mapping makes of the first rows of a table: canonical rows beside what is wrong with each. Imports nothing.
import type { Problem, ReadContext, Table } from '@spillway/core'
import { mappedRows } from './importer-from-source.ts'
import type { SourceDocument } from './source-schema.ts'

export type MappedRow = {
  readonly line: number
  /** Canonical texts by column; none where the row is refused or ignored. */
  readonly facts: ReadonlyArray<{ readonly fact: string; readonly cells: Readonly<Record<string, string>> }>
  readonly problems: ReadonlyArray<Problem>
  readonly raw: string
}

export type MappedPreview = {
  readonly rows: ReadonlyArray<MappedRow>
  /** Over all rows looked at; `ignored` are accepted rows that are no fact. */
  readonly counts: {
    readonly read: number
    readonly accepted: number
    readonly quarantined: number
    readonly ignored: number
  }
  /** Per currency, in code order: what the accepted charges come to, payments left out. */
  readonly amounts: ReadonlyArray<{ readonly currency: string; readonly minor: bigint }>
}

/** @throws Refusal `unrecognised-file` where the table lacks a column that the mapping reads. */
export async function previewMapping(
  source: SourceDocument,
  table: Table,
  { context, rowsMax, shown }: { readonly context: ReadContext; readonly rowsMax: number; readonly shown: number },
): Promise<MappedPreview> {
  const rows: MappedRow[] = []
  const counts = { read: 0, accepted: 0, quarantined: 0, ignored: 0 }
  const amounts = new Map<string, bigint>()
  for await (const batch of mappedRows(source, table, context)) {
    for (const { row, texts } of batch) {
      counts.read += 1
      const isRefused = row.problems.some(({ severity }) => severity === 'error')
      if (isRefused) counts.quarantined += 1
      else counts.accepted += 1
      if (!isRefused && row.facts.length === 0) counts.ignored += 1
      for (const { fact } of row.facts)
        if (fact.fact === 'charge' && fact.category !== 'payment') {
          const known = amounts.get(fact.currency)
          amounts.set(fact.currency, known === undefined ? fact.amountMinor : known + fact.amountMinor)
        }
      if (rows.length < shown)
        rows.push({ line: row.line, facts: isRefused ? [] : texts, problems: row.problems, raw: row.raw })
      if (counts.read >= rowsMax) return { rows, counts, amounts: sorted(amounts) }
    }
  }
  return { rows, counts, amounts: sorted(amounts) }
}

function sorted(amounts: ReadonlyMap<string, bigint>): MappedPreview['amounts'] {
  return [...amounts.keys()].sort().map((currency) => ({ currency, minor: amounts.get(currency) as bigint }))
}
