import type { Report, ReportRow } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomCompany } from '../../../test/random-workspace.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { inScope, scopeOfRows, unscoped } from '../../workspace/scopes.ts'
import { oneBatch } from '../amount-cells.ts'
import { type Arrangement, arrangeReport, pageOfRows } from '../arranged-report.ts'
import { CHARGE_DIMENSIONS } from '../charges-report.ts'
import { KeptSums } from '../kept-sums.ts'
import { buildReport } from '../report-names.ts'
import { sourceLines } from './source-lines.ts'

type Built = Awaited<ReturnType<typeof buildWorkspace>>
type Cells = Readonly<Record<string, string>>

const PERIOD = OCTOBER.name
const AUGUST = { period_start_on: '2026-08-01', period_end_on: '2026-09-01', issued_on: '2026-09-01' }
const DIMENSIONS = CHARGE_DIMENSIONS.filter((by) => by !== 'user-id')

async function cellsOf(report: Report | Promise<Report>): Promise<Cells[]> {
  const { columns, rows } = await report
  const found: Cells[] = []
  for await (const batch of rows)
    for (const row of batch) found.push(Object.fromEntries(columns.map(({ key }, at) => [key, row[at] ?? ''])))
  return found
}

/** What the screen shows above a page: the sums of all lines behind one figure. */
async function sumsOf(workspace: ScopedWorkspace, where: ReadonlyArray<string>): Promise<unknown> {
  const report = await buildReport(workspace, { name: 'charges', by: 'line', period: PERIOD, where })
  const { totals } = await pageOfRows(report, { offset: 0, limit: 1 })
  const at = (key: string) => report.columns.findIndex((column) => column.key === key)
  return totals.map((row) => ['currency', 'actual', 'adjusted'].map((key) => row[at(key)]))
}

/** By key and currency what is not nothing, in minor units. */
function sumsBy(rows: ReadonlyArray<Cells>, column: string): ReadonlyMap<string, ReadonlyArray<bigint>> {
  const sums = new Map<string, [bigint, bigint]>()
  for (const row of rows) {
    const key = `${row[column]} ${row.currency}`
    const [actual, adjusted] = sums.get(key) ?? [0n, 0n]
    const minor = (cell: string | undefined) => BigInt((cell ?? '').replace('.', ''))
    sums.set(key, [actual + minor(row.actual), adjusted + minor(row.adjusted)])
  }
  return new Map([...sums].filter(([, amounts]) => amounts.some((amount) => amount !== 0n)).sort())
}

