// Worked example 12 of share plans as it is written, through import, close and publish: one service, October closed with 90 of
// 100 used, 30 more of October in November, out of bucket at 0.10.
import { type Period, parsePeriod } from '@spillway/core'
import { expect, it } from 'vitest'
import { applyDocuments } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { checkWorkspace } from '../check/check-workspace.ts'
import { closePeriod } from '../close.ts'
import { publishPeriod } from '../publish/publish-period.ts'

const NOVEMBER = parsePeriod('2026-11') as Period

const CONFIGURATION = `
{ kind: Account, id: U, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Bucket, id: own, accepts: [{ usage-type: messaging }], amount: 100 count, life: recurring }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own] }
`

it('posts an adjustment of 2.00 in November that names October (example 12)', async () => {
  const built = await buildWorkspace()
  const { workspace } = built
  const use = (rows: string) => built.add({ usage: `| service | on | used | usage_type | id |\n${rows}` })
  const lines = async () => {
    const rows = await workspace.warehouse.rows<{ line: string }>(
      `SELECT concat_ws(' ', run, service, kind, about, amount_minor) AS line FROM customer_bill_line ORDER BY ALL`,
    )
    return rows.map(({ line }) => line)
  }
  try {
    await applyDocuments(workspace, CONFIGURATION)
    await built.add({ service: '| service | product | account |\n| A | sim | U |' })
    await use('| A | 2026-10-20T10:00:00 | 90 count | messaging | 1 |')
    await closePeriod(workspace, { period: OCTOBER })
    await publishPeriod(workspace, OCTOBER)
    const issued = ['2026-10.1 A usage messaging/domestic 0']
    expect(await lines()).toEqual(issued)

    await use('| A | 2026-10-05T10:00:00 | 30 count | messaging | 2 |')
    await closePeriod(workspace, { period: NOVEMBER })
    expect(await lines()).toEqual([...issued, '2026-11.1 A adjustment 2026-10-01 200'])
    const posted = await workspace.warehouse.rows(
      'SELECT account, service, billed_to, corrected_on, currency, amount_minor FROM rating_adjustment',
    )
    expect(posted).toEqual([
      { account: 'U', service: 'A', billed_to: 'U', corrected_on: '2026-10-01', currency: 'USD', amount_minor: 200n },
    ])
    expect((await checkWorkspace(workspace)).failures).toEqual([])
  } finally {
    await built.remove()
  }
})
