// Trend, movers and unused of one company over a year of which only five months were closed. The lump of each month is on
// A and shared evenly with B: A's and B's adjusted amounts are half of it and their own subscription.

import { type Period, parseAmount, parsePeriod, Refusal, type Report } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import { unscoped } from '../workspace/scopes.ts'
import { chargesReport, type ReportView } from './charges-report.ts'
import { moversReport } from './movers-report.ts'
import { buildReport } from './report-names.ts'
import { costTrendReport, MOVER_DIMENSIONS, usageTrendReport } from './trend-report.ts'
import { unusedReport } from './unused-report.ts'
import { usageReport } from './usage-report.ts'

const CLOSED = [
  { name: '2025-10', lump: '80.00', used: 'A B', gone: false },
  { name: '2026-07', lump: '100.00', used: 'A B G', gone: true },
  { name: '2026-08', lump: '100.00', used: 'A G', gone: true },
  { name: '2026-09', lump: '60.00', used: 'A G', gone: true },
  { name: '2026-10', lump: '90.00', used: 'A', gone: false },
]
const periodOf = (name: string) => parsePeriod(name) as Period

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.apply({
    kind: 'AllocationPolicy',
    name: 'even',
    'applies-to': { pools: ['P'] },
    components: [{ name: 'lump', charges: [{ category: 'bulk' }], method: 'even' }],
  })
  const charges = CLOSED.flatMap(({ name, lump, gone }) => {
    const { startOn, endOn } = periodOf(name)
    const bill = { invoice: `I-${name}`, period_start_on: startOn, period_end_on: endOn, category: 'subscription' }
    return [
      { ...bill, service: 'A', category: 'bulk', pool: 'P', amount: lump },
      { ...bill, service: 'A', product: 'PLAN A', amount: '10.00' },
      { ...bill, service: 'B', product: `PLAN OF ${name}`, amount: '5.00' },
      ...(gone ? [{ ...bill, service: 'G', amount: '7.00' }] : []),
      ...(name === '2026-10' ? [{ ...bill, service: 'N', amount: '3.00' }] : []),
      { ...bill, vendor: 'soft', account: 'SEATS', service: 'S', currency: 'JPY', amount: '900' },
    ]
  })
  await built.add({
    charge: charges,
    usage: CLOSED.flatMap(({ name, used }) =>
      used.split(' ').map((service) => ({ service, on: `${name}-05`, used: '2 GB' })),
    ),
    pool: '| pool | model |\n| P | bulk |',
    pool_member: '| pool | service |\n| P | A |\n| P | B |',
    cost_centre: '| cost_centre | name |\n| C-1 | Sales |\n| C-2 | Stock |',
    person: '| employee | name | cost_centre |\n| E-1 | Ada Moss | C-1 |\n| E-2 | Ben Rye | C-2 |',
    service: `| service | vendor | account | service_type | person | from_on | to_on |
      | A | acme | ACC | mobile | E-1 | - | - |
      | B | acme | ACC | mobile | E-2 | - | - |
      | D | acme | ACC | mobile | E-2 | 2026-01-01 | - |
      | G | acme | ACC | mobile | E-1 | - | 2026-10-01 |
      | N | acme | ACC | mobile | E-1 | 2026-10-01 | - |
      | S | soft | SEATS | seat | E-2 | - | - |`,
  })
  for (const { name } of CLOSED) await closePeriod(built.workspace, { period: periodOf(name) })
})
afterAll(() => built.remove())

async function linesOf(report: Report): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of report.rows) lines.push(...batch.map((row) => row.join(',')))
  return lines
}

type Row = Readonly<Record<string, string>>
async function rowsOf(report: Report): Promise<Row[]> {
  const rows: Row[] = []
  for await (const batch of report.rows)
    rows.push(
      ...batch.map((row) => Object.fromEntries(report.columns.map(({ key }, index) => [key, row[index] ?? '']))),
    )
  return rows
}

/** Minor units, and base units: what a cell counts. */
function countOf(cell: string | undefined, currency = 'JPY'): bigint {
  const reading = parseAmount(cell ?? '', currency)
  if (!reading.ok) throw new Error(`${cell} is no amount`)
  return reading.minor
}

const refusalOf = (report: Promise<Report>) =>
  report.then(
    () => 'no refusal',
    (error: unknown) => (error instanceof Refusal ? `${error.kind}: ${error.message} ${error.hint}` : String(error)),
  )

const trend = (options: { by?: 'service' | 'person'; key?: string; months?: number; view?: ReportView } = {}) =>
  costTrendReport(unscoped(built.workspace), { period: OCTOBER, by: 'service', months: 13, ...options })

