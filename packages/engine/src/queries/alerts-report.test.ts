// Alerts of buckets and of limits a page at a time, in any order and searched, held against the same rows arranged in memory: the
// stored rows of the buckets, then the limits as they are told to webhooks.
import { compareBytes, type Report, type ReportRow } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyDocuments } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import { subAccountAlerts, usedOfLimit } from '../sub-accounts/limit-alerts.ts'
import { inScope, scopeOfRows, unscoped } from '../workspace/scopes.ts'
import { type AlertsOptions, alertsReport } from './alerts-report.ts'
import { arrangeReport, pageOfRows } from './arranged-report.ts'
import { currentRun } from './current-run.ts'

const CONFIGURATION = [
  ...['U', 'v', 'W'].map((id) => `{ kind: Account, id: ${id}, currency: USD }`),
  `{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count },
    { usage-type: conference, price: 0.05, per: 1 min }] }`,
  '{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own] }',
  '{ kind: Bucket, id: own, accepts: [{ usage-type: messaging }], amount: 10 count, life: recurring }',
  '{ kind: Bucket, id: talk, accepts: [{ usage-type: conference }], amount: 1000 s, life: recurring, on: { account: U } }',
].join('\n---\n')

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, CONFIGURATION)
  const call = (account: string, service: string, used: string) =>
    `| ${service} | ${account} | ${service} | 2026-10-05T10:00:00 | 2026-10-05T11:00:00 | ${used} | conference |`
  for (const [account, userId, limits] of [
    ['U', 'ada', { minutes: 100, participants: 3 }],
    ['U', 'ben', { spend: '5.00' }],
    ['W', 'Eve', { 'call-minutes': 50 }],
  ] as const)
    await built.apply({ kind: 'SubAccount', name: `${account} ${userId}`, account, 'user-id': userId, limits })
  await built.add({
    service: '| service | product | account |\n| A | sim | U |\n| B | sim | v |\n| C | sim | W |\n| ada | sim | U |',
    charge: [{ account: 'U', service: 'ben', amount: '4.25', category: 'usage', usage_type: 'conference' }],
    usage: `| id | account | service | on | until | used | usage_type |
      | 1 | U | A | 2026-10-02T00:00:00 | | 9 count | messaging |
      | 2 | v | B | 2026-10-03T00:00:00 | | 12 count | messaging |
      | 3 | W | C | 2026-10-04T00:00:00 | | 8 count | messaging |
      ${call('U', 'ada', '95 min')}\n${call('W', 'Eve', '45 min')}`,
  })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

type Stored = {
  readonly [key in 'account' | 'holder_on' | 'holder' | 'bucket' | 'start_at' | 'exhausted_at']: string
} & {
  readonly share_percent: number
  readonly capacity_base: string
  readonly drawn_base: string
  readonly is_projected: boolean
}

const USAGE: Readonly<Record<string, readonly [string, string]>> = {
  own: ['messaging', 'count'],
  talk: ['conference', 's'],
}

async function ofBuckets({ account, bucket }: Partial<AlertsOptions>): Promise<ReportRow[]> {
  const stored = await built.workspace.warehouse.rows<Stored>('FROM bucket_alert')
  const keyOf = (row: Stored) =>
    [
      row.account,
      row.holder_on,
      row.holder || row.account,
      row.bucket,
      row.start_at,
      String(row.share_percent).padStart(3, '0'),
    ].join('\0')
  return stored
    .filter((row) => row.account === (account ?? row.account) && row.bucket === (bucket ?? row.bucket))
    .sort((one, other) => compareBytes(keyOf(one), keyOf(other)))
    .map((row) => {
      const { account, holder_on: on, holder, bucket, start_at: from, exhausted_at: exhausted } = row
      const cells = [account, on, holder === '' ? account : holder, bucket, '', ...(USAGE[bucket] ?? ['', '']), from]
      const quantities = [String(row.share_percent), row.capacity_base, row.drawn_base]
      return [...cells, ...quantities, '', exhausted, row.is_projected ? 'yes' : '']
    })
}

