import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomCompany } from '../../../test/random-workspace.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { currentRun } from '../../queries/current-run.ts'
import { KeptSums } from '../../queries/kept-sums.ts'
import { placesOfMonth } from '../../queries/note-places.ts'
import { pinnedScope } from '../../queries/pinned-scope.ts'
import type { FactPlaces } from '../../warehouse/fact-places.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { unscoped } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { closePeriod } from '../close.ts'
import { planPeriod } from '../compute-period.ts'
import type { Near } from './period-scope.ts'

const AUGUST = {
  ...{ invoice: 'I-august', issued_on: '2026-09-01' },
  period_start_on: '2026-08-01',
  period_end_on: '2026-09-01',
}

/** What a plan of the period says of one pool and one service, by names: numbers are of the plan alone. */
async function placed(
  workspace: Workspace,
  { pool, service, near, places }: { pool: string; service: string; near?: Near; places?: FactPlaces },
) {
  const run = await currentRun(unscoped(workspace), OCTOBER)
  return workspace.warehouse.withScratch(async (scratch) => {
    const scope = { ...(await pinnedScope(workspace, { run, scratch })), near, places }
    const { planned } = await planPeriod(scope)
    const segments = planned.filter((segment) => segment.pool.pool === pool)
    const rows = (sql: string) => workspace.warehouse.rows<Row>(sql)
    const of = `segment_no IN (${segments.map(({ segmentNo }) => segmentNo).join(', ') || 'NULL'})`
    return {
      segments: segments.map(({ startOn, endOn, policy, hasCharges, isPart }) => {
        return { startOn, endOn, policy, hasCharges, isPart }
      }),
      participants: await rows(
        `SELECT g.start_on, k.service, t.days, t.contribution_base FROM ${scratch}.participant AS t
         JOIN ${scratch}.segment AS g USING (segment_no) JOIN ${scratch}.service_key AS k USING (service_no) WHERE t.${of} ORDER BY ALL`,
      ),
      pieces: await rows(
        `SELECT g.start_on, p.doc, p.ordinal, p.service, p.component_no, p.currency, p.amount_minor
         FROM ${scratch}.piece AS p JOIN ${scratch}.segment AS g USING (segment_no) WHERE p.${of} ORDER BY ALL`,
      ),
      // Fewer days may cut the usage of fewer services: sums by class, whatever the stretches.
      usage: await rows(
        `SELECT g.start_on, u.account, u.service, u.zone, u.time_band, u.network, u.named_pool, u.is_span,
           sum(u.quantity_base)::BIGINT AS quantity_base, sum(u.row_count)::BIGINT AS row_count
         FROM ${scratch}.pool_usage AS u JOIN ${scratch}.segment AS g USING (segment_no) WHERE u.${of} GROUP BY ALL ORDER BY ALL`,
      ),
      retained: await rows(
        `SELECT doc, ordinal, currency, amount_minor FROM ${scratch}.piece
         WHERE segment_no IS NULL AND service = '${service}' ORDER BY ALL`,
      ),
    }
  })
}

/** As a server notes them while nobody asks. */
async function notedPlaces(workspace: Workspace): Promise<FactPlaces> {
  const sums = new KeptSums(workspace)
  for (const note of placesOfMonth(OCTOBER)) await note(unscoped({ ...workspace, sums }))
  return sums.places
}

describe('facts near a pool', () => {
  it('are placed as they are among all others', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(fc.nat(1_000_000), async (seed) => {
        const company = randomCompany(seed)
        const built = await buildWorkspace()
        try {
          for (const document of company.configuration) await built.apply(document)
          for (const [table, rows] of Object.entries(company.tables)) await built.add({ [table as FactTable]: rows })
          // Another month's bills in a document of their own.
          await built.add({ charge: (company.tables.charge ?? []).map((row) => ({ ...row, ...AUGUST })) })
          const { run } = await closePeriod(built.workspace, { period: OCTOBER })
          // One row per pool, with a service that has a share of it where there is one.
          const pools = await built.workspace.warehouse.rows<{ pool: string; service: string }>(
            `SELECT p.pool, coalesce(max(a.service), 'nobody') AS service FROM run_pool AS p
             LEFT JOIN allocation AS a ON a.run = p.run AND a.pool = p.pool WHERE p.run = '${run}' AND p.pool <> ''
             GROUP BY p.pool ORDER BY p.pool`,
          )
          // One row per document with lines of the month's bills.
          const billed = await built.workspace.warehouse.rows<{ doc: number }>(
            `SELECT DISTINCT c.doc FROM charge AS c SEMI JOIN run_bill AS b USING (vendor, account, invoice)`,
          )
          expect(billed.length).toBe(1)
          const places = await notedPlaces(built.workspace)
          for (const { pool, service } of pools) {
            const near = { pools: [pool], service }
            const whole = await placed(built.workspace, { pool, service })
            expect(await placed(built.workspace, { pool, service, near })).toEqual(whole)
            const ofBilled = { ...near, billed: billed.map(({ doc }) => doc) }
            expect(await placed(built.workspace, { pool, service, near: ofBilled })).toEqual(whole)
            expect(await placed(built.workspace, { pool, service, near: ofBilled, places })).toEqual(whole)
            found += whole.pieces.length + whole.usage.length + whole.retained.length
          }
        } finally {
          await built.remove()
        }
      }),
      { numRuns: Number(process.env.NEAR_RUNS ?? 4) },
    )
    expect(found).toBeGreaterThan(0)
  }, 300_000)

  it.each([
    ['in a file', false],
    ['in a document', true],
  ])(
    'say on which days a narrower pool %s takes the usage of their lines, by bills that none of their lines is on',
    async (_, isDocument) => {
      const built = await buildWorkspace()
      try {
        // The narrow pool's bill ends on the 20th and is on another of its lines: what B used at home after it, is the wide one's.
        const early = { period_start_on: '2026-09-21', period_end_on: '2026-10-21', invoice: 'I-early' }
        const narrow = { pool: 'NARROW', zone: 'domestic' }
        if (isDocument)
          await built.apply({
            ...{ kind: 'Pool', name: 'NARROW', model: 'aggregate', 'usage-type': 'data', zone: 'domestic' },
            members: ['B', 'C'].map((service) => ({ service })),
          })
        await built.add({
          pool: [{ pool: 'WIDE' }, ...(isDocument ? [] : [narrow])],
          pool_member: [
            ...['A', 'B'].map((service) => ({ pool: 'WIDE', service })),
            ...(isDocument ? [] : ['B', 'C'].map((service) => ({ pool: 'NARROW', service }))),
          ],
          charge: [
            { service: 'A', amount: '100.00' },
            { ...early, service: 'C', amount: '10.00' },
          ],
          usage: [
            { service: 'A', on: '2026-10-05', used: '1 GB' },
            { service: 'B', on: '2026-10-25', used: '3 GB' },
          ],
        })
        await closePeriod(built.workspace, { period: OCTOBER })
        const whole = await placed(built.workspace, { pool: 'WIDE', service: 'A' })
        expect(whole.usage.map(({ service }) => service)).toEqual(['A', 'B'])
        const near = { pools: ['WIDE'], service: 'A' }
        expect(await placed(built.workspace, { pool: 'WIDE', service: 'A', near })).toEqual(whole)
        const places = await notedPlaces(built.workspace)
        expect(await placed(built.workspace, { pool: 'WIDE', service: 'A', near, places })).toEqual(whole)
      } finally {
        await built.remove()
      }
    },
  )
})
