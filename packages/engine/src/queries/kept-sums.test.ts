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
import { COMPARED_DIMENSIONS } from './compare-runs.ts'
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
const keptOf = (parts: { readonly rowsMax?: number; readonly bytesMax?: number } = {}) =>
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
    { name: 'trend', period, by, where, months: '2', columns: 'key,name,currency,month,adjusted,change' },
    { name: 'movers', period, by, where, count: '2' },
    { name: 'movers', period, by, where, count: '7', view: 'actual' },
  ])
}

/** Either way, and with itself. */
function compared(by: (typeof COMPARED_DIMENSIONS)[number]): ReportRequest[] {
  const pairs = [
    ['2026-09.1', '2026-10.1'],
    ['2026-10.1', '2026-09.1'],
    ['2026-10.1', '2026-10.1'],
  ]
  const views = ['adjusted', 'actual'] as const
  return pairs.flatMap(([since, run]) => views.map((view) => ({ name: 'run-changes' as const, run, since, by, view })))
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
    const sorted = ['-adjusted', 'adjusted', '-difference', '-actual', 'key', '-key', 'name', 'currency']
    const arranged = [...sorted.map((sort) => ({ sort })), { search: '1' }, { columns: 'key,currency,actual' }]
    const asked = [
      ...questions(BY_ALL),
      ...questions(['service', 'person', 'vendor', 'pool'], [`cost-centre=${centre}`, 'cost-centre=']),
      ...questions(['service', 'vendor'], ['currency=USD', `cost-centre=${centre}`]),
      ...questions(['service', 'category'], ['person=E1', 'vendor=acme']),
      ...questions(['service', 'project'], ['cost-centre=nobody-has-it']),
      ...(['actual', 'adjusted'] as const).map((view) => ({ name: 'charges' as const, period, by: 'service', view })),
      ...[undefined, [`cost-centre=${centre}`]].map((where) => ({
        ...{ name: 'trend' as const, period, by: 'all', months: '2', where },
      })),
      ...questions(['service', 'pool'], [`service=${service}`]),
      ...arranged.flatMap((one): ReportRequest[] => [
        { name: 'charges', period, by: 'service', ...one },
        { name: 'charges', period, by: 'service', where: [`cost-centre=${centre}`], ...one },
        { name: 'charges', period, by: 'cost-centre', ...one },
      ]),
      ...['-adjusted', 'pool', 'members', undefined].map((sort): ReportRequest => ({ name: 'pools', period, sort })),
      { name: 'pools' as const, period, search: '1' },
      { name: 'cost-centres' as const, period },
      ...[
        undefined,
        [`pool=${pool}`],
        ['currency=USD'],
        [`service=${service}`],
        ['pool=none'],
        ['component=access', `pool=${pool}`],
      ].map((where): ReportRequest => ({ name: 'allocation', period, where })),
      { name: 'allocation' as const, period, sort: '-actual' },
      ...COMPARED_DIMENSIONS.flatMap((by) => compared(by)),
      ...['-change', 'key', 'name', '-before'].flatMap((sort) =>
        compared('service').map((request) => ({ ...request, sort })),
      ),
      ...compared('service').map((request) => ({ ...request, search: '1' })),
    ]
    for (const request of asked) {
      const expected = await said(without, request)
      expect(await said(sums, request), JSON.stringify(request)).toEqual(expected)
    }
    expect((await keys(without, 'service')).length).toBeGreaterThan(8)
  })

  it('are answered from what is kept, of services that are not numbered in the order of their names too', async () => {
    const sums = keptOf()
    const run = '2026-10.1'
    const services = await sums.ofServices(run)
    const parts = await sums.ofParts(run)
    const names = Array.from({ length: services?.serviceCount ?? 0 }, (_, place) => services?.nameOf(place))
    expect(names).toEqual([...names].sort())
    const numbered = await built.workspace.warehouse.rows<{ service_no: number; service: string }>(
      'SELECT service_no, service FROM run_service WHERE run = $run ORDER BY service_no',
      { run },
    )
    expect(numbered.map(({ service_no }) => services?.nameOfNumber(service_no))).toEqual(
      numbered.map(({ service }) => service),
    )
    expect(numbered.map(({ service }) => service)).not.toEqual(names)
    expect(sums.sumsOf(run)?.sum(['vendor', 'currency'], new Map())?.length).toBeGreaterThan(0)
    expect(parts?.wanted(new Map())?.length).toBeGreaterThan(1)
    expect(sums.byteLength).toBeGreaterThan(0)
  })

  it('have the rows of an allocation too, page by page of one pool or of all', async () => {
    const [without, sums] = [unscoped(built.workspace), keptOf()]
    const [run, period] = ['2026-10.1', '2026-10']
    await sums.ofServices(run)
    const kept = await sums.ofPartRows(run)
    const { rows } = await built.workspace.warehouse.row<{ rows: bigint }>(
      'SELECT count(*) AS rows FROM allocation_row WHERE run = $run',
      { run },
    )
    const parts = await built.workspace.warehouse.rows<{ part_no: number; rows: bigint; adjusted: bigint }>(
      `SELECT part_no, count(*) AS rows, sum(adjusted_minor)::BIGINT AS adjusted FROM allocation_row WHERE run = $run GROUP BY part_no`,
      { run },
    )
    expect(rows).toBeGreaterThan(10n)
    for (const part of parts) {
      const own = kept?.rowsOf(part.part_no)
      const adjusted = own?.adjusted.reduce((sum, minor) => sum + minor, 0)
      expect([BigInt(own?.count ?? 0), BigInt(adjusted ?? 0)]).toEqual([part.rows, part.adjusted])
    }
    expect(kept?.rowsOf(1_000_000).count).toBe(0)
    const pools = await keys(without, 'pool')
    for (const where of [undefined, ...pools.map((pool) => [`pool=${pool}`])]) {
      const request: ReportRequest = { name: 'allocation', period, where }
      expect(await said(withSums(sums), request), JSON.stringify(request)).toEqual(await said(without, request))
    }
  })

  it('say it where nothing is worth keeping or there is no room', async () => {
    const without = unscoped(built.workspace)
    const few = [keptOf({ rowsMax: 0 }), keptOf({ bytesMax: 0 }), new KeptSums({ ...built.workspace, fewerTimes: 1e9 })]
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

  it('are broken off for whoever stops, but not where others wait for them, and made for who asks next', async () => {
    const sums = keptOf()
    const [one, other] = [sums.ofServices('2026-10.1'), sums.ofParts('2026-10.1')]
    await new Promise((resolve) => setImmediate(resolve))
    sums.breakOff()
    expect([await one, await other].includes(null)).toBe(false)
    sums.breakOff()
    expect(await sums.ofRuns(['2026-09.1'])).toBeUndefined()
  })

  it('lets go of a run that speaks for its month no more, but not while somebody may be reading it', async () => {
    const sums = keptOf()
    await sums.ofServices('2026-10.1')
    const table = sums.tableOf('2026-10.1', new Set())
    const services = sums.servicesOf('2026-10.1')
    const bytes = sums.byteLength
    expect(services).not.toBeNull()
    await sums.keepOnly(['2026-09.1'])
    expect(sums.servicesOf('2026-10.1')).toBe(services)
    await sums.keepOnly(['2026-09.1'])
    expect(sums.servicesOf('2026-10.1')).toBeNull()
    expect(sums.byteLength).toBe(0)
    await expect(built.workspace.warehouse.rows(`FROM ${table}`)).rejects.toThrow('does not exist')
    await sums.ofServices('2026-10.1')
    expect(sums.tableOf('2026-10.1', new Set())).toBe(table)
    expect(sums.byteLength).toBe(bytes)
  })
})

/** What there are charges of, but for nobody's. */
async function keys(workspace: ScopedWorkspace, by: By): Promise<string[]> {
  const { rows } = await pageOfRows(await buildReport(workspace, { name: 'charges', period: '2026-10', by }), ALL)
  return rows.map(([key = '']) => key).filter((key) => key !== '')
}