describe('report trend', () => {
  it('has every month of a key, compares with what is known, and shows no zero for a month that was not closed', async () => {
    const report = await trend({ key: 'B' })
    expect(report.columns.map(({ key }) => key).join(',')).toBe(
      'key,name,currency,month,state,actual,adjusted,change,change_share,year_change,year_change_share,services,services_started,services_gone',
    )
    const open = ['2025-11', '2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06']
    expect(await linesOf(report)).toEqual([
      'B,Ben Rye,USD,2025-10,closed,5.00,45.00,,,,,1,,',
      ...open.map((month) => `B,Ben Rye,USD,${month},not closed,,,,,,,,,`),
      'B,Ben Rye,USD,2026-07,closed,5.00,55.00,,,,,1,,',
      'B,Ben Rye,USD,2026-08,closed,5.00,55.00,0.00,0.000000000,,,1,0,0',
      'B,Ben Rye,USD,2026-09,closed,5.00,35.00,-20.00,-0.363636364,,,1,0,0',
      'B,Ben Rye,USD,2026-10,closed,5.00,50.00,15.00,0.428571429,5.00,0.111111111,1,0,0',
    ])
  })

  it('counts 0 in a closed month without a charge, says who started and who is gone, and keeps their names', async () => {
    expect(await linesOf(await trend({ key: 'G', months: 2, view: 'actual' }))).toEqual([
      'G,Ada Moss,USD,2026-09,closed,7.00,0.00,0.000000000,,,1,0,0',
      'G,Ada Moss,USD,2026-10,closed,0.00,-7.00,-1.000000000,0.00,,0,0,1',
    ])
    expect(await linesOf(await trend({ by: 'person', key: 'E-1', months: 1 }))).toEqual([
      'E-1,Ada Moss,USD,2026-10,closed,103.00,58.00,11.00,0.234042553,8.00,0.160000000,2,1,1',
    ])
    expect(await linesOf(await trend({ key: 'G', months: 1 }))).toEqual([])
  })

  it('has the same figures whatever the number of months', async () => {
    const all = await linesOf(await trend())
    const few = await linesOf(await trend({ months: 3 }))
    expect(few).not.toEqual([])
    expect(all).toEqual(expect.arrayContaining(few))
    expect(await linesOf(await trend({ months: 120 }))).toEqual(expect.arrayContaining(all))
  })

  it('counts services only where somebody asks for them, with the same figures', async () => {
    const columns = 'key,month,adjusted,change'
    const asked = { name: 'trend', period: '2026-10', by: 'service', months: '13' } as const
    const picked = await rowsOf(await buildReport(unscoped(built.workspace), { ...asked, columns }))
    const whole = await rowsOf(await buildReport(unscoped(built.workspace), asked))
    expect(picked).toEqual(whole.map(({ key, month, adjusted, change }) => ({ key, month, adjusted, change })))
    const counted = await buildReport(unscoped(built.workspace), { ...asked, columns: 'key,month,services' })
    expect(await rowsOf(counted)).toEqual(whole.map(({ key, month, services }) => ({ key, month, services })))
    const sorted = await buildReport(unscoped(built.workspace), { ...asked, columns, sort: '-services' })
    expect(await rowsOf(sorted)).toHaveLength(whole.length)
  })

  it.each(MOVER_DIMENSIONS)(
    'sums by %s in each month to the charges of that month, and its changes telescope',
    async (by) => {
      const rows = await rowsOf(await costTrendReport(unscoped(built.workspace), { period: OCTOBER, by, months: 13 }))
      for (const { name } of CLOSED) {
        const charges = await rowsOf(await chargesReport(unscoped(built.workspace), { period: periodOf(name), by }))
        const amounts = (list: ReadonlyArray<Row>) =>
          list
            .filter(({ actual, adjusted }) => !/^[0.]+$/.test(`${actual}${adjusted}`))
            .map((row) => [row.key, row.currency, row.actual, row.adjusted])
        expect(amounts(rows.filter(({ month }) => month === name))).toEqual(amounts(charges))
      }
      for (const { key, currency } of rows.filter(({ month }) => month === '2026-10')) {
        const series = rows.filter((row) => row.key === key && row.currency === currency)
        expect(series).toHaveLength(13)
        const [july, ...later] = series.slice(-4)
        const sum = later.reduce(
          (total, row) => total + countOf(row.change, row.currency),
          countOf(july?.adjusted, july?.currency),
        )
        expect(sum).toBe(countOf(series.at(-1)?.adjusted, july?.currency))
      }
    },
  )

  it('is of everything together as the sums of the vendors, without a row for each service', async () => {
    const options = { period: OCTOBER, months: 13 }
    const all = await rowsOf(await costTrendReport(unscoped(built.workspace), { ...options, by: 'all' }))
    const vendors = await rowsOf(await costTrendReport(unscoped(built.workspace), { ...options, by: 'vendor' }))
    expect(all.length).toBeGreaterThan(0)
    for (const row of all.filter(({ adjusted }) => adjusted !== '')) {
      const same = vendors.filter(
        (one) => one.currency === row.currency && one.month === row.month && one.adjusted !== '',
      )
      const sum = same.reduce((total, { adjusted }) => total + countOf(adjusted, row.currency), 0n)
      expect([row.key, row.name, countOf(row.adjusted, row.currency)]).toEqual(['all', 'everything', sum])
      expect(Object.keys(row)).not.toContain('services')
    }
    await expect(costTrendReport(unscoped(built.workspace), { ...options, by: 'all', key: 'all' })).rejects.toThrow(
      /--key/,
    )
  })

  it('follows usage by class, and sums to the usage of the month', async () => {
    const report = await usageTrendReport(unscoped(built.workspace), { period: OCTOBER, by: 'person', months: 2 })
    expect(await linesOf(report)).toEqual([
      'E-1,Ada Moss,data/domestic,B,2026-09,closed,4000000000,0,0.000000000,,,2,0,0',
      'E-1,Ada Moss,data/domestic,B,2026-10,closed,2000000000,-2000000000,-0.500000000,0,0.000000000,1,0,1',
    ])
    const october = await rowsOf(await usageReport(unscoped(built.workspace), { period: OCTOBER, by: 'person' }))
    expect(october.map(({ quantity }) => quantity)).toEqual(['2000000000'])
  })

  it('is refused for a month that was not closed', async () => {
    const report = costTrendReport(unscoped(built.workspace), {
      period: periodOf('2026-11'),
      by: 'service',
      months: 13,
    })
    expect(await refusalOf(report)).toContain('period-not-closed: 2026-11 has not been closed.')
  })
})

