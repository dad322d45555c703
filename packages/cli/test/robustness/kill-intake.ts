// Sends events to a real `spillway serve` from several clients at once, kills it at random moments, and at last compares what was
// acknowledged with what is in the workspace. A client whose request broke off sends it again, as clients do.
import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { initWorkspace, openWorkspace } from '@spillway/engine'
import { seeded } from './seeded.ts'

export type KillReport = {
  readonly kills: number
  readonly acknowledged: number
  /** Of those that were acknowledged; sent again after a kill, they are acknowledged twice and count once. */
  readonly lost: ReadonlyArray<string>
  readonly doubled: ReadonlyArray<string>
  readonly stored: number
  /** Segments of the journal that were there, unimported, when it started again. */
  readonly leftWaiting: number
}

export type KillOptions = {
  readonly bundle: string
  readonly directory: string
  readonly rounds: number
  readonly seed: number
  readonly say?: (line: string) => void
}

const actor = { who: 'kill-test', now: () => new Date('2026-11-22T09:00:00Z'), codeVersion: 'test' }
const TOKEN = `spillway_${'k'.repeat(43)}`
const SENDERS = 4
const EVENTS_PER_REQUEST = 20

export async function killIntake({
  bundle,
  directory,
  rounds,
  seed,
  say = () => undefined,
}: KillOptions): Promise<KillReport> {
  const random = seeded(seed)
  const workspace = join(directory, 'w')
  await makeWorkspace(workspace)
  const sent = new Sent()
  let leftWaiting = 0
  for (let round = 1; round <= rounds; round += 1) {
    const server = await serve(bundle, workspace)
    const waiting = await waitingOf(server.url)
    leftWaiting += waiting > 0 ? 1 : 0
    const senders = Array.from({ length: SENDERS }, (_, sender) => send(server.url, { round, sender, sent }))
    const delay = 50 + Math.floor(random() * 850)
    await new Promise((resolve) => setTimeout(resolve, delay))
    server.process.kill('SIGKILL')
    await server.ended
    await Promise.all(senders)
    say(
      `round ${round}: killed after ${delay} ms, ${sent.acknowledged.size} acknowledged so far, ${waiting} waited at its start`,
    )
  }
  const server = await serve(bundle, workspace)
  // What broke off is sent once more: if it was kept, it must not count twice.
  for (const body of sent.brokenOff) await post(server.url, body, sent)
  const imported = await fetch(`${server.url}/v1/events/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}` },
  })
  if (imported.status !== 200) throw new Error(`not imported: ${await imported.text()}`)
  server.process.kill('SIGTERM')
  await server.ended
  return { kills: rounds, leftWaiting, ...(await compare(workspace, sent)) }
}

class Sent {
  readonly acknowledged = new Set<string>()
  readonly brokenOff: string[][] = []
}

const eventOf = (id: string) =>
  `{"specversion":"1.0","id":"${id}","source":"/killed","type":"com.acme.data","time":"2026-11-02T08:00:00Z","subject":"phone-1","data":{"bytes":1}}`

async function post(url: string, ids: ReadonlyArray<string>, { acknowledged }: Sent): Promise<boolean> {
  const isStream = ids.length % 2 === 1
  const events = ids.map(eventOf)
  const headers = {
    authorization: `Bearer ${TOKEN}`,
    'content-type': isStream ? 'application/x-ndjson' : 'application/cloudevents-batch+json',
  }
  const body = isStream ? events.join('\n') : `[${events.join(',')}]`
  const answer = await fetch(`${url}/v1/events`, { method: 'POST', headers, body }).catch(() => null)
  if (answer === null) return false
  if (answer.status !== 202) throw new Error(`answered ${answer.status}: ${await answer.text()}`)
  for (const id of ids) acknowledged.add(id)
  return true
}

/** Until the server is gone. */
async function send(
  url: string,
  { round, sender, sent }: { round: number; sender: number; sent: Sent },
): Promise<void> {
  for (let request = 0; ; request += 1) {
    const count = EVENTS_PER_REQUEST + (request % 2)
    const ids = Array.from({ length: count }, (_, at) => `${round}-${sender}-${request}-${at}`)
    if (await post(url, ids, sent)) continue
    sent.brokenOff.push(ids)
    return
  }
}

type Serving = { readonly url: string; readonly process: ChildProcess; readonly ended: Promise<unknown> }

async function serve(bundle: string, workspace: string): Promise<Serving> {
  const env = { ...process.env, SPILLWAY_EVENTS_IMPORT_SECONDS: '0.2', SPILLWAY_LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, [bundle, '-C', workspace, 'serve', '--port', '0'], {
    env,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = once(child, 'exit')
  let text = ''
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr?.on('data', (piece) => {
      text += String(piece)
      const found = /at (http:\/\/\S+?);/.exec(text)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`the server did not start: ${text}`)))
  })
  return { url, process: child, ended }
}

async function waitingOf(url: string): Promise<number> {
  const answer = await fetch(`${url}/v1/events/status`, { headers: { authorization: `Bearer ${TOKEN}` } })
  return ((await answer.json()) as { waitingEvents: number }).waitingEvents
}

async function makeWorkspace(directory: string): Promise<void> {
  const workspace = await initWorkspace(directory, { actor, holder: 'test' })
  const { catalog, tenant } = workspace
  const user = { tenant, id: 'usr_machine' }
  const at = '2026-11-22T09:00:00.000Z'
  await catalog
    .insertInto('app_user')
    .values({
      ...user,
      ...{ email: 'machine@company.example', name: 'Machine', state: 'active', password_hash: null },
      ...{ created_at: at, created_by: 'test' },
    })
    .execute()
  await catalog
    .insertInto('role_grant')
    .values({
      ...{ tenant, id: 'gr_machine', user_id: user.id, role: 'machine', scope_kind: 'tenant', scope_key: '' },
      ...{ via: 'people', granted_at: at, granted_by: 'test' },
    })
    .execute()
  await catalog
    .insertInto('api_token')
    .values({
      ...{ tenant, id: 'tok_machine', user_id: user.id, name: 'test', hint: 'spillway_' },
      ...{
        digest: createHash('sha256').update(TOKEN).digest('hex'),
        created_at: at,
        ends_at: '2099-01-01T00:00:00.000Z',
      },
      permissions: '["event:send","import:read","import:change"]',
    })
    .execute()
  await workspace.close()
}

/** Every event that was acknowledged is there, and none is there twice. */
async function compare(directory: string, { acknowledged }: Sent) {
  const workspace = await openWorkspace(directory, { access: 'read', actor, holder: 'test' })
  try {
    const rows = await workspace.warehouse.rows<{ id: string; count: bigint }>(
      `SELECT id, count(*) AS count FROM usage WHERE tenant = $tenant AND source = '/killed' AND doc IN (${await liveOf(workspace)}) GROUP BY id`,
      { tenant: workspace.tenant },
    )
    const stored = new Set(rows.map(({ id }) => id))
    return {
      acknowledged: acknowledged.size,
      stored: stored.size,
      lost: [...acknowledged].filter((id) => !stored.has(id)),
      doubled: rows.filter(({ count }) => count !== 1n).map(({ id }) => id),
    }
  } finally {
    await workspace.close()
  }
}

async function liveOf({ catalog, tenant }: Awaited<ReturnType<typeof openWorkspace>>): Promise<string> {
  const rows = await catalog
    .selectFrom('document')
    .select('id')
    .where('tenant', '=', tenant)
    .where('live', '=', 1)
    .execute()
  return ['NULL', ...rows.map(({ id }) => String(id))].join(', ')
}
