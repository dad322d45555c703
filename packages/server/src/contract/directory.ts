// Who and what there is: people, services, cost centres, projects, accounts, pools and their members, as the last imports have
// them, of what the caller may see.
import { z } from '@hono/zod-openapi'
import { listPage, pageOf } from './paging.ts'
import { describeRoute, jsonOf } from './route.ts'

const text = z.string()
const day = z.string().nullable().describe('a day; null where nobody said')
const number = z.string().nullable()

const person = z
  .object({ employee: text, name: text, email: text, cost_centre: text, manager: text, from_on: day, to_on: day })
  .openapi('Person')
const service = z
  .object({
    ...{ service: text, vendor: text, account: text, product: text, service_type: text, device_type: text },
    ...{ person: text, cost_centre: text, project: text, from_on: day, to_on: day },
    share_ppm: number.describe('of a split: millionths'),
  })
  .openapi('Service')
const costCentre = z
  .object({ cost_centre: text, parent: text, name: text, gl_code: text, budget: text })
  .openapi('CostCentre')
const project = z
  .object({
    ...{ project: text, client: text, name: text, rate: text, increment_minutes: number, from_on: day, to_on: day },
  })
  .openapi('Project')
const account = z
  .object({
    ...{ account: text, parent: text, usage_invoicer: text, name: text, currency: text, time_zone: text },
    cycle_day: number,
  })
  .openapi('Account')
const pool = z
  .object({
    ...{ pool: text, vendor: text, account: text, model: text, usage_type: text },
    allowance_base: number.describe('in base units of its usage type'),
    max_members: number,
  })
  .openapi('Pool')
const poolMember = z
  .object({ pool: text, service: text, contribution: text, unit: text, from_on: day, to_on: day })
  .openapi('PoolMember')

const query = listPage.extend({
  key: z.string().max(200).optional().describe('of one alone'),
  text: z.string().max(200).optional().describe('in the key or the name'),
})
const tags = ['directory']

const listing = <P extends string, O extends string, S extends z.ZodType>(
  path: P,
  { operationId, summary, item, name }: { operationId: O; summary: string; item: S; name: string },
) =>
  describeRoute({
    ...{ method: 'get', path, operationId, summary, tags, 'x-access': 'report:read' },
    request: { query },
    responses: { 200: jsonOf(pageOf(item, name), 'A page in the order of keys') },
  } as const)

export const directoryRoutes = {
  listPeople: listing('/v1/people', {
    ...{ operationId: 'listPeople', summary: 'people, a row for each time that something of them changed' },
    ...{ item: person, name: 'PersonPage' },
  }),
  listServices: listing('/v1/services', {
    ...{ operationId: 'listServices', summary: 'services, a row for each assignment' },
    ...{ item: service, name: 'ServicePage' },
  }),
  listCostCentres: listing('/v1/cost-centres', {
    ...{ operationId: 'listCostCentres', summary: 'cost centres with what is above each' },
    ...{ item: costCentre, name: 'CostCentrePage' },
  }),
  listProjects: listing('/v1/projects', {
    ...{ operationId: 'listProjects', summary: 'projects', item: project, name: 'ProjectPage' },
  }),
  listAccounts: listing('/v1/accounts', {
    ...{ operationId: 'listAccounts', summary: 'accounts of files with what is above each' },
    ...{ item: account, name: 'AccountPage' },
  }),
  listPools: listing('/v1/pools', {
    ...{ operationId: 'listPools', summary: 'pools of files; those of documents are configuration' },
    ...{ item: pool, name: 'PoolPage' },
  }),
  listPoolMembers: listing('/v1/pool-members', {
    ...{ operationId: 'listPoolMembers', summary: 'who is in which pool; `key` is the pool' },
    ...{ item: poolMember, name: 'PoolMemberPage' },
  }),
}