describe('report movers', () => {
  const movers = (options: { period?: Period; view?: ReportView; count?: number } = {}) =>
    moversReport(unscoped(built.workspace), { period: OCTOBER, by: 'service', count: 10, ...options })

  it.each(MOVER_DIMENSIONS)('is by %s too, also where a key is its own name', async (by) => {
    const rows = await linesOf(
      await moversReport(unscoped(built.workspace), { period: OCTOBER, by, view: 'actual', count: 5 }),
    )
    expect(rows.length).toBeGreaterThan(0)
  })

  it('has what rose, then what fell, ranked in its currency, with what started and ended', async () => {
    const report = await movers()
    expect(report.columns.map(({ key }) => key).join(',')).toBe(
      'key,name,currency,direction,rank,before,now,change,change_share,flags',
    )
    expect(await linesOf(report)).toEqual([
      'A,Ada Moss,USD,rose,1,40.00,55.00,15.00,0.375000000,',
      'B,Ben Rye,USD,rose,2,35.00,50.00,15.00,0.428571429,',
      'N,Ada Moss,USD,rose,3,0.00,3.00,3.00,,started',
      'G,Ada Moss,USD,fell,1,7.00,0.00,-7.00,-1.000000000,ended',
    ])
  })

  it('ranks the actual amounts where asked, as many as asked', async () => {
    expect(await linesOf(await movers({ view: 'actual', count: 1 }))).toEqual([
      'A,Ada Moss,USD,rose,1,70.00,100.00,30.00,0.428571429,',
      'G,Ada Moss,USD,fell,1,7.00,0.00,-7.00,-1.000000000,ended',
    ])
  })

  it('is refused against a month that was not closed: all would have risen', async () => {
    expect(await refusalOf(movers({ period: periodOf('2026-07') }))).toContain(
      'period-not-closed: 2026-06 has not been closed.',
    )
  })
})

describe('report unused', () => {
  it('has services without use that were there all the while, what they cost and whose they are', async () => {
    const report = await unusedReport(unscoped(built.workspace), { period: OCTOBER, months: 3 })
    expect(report.columns.map(({ key }) => key).join(',')).toBe(
      'service,vendor,account,service_type,product,person,name,cost_centre,currency,actual_month,adjusted_month,actual,adjusted,months_billed,last_used,usage_known,flags',
    )
    expect(await linesOf(report)).toEqual([
      'B,acme,ACC,mobile,PLAN OF 2026-10,E-2,Ben Rye,C-2,USD,5.00,50.00,15.00,140.00,3,2026-07,yes,',
      'D,acme,ACC,mobile,,E-2,Ben Rye,C-2,,,,,,0,,yes,never-used not-billed',
      'S,soft,SEATS,seat,,E-2,Ben Rye,C-2,JPY,900,900,2700,2700,3,,no,never-used',
    ])
  })

  it('has what began this month only where this month alone is asked about', async () => {
    const services = async (months: number) =>
      (await rowsOf(await unusedReport(unscoped(built.workspace), { period: OCTOBER, months }))).map(
        ({ service }) => service,
      )
    expect(await services(1)).toEqual(['B', 'N', 'D', 'S'])
    expect(await services(4)).toEqual(['D', 'S'])
  })

  it('is refused where a month in between was not closed, and says how many were', async () => {
    expect(await refusalOf(unusedReport(unscoped(built.workspace), { period: OCTOBER, months: 6 }))).toBe(
      'period-not-closed: 2026-06 has not been closed, so its use is not known. Run `spillway close 2026-06` first, or ask for fewer months: `--months 4`.',
    )
  })
})
