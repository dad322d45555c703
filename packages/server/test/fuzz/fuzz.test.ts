// Asks the server what its OpenAPI document describes, rightly and wrongly: no answer is a fault of ours, and each is of the
// shape that its route declares, or a problem. `npm run fuzz:server` asks 20,000 times; FUZZ_SEED asks for the same again.
import { applyConfiguration } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { problemDetails } from '../../src/contract/problem-details.ts'
import { ROUTES } from '../../src/contract/routes.ts'
import { type Listening, listen, openApiDocument } from '../../src/index.ts'
import { digestOf } from '../../src/sign-in/secrets.ts'
import { type ServedCompany, servedCompany, sessionOf } from '../served-company.ts'
import { type FuzzRequest, operationsOf, requestOf } from './requests.ts'
import { agent, type FuzzAnswer, send } from './send.ts'

const REQUESTS = Number(process.env.FUZZ_REQUESTS ?? 400)
const SEED = Number(process.env.FUZZ_SEED ?? 20_261_122)
const FIRST = Number(process.env.FUZZ_FIRST ?? 0)

/** Master accounts, so that sub-accounts can be made. */
const ACCOUNTS = ['A-1', 'A-2']

let company: ServedCompany
let listening: Listening
beforeAll(async () => {
  company = await servedCompany({ SPILLWAY_TRUST_PROXY: 'true', SPILLWAY_ORIGIN: '' })
  const text = ACCOUNTS.map((id) => `kind: Account\nid: ${id}\nname: ${id}\ncurrency: USD\ntime-zone: UTC\n`).join(
    '---\n',
  )
  await applyConfiguration(company.workspace, { files: [{ name: 'accounts.yaml', text }] })
  listening = await listen(company.server)
})
afterAll(async () => {
  agent.destroy()
  await listening.stop()
  await company.remove()
})

/** Mostly the owner, who gets furthest; changes need an origin of ours. */
const credentials = () => {
  const by = (name: Parameters<typeof sessionOf>[0]) => ({
    ...{ cookie: `__Host-spillway=${sessionOf(name)}`, origin: listening.url },
  })
  const owner = by('owner')
  return [
    ...Array.from({ length: 20 }, () => owner),
    ...[by('manager-of-A-2'), by('head-of-C-1'), by('machine')],
    ...[
      {},
      { authorization: 'Bearer nonsense' },
      { authorization: `Bearer spillway_${'x'.repeat(43)}` },
      { cookie: '=;;__Host-spillway=' },
    ],
  ]
}

/** Requests may sign the owner out, disable or demote them: the next ones are to get as far again. */
async function restoreOwner(): Promise<void> {
  const { catalog, tenant, actor } = company.workspace
  const [at, user_id] = [actor.now().toISOString(), 'usr_owner']
  await catalog
    .updateTable('app_user')
    .set({ state: 'active' })
    .where('tenant', '=', tenant)
    .where('id', '=', user_id)
    .execute()
  const session = { digest: digestOf(sessionOf('owner')), tenant, user_id, agent: 'fuzz', created_at: at, seen_at: at }
  await catalog
    .insertInto('session')
    .values(session)
    .onConflict((conflict) => conflict.doNothing())
    .execute()
  await catalog
    .insertInto('role_grant')
    .values({
      ...{ tenant, id: 'gr_owner', user_id, role: 'owner', scope_kind: 'tenant', scope_key: '', via: 'people' },
      ...{ granted_at: at, granted_by: 'fuzz' },
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

type Declared = { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }

/** What is wrong with an answer; '' where nothing is. */
function faultOf({ operationId }: FuzzRequest, { status, type, text }: FuzzAnswer): string {
  const media = type.split(';')[0]?.trim() ?? ''
  // Node's own answer to a line that is longer than all headers may be together: no route sees it.
  if (status === 431 && text === '') return ''
  if (media === 'application/problem+json') {
    const reading = problemDetails.safeParse(JSON.parse(text))
    if (!reading.success) return `a problem that is none: ${reading.error.message}`
    if (reading.data.status !== status) return `a problem of ${reading.data.status}`
    if (reading.data.code === 'internal' || (status >= 500 && ![503, 507].includes(status))) return 'a fault of ours'
    return ''
  }
  const responses = ROUTES[operationId as keyof typeof ROUTES].responses as unknown as Readonly<
    Record<string, Declared>
  >
  const declared = responses[status]
  if (declared === undefined) return `a status that is not declared, as ${media}`
  if (declared.content === undefined) return text === '' ? '' : 'a body where there is none'
  const schema = declared.content[media]?.schema as z.ZodType | undefined
  if (declared.content[media] === undefined) return `${media}, which is not declared`
  if (!/[/+]json$/.test(media) || schema === undefined) return ''
  const value: unknown = JSON.parse(text)
  const reading = schema.safeParse(value)
  if (!reading.success) return `another shape: ${reading.error.message}`
  return JSON.stringify(sorted(reading.data)) === JSON.stringify(sorted(value)) ? '' : 'members that are not declared'
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, sorted(member)]),
  )
}

const told = ({ method, path, headers, body }: FuzzRequest) =>
  `${method} ${path.slice(0, 300)} ${JSON.stringify(headers).slice(0, 400)} ${new TextDecoder().decode(body ?? new Uint8Array()).slice(0, 500)}`

describe('the server', () => {
  it(`answers ${REQUESTS} requests of its document without a fault`, async () => {
    const document = openApiDocument()
    const faults: string[] = []
    const statuses = new Map<number, number>()
    const done = new Set<string>()
    for (let number = FIRST; number < FIRST + REQUESTS; number += 1) {
      const asked = requestOf(document, { seed: SEED, number, credentials: credentials() })
      const answer = await send(listening.url, asked).catch((error: Error) => error)
      if (answer instanceof Error) {
        faults.push(`${number}: ${answer.message}: ${told(asked)}`)
        continue
      }
      statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1)
      if (answer.status < 300) done.add(asked.operationId)
      const fault = faultOf(asked, answer)
      if (fault !== '')
        faults.push(`${number}: ${answer.status} ${fault}: ${told(asked)} -> ${answer.text.slice(0, 300)}`)
      if (number % 50 === 0 || answer.status === 401) await restoreOwner()
    }
    const counts = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
    console.log(
      `${REQUESTS} requests of ${operationsOf(document).length} operations, seed ${SEED}: ${faults.length} faults; ${done.size} operations were done (${counts.join(', ')})`,
    )
    expect(faults.slice(0, 20)).toEqual([])
    // A fuzzer that is refused at the door finds nothing.
    expect(done.size).toBeGreaterThan(operationsOf(document).length / 3)
  }, 3_600_000)
})
