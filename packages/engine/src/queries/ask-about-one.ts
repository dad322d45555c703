// Asks about one bill and one service of a month, so that whoever asks about another one finds what every such question begins with:
// the catalogue that the run read, whose accounts are together, the face of its bills, the documents in force.
import type { Bill, Period } from '@spillway/core'
import { loadConfiguration } from '../catalog/configuration.ts'
import { readProviderCatalogue } from '../catalog/provider-catalogue.ts'
import { inputsOf } from '../catalog/run-record.ts'
import { loadMasterAccounts, loadSubAccounts } from '../sub-accounts/load-sub-accounts.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import { withBill } from './bill/with-bill.ts'
import { currentRun } from './current-run.ts'
import { explainService } from './explain/explain-service.ts'

/** Each is a step that takes up to a second; the answers are nobody's. @throws Refusal `period-not-closed`. */
export function questionsAboutOne(period: Period): ReadonlyArray<(workspace: ScopedWorkspace) => Promise<void>> {
  return [
    async (workspace) => {
      const run = await currentRun(workspace, period)
      if (inputsOf(run).rating === undefined) return
      await readProviderCatalogue(wholeWorkspaceOf(workspace))
      await loadConfiguration(workspace)
      await loadSubAccounts(workspace)
      await loadMasterAccounts(wholeWorkspaceOf(workspace))
    },
    async (workspace) => {
      const { number } = await someLine(workspace, period)
      if (number === '') return
      await withBill(workspace, { number, sections: 'service', hasCalls: true }, firstPiece)
    },
    async (workspace) => {
      const { number } = await someLine(workspace, period)
      if (number === '') return
      await withBill(workspace, { number, sections: 'cost-centre', hasCalls: false }, firstPiece)
    },
    async (workspace) => {
      const { service } = await someLine(workspace, period)
      if (service !== '') await explainService(workspace, { service, period })
    },
  ]
}

async function firstPiece({ pieces }: Bill): Promise<void> {
  for await (const { kind } of pieces) if (kind === 'section') return
}

type SomeLine = { readonly number: string; readonly service: string }

/** A bill that we made, and a service on it; of a month without bills of ours a service alone, '' where there is none. */
async function someLine(workspace: ScopedWorkspace, period: Period): Promise<SomeLine> {
  const { warehouse, tenant } = workspace
  const run = await currentRun(workspace, period)
  const of = { tenant, run: run.id }
  const ofRun = "tenant = $tenant AND run = $run AND service <> ''"
  const [line] = await warehouse.rows<SomeLine>(
    `SELECT number, service FROM customer_bill_line WHERE ${ofRun} AND kind = 'usage' LIMIT 1`,
    of,
  )
  if (line) return line
  const [known] = await warehouse.rows<SomeLine>(`SELECT '' AS number, service FROM carried WHERE ${ofRun} LIMIT 1`, of)
  return known ?? { number: '', service: '' }
}
