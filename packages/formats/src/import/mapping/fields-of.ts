// The fields of one fact of a mapping: its own, and those that the document gives to every fact that has the column.
import type { FactKind } from '@spillway/core'
import { FACT_SHAPES } from './fact-columns.ts'
import type { SourceDocument, SourceEmission, SourceField } from './source-schema.ts'

export function fieldsOf(source: SourceDocument, emission: SourceEmission): Readonly<Record<string, SourceField>> {
  const { columns } = FACT_SHAPES[emission.fact as FactKind]
  const shared = Object.entries(source.fields ?? {}).filter(([column]) => columns.includes(column))
  return { ...Object.fromEntries(shared), ...emission.fields }
}
