// The lines of bills that a run read, vendors' and our own, in one relation: what was billed, before anybody carries it.
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { OWN_DOC } from '../../stages/allocate/own-bills.ts'
import { runsOf } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { ownLines } from './own-lines.ts'

const COLUMNS = `doc, ordinal, line, vendor, account, invoice, currency, category, usage_type, service, product, description,
  amount_minor`

/** More runs of documents are compared one by one. */
const RANGES_MAX = 8

type LinesOf = {
  readonly run: RunTable
  /** Those that have any line of the run. */
  readonly documents: ReadonlyArray<number>
  /** A relation in place of `charge`, of the same columns as far as billed lines have them. */
  readonly near?: string | null
}

/**
 * One row per line; a line of our own bills is in no document. `ordinal` tells apart, and puts in order, the lines of a document,
 * and those of our bills where they are of one bill and service. Needs `live_document`, binds $tenant.
 */
export async function billedLinesSql(
  workspace: ScopedWorkspace,
  { run, documents, near = null }: LinesOf,
): Promise<string> {
  const ranges = runsOf(documents)
  const isOfRun =
    ranges.length > RANGES_MAX
      ? 'doc IN (FROM live_document)'
      : `(${ranges.map(([first, last]) => `doc BETWEEN ${first} AND ${last}`).join(' OR ') || 'false'})`
  const charges = near === null ? 'charge WHERE tenant = $tenant' : `(${near}) WHERE true`
  const imported = `SELECT ${COLUMNS} FROM ${charges} AND ${isOfRun} AND category <> 'payment'`
  if (!inputsOf(run).rating?.areBillsCharges) return imported
  const { vendor, kinds, areOnce } = await ownLines(workspace, run)
  if (kinds.length === 0) return imported
  const ofRun = `tenant = $tenant AND run = ${literal(run.id)}`
  const values = kinds.map(({ kind, about, plan, category, usageType, product }, place) => {
    const texts = [kind, about, category, usageType, product].map(literal).join(', ')
    return `(${texts}, ${plan === null ? 'NULL::VARCHAR' : literal(plan)}, ${place + 1})`
  })
  // Numbering every line puts all of them in order, however few are asked for.
  const ordinal = areOnce
    ? 'k.place'
    : '(row_number() OVER (ORDER BY l.number, l.account, l.service, l.kind, l.about, l.plan))::INTEGER'
  return `${imported} UNION ALL
    SELECT ${OWN_DOC}, ${ordinal}, NULL, ${literal(vendor)}, b.account, l.number, l.currency, k.category, k.usage_type,
      l.service, k.product, concat_ws(' ', l.kind, nullif(l.about, '')), l.amount_minor
    FROM (FROM customer_bill_line WHERE ${ofRun} AND amount_minor <> 0) AS l
    JOIN (SELECT number, account FROM customer_bill WHERE ${ofRun}) AS b USING (number)
    JOIN (VALUES ${values.join(', ')}) AS k(kind, about, category, usage_type, product, plan, place)
      ON k.kind = l.kind AND k.about = l.about AND k.plan IS NOT DISTINCT FROM l.plan`
}
