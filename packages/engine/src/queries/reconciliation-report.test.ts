// Invoices beside their totals a page at a time, in any order and searched, held against what `reconcile` says of each of them: of
// vendors and of our own bills, in currencies with and without decimals, accepted or not.
import { formatAmount, type Period, parsePeriod, type Report, type ReportRow } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { applyDocuments } from '../../test/rating/mixed-provider.ts'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import { unscoped } from '../workspace/scopes.ts'
import { arrangeReport, pageOfRows } from './arranged-report.ts'
import { acceptDifference, isUnreconciled, reconcile, unreconciledInvoices } from './reconciliation.ts'
import { reconciliationReport } from './reconciliation-report.ts'

const SEPTEMBER = parsePeriod('2026-09') as Period
const CONFIGURATION = [
  '{ kind: Provider, id: harbour, name: Harbour Sensors }',
  ...['U', 'V', 'V-2'].map((id) => `{ kind: Account, id: ${id}, currency: USD }`),
  '{ kind: Account, id: Y, currency: JPY }',
  '{ kind: RatePlan, id: standard, rates: [{ usage-type: messaging, price: 1.00, per: 1 count }] }',
  '{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, recurring: { amount: "3.00", in: arrears } }',
  '{ kind: Product, id: yen, service-type: cellular, rate-plan: standard, recurring: { amount: "300", in: arrears } }',
].join('\n---\n')
/** What stands between cells and rows where a statement is handed many as one text. */
const [CELL_END, ROW_END] = [31, 30].map((code) => String.fromCharCode(code))

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await applyDocuments(built.workspace, CONFIGURATION)
  await built.add({
    service: '| service | product | account |\n| A | sim | U |\n| B | sim | V |\n| C | sim | V-2 |\n| D | yen | Y |',
    usage: `| id | service | on | used | usage_type |\n| 1 | A | 2026-10-02T00:00:00 | 7 count | messaging |
      | 2 | C | 2026-10-03T00:00:00 | 20 count | messaging |\n| 3 | D | 2026-09-03T00:00:00 | 4 count | messaging |`,
    charge: `| vendor | invoice | service | currency | amount | period_start_on | period_end_on |
      | acme | I-1 | A | USD | 10.00 | 2026-10-01 | 2026-11-01 |
      | acme | I-1 | B | USD | 0.50 | 2026-10-01 | 2026-11-01 |
      | acme | I-1 | B | EUR | 0.50 | 2026-10-01 | 2026-11-01 |
      | Acme's | I-2 | A | USD | 4.00 | 2026-10-01 | 2026-11-01 |
      | zeta | I-9 | A | JPY | 1000 | 2026-10-01 | 2026-11-01 |
      | acme | I-0 | A | USD | -2.00 | 2026-09-01 | 2026-10-01 |`,
    invoice_total: `| vendor | invoice | currency | total | period_start_on | period_end_on |
      | acme | I-1 | USD | 10.50 | 2026-10-01 | 2026-11-01 |
      | Acme's | I-2 | USD | 4.25 | 2026-10-01 | 2026-11-01 |
      | zeta | I-9 | JPY | 900 | 2026-10-01 | 2026-11-01 |
      | acme | I-3 | USD | 7.00 | 2026-10-01 | 2026-11-01 |`,
  })
  await closePeriod(built.workspace, { period: SEPTEMBER })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

const report = (period?: Period) => reconciliationReport(unscoped(built.workspace), period)

/** The report as rows that are all in memory, of what `reconcile` says. */
async function naive(period?: Period): Promise<Report> {
  const { invoices } = await reconcile(built.workspace, period?.name)
  const rows = invoices.map((row): ReportRow => {
    const text = (minor: bigint | null) => (minor === null ? '' : formatAmount(minor, row.currency))
    const amounts = [row.chargesMinor, row.totalMinor, row.differenceMinor].map(text)
    const head = [row.vendor, row.account, row.invoice, row.period, row.currency, String(row.lines)]
    return [...head, ...amounts, row.status, row.reason]
  })
  const { name, title, columns } = await report(period)
  return { name, title, columns, hasTotals: true, rows: batches(rows) }
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
  { offset: 2, limit: 3 },
]
const SEARCHES = [undefined, 'v-2', 'RECONCILED', "acme's", 'usd', '2026-09', CELL_END]

