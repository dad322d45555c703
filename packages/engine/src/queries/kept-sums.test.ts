// Whatever is kept, a report says the same: every page of every report, in every order, beside the same without sums.
import { type Period, parsePeriod } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { randomCompany } from '../../test/random-workspace.ts'
import { buildWorkspace, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { inScope, scopeOfRows, unscoped } from '../workspace/scopes.ts'
import { pageOfRows } from './arranged-report.ts'
import { CHARGE_DIMENSIONS } from './charges-report.ts'
import { KeptSums } from './kept-sums.ts'
import { buildReport, type ReportRequest } from './report-names.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  const { tables, configuration } = randomCompany(6)
  for (const document of configuration) await built.apply(document)
  await built.add(tables)
  for (const month of ['2026-09', '2026-10'])
    await closePeriod(built.workspace, { period: parsePeriod(month) as Period })
})
afterAll(() => built.remove())

/** Sums are kept however many there are. */
const keptOf = (parts: { readonly rowsMax?: number } = {}) =>
  new KeptSums({ ...built.workspace, fewerTimes: 0, ...parts })
const withSums = (sums: KeptSums) => unscoped({ ...built.workspace, sums })

async function said(workspace: ScopedWorkspace, request: ReportRequest) {
  const places = request.name === 'trend' || request.name === 'movers' ? [ALL] : [FIRST, REST]
  const pages = []
  for (const place of places) {
    // Rows of a report may be read once.
    const report = await buildReport(workspace, request)
    pages.push({ columns: report.columns, ...(await pageOfRows(report, place)) })
  }
  return pages
}
const ALL = { offset: 0, limit: 1000 }
const FIRST = { offset: 0, limit: 3 }
const REST = { offset: 3, limit: 1000 }

type By = (typeof CHARGE_DIMENSIONS)[number]
const BY_ALL = CHARGE_DIMENSIONS.filter((by) => by !== 'user-id')

function questions(dimensions: ReadonlyArray<By>, where?: ReadonlyArray<string>): ReportRequest[] {
  const period = '2026-10'
  return dimensions.flatMap((by): ReportRequest[] => [
    { name: 'charges', period, by, where },
    { name: 'trend', period, by, where, months: '2', columns: 'key,currency,month,adjusted' },
    { name: 'movers', period, by, where, count: '2' },
  ])
}

describe('reports over sums that are kept', () => {
  it('say what they say without', async () => {
    const sums = withSums(keptOf())
    const without = unscoped(built.workspace)
    const period = '2026-10'
    const [centre, service, pool] = [
      (await keys(without, 'cost-centre'))[0],
      (await keys(without, 'service'))[1],
      (await keys(without, 'pool'))[0],
    ]
    const arranged = [{ sort: '-adjusted' }, { sort: 'key' }, { search: '1' }, { columns: 'key,currency,actual' }]
    const asked = [
      ...questions(BY_ALL),
      ...questions(['service', 'person', 'vendor'], [`cost-centre=${centre}`, 'cost-centre=']),
      ...questions(['service', 'pool'], [`service=${service}`]),
      ...arranged.flatMap((one): ReportRequest[] => [
        { name: 'charges', period, by: 'service', ...one },
        { name: 'charges', period, by: 'service', where: [`cost-centre=${centre}`], ...one },
      ]),
      ...['-adjusted', 'pool', 'members', undefined].map((sort): ReportRequest => ({ name: 'pools', period, sort })),
      { name: 'pools' as const, period, search: '1' },
      { name: 'cost-centres' as const, period },
      ...[undefined, [`pool=${pool}`], ['currency=USD'], [`service=${service}`]].map(
        (where): ReportRequest => ({ name: 'allocation', period, where }),
      ),
      { name: 'allocation' as const, period, sort: '-actual' },
    ]
    for (const request of asked) {
      const expected = await said(without, request)
      expect(await said(sums, request), JSON.stringify(request)).toEqual(expected)
    }
    expect((await keys(without, 'service')).length).toBeGreaterThan(8)
  })

  it('say it where nothing is worth keeping or there is no room', async () => {
    const without = unscoped(built.workspace)
    const few = [keptOf({ rowsMax: 0 }), new KeptSums({ ...built.workspace, fewerTimes: 1e9 })]
    for (const request of [
      ...questions(['service', 'person']),
      { name: 'pools' as const, period: '2026-10' },
      { name: 'allocation' as const, period: '2026-10' },
    ]) {
      const expected = await said(without, request)
      for (const sums of few) expect(await said(withSums(sums), request), JSON.stringify(request)).toEqual(expected)
    }
  })

  it('are of the whole tenant: who sees a part is never given them', async () => {
    const sums = keptOf()
    const [centre] = await keys(unscoped(built.workspace), 'cost-centre')
    const rows = { costCentres: [centre ?? ''], people: [], accounts: [] }
    const scope = scopeOfRows(built.workspace.tenant, rows)
    const part = inScope({ ...built.workspace, sums }, scope)
    expect(part.sums).toBeUndefined()
    await sums.ofServices('2026-10.1')
    for (const request of questions(['service', 'vendor'])) {
      const expected = await said(inScope(built.workspace, scope), request)
      expect(await said(part, request), JSON.stringify(request)).toEqual(expected)
    }
  })

  it('lets go of a run that speaks for its month no more, but not while somebody may be reading it', async () => {
    const sums = keptOf()
    await sums.ofServices('2026-10.1')
    const table = sums.servicesOf('2026-10.1')?.table
    await sums.keepOnly(['2026-09.1'])
    expect(sums.servicesOf('2026-10.1')?.table).toBe(table)
    await sums.keepOnly(['2026-09.1'])
    expect(sums.servicesOf('2026-10.1')).toBeNull()
    await expect(built.workspace.warehouse.rows(`FROM ${table}`)).rejects.toThrow('does not exist')
    await sums.ofServices('2026-10.1')
    expect(sums.servicesOf('2026-10.1')?.table).toBe(table)
  })
})

/** What there are charges of, but for nobody's. */
async function keys(workspace: ScopedWorkspace, by: By): Promise<string[]> {
  const { rows } = await pageOfRows(await buildReport(workspace, { name: 'charges', period: '2026-10', by }), ALL)
  return rows.map(([key = '']) => key).filter((key) => key !== '')
}
