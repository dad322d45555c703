// The lines of bills that a run read, vendors' and our own, in one relation: what was billed, before anybody carries it.
import {
  type BillLineKind,
  type CatalogueDocument,
  chargeOfBillLine,
  readCatalogue,
  UNNAMED_PROVIDER,
} from '@spillway/core'
import { loadConfigurationVersions } from '../../catalog/configuration.ts'
import { isCatalogueKind } from '../../catalog/provider-catalogue.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { OWN_DOC } from '../../stages/allocate/own-bills.ts'
import { runsOf } from '../../warehouse/live-documents.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'

const COLUMNS = `doc, ordinal, line, vendor, account, invoice, currency, category, usage_type, service, product, description,
  amount_minor`

/** More runs of documents are compared one by one. */
const RANGES_MAX = 8

type LinesOf = {
  readonly run: RunTable
  /** Those that have any line of the run. */
  readonly documents: ReadonlyArray<number>
}

/** One row per line; a line of our own bills is in no document. Needs `live_document`, binds $tenant. */
export async function billedLinesSql(workspace: ScopedWorkspace, { run, documents }: LinesOf): Promise<string> {
  const ranges = runsOf(documents)
  const isOfRun =
    ranges.length > RANGES_MAX
      ? 'doc IN (FROM live_document)'
      : `(${ranges.map(([first, last]) => `doc BETWEEN ${first} AND ${last}`).join(' OR ') || 'false'})`
  const imported = `SELECT ${COLUMNS} FROM charge WHERE tenant = $tenant AND ${isOfRun} AND category <> 'payment'`
  const { rating, configuration } = inputsOf(run)
  if (!rating?.areBillsCharges) return imported
  const { warehouse, tenant } = workspace
  const saved = (await loadConfigurationVersions(workspace, configuration)).flatMap((document): CatalogueDocument[] =>
    document && isCatalogueKind(document.kind) ? [{ kind: document.kind, body: document.body }] : [],
  )
  const { catalogue } = readCatalogue(saved)
  const ofRun = `tenant = $tenant AND run = ${literal(run.id)}`
  // One row per kind of line and what it is about.
  const kinds = await warehouse.rows<{ kind: BillLineKind; about: string }>(
    `SELECT DISTINCT kind, about FROM customer_bill_line WHERE ${ofRun} ORDER BY ALL`,
    { tenant },
  )
  if (kinds.length === 0) return imported
  const values = kinds.map(({ kind, about }) => {
    const { category, usageType, product } = chargeOfBillLine({ kind, about }, catalogue)
    return `(${[kind, about, category, usageType, product].map(literal).join(', ')})`
  })
  return `${imported} UNION ALL
    SELECT ${OWN_DOC}, (row_number() OVER (ORDER BY l.number, l.account, l.service, l.kind, l.about, l.plan))::INTEGER, NULL,
      ${literal(catalogue.provider?.provider ?? UNNAMED_PROVIDER)}, b.account, l.number, l.currency, k.category, k.usage_type,
      l.service, k.product, concat_ws(' ', l.kind, nullif(l.about, '')), l.amount_minor
    FROM (FROM customer_bill_line WHERE ${ofRun} AND amount_minor <> 0) AS l
    JOIN (SELECT number, account FROM customer_bill WHERE ${ofRun}) AS b USING (number)
    JOIN (VALUES ${values.join(', ')}) AS k(kind, about, category, usage_type, product) USING (kind, about)`
}
