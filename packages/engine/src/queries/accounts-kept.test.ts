// What is kept of accounts, buckets and their events for whoever asks next, beside what is read anew.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { applyDocuments } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type TableRow, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { loadConfiguration } from '../catalog/configuration.ts'
import { deleteConfiguration } from '../catalog/delete-configuration.ts'
import { closePeriod } from '../stages/close.ts'
import { loadMasterAccounts, loadSubAccounts } from '../sub-accounts/load-sub-accounts.ts'
import { inScope, scopeOfRows, unscoped } from '../workspace/scopes.ts'
import { accountsReport } from './accounts-report.ts'
import { bucketDrawsReport } from './bucket-draws-report.ts'
import { readAccountFacts } from './calls/account-facts.ts'

const CONFIGURATION = `
{ kind: Account, id: U, currency: USD }
---
{ kind: Account, id: V, currency: EUR }
---
{ kind: Account, id: W, currency: USD, time-zone: Asia/Tokyo }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Bucket, id: own, accepts: [{ usage-type: messaging }], amount: 5 count, life: recurring }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own] }
`

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, CONFIGURATION)
  const used = ['A', 'B', 'C'].flatMap((service) =>
    [1, 2, 3].map((day) => `| ${service} | 2026-10-0${day}T10:00:00 | ${day} count | messaging |`),
  )
  await built.add({
    service: '| service | product | account |\n| A | sim | U |\n| B | sim | V |\n| C | sim | W |',
    usage: ['| service | on | used | usage_type |', ...used].join('\n'),
  })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

type Report = Awaited<ReturnType<typeof accountsReport>>
async function rowsOf(report: Promise<Report>): Promise<TableRow[]> {
  const { columns, rows } = await report
  const found: TableRow[] = []
  for await (const batch of rows)
    for (const row of batch) found.push(Object.fromEntries(columns.map(({ key }, at) => [key, row[at] ?? ''])))
  return found
}

it('who drew from a bucket is the same of all who hold it as of each alone, to the event of the last unit', async () => {
  const draws = (account?: string) =>
    rowsOf(bucketDrawsReport(unscoped(built.workspace), { period: OCTOBER, bucket: 'own', account }))
  const each = [...(await draws('U')), ...(await draws('V')), ...(await draws('W'))]
  expect(await draws()).toEqual(each)
  // Of 1 + 2 + 3 the bucket of each has 5, so that the third event takes the last unit.
  expect(each.map(({ service, drawn, events, last_at }) => `${service} ${drawn} ${events} ${last_at}`)).toEqual(
    // Ten in the morning of Tokyo is one of the night in UTC.
    ['A 5 3 2026-10-03T10:00:00Z', 'B 5 3 2026-10-03T10:00:00Z', 'C 5 3 2026-10-03T01:00:00Z'],
  )
  expect(new Set(each.map(({ last_unit_event }) => last_unit_event)).size).toBe(3)
})

it('an account that is added, changed or deleted is so for whoever asks next', async () => {
  const { workspace } = built
  const tree = async () =>
    (await rowsOf(accountsReport(unscoped(workspace)))).map(
      ({ account, level, currency, sub_accounts }) => `${level} ${account} ${currency} ${sub_accounts}`,
    )
  const known = async () => {
    const masters = await loadMasterAccounts(workspace)
    const facts = await readAccountFacts(workspace)
    return ['V', 'X'].map((id) => `${masters.get(id)?.currency} ${facts.clockOf(id).timeZone}`)
  }
  expect(await tree()).toEqual(['0 U USD 0', '0 V EUR 0', '0 W USD 0'])
  expect(await known()).toEqual(['EUR UTC', 'undefined UTC'])
  await applyDocuments(
    workspace,
    `{ kind: Account, id: V, currency: GBP, parent: U, time-zone: Europe/London }
---
{ kind: SubAccount, name: User, account: V, user-id: u1 }`,
  )
  expect(await tree()).toEqual(['0 U USD 0', '1 V GBP 1', '0 W USD 0'])
  expect([...(await loadSubAccounts(workspace)).keys()]).toHaveLength(1)
  await built.add({ account: '| account | parent | currency |\n| X | U | CHF |' })
  expect(await tree()).toEqual(['0 U USD 0', '1 V GBP 1', '1 X CHF 0', '0 W USD 0'])
  expect(await known()).toEqual(['GBP Europe/London', 'CHF UTC'])
  const ofV = scopeOfRows(workspace.tenant, { costCentres: [], people: [], accounts: ['V'] })
  // Whoever does not see the account above it sees none there.
  expect(
    (await rowsOf(accountsReport(inScope(workspace, ofV)))).map((row) => [row.account, row.parent, row.level]),
  ).toEqual([['V', '', '0']])
  const [saved] = await loadConfiguration(workspace, 'SubAccount')
  await deleteConfiguration(workspace, { kind: 'SubAccount', name: String(saved?.name) })
  expect(await tree()).toEqual(['0 U USD 0', '1 V GBP 0', '1 X CHF 0', '0 W USD 0'])
})
