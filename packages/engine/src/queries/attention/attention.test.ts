// One company in which each thing is wrong once, worked out by hand.
import { type Period, parsePeriod } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { inScope, scopeOfRows, unscoped } from '../../workspace/scopes.ts'
import { costCentresReport } from '../cost-centres-report.ts'
import { attentionReport } from './attention-report.ts'

const MONTHS = ['2026-08', '2026-09', '2026-10'].map((name) => parsePeriod(name) as Period)
const SEPTEMBER = parsePeriod('2026-09') as Period
let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
})
afterAll(() => built.remove())

async function linesOf(scoped = unscoped(built.workspace), period?: Period): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of (await attentionReport(scoped, { period })).rows)
    lines.push(...batch.map((row) => row.join(' | ')))
  return lines
}

const scopeOf = (rows: { costCentres?: string[]; accounts?: string[] }) =>
  inScope(built.workspace, scopeOfRows(built.workspace.tenant, { costCentres: [], people: [], accounts: [], ...rows }))

describe('what needs attention', () => {
  it('is nothing where nothing was imported', async () => {
    expect(await linesOf()).toEqual([])
  })

  it('is each thing that is wrong, worst first, with where to look', async () => {
    await fillCompany()
    expect(await linesOf()).toEqual([
      'error | unreconciled | 2 invoices differ from their totals, by 7.00 EUR in all. | EUR | 7.00 | 2 | reconciliation | ',
      'error | unreconciled | Invoice I-2026-10 of acme differs from its total by 2.50 USD. | USD | 2.50 | 1 | reconciliation | I-2026-10',
      'error | quarantine | 3 rows of 1 file could not be read. |  |  | 3 | quarantine | ',
      'error | failed-job | A job (close) failed. |  |  | 1 | jobs | job-2',
      'warning | missing-bill | No bill of soft / SEATS came for 2026-10. |  |  | 1 | reconciliation | ',
      'warning | unassigned | 13.00 USD has no cost centre. | USD | 13.00 | 1 | charges | ',
      'warning | unallocated | 9.00 USD of pool LOST can be carried by nobody. | USD | 9.00 | 1 | allocation | LOST',
      'warning | pool | Pool P used all it holds: 120 %. |  |  | 1 | pools | P',
    ])
    expect(await linesOf(unscoped(built.workspace), SEPTEMBER)).not.toContainEqual(
      expect.stringMatching(/missing|pool P/),
    )
  })

  it('shows a part of the company what is of that part', async () => {
    expect(await linesOf(scopeOf({ costCentres: ['C-1'] }))).toEqual([])
    expect(await linesOf(scopeOf({ accounts: ['ACC'] }))).toEqual([
      'warning | unassigned | 13.00 USD has no cost centre. | USD | 13.00 | 1 | charges | ',
    ])
  })
})

describe('a budget', () => {
  const cellsOf = async (scoped = unscoped(built.workspace)) => {
    const { columns, rows } = await costCentresReport(scoped, { period: OCTOBER })
    const wanted = ['key', 'currency', 'adjusted_total', 'actual_left', 'adjusted_left', 'adjusted_share']
    const at = wanted.map((key) => columns.findIndex((column) => column.key === key))
    const cells: string[] = []
    for await (const batch of rows) cells.push(...batch.map((row) => at.map((index) => row[index]).join(' ')))
    return cells
  }

  it('stands beside what was spent, but where a centre has money in two currencies', async () => {
    expect((await cellsOf()).filter((line) => !line.startsWith(' '))).toEqual([
      'C-1 EUR 20.00   ',
      'C-1 USD 6.00   ',
      'C-2 USD 12.00 30.00 28.00 0.300000000',
    ])
  })

  it('is left out for who sees a part of the centre by its accounts', async () => {
    expect(await cellsOf(scopeOf({ costCentres: ['C-2'] }))).toEqual(['C-2 USD 12.00 30.00 28.00 0.300000000'])
    expect((await cellsOf(scopeOf({ accounts: ['ACC'] }))).filter((line) => line.startsWith('C-2'))).toEqual([
      'C-2 USD 12.00   ',
    ])
  })
})

