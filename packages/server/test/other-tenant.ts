// Rows of another tenant in every table that a route reads, under ids of its own, and under the ids of documents and runs of
// this one, so that a query that forgets the tenant shows them. Each says OTHERTENANT.
import type { Workspace } from '@spillway/engine'
import { digestOf } from '../src/sign-in/secrets.ts'

export const MARK = 'OTHERTENANT'
/** By the name of a path parameter: an id that only the other tenant has. */
export const OTHERS_IDS: Readonly<Record<string, ReadonlyArray<string>>> = {
  id: ['usr_other', 'gr_other', 'tok_other', 'run-other', 'job_other', 'wh_other'],
  delivery: ['evt_other.wh_other'],
  kind: ['Pool'],
  name: [`${MARK}-pool`],
  service: [`${MARK}-service`],
  account: ['A-OTHER'],
  userId: ['user-other'],
  request: ['900001'],
  plan: ['plan-other'],
  invoice: ['INV-OTHER'],
  bill: ['B-OTHER'],
  draft: ['drf_other'],
  batch: ['batch-other'],
  version: ['1'],
  view: ['view_other'],
  key: ['E-OTHER'],
}
/** Path parameters that name nothing of a tenant's. */
export const NOT_OF_A_TENANT: Readonly<Record<string, string>> = {
  report: 'charges',
  file: '1',
  code: 'not-found',
  period: '2026-10',
  of: 'person',
}
export const OTHERS_TOKEN = `spillway_${'o'.repeat(43)}`
export const OTHERS_SESSION = 's'.repeat(43)

const tenant = 'other'
const AT = '2026-11-01T00:00:00.000Z'

export async function plantOtherTenant(workspace: Workspace): Promise<void> {
  const { catalog, warehouse } = workspace
  await catalog.insertInto('tenant').values({ id: tenant, name: MARK, created_at: AT }).execute()
  await plantPeople(workspace)
  await plantJobs(workspace)
  await plantImports(workspace)
  await plantWebhooks(workspace)
  await plantSchedules(workspace)
  await plantSubAccounts(workspace)
  await plantViews(workspace)
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
    ['pool', 'vendor'],
    ['pool_member', 'contribution'],
  ] as const)
    await warehouse.run(
      `INSERT INTO ${table} SELECT * REPLACE ($tenant AS tenant, '${MARK}' AS ${name}) FROM ${table} WHERE tenant = $own`,
      { tenant, own: workspace.tenant },
    )
}

async function plantJobs({ catalog }: Workspace): Promise<void> {
  const problem = { code: 'internal', detail: MARK, hint: MARK }
  const outcome = { result: { [MARK]: MARK }, files: [{ name: `${MARK}-pool`, type: 'text/csv', bytes: 5 }], problem }
  await catalog
    .insertInto('job')
    .values({
      ...{ tenant, id: 'job_other', kind: 'export', state: 'failed', outcome: JSON.stringify(outcome), attempt: 1 },
      ...{ request: JSON.stringify({ subject: MARK, owner: 'usr_other', parameters: {} }), created_by: MARK },
      ...{ progress: JSON.stringify({ stage: MARK, done: 0, total: 0, rows: 0 }), retry_of: null, created_at: AT },
      ...{ started_at: AT, ended_at: AT },
    })
    .execute()
}

