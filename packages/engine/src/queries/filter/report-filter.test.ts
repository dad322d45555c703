import type { Report } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomCompany } from '../../../test/random-workspace.ts'
import { buildWorkspace, OCTOBER } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import type { FactTable } from '../../warehouse/schema.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { inScope, scopeOfRows, unscoped } from '../../workspace/scopes.ts'
import { oneBatch } from '../amount-cells.ts'
import { arrangeReport, pageOfRows } from '../arranged-report.ts'
import { buildReport, type ReportRequest } from '../report-names.ts'

let built: Awaited<ReturnType<typeof buildWorkspace>>
let whole: ScopedWorkspace
beforeAll(async () => {
  built = await buildWorkspace()
  const company = randomCompany(17)
  for (const document of company.configuration) await built.apply(document)
  for (const [table, rows] of Object.entries(company.tables)) await built.add({ [table as FactTable]: rows })
  await closePeriod(built.workspace, { period: OCTOBER })
  whole = unscoped(built.workspace)
}, 60_000)
afterAll(() => built.remove())

const ask = (request: Omit<ReportRequest, 'period'>, workspace = whole) =>
  buildReport(workspace, { ...request, period: OCTOBER.name })

async function rowsOf(report: Report): Promise<ReadonlyArray<ReadonlyArray<string>>> {
  const found: (readonly string[])[] = []
  for await (const batch of report.rows) found.push(...batch)
  return found
}

/** The same rows in memory, which knows no query. */
async function inMemory(report: Report, arrangement: Parameters<typeof arrangeReport>[1]): Promise<Report> {
  const { name, title, columns, hasTotals } = report
  const rows = oneBatch(await rowsOf(report))
  return arrangeReport({ name, title, columns, ...(hasTotals ? { hasTotals } : {}), rows }, arrangement)
}

describe('a report that the database filters, sorts and pages', () => {
  const ARRANGEMENTS = [{}, { sort: '-adjusted' }, { sort: 'name', search: 's' }, { sort: '-currency' }]
  const REQUESTS: ReadonlyArray<Omit<ReportRequest, 'period'>> = [
    { name: 'charges', by: 'service' },
    { name: 'charges', by: 'person', where: ['person='] },
    { name: 'charges', by: 'cost-centre', view: 'adjusted' },
  ]
  it.each(REQUESTS)('is as one that is arranged in memory: %o', async (request) => {
    for (const arrangement of ARRANGEMENTS)
      for (const place of [
        { offset: 0, limit: 3 },
        { offset: 2, limit: 100 },
      ]) {
        const expected = await inMemory(await ask(request), arrangement)
        expect(await pageOfRows(arrangeReport(await ask(request), arrangement), place)).toEqual(
          await pageOfRows(expected, place),
        )
      }
  })

  it('shows a part by the views what it shows the whole by numbers', async () => {
    const accounts = (await rowsOf(await ask({ name: 'charges', by: 'account' }))).map(([key]) => key ?? '')
    const part = inScope(
      built.workspace,
      scopeOfRows(built.workspace.tenant, { costCentres: [], people: [], accounts }),
    )
    for (const by of ['service', 'vendor', 'pool', 'category', 'usage-type', 'project'])
      for (const where of [[], ['category=access', 'category=overage'], ['cost-centre=', 'currency=USD']]) {
        const request = { name: 'charges', by, where } as const
        expect(await rowsOf(await ask(request, part))).toEqual(await rowsOf(await ask(request)))
      }
  })

  it('takes values of one dimension as alternatives and dimensions together', async () => {
    const all = await rowsOf(await ask({ name: 'charges', by: 'service' }))
    const keys = [...new Set(all.map(([key]) => key ?? ''))].slice(0, 2)
    const two = await ask({ name: 'charges', by: 'service', where: keys.map((key) => `service=${key}`) })
    expect(await rowsOf(two)).toEqual(all.filter(([key]) => keys.includes(key ?? '')))
    const none = await ask({ name: 'charges', by: 'service', where: [`service=${keys[0]}`, "vendor=it's $run = 1"] })
    expect(await pageOfRows(none, { offset: 0, limit: 9 })).toEqual({ rows: [], rowCount: 0, totals: [] })
  })

  it.each([
    [{ name: 'charges', where: ['colour=red'] }],
    [{ name: 'charges', where: ['service'] }],
    [{ name: 'allocation', where: ['person=E1'] }],
    [{ name: 'pools', where: ['pool=P0'] }],
    [{ name: 'charges', sort: 'colour' }],
  ] as const)('refuses %o', async (request) => {
    await expect(ask(request)).rejects.toMatchObject({ kind: 'bad-command' })
  })
})
