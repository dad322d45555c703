import { type Period, parsePeriod, type Report } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { BILLABLE_DIMENSIONS } from './billable-sums.ts'
import { type BillableTimeRequest, billableTimeReport } from './billable-time-report.ts'
import { servicesOfProjects } from './services-of-projects.ts'

const OCTOBER = parsePeriod('2026-10') as Period
const PROJECTS = ['4711', '4712', '4713', '4714']

// Each way to a project, with a call of another project or of none beside it, so that costs are shared with what is not asked for.
let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.add({
    account: '| account | currency |\n| R100 | USD |',
    person: '| employee | name |\n| E-1 | Ada Quill |\n| E-2 | Ben Haven |',
    project: `
      | project | client | rate |
      | 4711    | ACME   | 333  |
      | 4712    | ACME   | 100  |
      | 4713    | ZEN    | 50   |
      | 4714    | ZEN    | 70   |`,
    service: `
      | service | account | person | project | share_ppm |
      | dialled | R100    | E-1    | -       | 1000000   |
      | listed  | R100    | E-1    | -       | 1000000   |
      | shared  | R100    | E-2    | 4712    | 600000    |
      | shared  | R100    | E-2    | 4714    | 400000    |
      | nobody  | R100    | E-2    | -       | 1000000   |`,
    charge: ['dialled', 'listed', 'shared', 'lobby', 'nobody'].reduce(
      (table, service) => `${table}\n| ${service} | conference | usage | USD | 10.01 | B1 |`,
      '| service | usage_type | category | currency | amount | invoice |',
    ),
    usage: `
      | account | service | usage_type | conference | participant | account_code | on                  | used   |
      | R100    | dialled | conference | A1         | Ada         | 4711         | 2026-10-05T09:00:00 | 41 min |
      | R100    | dialled | conference | A2         | Ada         | -            | 2026-10-06T09:00:00 | 7 min  |
      | R100    | dialled | conference | A3         | Ada         | 5            | 2026-10-07T09:00:00 | 7 min  |
      | R100    | listed  | conference | B1         | Bob         | 880          | 2026-10-05T09:00:00 | 3 min  |
      | R100    | listed  | conference | B2         | Bob         | 4713         | 2026-10-06T09:00:00 | 9 min  |
      | R100    | shared  | conference | C1         | Cleo        | -            | 2026-10-05T09:00:00 | 11 min |
      | R100    | shared  | conference | C2         | Cleo        | 4711         | 2026-10-06T09:00:00 | 13 min |
      | R100    | lobby   | conference | D1         | Dora        | -            | 2026-10-05T09:00:00 | 17 min |
      | R100    | nobody  | conference | E1         | Ed          | -            | 2026-10-05T09:00:00 | 19 min |`,
  })
  await built.apply({
    kind: 'AccountCodes',
    name: 'codes',
    account: 'R100',
    valid: ['4711', '4713', { code: '880', project: '4713' }],
  })
  await built.apply({
    kind: 'SubAccount',
    name: 'R100 lobby',
    account: 'R100',
    'user-id': 'lobby',
    owner: { project: '4714' },
  })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

async function rowsOf({ rows }: Report): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of rows) for (const row of batch) lines.push(row.join(' | '))
  return lines
}
const report = (request: BillableTimeRequest) =>
  billableTimeReport(unscoped(built.workspace), { period: OCTOBER, ...request })

function servicesFor(projects: ReadonlyArray<string>): Promise<string[] | undefined> {
  const { workspace } = built
  return workspace.warehouse.withScratch(async (scratch) => {
    const asked = { scratch, projects: new Set(projects), from: OCTOBER.startOn, until: OCTOBER.endOn }
    if ((await servicesOfProjects(workspace, asked)) === undefined) return undefined
    const rows = await workspace.warehouse.rows<{ service: string }>(
      `SELECT service FROM ${scratch}.project_service WHERE service <> '' ORDER BY service`,
    )
    return rows.map(({ service }) => service)
  })
}

describe('the services of a project', () => {
  it.each([
    [['4711'], ['dialled', 'shared']],
    [['4712'], ['shared']],
    [['4713'], ['listed']],
    [['4714'], ['lobby', 'shared']],
    [
      ['4711', '4713'],
      ['dialled', 'listed', 'shared'],
    ],
  ])('of %j are %j', async (projects, services) => {
    expect(await servicesFor(projects)).toEqual(services)
  })

  it.each([undefined, ...BILLABLE_DIMENSIONS])('have each call and cent that it has among all, by %s', async (by) => {
    const all = await rowsOf(await report({ by }))
    const apart: string[] = []
    for (const project of ['', ...PROJECTS]) apart.push(...(await rowsOf(await report({ project, by }))))
    expect(apart).toEqual(all)
    for (const project of PROJECTS) expect(all.some((row) => row.startsWith(`${project} |`))).toBe(true)
  })

  it('are not told apart where a rule may give the project to any call', async () => {
    await built.apply({ kind: 'ProjectRule', name: 'ed', when: { 'participant-contains': ['ed'] }, project: '4712' })
    expect(await servicesFor(['4712'])).toBeUndefined()
    expect(await servicesFor(['4713'])).toEqual(['listed'])
    const all = await rowsOf(await report({}))
    expect(await rowsOf(await report({ project: '4712' }))).toEqual(all.filter((row) => row.startsWith('4712 |')))
    expect(all.some((row) => row.startsWith('4712 |') && row.includes('nobody'))).toBe(true)
  })
})

it('knows a project that a user id belongs to or a service is assigned to, though projects.csv does not', async () => {
  const owner = { project: '9001' }
  await built.apply({ kind: 'SubAccount', name: 'R100 lobby', account: 'R100', 'user-id': 'lobby', owner })
  await built.add({ service: '| service | account | project |\n| quiet | R100 | 9002 |' })
  expect((await rowsOf(await report({ by: 'project' }))).some((row) => row.startsWith('9001 |'))).toBe(true)
  expect(await rowsOf(await report({ project: '9001' }))).toHaveLength(1)
  const september = { period: parsePeriod('2026-09') as Period }
  expect(await rowsOf(await report({ ...september, project: '9001' }))).toEqual([])
  expect(await rowsOf(await report({ ...september, project: '9002' }))).toEqual([])
  await expect(report({ project: '9003' })).rejects.toMatchObject({ kind: 'not-found' })
})

it('says sums of all projects anew after what they follow from is another', async () => {
  const sums = async () => await rowsOf(await report({ by: 'project' }))
  const before = await sums()
  expect(await sums()).toEqual(before)
  await built.add({ project: '| project | client | rate |\n| 4711 | ACME | 400 |' })
  const after = await sums()
  expect(after).not.toEqual(before)
  expect(after.filter((row) => !row.startsWith('4711'))).toEqual(before.filter((row) => !row.startsWith('4711')))
})
