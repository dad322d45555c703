// Rows of another tenant in every table that a route reads, under ids of its own, and under the ids of documents and runs of
// this one, so that a query that forgets the tenant shows them. Each says OTHERTENANT.
import type { Workspace } from '@spillway/engine'
import { digestOf } from '../src/sign-in/secrets.ts'

export const MARK = 'OTHERTENANT'
/** By the name of a path parameter: an id that only the other tenant has. */
export const OTHERS_IDS: Readonly<Record<string, ReadonlyArray<string>>> = {
  id: ['usr_other', 'gr_other', 'tok_other', 'run-other'],
  kind: ['Pool'],
  name: [`${MARK}-pool`],
  service: [`${MARK}-service`],
}
/** Path parameters that name nothing of a tenant's. */
export const NOT_OF_A_TENANT: Readonly<Record<string, string>> = { report: 'charges', code: 'not-found' }
export const OTHERS_TOKEN = `spillway_${'o'.repeat(43)}`
export const OTHERS_SESSION = 's'.repeat(43)

const tenant = 'other'
const AT = '2026-11-01T00:00:00.000Z'

export async function plantOtherTenant(workspace: Workspace): Promise<void> {
  const { catalog, warehouse } = workspace
  await catalog.insertInto('tenant').values({ id: tenant, name: MARK, created_at: AT }).execute()
  await plantPeople(workspace)
  await catalog
    .insertInto('configuration')
    .values({
      ...{ tenant, kind: 'Pool', name: `${MARK}-pool`, version: 1, digest: 'x'.repeat(64), deleted: 0, saved_at: AT },
      ...{ saved_by: MARK, body: JSON.stringify({ kind: 'Pool', name: `${MARK}-pool` }) },
    })
    .execute()
  const runs = await catalog.selectFrom('run').selectAll().where('tenant', '=', workspace.tenant).execute()
  for (const run of runs) {
    await catalog
      .insertInto('run')
      .values({ ...run, tenant, closed_by: MARK, state: 'published' })
      .execute()
    await warehouse.run(
      `INSERT INTO carried_text SELECT $tenant, $run, '${MARK}', 'A-1', '${MARK}', 'USD', '${MARK}-service', 'E-1', 'C-1', '${MARK}', '${MARK}',
       '${MARK}', 'subscription', '', '', 424242, 424242`,
      { tenant, run: run.id },
    )
    await warehouse.run(
      `INSERT INTO used_text SELECT $tenant, $run, '${MARK}', 'A-1', '${MARK}-service', 'E-1', 'C-1', '${MARK}', 'P-1', 'data', '${MARK}', '', '', 5`,
      { tenant, run: run.id },
    )
    await warehouse.run(`INSERT INTO run_problem SELECT $tenant, $run, 1, '${MARK}', 'error', '${MARK}', '', '{}'`, {
      tenant,
      run: run.id,
    })
  }
  await catalog
    .insertInto('run')
    .values({ ...(runs[0] as (typeof runs)[0]), tenant, id: 'run-other', closed_by: MARK })
    .execute()
  for (const [table, name] of [
    ['person', 'name'],
    ['cost_centre', 'name'],
    ['service', 'product'],
  ] as const)
    await warehouse.run(
      `INSERT INTO ${table} SELECT * REPLACE ($tenant AS tenant, '${MARK}' AS ${name}) FROM ${table} WHERE tenant = $own`,
      { tenant, own: workspace.tenant },
    )
}

async function plantPeople({ catalog }: Workspace): Promise<void> {
  const user_id = 'usr_other'
  await catalog
    .insertInto('app_user')
    .values({
      ...{ tenant, id: user_id, email: 'otto@other.example', name: MARK, state: 'active', password_hash: null },
      ...{ created_at: AT, created_by: MARK },
    })
    .execute()
  await catalog
    .insertInto('role_grant')
    .values({
      ...{ tenant, id: 'gr_other', user_id, role: 'owner', scope_kind: 'tenant', scope_key: '', via: 'people' },
      ...{ granted_at: AT, granted_by: MARK },
    })
    .execute()
  await catalog
    .insertInto('api_token')
    .values({
      ...{
        tenant,
        id: 'tok_other',
        user_id,
        name: MARK,
        hint: MARK,
        digest: digestOf(OTHERS_TOKEN),
        permissions: '["report:read"]',
      },
      ...{ created_at: AT, ends_at: '2027-11-01T00:00:00.000Z' },
    })
    .execute()
  await catalog
    .insertInto('session')
    .values({
      digest: digestOf(OTHERS_SESSION),
      tenant,
      user_id,
      agent: MARK,
      created_at: AT,
      seen_at: '2026-11-22T09:00:00Z',
    })
    .execute()
  await catalog
    .insertInto('audit')
    .values({
      ...{ tenant, at: AT, who: MARK, action: MARK, subject: MARK, details: '{}', before_value: '', after_value: '' },
      hash: 'x',
    })
    .execute()
}
