// Balances at an instant, and who drew from a bucket, beside what `explain` says of each event and what the close stored.
import { type Period, parsePeriod, type Report } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyDocuments, MIXED_PROVIDER, MIXED_SERVICES } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type TableRow, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import { inScope, scopeOfRows, unscoped } from '../workspace/scopes.ts'
import { type BalancesOptions, balancesReport } from './balances-report.ts'
import { bucketDrawsReport } from './bucket-draws-report.ts'
import { bucketsReport } from './buckets-report.ts'
import { explainService } from './explain/explain-service.ts'
import type { Explanation } from './explain/explanation.ts'
import { buildReport } from './report-names.ts'

const NOVEMBER = parsePeriod('2026-11') as Period

const DEAREST = `
---
{ kind: Account, id: H, currency: USD }
---
kind: RatePlan
id: calls
rates: [{ usage-type: voice, zone: roaming, price: 0.20, per: 1 min }, { usage-type: voice, price: 0.05, per: 1 min }]
---
{ kind: Product, id: phone, service-type: phone, rate-plan: calls }
---
kind: SharePlan
id: talk
name: Talk
active: true
participating: [{ product: phone }]
buckets: [{ id: minutes, accepts: [{ usage-type: voice }], type: fixed, life: recurring, order: highest-rate, tiers: [{ size: 10 min }] }]
---
{ kind: AccountSharePlan, account: H, plan: talk, from: 2026-10-01 }
`

const HOUR = 3_600_000
const EVENTS = Array.from(
  { length: 40 },
  (_, at): TableRow => ({
    ...{ service: 'ABM'[at % 3] as string, id: `e${at}`, usage_type: 'data', is_wall_time: 'false' },
    ...{
      used: `${(1 + ((at * 7) % 9)) * 1_500} kB`,
      on: new Date(Date.UTC(2026, 9, 2) + at * 29 * HOUR).toISOString().slice(0, 19),
    },
  }),
)
const CALLS = `
| service | on | used | usage_type | zone | is_wall_time |
| H1 | 2026-10-05T09:00:00 | 10 min | voice | domestic | false |
| H1 | 2026-10-05T10:00:00 | 10 min | voice | roaming | false |`

let built: WorkspaceBuilder
let explained: Explanation[]
beforeAll(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, `${MIXED_PROVIDER}${DEAREST}`)
  await built.add({ service: `${MIXED_SERVICES}\n| H1 | phone | H | 2026-10-01 |`, usage: EVENTS })
  await built.add({ usage: CALLS })
  for (const period of [OCTOBER, NOVEMBER]) await closePeriod(built.workspace, { period })
  const of = { period: OCTOBER, linesMax: Number.POSITIVE_INFINITY }
  const scoped = unscoped(built.workspace)
  explained = []
  for (const service of ['A', 'B', 'M']) explained.push(await explainService(scoped, { service, ...of }))
})
afterAll(() => built.remove())

async function rowsOf(report: Promise<Report>): Promise<Array<Record<string, string>>> {
  const { columns, rows } = await report
  const found: Array<Record<string, string>> = []
  for await (const batch of rows)
    found.push(...batch.map((cells) => Object.fromEntries(columns.map(({ key }, at) => [key, cells[at] ?? '']))))
  return found
}

const balances = (options: BalancesOptions) => rowsOf(balancesReport(unscoped(built.workspace), options))

/** What each bucket and holder gave of events that began before the instant, in the month, by `explain`. */
function drawnBefore(at: string): Map<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const { rated } of explained) {
    for (const { startedAt, parts } of rated?.events ?? [])
      for (const { bucket, holder, holderAccount, quantityBase } of parts) {
        const key = `${holder === '' ? holderAccount : holder} ${bucket}`
        if (bucket !== '' && `${startedAt}Z` < at) sums.set(key, (sums.get(key) ?? 0n) + quantityBase)
      }
  }
  return sums
}