async function expectAlike(): Promise<void> {
  const { columns } = await report()
  const sorts = [undefined, ...columns.flatMap(({ key }) => [key, `-${key}`])]
  const arrangements = [
    ...sorts.flatMap((sort) => [{ sort }, { sort, search: '2026-10' }]),
    ...SEARCHES.flatMap((search) => [{ search }, { sort: '-difference', search }]),
  ]
  for (const period of [undefined, OCTOBER, SEPTEMBER, parsePeriod('2026-01') as Period]) {
    const { rows, ...head } = await naive(period)
    const all = await allOf({ ...head, rows })
    expect(await allOf(await report(period))).toEqual(all)
    for (const arrangement of period === SEPTEMBER ? [] : arrangements)
      for (const place of PLACES) {
        const paged = await pageOfRows(arrangeReport(await report(period), arrangement), place)
        const expected = await pageOfRows(arrangeReport({ ...head, rows: batches(all) }, arrangement), place)
        expect(paged, JSON.stringify([period?.name, arrangement, place])).toEqual(expected)
      }
  }
}

describe('invoices beside their totals', () => {
  it('are the same a page at a time as all together, of any month, in any order, and searched', async () => {
    const rows = await allOf(await report())
    expect(rows.map((row) => row.slice(0, 10).join(' '))).toEqual([
      "Acme's ACC I-2 2026-10 USD 1 4.00 4.25 -0.25 unreconciled",
      'acme ACC I-0 2026-09 USD 1 -2.00   no-control-total',
      'acme ACC I-1 2026-10 EUR 1 0.50   no-control-total',
      'acme ACC I-1 2026-10 USD 2 10.50 10.50 0.00 reconciled',
      'acme ACC I-3 2026-10 USD 0 0.00 7.00 -7.00 no-charges',
      'harbour U U-2026-09-01 2026-09 USD 1 3.00 3.00 0.00 reconciled',
      'harbour U U-2026-10-01 2026-10 USD 2 10.00 10.00 0.00 reconciled',
      'harbour V V-2026-09-01 2026-09 USD 1 3.00 3.00 0.00 reconciled',
      'harbour V V-2026-10-01 2026-10 USD 1 3.00 3.00 0.00 reconciled',
      'harbour V-2 V-2-2026-09-01 2026-09 USD 1 3.00 3.00 0.00 reconciled',
      'harbour V-2 V-2-2026-10-01 2026-10 USD 2 23.00 23.00 0.00 reconciled',
      'harbour Y Y-2026-09-01 2026-09 JPY 2 304 304 0 reconciled',
      'harbour Y Y-2026-10-01 2026-10 JPY 1 300 300 0 reconciled',
      'zeta ACC I-9 2026-10 JPY 1 1000 900 100 unreconciled',
    ])
    await expectAlike()
  })

  it('say why a difference was accepted, whatever stands in the reason', async () => {
    const reason = `it's ${CELL_END}theirs${ROW_END}, \\ and a $tenant`
    await acceptDifference(built.workspace, { invoice: 'I-2', reason })
    const rows = await allOf(await report(OCTOBER))
    expect(rows.filter((row) => row[9] === 'accepted').map((row) => row[10])).toEqual([reason])
    expect(rows).toEqual(await allOf(await naive(OCTOBER)))
  })

  it('keep a month from being published where they do not foot, and those alone', async () => {
    for (const period of [undefined, '2026-10', '2026-09']) {
      const { invoices } = await reconcile(built.workspace, period)
      expect(await unreconciledInvoices(built.workspace, period)).toEqual(invoices.filter(isUnreconciled))
    }
  })
})