describe('the lines behind the charges of a random company', () => {
  const companies: Built[] = []
  beforeAll(async () => {
    // Splits, leavers, several invoices and currencies, credits and every model of pool.
    for (const seed of [6, 11]) {
      const built = await buildWorkspace()
      companies.push(built)
      const company = randomCompany(seed)
      for (const document of company.configuration) await built.apply(document)
      for (const [table, rows] of Object.entries(company.tables)) await built.add({ [table as FactTable]: rows })
      // A second line of each, so that cells that several carry have several lines.
      const again = (company.tables.charge ?? []).map((row) => ({ ...row, invoice_line: `${row.invoice_line}-2` }))
      // Of one, lines of another month stand in the same file.
      const earlier = again.map((row) => ({ ...row, ...AUGUST, invoice: `${(row as Cells).invoice}-earlier` }))
      await built.add({ charge: seed === 6 ? again : [...again, ...earlier] })
      // Of the other in a file of its own, dearer than all others.
      if (seed === 6) await built.add({ charge: earlier.map((row) => ({ ...row, amount: '90000.00' })) })
      await closePeriod(built.workspace, { period: OCTOBER })
    }
  }, 60_000)
  afterAll(async () => {
    for (const built of companies) await built.remove()
  })

  it('sum to every figure of every dimension, in both views and in every scope', async () => {
    let figures = 0
    const divisions = new Set<string>()
    for (const { workspace } of companies) {
      const whole = unscoped(workspace)
      const centres = await cellsOf(buildReport(whole, { name: 'charges', by: 'cost-centre', period: PERIOD }))
      const costCentres = [...new Set(centres.map(({ key = '' }) => key))].filter((key) => key !== '').slice(0, 1)
      const part = inScope(workspace, scopeOfRows(workspace.tenant, { costCentres, people: [], accounts: [] }))
      for (const scoped of [whole, part]) {
        const lines = await cellsOf(buildReport(scoped, { name: 'charges', by: 'line', period: PERIOD }))
        for (const { entry, division } of lines) divisions.add(`${entry} ${division}`.trim())
        for (const by of DIMENSIONS) {
          const report = await cellsOf(buildReport(scoped, { name: 'charges', by, period: PERIOD }))
          expect([by, sumsBy(lines, by.replace('-', '_'))]).toEqual([by, sumsBy(report, 'key')])
          figures += report.length
        }
      }
    }
    expect(figures).toBeGreaterThan(100)
    // The companies have every case that there is.
    expect([...divisions].sort()).toEqual(['charge', 'charge in proportion', 'share'])
  }, 120_000)

  const ARRANGEMENTS: ReadonlyArray<Arrangement> = [
    {},
    { sort: '-actual' },
    { sort: 'description' },
    { sort: '-entry' },
    { sort: 'invoice' },
    { sort: '-category' },
    { sort: '-adjusted' },
    { sort: 'adjusted' },
    { sort: '-difference' },
  ]
  /** What no pool of these companies takes: each line is adjusted to what it is. */
  const UNMOVED = ['equipment', 'tax', 'roaming'].map((category) => `category=${category}`)
  it.each([[[]], [['category=access', 'category=overage', 'currency=USD']], [UNMOVED]])(
    'are on a page of those of %j what they are among all rows',
    async (where) => {
      let [several, rowsSeen] = [0, 0]
      for (const { workspace } of companies) {
        const sums = new KeptSums({ ...workspace, fewerTimes: 0 })
        const ask = (kept?: KeptSums) =>
          buildReport(unscoped({ ...workspace, sums: kept }), { name: 'charges', by: 'line', period: PERIOD, where })
        const { name, title, columns, hasTotals = false, rows: every } = await ask()
        const all: ReportRow[] = []
        for await (const batch of every) all.push(...batch)
        const difference = columns.findIndex(({ key }) => key === 'difference')
        expect(all.some((row) => Number(row[difference]) !== 0)).toBe(where !== UNMOVED)
        several += all.filter((row) => row[columns.findIndex(({ key }) => key === 'division')] !== '').length
        const bill = columns.findIndex(({ key }) => key === 'invoice')
        const ofFirstBill = all.findIndex((row) => row[bill] !== all[0]?.[bill])
        for (const arrangement of ARRANGEMENTS)
          for (const offset of [0, Math.max(0, ofFirstBill - 2), Math.max(0, all.length - 4)]) {
            const place = { offset, limit: 7 }
            const inMemory = arrangeReport({ name, title, columns, hasTotals, rows: oneBatch(all) }, arrangement)
            const page = await pageOfRows(arrangeReport(await ask(), arrangement), place)
            const again = await pageOfRows(arrangeReport(await ask(sums), arrangement), place)
            expect([arrangement, place, page]).toEqual([arrangement, place, await pageOfRows(inMemory, place)])
            expect(again).toEqual(page)
            rowsSeen += page.rows.length
          }
      }
      if (where.length === 0) expect(several).toBeGreaterThan(0)
      expect(rowsSeen).toBeGreaterThan(100)
    },
    120_000,
  )

  it('sum to a figure under the filter that is its row', async () => {
    const [{ workspace }] = companies as [Built]
    const whole = unscoped(workspace)
    for (const by of DIMENSIONS) {
      const report = await cellsOf(buildReport(whole, { name: 'charges', by, period: PERIOD }))
      const { key, currency, actual, adjusted } = report.at(-1) as Cells
      const where = [`${by}=${key}`, `currency=${currency}`]
      expect([where, await sumsOf(whole, where)]).toEqual([where, [[currency, actual, adjusted]]])
    }
  }, 60_000)

  it('name lines that can be looked up, and that a part sees where its figures come from them', async () => {
    const [{ workspace }] = companies as [Built]
    const whole = unscoped(workspace)
    const lines = await cellsOf(buildReport(whole, { name: 'charges', by: 'line', period: PERIOD, sort: '-actual' }))
    const owned = lines.find(
      ({ entry, cost_centre, division }) => entry === 'charge' && cost_centre !== '' && division === '',
    )
    const other = lines.find(({ entry, cost_centre }) => entry === 'charge' && cost_centre !== owned?.cost_centre)
    const [mine, theirs] = [owned, other].map((line) => ({ file: line?.batch ?? '', line: Number(line?.line) }))
    const part = inScope(
      workspace,
      scopeOfRows(workspace.tenant, { costCentres: [owned?.cost_centre ?? ''], people: [], accounts: [] }),
    )
    const asked = mine as { file: string; line: number }
    const found = await sourceLines(whole, asked)
    const amounts = found.lines.flatMap(({ cells }) => cells.filter(({ name }) => name === 'amount'))
    expect(amounts).toEqual([{ name: 'amount', value: owned?.actual }])
    expect(await sourceLines(part, asked)).toEqual(found)
    await expect(sourceLines(part, theirs as typeof asked)).rejects.toMatchObject({ kind: 'not-found' })
  }, 60_000)
})
