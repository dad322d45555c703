// Which published months a close rates again. Wall times of the next month's first hours are not late in any zone of the accounts.
import { type Period, parsePeriod } from '@spillway/core'
import { expect, it } from 'vitest'
import { applyDocuments } from '../../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import { closePeriod } from '../close.ts'
import { publishPeriod } from '../publish/publish-period.ts'

const NOVEMBER = parsePeriod('2026-11') as Period

const configurationIn = (zone: string) => `
{ kind: Account, id: U, currency: USD, time-zone: ${zone} }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 0.10, per: 1 count }] }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard }
`

it.each<[zone: string, on: string, isLate: boolean]>([
  ['America/New_York', '2026-11-01T00:00:00', false],
  ['America/New_York', '2026-10-31T23:59:59', true],
  ['Pacific/Auckland', '2026-11-01T00:00:00', false],
  ['Pacific/Auckland', '2026-10-31T23:59:59', true],
])('in %s, a wall time of %s is late for October: %s', async (zone, on, isLate) => {
  const built = await buildWorkspace()
  const { workspace } = built
  try {
    await applyDocuments(workspace, configurationIn(zone))
    await built.add({ service: '| service | product | account |\n| A | sim | U |' })
    const use = (at: string) =>
      built.add({ usage: `| service | account | on | used | usage_type |\n| A | U | ${at} | 1 count | messaging |` })
    await use('2026-10-20T10:00:00')
    await closePeriod(workspace, { period: OCTOBER })
    await publishPeriod(workspace, OCTOBER)
    await use(on)
    await closePeriod(workspace, { period: NOVEMBER })
    const run = await workspace.catalog
      .selectFrom('run')
      .selectAll()
      .where('period', '=', '2026-11')
      .executeTakeFirstOrThrow()
    expect(inputsOf(run).rating?.corrected).toEqual(isLate ? ['2026-10.1'] : [])
  } finally {
    await built.remove()
  }
})