async function ofLimits({ account, bucket }: Partial<AlertsOptions>): Promise<ReportRow[]> {
  if (bucket !== undefined) return []
  const run = await currentRun(built.workspace, OCTOBER)
  const accounts = account === undefined ? undefined : [account]
  return (await subAccountAlerts(built.workspace, { run, period: OCTOBER, accounts })).map((alert) => [
    ...[alert.account, 'sub-account', alert.userId, '', alert.limit, '', '', alert.startOn],
    ...[String(alert.sharePercent), '', '', usedOfLimit(alert), '', ''],
  ])
}

const report = (of: Partial<AlertsOptions> = {}) => alertsReport(unscoped(built.workspace), { period: OCTOBER, ...of })

async function naive(of: Partial<AlertsOptions>): Promise<() => Report> {
  const { name, title, columns } = await report(of)
  const rows = [...(await ofBuckets(of)), ...(await ofLimits(of))]
  return () => ({ name, title, columns, rows: batches(rows) })
}
async function* batches(rows: ReadonlyArray<ReportRow>): Report['rows'] {
  yield rows
}
async function allOf({ rows }: Report): Promise<ReadonlyArray<ReportRow>> {
  const found: ReportRow[] = []
  for await (const batch of rows) found.push(...batch)
  return found
}

const PLACES = [
  { offset: 0, limit: 200 },
  { offset: 4, limit: 7 },
]

describe('alerts of a month', () => {
  it('are the buckets, then the limits of sub-accounts, each in their order', async () => {
    const rows = await allOf(await report())
    const briefly = rows.map((row) => [row[0], row[1], row[2], row[3] || row[4], row[8], row[10] || row[11]].join(' '))
    expect(briefly).toEqual([
      'U account U talk 80 1000',
      'U account U talk 90 1000',
      'U account U talk 100 1000',
      'U service A own 80 9',
      'U service A own 90 9',
      'W service C own 80 8',
      'v service B own 80 10',
      'v service B own 90 10',
      'v service B own 100 10',
      'U sub-account ada minutes 80 95 of 100 min',
      'U sub-account ada minutes 90 95 of 100 min',
      'U sub-account ben spend 80 4.25 of 5.00 USD',
      'W sub-account Eve call-minutes 80 60 of 50 min a call',
      'W sub-account Eve call-minutes 90 60 of 50 min a call',
      'W sub-account Eve call-minutes 100 60 of 50 min a call',
    ])
  })

  it('are the same a page at a time as all together, in any order, searched, of one account or bucket', async () => {
    const sorts = [undefined, ...(await report()).columns.flatMap(({ key }) => [key, `-${key}`])]
    const searches = [undefined, 'SUB', 'ben', 'minutes', 'own', 'usd', 'nothing', '2026-10-01']
    const arrangements = [
      ...sorts.flatMap((sort) => [{ sort }, { sort, search: 'u' }]),
      ...searches.flatMap((search) => [{ search }, { sort: '-percent', search }]),
    ]
    for (const of of [
      {},
      { account: 'U' },
      { bucket: 'own' },
      { account: 'nobody' },
      { account: 'W', bucket: 'own' },
    ]) {
      const expected = await naive(of)
      expect(await allOf(await report(of))).toEqual(await allOf(expected()))
      for (const arrangement of Object.keys(of).length < 1 ? arrangements : arrangements.slice(-6))
        for (const place of PLACES) {
          const paged = await pageOfRows(arrangeReport(await report(of), arrangement), place)
          const told = JSON.stringify([of, arrangement, place])
          expect(paged, told).toEqual(await pageOfRows(arrangeReport(expected(), arrangement), place))
        }
    }
  })

  it('are those of the accounts that somebody may see', async () => {
    const scope = scopeOfRows(built.workspace.tenant, { costCentres: [], people: [], accounts: ['W'] })
    const seen = await allOf(await alertsReport(inScope(built.workspace, scope), { period: OCTOBER }))
    expect(seen).toEqual([...(await ofBuckets({ account: 'W' })), ...(await ofLimits({ account: 'W' }))])
    const other = alertsReport(inScope(built.workspace, scope), { period: OCTOBER, account: 'U' })
    expect(await allOf(await other)).toEqual([])
  })
})