/**
 * Three months of acme, whose last bill misses its total, with two bills in EUR that miss theirs by 4.00 and -3.00; of soft, whose
 * last bill did not come. P holds 10 GB, of which A used 12, and costs 2.00 that A carries in the
 * adjusted view alone; LOST has no member; nobody owns N.
 */
async function fillCompany(): Promise<void> {
  const charges = MONTHS.flatMap(({ name, startOn, endOn }) => {
    const bill = { invoice: `I-${name}`, period_start_on: startOn, period_end_on: endOn, category: 'subscription' }
    const soft = { ...bill, invoice: `S-${name}`, vendor: 'soft', account: 'SEATS', service: 'S', amount: '5.00' }
    const shared = (pool: string, amount: string) => ({ ...bill, pool, category: 'bulk', amount })
    return [
      { ...bill, service: 'A', amount: '10.00' },
      { ...bill, service: 'B', amount: '6.00' },
      { ...bill, service: 'N', amount: '4.00' },
      ...(name === '2026-10' ? [shared('LOST', '9.00'), shared('P', '2.00')] : [soft]),
    ]
  })
  const inEuro = (invoice: string) => ({
    invoice,
    account: 'EURO',
    currency: 'EUR',
    service: 'B',
    category: 'subscription',
  })
  await built.add({
    charge: [...charges, { ...inEuro('E-1'), amount: '10.00' }, { ...inEuro('E-2'), amount: '10.00' }],
    invoice_total: [
      { invoice: 'I-2026-10', total: '28.50' },
      { invoice: 'E-1', account: 'EURO', currency: 'EUR', total: '6.00' },
      { invoice: 'E-2', account: 'EURO', currency: 'EUR', total: '13.00' },
    ],
    usage: [{ service: 'A', on: '2026-10-05', used: '12 GB', pool: 'P' }],
    pool: '| pool | allowance |\n| P | 10 GB |\n| LOST | |',
    pool_member: '| pool | service |\n| P | A |',
    cost_centre: '| cost_centre | name | budget |\n| C-1 | Sales | 100 |\n| C-2 | Stock | 40 |',
    person: '| employee | name | cost_centre |\n| E-1 | Ada Moss | C-2 |\n| E-2 | Ben Rye | C-1 |',
    service: `| service | vendor | account | service_type | person |
      | A | acme | ACC | mobile | E-1 |
      | B | acme | ACC | mobile | E-2 |
      | S | soft | SEATS | seat | E-2 |`,
  })
  const { catalog, tenant, warehouse } = built.workspace
  await catalog.updateTable('batch').set({ rows_quarantined: 3 }).where('file', '=', 'usage.csv').execute()
  const { id: batch } = await catalog
    .selectFrom('batch')
    .select('id')
    .where('file', '=', 'usage.csv')
    .executeTakeFirstOrThrow()
  await warehouse.run(
    `INSERT INTO quarantine SELECT $tenant, $batch, '', '', line, '', 'amount-unreadable', '', '', '', '', '{}' FROM range(2, 5) AS of(line)`,
    { tenant, batch },
  )
  for (const [id, retry_of] of [
    ['job-1', null],
    ['job-2', 'job-1'],
  ] as const)
    await catalog
      .insertInto('job')
      .values({
        ...{
          tenant,
          id,
          kind: 'close',
          state: 'failed',
          request: '{}',
          progress: '{}',
          outcome: '{}',
          attempt: 1,
          retry_of,
        },
        ...{ created_at: '2026-11-01T00:00:00.000Z', created_by: 'x', started_at: null, ended_at: null },
      })
      .execute()
  for (const period of MONTHS) await closePeriod(built.workspace, { period })
}
