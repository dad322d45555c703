// Pools and buckets day by day: figures by hand, and the same sums as the reports of the whole period.
import { type CatalogueKind, catalogueDocumentName, type Report } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { saveConfiguration } from '../../catalog/configuration.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { buildReport } from '../report-names.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

async function linesOf({ rows, columns }: Report, ...keys: string[]): Promise<string[]> {
  const at = keys.map((key) => columns.findIndex((column) => column.key === key))
  const lines: string[] = []
  for await (const batch of rows) lines.push(...batch.map((cells) => at.map((index) => cells[index]).join(' ')))
  return lines
}
const report = (request: object) => buildReport(unscoped(built.workspace), { period: '2026-10', ...request } as never)

const POOL = { pool: '| pool | allowance |\n| P | 10 GB |', charge: '| service | amount |\n| A | 100.00 |' }
const MEMBERS = '| pool | service |\n| P | A |\n| P | B |'
const poolDays = async () =>
  linesOf(await report({ name: 'pool-days', pool: 'P' }), 'day', 'used', 'so_far', 'left', 'exhausted_on', 'projected')

describe('a pool day by day', () => {
  it('has every day up to the last that is known, and the day on which it will be used up at the pace so far', async () => {
    await built.add({
      ...POOL,
      pool_member: MEMBERS,
      usage:
        '| service | on | used |\n| A | 2026-10-01T23:59:59 | 1 GB |\n| B | 2026-10-03 | 2 GB |\n| C | 2026-10-04 | 9 GB |',
    })
    await closePeriod(built.workspace, { period: OCTOBER })
    // 3 GB in 4 days: 10 GB in 13.3 days.
    expect(await poolDays()).toEqual([
      '2026-10-01 1000000000 1000000000 9000000000 2026-10-14 yes',
      '2026-10-02 0 1000000000 9000000000 2026-10-14 yes',
      '2026-10-03 2000000000 3000000000 7000000000 2026-10-14 yes',
      '2026-10-04 0 3000000000 7000000000 2026-10-14 yes',
    ])
  })

  it('says the day on which it was used up, with usage in the zone of its account, and of members while they are', async () => {
    await built.add({
      ...POOL,
      account: '| account | time_zone |\n| ACC | America/New_York |',
      pool_member: '| pool | service | from_on | to_on |\n| P | A | - | - |\n| P | B | 2026-10-03 | - |',
      usage: `| service | on | used | is_wall_time |\n| A | 2026-10-03T03:00:00 | 4 GB | false |
        | B | 2026-10-02T12:00:00 | 1 GB | false |\n| B | 2026-10-03T12:00:00 | 7 GB | false |`,
    })
    await closePeriod(built.workspace, { period: OCTOBER })
    expect(await poolDays()).toEqual([
      '2026-10-01 0 0 10000000000 2026-10-03 ',
      '2026-10-02 4000000000 4000000000 6000000000 2026-10-03 ',
      '2026-10-03 7000000000 11000000000 0 2026-10-03 ',
    ])
    expect(await linesOf(await report({ name: 'pools' }), 'pool', 'allowance', 'used', 'over')).toEqual([
      'P 10000000000 11000000000 1000000000',
    ])
  })

  it('names usage without a day apart, and then says no day', async () => {
    await built.add({
      ...POOL,
      pool_member: MEMBERS,
      usage: '| service | on | until | used |\n| A | 2026-10-01 | 2026-11-01 | 6 GB |\n| B | 2026-10-02 | | 5 GB |',
    })
    await closePeriod(built.workspace, { period: OCTOBER })
    expect(await poolDays()).toEqual([
      '2026-10-01 0 0 10000000000  ',
      '2026-10-02 5000000000 5000000000 5000000000  ',
      ' 6000000000 11000000000 0  ',
    ])
  })

  it('is refused where there is no such pool, or none is named', async () => {
    await closePeriod(built.workspace, { period: OCTOBER })
    await expect(report({ name: 'pool-days', pool: 'Q' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(report({ name: 'pool-days' })).rejects.toMatchObject({ kind: 'bad-command' })
  })
})

const CONFIGURATION = `
{ kind: Account, id: U, currency: USD, time-zone: America/New_York }
---
{ kind: Account, id: V, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard }
---
kind: SharePlan
id: pool
name: Pool
active: true
share-level: account
participating: [{ product: sim }]
buckets: [{ id: shared, accepts: [{ usage-type: messaging }], type: fixed, life: recurring, ORDER tiers: [{ size: 100 count }] }]
---
{ kind: AccountSharePlan, account: U, plan: pool, from: 2026-10-01 }
---
{ kind: AccountSharePlan, account: V, plan: pool, from: 2026-10-01 }
`

describe('a bucket day by day', () => {
  const bucketDays = async (more = {}) =>
    linesOf(
      await report({ name: 'bucket-days', bucket: 'shared', ...more }),
      ...['account', 'day', 'drawn', 'so_far', 'left', 'exhausted_at', 'projected'],
    )
  it.each(['', 'order: highest-rate,'])(
    'has what each holder drew, in local days, and the end that alerts say (%s)',
    async (order) => {
      for (const document of parseAllDocuments(CONFIGURATION.replace('ORDER', order))) {
        const body = document.toJS() as { kind: CatalogueKind }
        await saveConfiguration(built.workspace, {
          kind: body.kind,
          name: catalogueDocumentName(body.kind, body),
          body,
        })
      }
      await built.add({
        service: '| service | product | account |\n| A | sim | U |\n| B | sim | U |\n| C | sim | V |',
        usage: `| service | on | used | usage_type | is_wall_time |\n| A | 2026-10-02T03:00:00 | 30 count | messaging | false |
          | B | 2026-10-03T16:00:00 | 55 count | messaging | false |\n| C | 2026-10-02T12:00:00 | 130 count | messaging | false |`,
      })
      await closePeriod(built.workspace, { period: OCTOBER })
      const [end, projected] = (await linesOf(await report({ name: 'alerts' }), 'account', 'exhausted_at', 'projected'))
        .filter((line) => line.startsWith('U'))
        .map((line) => line.split(' ').slice(1))[0] as [string, string]
      // 85 in the 60 hours from midnight in New York: 100 in 70.588 hours.
      expect([end, projected]).toEqual(['2026-10-04T02:35:17.647060Z', 'yes'])
      expect(await bucketDays({ account: 'U' })).toEqual([
        `U 2026-10-01 30 30 70 ${end} yes`,
        `U 2026-10-02 0 30 70 ${end} yes`,
        `U 2026-10-03 55 85 15 ${end} yes`,
      ])
      expect((await bucketDays()).slice(3)).toEqual([
        'V 2026-10-01 0 0 100 2026-10-02T12:00:00Z ',
        'V 2026-10-02 100 100 0 2026-10-02T12:00:00Z ',
        'V 2026-10-03 0 100 0 2026-10-02T12:00:00Z ',
      ])
    },
  )
})