async function plantImports({ catalog, warehouse, tenant: own }: Workspace): Promise<void> {
  const options = { source: MARK, acceptEnds: false, again: false, asOf: '2026-11-01' }
  await catalog
    .insertInto('import_draft')
    .values({
      ...{ tenant, id: 'drf_other', look_job: 'job_other', commit_job: null, created_at: AT, created_by: MARK },
      request: JSON.stringify({ files: [{ name: MARK, path: '1/a', bytes: 5 }], options }),
      looked: '',
    })
    .execute()
  const { id: _, ...first } = await catalog
    .selectFrom('batch')
    .selectAll()
    .where('tenant', '=', own)
    .executeTakeFirstOrThrow()
  await catalog
    .insertInto('batch')
    .values({ ...first, tenant, id: 'batch-other', file: MARK })
    .execute()
  // Under an id of this tenant's too: whoever forgets the tenant shows it.
  await catalog
    .insertInto('batch')
    .values({ ...first, id: _, tenant, file: MARK })
    .execute()
  await catalog
    .insertInto('batch_taken_back')
    .values({ tenant, batch: _, reason: MARK, taken_back_at: AT, taken_back_by: MARK })
    .execute()
  await warehouse.run(
    `INSERT INTO quarantine SELECT $tenant, $batch, '', '', 2, '${MARK}', 'row-unreadable', '', '${MARK}', '${MARK}', '', '{}'`,
    { tenant, batch: _ },
  )
}

async function plantSubAccounts({ catalog }: Workspace): Promise<void> {
  const [account, user_id] = ['A-OTHER', 'user-other']
  const subAccount = { kind: 'SubAccount', name: MARK, account, 'user-id': user_id }
  const plan = {
    kind: 'SharePlan',
    id: 'plan-other',
    name: MARK,
    'share-level': 'account',
    participating: [],
    buckets: [],
  }
  for (const { kind, name, body } of [
    { kind: 'SubAccount', name: `${account} ${user_id}`, body: subAccount },
    { kind: 'SharePlan', name: 'plan-other', body: plan },
  ])
    await catalog
      .insertInto('configuration')
      .values({
        ...{ tenant, kind, name, version: 1, digest: 'x'.repeat(64), deleted: 0, saved_at: AT, saved_by: MARK },
        body: JSON.stringify(body),
      })
      .execute()
  await catalog
    .insertInto('sub_account_request')
    .values({
      ...{ id: 900_001, tenant, account, user_id, body: JSON.stringify(subAccount), because: MARK, asked_at: AT },
      ...{ asked_by: MARK, state: 'open', decided_at: null, decided_by: null, reason: null },
    } as never)
    .execute()
}

async function plantWebhooks({ catalog }: Workspace): Promise<void> {
  const [endpoint, event] = ['wh_other', 'evt_other']
  await catalog
    .insertInto('webhook_endpoint')
    .values({
      ...{
        tenant,
        id: endpoint,
        url: `https://${MARK}.example`,
        events: '["run.closed"]',
        salt: MARK,
        state: 'active',
      },
      ...{ owner: 'usr_other', created_at: AT },
    })
    .execute()
  await catalog
    .insertInto('outbox_event')
    .values({ tenant, id: event, type: 'run.closed', subject: MARK, account: '', body: '{}', at: AT })
    .execute()
  await catalog
    .insertInto('webhook_delivery')
    .values({
      ...{ tenant, id: `${event}.${endpoint}`, endpoint, event, state: 'failed', attempts: 8, next_at: AT },
      ...{ last_at: AT, last_status: 500, last_error: MARK, created_at: AT },
    })
    .execute()
}

async function plantSchedules({ catalog }: Workspace): Promise<void> {
  const parameters = { kind: 'import-folder', folder: MARK, source: '' }
  await catalog
    .insertInto('schedule')
    .values({
      ...{ tenant, name: `${MARK}-pool`, kind: 'import-folder', cron: '* * * * *', time_zone: 'UTC', state: 'active' },
      ...{ request: JSON.stringify({ owner: 'usr_other', parameters }), next_at: AT, last_at: null, last_job: null },
      ...{ saved_at: AT, saved_by: MARK },
    })
    .execute()
}

async function plantViews({ catalog }: Workspace): Promise<void> {
  const [id, owner] = ['view_other', 'usr_other']
  await catalog
    .insertInto('saved_view')
    .values({
      ...{ tenant, id, owner, name: MARK, path: '/pools', search: `?${MARK}`, is_shared: 1, version: 1 },
      ...{ created_at: AT, changed_at: AT },
    })
    .execute()
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