describe('balances', () => {
  it.each(['2026-10-02T00:00:00Z', '2026-10-09T07:00:00Z', '2026-10-17T12:00:00Z', '2026-10-31T23:59:59.999999Z'])(
    'at %s are what every event before took',
    async (at) => {
      const drawn = drawnBefore(at)
      const rows = (await balances({ at })).filter(({ account }) => account !== 'H')
      const keys = rows.map(({ holder, bucket }) => `${holder} ${bucket}`)
      expect(keys.sort()).toEqual(['A own-20', 'B own-20', 'P shared-p', 'U on-u', 'fleet fleet-data'])
      for (const { holder, bucket, capacity, drawn: base, left } of rows) {
        expect(BigInt(base ?? '')).toBe(drawn.get(`${holder} ${bucket}`) ?? 0n)
        expect(BigInt(left ?? '')).toBe(BigInt(capacity ?? '') - BigInt(base ?? ''))
      }
    },
  )

  it('say tier, expiry and what rolled in, of the period that begins with the instant', async () => {
    const [fleet] = await balances({ at: '2026-10-31T00:00:00Z', bucket: 'fleet-data' })
    expect(fleet).toMatchObject({
      capacity: '110000000',
      until_at: '2026-11-01T00:00:00Z',
      run: '2026-10.1',
      unit: 'B',
    })
    expect(Number(fleet?.tier)).toBeGreaterThan(1)
    const next = await balances({ at: '2026-11-01T01:00:00+01:00', account: 'U' })
    expect(next).toMatchObject([
      { bucket: 'on-u', drawn: '0', until_at: '2026-12-01T00:00:00Z', run: '2026-11.1', tier: '1' },
      { bucket: 'own-20', holder: 'A', capacity: '20000000', life: 'recurring-rollover' },
      { bucket: 'fleet-data', holder: 'fleet', drawn: '0' },
    ])
  })

  it('of what is settled when its period closes say so', async () => {
    const at = async (instant: string) => (await balances({ at: instant, account: 'H' }))[0]
    expect(await at('2026-10-05T09:30:00Z')).toMatchObject({ drawn: '600', left: '0', settled: 'at close' })
    expect((await balances({ at: '2026-10-05T09:30:00Z', bucket: 'on-u' }))[0]).toMatchObject({ settled: '' })
  })

  it.each([
    [{ at: '2026-12-01T00:00:00Z' }, 'period-not-closed'],
    [{ at: '2026-09-30T23:59:59Z' }, 'period-not-closed'],
    [{ at: '2026-10-17T12:00:00' }, 'bad-command'],
    [{ at: 'noon' }, 'bad-command'],
    [{ at: '2026-10-17T12:00:00Z', account: 'nobody' }, 'not-found'],
    [{ at: '2026-10-17T12:00:00Z', bucket: 'fleet' }, 'not-found'],
  ])('of %j are refused as %s', async (options, kind) => {
    await expect(balances(options)).rejects.toMatchObject({ kind })
  })

  it('are asked for by an instant, not by a period', async () => {
    const scoped = unscoped(built.workspace)
    await expect(buildReport(scoped, { name: 'balances' })).rejects.toMatchObject({ kind: 'bad-command' })
    const both = { name: 'balances', at: '2026-10-17T12:00:00Z', period: '2026-10' } as const
    await expect(buildReport(scoped, both)).rejects.toMatchObject({ kind: 'bad-command' })
    const rows = await rowsOf(buildReport(scoped, { name: 'balances', at: both.at, account: 'P' }))
    expect(rows.map(({ bucket }) => bucket)).toEqual(['shared-p'])
  })

  it('and who drew are the same to several who ask at once', async () => {
    const scoped = unscoped(built.workspace)
    const ask = () =>
      Promise.all([
        balances({ at: '2026-10-17T12:00:00Z' }),
        rowsOf(bucketDrawsReport(scoped, { period: OCTOBER, bucket: 'fleet-data' })),
        rowsOf(buildReport(scoped, { name: 'accounts' })),
      ])
    const alone = await ask()
    expect(await Promise.all(Array.from({ length: 6 }, ask))).toEqual(Array.from({ length: 6 }, () => alone))
  })

  it('are those of the accounts that a scope names', async () => {
    const { workspace } = built
    const scope = scopeOfRows(workspace.tenant, { costCentres: [], people: [], accounts: ['V'] })
    const rows = await rowsOf(balancesReport(inScope(workspace, scope), { at: '2026-10-17T12:00:00Z' }))
    expect(rows.map(({ account, holder }) => `${account} ${holder}`)).toEqual(['V B'])
  })
})

describe('who drew from a bucket', () => {
  it.each(['own-20', 'on-u', 'shared-p', 'fleet-data'])('sums to what %s says was drawn', async (bucket) => {
    const scoped = unscoped(built.workspace)
    const draws = await rowsOf(bucketDrawsReport(scoped, { period: OCTOBER, bucket }))
    const stored = (await rowsOf(bucketsReport(scoped, { period: OCTOBER }))).filter((row) => row.bucket === bucket)
    for (const { holder, tier, start_at, drawn, ran_out_at } of stored) {
      const own = draws.filter((row) => row.holder === holder && row.tier === tier && row.start_at === start_at)
      expect(String(own.reduce((sum, row) => sum + BigInt(row.drawn ?? ''), 0n))).toBe(drawn)
      // One service took the last unit, with an event of the instant at which the tier ran out.
      const last = own.filter(({ last_unit_event }) => last_unit_event !== '')
      expect(last.map(({ last_at }) => last_at)).toEqual(ran_out_at === '' ? [] : [ran_out_at])
    }
    expect(draws.length).toBeGreaterThan(0)
  })

  it('is refused for a bucket that is not there, with the nearest', async () => {
    await expect(
      bucketDrawsReport(unscoped(built.workspace), { period: OCTOBER, bucket: 'fleet' }),
    ).rejects.toMatchObject({ kind: 'not-found', facts: { nearest: ['fleet-data'] } })
  })
})
