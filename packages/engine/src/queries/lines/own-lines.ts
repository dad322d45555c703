// What the lines of our bills of a run are charges of, and how the lines of one service on a bill follow each other. Kept beside
// the sums of the run, so that who asks again reads neither the catalogue nor more lines than are shown.
import { type BillCharge, type BillLineKind, catalogueOf, chargeOfBillLine, UNNAMED_PROVIDER } from '@spillway/core'
import { LastAsked } from '../../catalog/last-asked.ts'
import { pinnedConfiguration } from '../../catalog/pinned-configuration.ts'
import { catalogueDocuments, isCatalogueKind } from '../../catalog/provider-catalogue.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { literal } from '../../warehouse/sql-literal.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { KeptSums } from '../kept-sums.ts'

/** `plan` is null in lines of a run without share plans. */
type LineKind = { readonly kind: BillLineKind; readonly about: string; readonly plan: string | null }

export type OwnLines = {
  readonly vendor: string
  /** One per kind of line, what it is about and share plan, in their order. */
  readonly kinds: ReadonlyArray<LineKind & BillCharge>
  /** Each of these is once on a bill and service, so that its place among them tells the lines of both apart. */
  readonly areOnce: boolean
}

const RUNS_MAX = 36
/** More would take longer to read as a part of every statement than it takes to number every line. */
const KINDS_MAX = 500
const kept = new WeakMap<KeptSums, LastAsked<string, OwnLines>>()

/** Of a run whose bills are charges. */
export async function ownLines(workspace: ScopedWorkspace, run: RunTable): Promise<OwnLines> {
  const { sums } = workspace
  if (!sums) return readOwnLines(workspace, run)
  const runs = kept.get(sums) ?? new LastAsked<string, OwnLines>(RUNS_MAX)
  kept.set(sums, runs)
  const known = runs.get(run.id)
  if (known) return known
  const read = await readOwnLines(workspace, run)
  runs.set(run.id, read)
  return read
}

async function readOwnLines(workspace: ScopedWorkspace, run: RunTable): Promise<OwnLines> {
  const { warehouse, tenant } = workspace
  const documents = await pinnedConfiguration(workspace, run, isCatalogueKind)
  const catalogue = catalogueOf(catalogueDocuments(documents))
  const ofRun = `tenant = $tenant AND run = ${literal(run.id)}`
  // One row per kind of line, what it is about and share plan.
  const kinds = await warehouse.rows<LineKind>(
    `SELECT DISTINCT kind, about, plan FROM customer_bill_line WHERE ${ofRun} ORDER BY kind, about, plan`,
    { tenant },
  )
  // At most one row: a service that is on a bill under several accounts.
  const [several] = await warehouse.rows(
    `WITH line AS (SELECT number, account, service FROM customer_bill_line WHERE ${ofRun}),
       bill AS (SELECT number FROM line GROUP BY number HAVING min(account) <> max(account))
     SELECT number FROM line SEMI JOIN bill USING (number)
     GROUP BY number, service HAVING min(account) <> max(account) LIMIT 1`,
    { tenant },
  )
  return {
    vendor: catalogue.provider?.provider ?? UNNAMED_PROVIDER,
    kinds: kinds.map((line) => ({ ...line, ...chargeOfBillLine(line, catalogue) })),
    areOnce: several === undefined && kinds.length <= KINDS_MAX,
  }
}
