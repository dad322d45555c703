// The bills of a month a page at a time, in any order and searched, beside the same rows arranged in memory; with bills that were taken
// back and issued again, and in currencies with and without decimals.
import type { Report } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyDocuments } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import { publishPeriod } from '../stages/publish/publish-period.ts'
import { inScope, scopeOfRows, unscoped } from '../workspace/scopes.ts'
import { type Arrangement, arrangeReport, pageOfRows } from './arranged-report.ts'
import { reissueBill, voidBill } from './bill/void-bill.ts'
import { type BillsOptions, billsReport } from './bills-report.ts'

const account = (id: string, currency: string) => `{ kind: Account, id: ${id}, currency: ${currency} }`
const rate = '{ usage-type: messaging, price: 1.00, per: 1 count }'
const CONFIGURATION = [
  ...[account('U', 'USD'), account('V', 'USD'), account('V-2', 'USD'), account('Y', 'JPY')],
  `{ kind: RatePlan, id: standard, rates: [${rate}] }`,
  '{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, recurring: { amount: "3.00", in: arrears } }',
  '{ kind: Product, id: yen, service-type: cellular, rate-plan: standard, recurring: { amount: "300", in: arrears } }',
].join('\n---\n')

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, CONFIGURATION)
  await built.add({
    service:
      '| service | product | account |\n| A | sim | U |\n| B | sim | V |\n| C | sim | V-2 |\n| D | yen | Y |\n| E | sim | U |',
    usage: `| id | service | on | used | usage_type |\n| 1 | A | 2026-10-02T00:00:00 | 7 count | messaging |
      | 2 | C | 2026-10-03T00:00:00 | 20 count | messaging |\n| 3 | D | 2026-10-03T00:00:00 | 4 count | messaging |`,
  })
  await closePeriod(built.workspace, { period: OCTOBER })
  await publishPeriod(built.workspace, OCTOBER)
})
afterAll(() => built.remove())

type Paged = Awaited<ReturnType<typeof pageOfRows>>
async function rowsOf(report: Report): Promise<ReadonlyArray<ReadonlyArray<string>>> {
  const found: ReadonlyArray<string>[] = []
  for await (const batch of report.rows) found.push(...batch)
  return found
}
const bills = (options: Partial<BillsOptions> = {}) =>
  billsReport(unscoped(built.workspace), { period: OCTOBER, ...options })
/** The rows of the report, arranged as any report without a way of its own is. */
async function inMemory(arrangement: Arrangement, options: Partial<BillsOptions>, place: PlaceOf): Promise<Paged> {
  const { name, title, columns, hasTotals, rows } = await bills(options)
  return pageOfRows(arrangeReport({ name, title, columns, hasTotals: hasTotals === true, rows }, arrangement), place)
}
type PlaceOf = { readonly offset: number; readonly limit: number }

const SORTS = [undefined, '-bill', '-state', 'total', '-total', 'void']

async function expectAlike(): Promise<void> {
  for (const sort of SORTS)
    for (const search of [undefined, 'v-2', 'VOID'])
      for (const options of [{}, { account: 'V' }, { account: 'nobody' }])
        for (const place of [
          { offset: 0, limit: 200 },
          { offset: 1, limit: 2 },
        ]) {
          const arrangement = { sort, search }
          const paged = await pageOfRows(arrangeReport(await bills(options), arrangement), place)
          expect(paged, JSON.stringify([arrangement, options, place])).toEqual(
            await inMemory(arrangement, options, place),
          )
        }
}

describe('the bills of a month', () => {
  it('are the same a page at a time as all together, in any order, of one account, and searched', async () => {
    const amounts = (await rowsOf(await bills())).map((row) => `${row[0]} ${row[4]} ${row[7]} ${row[10]}`)
    expect(amounts).toEqual([
      'U-2026-10-01 issued 7.00 13.00',
      'V-2-2026-10-01 issued 20.00 23.00',
      'V-2026-10-01 issued 0.00 3.00',
      'Y-2026-10-01 issued 4 304',
    ])
    await expectAlike()
    const scope = scopeOfRows(built.workspace.tenant, { costCentres: [], people: [], accounts: ['V-2'] })
    const own = await pageOfRows(await billsReport(inScope(built.workspace, scope), { period: OCTOBER }), {
      ...{ offset: 0, limit: 200 },
    })
    expect([own.rowCount, own.rows.map(([bill]) => bill)]).toEqual([1, ['V-2-2026-10-01']])
  })

  it('list one that was taken back beside what was issued in its place, and no sum has it', async () => {
    await voidBill(built.workspace, { number: 'V-2026-10-01', reason: 'wrong address' })
    await voidBill(built.workspace, { number: 'U-2026-10-01', reason: 'wrong address' })
    const { number } = await reissueBill(built.workspace, 'V-2026-10-01')
    const shown = (await rowsOf(await bills())).map(
      (row) => `${row[0]} ${row[4]} ${row[10] || '-'} ${row[11] || '-'} ${row[12] || '-'}`,
    )
    expect(shown).toEqual([
      'U-2026-10-01 void - - 13.00',
      'V-2-2026-10-01 issued 23.00 - -',
      'V-2026-10-01 void - - 3.00',
      `${number} issued 3.00 V-2026-10-01 -`,
      'Y-2026-10-01 issued 304 - -',
    ])
    await expectAlike()
    const { totals } = await pageOfRows(await bills(), { offset: 0, limit: 1 })
    expect(totals.map((row) => `${row[5]} ${row[10]} ${row[12]}`)).toEqual(['JPY 304 ', 'USD 26.00 16.00'])
  })
})
