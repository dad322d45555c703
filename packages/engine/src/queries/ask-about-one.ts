// Asks about one bill, one service and some shared buckets of a month, so that whoever asks about another one finds what every such question begins with:
// the catalogue that the run read, whose accounts are together, the face of its bills, the documents in force.
import type { Bill, Period } from '@spillway/core'
import { loadConfiguration } from '../catalog/configuration.ts'
import { readProviderCatalogue } from '../catalog/provider-catalogue.ts'
import { inputsOf } from '../catalog/run-record.ts'
import { pinnedCatalogue } from '../stages/rate/pinned-catalogue.ts'
import { loadMasterAccounts, loadSubAccounts } from '../sub-accounts/load-sub-accounts.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { wholeWorkspaceOf } from '../workspace/scopes.ts'
import { accountsReport } from './accounts-report.ts'
import { withBill } from './bill/with-bill.ts'
import { currentRun } from './current-run.ts'
import { bucketDaysReport } from './days/bucket-days-report.ts'
import { explainService } from './explain/explain-service.ts'
import { pinnedScope } from './pinned-scope.ts'

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
      // The tree of accounts is kept, whatever is asked of it.
      await accountsReport(workspace)
    },
    async (workspace) => {
      const number = (await someLine(workspace, period))?.number
      if (number !== undefined) await withBill(workspace, { number, sections: 'service', hasCalls: true }, firstPiece)
    },
    async (workspace) => {
      const number = (await someLine(workspace, period))?.number
      if (number !== undefined)
        await withBill(workspace, { number, sections: 'cost-centre', hasCalls: false }, firstPiece)
    },
    async (workspace) => {
      const service = (await someLine(workspace, period))?.service ?? (await someService(workspace, period))
      if (service !== undefined) await explainService(workspace, { service, period })
    },
    (workspace) => askAboutShared(workspace, period),
  ]
}

/** So many buckets take less than a second. */
const BUCKETS_MAX = 4

type SharedBucket = { readonly bucket: string; readonly account: string }

/**
 * Up to when usage of a bucket is known, all who hold it say together: found once, so that whoever asks about the days of one of them
 * draws no other. Of the buckets that most accounts share. @throws Refusal `period-not-closed`.
 */
export async function askAboutShared(workspace: ScopedWorkspace, period: Period): Promise<void> {
  for (const of of await someShared(workspace, period)) await bucketDaysReport(workspace, { period, ...of })
}

/** Each with an account that has it. */
async function someShared(workspace: ScopedWorkspace, period: Period): Promise<ReadonlyArray<SharedBucket>> {
  const run = await currentRun(workspace, period)
  if (inputsOf(run).rating === undefined) return []
  const scope = await pinnedScope(wholeWorkspaceOf(workspace), { run, scratch: '' })
  const { sharePlans, accountSharePlans } = (await pinnedCatalogue(scope)).catalogue
  const held = new Map<string, string[]>()
  for (const { account, plan } of accountSharePlans)
    for (const { bucket } of sharePlans.get(plan)?.buckets ?? []) {
      const accounts = held.get(bucket)
      if (accounts) accounts.push(account)
      else held.set(bucket, [account])
    }
  return [...held]
    .sort(([, left], [, right]) => right.length - left.length)
    .slice(0, BUCKETS_MAX)
    .map(([bucket, [account]]) => ({ bucket, account: account as string }))
}

async function firstPiece({ pieces }: Bill): Promise<void> {
  for await (const { kind } of pieces) if (kind === 'section') return
}

type SomeLine = { readonly number: string; readonly service: string }
const OF_SERVICE = "tenant = $tenant AND run = $run AND service <> ''"

/** A bill that we made, and a service on it; undefined of a month without bills of ours. */
async function someLine(
  { catalog, tenant, warehouse }: ScopedWorkspace,
  period: Period,
): Promise<SomeLine | undefined> {
  const run = await currentRun({ catalog, tenant }, period)
  const [line] = await warehouse.rows<SomeLine>(
    `SELECT number, service FROM customer_bill_line WHERE ${OF_SERVICE} AND kind = 'usage' LIMIT 1`,
    { tenant, run: run.id },
  )
  return line
}

async function someService(
  { catalog, tenant, warehouse }: ScopedWorkspace,
  period: Period,
): Promise<string | undefined> {
  const run = await currentRun({ catalog, tenant }, period)
  const sql = `SELECT service FROM carried WHERE ${OF_SERVICE} LIMIT 1`
  const [row] = await warehouse.rows<{ service: string }>(sql, { tenant, run: run.id })
  return row?.service
}
