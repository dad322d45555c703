// A company of two departments with a server over it, and somebody of every role. What each may see are names and amounts that
// stand nowhere else, so that a test can look for them in whatever comes back.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { type LocalDate, type Period, parsePeriod } from '@spillway/core'
import { closePeriod, importFiles, initWorkspace, publishPeriod, type Workspace } from '@spillway/engine'
import { fileIntake, IMPORTERS } from '@spillway/formats'
import type { Role, ScopeKind } from '../src/contract/permissions.ts'
import { makeLog, makeServer, readSettings, type Server } from '../src/index.ts'
import { hashPassword } from '../src/sign-in/passwords.ts'
import { digestOf } from '../src/sign-in/secrets.ts'
import { plantOtherTenant } from './other-tenant.ts'

const bill = (period: string, next: string) => `acme,A-1,INV-${period},${period}-28,${period}-01,${next}-01,USD`
const CHARGES_HEAD =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,product,description,amount,quantity,unit'
const USAGE_HEAD =
  'source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone,time_band,network,account_code,peer,app,pool,participants'

const chargesOf = (period: string, next: string) => `${bill(period, next)},1,,P-1,bulk,data,,Shared data,90.00,,
${bill(period, next)},2,phone-1,,subscription,,,Line,11.11,,
${bill(period, next)},3,phone-2,,subscription,,,Line,22.22,,
${bill(period, next).replace('A-1', 'A-2')},4,phone-3,,subscription,,,Line,7777.77,,
${bill(period, next)},5,phone-4,,subscription,,,Line,55.50,,
`
const usageOf = (period: string) => `acme,${period}-1,A-1,phone-1,data,${period}-02T00:00:00Z,,1,GB,domestic,,,,,,,,
acme,${period}-2,A-1,phone-2,data,${period}-02T00:00:00Z,,2,GB,domestic,,,,,,,,
acme,${period}-3,A-2,phone-3,data,${period}-02T00:00:00Z,,3,GB,domestic,,,,,,,,
`

/** P-1 is 90.00 by usage: 15.00 on phone-1, 30.00 on phone-2 and 45.00 on phone-3. phone-4 is half Ada's and half Cyra's. */
const FILES: Readonly<Record<string, string>> = {
  'charges.csv': `${CHARGES_HEAD}\n${chargesOf('2026-09', '2026-10')}${chargesOf('2026-10', '2026-11')}`,
  'usage.csv': `${USAGE_HEAD}\n${usageOf('2026-09')}${usageOf('2026-10')}`,
  'pools.csv': 'pool,vendor,account,model,usage_type,allowance,unit,max_members\nP-1,acme,A-1,bulk,data,10,GB,\n',
  'pool_members.csv': 'pool,service,contribution,unit,from,to\nP-1,phone-1,,,,\nP-1,phone-2,,,,\nP-1,phone-3,,,,\n',
  'cost_centres.csv':
    'cost_centre,parent,name,gl_code,budget\nTOP,,Whole,6000,\nC-1,TOP,Northwood,6100,\nC-11,C-1,Nearby,6110,\nC-2,TOP,Southgate,6200,\n',
  'people.csv':
    'employee,name,email,aliases,cost_centre,manager,from,to\nE-1,Ada Quillfeather,,,C-1,,2020-01-01,\nE-2,Bram Oxtoby,,,C-11,,2020-01-01,\nE-3,Cyra Vantongeren,,,C-2,,2020-01-01,\n',
  'services.csv': `service,vendor,account,product,service_type,person,cost_centre,project,from,to,share
phone-1,acme,A-1,,mobile,E-1,,,2020-01-01,,
phone-2,acme,A-1,,mobile,E-2,,,2020-01-01,,
phone-3,acme,A-2,,mobile,E-3,,,2020-01-01,,
phone-4,acme,A-1,,mobile,E-1,,,2020-01-01,,50
phone-4,acme,A-1,,mobile,E-3,,,2020-01-01,,50
idle-3,acme,A-2,,mobile,E-3,,,2020-01-01,,
`,
}

/** What only Cyra, and who sees all, may see; and what only Northwood and who sees all may. */
export const OF_SOUTHGATE = ['Cyra Vantongeren', 'E-3', 'phone-3', '7777.77', 'Southgate', 'C-2', 'idle-3']
export const OF_NORTHWOOD = [
  'Ada Quillfeather',
  'Bram Oxtoby',
  'E-1',
  'E-2',
  'phone-1',
  'phone-2',
  '11.11',
  '22.22',
  'Northwood',
  'Nearby',
]

type Somebody = { readonly role?: Role; readonly scopeKind?: ScopeKind; readonly scopeKey?: string }
export const PEOPLE = {
  owner: { role: 'owner' },
  manager: { role: 'manager' },
  'manager-of-A-2': { role: 'manager', scopeKind: 'account', scopeKey: 'A-2' },
  analyst: { role: 'analyst' },
  'analyst-of-A-2': { role: 'analyst', scopeKind: 'account', scopeKey: 'A-2' },
  'head-of-C-1': { role: 'department-head', scopeKind: 'cost-centre', scopeKey: 'C-1' },
  'employee-E-3': { role: 'employee', scopeKind: 'person', scopeKey: 'E-3' },
  auditor: { role: 'auditor' },
  'auditor-of-C-2': { role: 'auditor', scopeKind: 'cost-centre', scopeKey: 'C-2' },
  machine: { role: 'machine' },
  nobody: {},
} as const satisfies Readonly<Record<string, Somebody>>
export type PersonName = keyof typeof PEOPLE
export const PERSON_NAMES = Object.keys(PEOPLE) as PersonName[]
export const PASSWORD = 'correct horse battery'
export const emailOf = (name: PersonName) => `${name.toLowerCase()}@company.example`

export type ServedCompany = {
  readonly server: Server
  readonly workspace: Workspace
  readonly log: ReadonlyArray<string>
  /** Moves the clock of the server on. */
  wait(milliseconds: number): void
  remove(): Promise<void>
}

/** Every person has a session, whose cookie is `session-of-NAME`, and a token `token-of-NAME` padded to its length. */
export async function servedCompany(environment: Record<string, string> = {}, openid?: object): Promise<ServedCompany> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-server-'))
  let now = Date.parse('2026-11-22T09:00:00Z')
  const actor = { who: 'tester', now: () => new Date(now), codeVersion: 'test' }
  const workspace = await initWorkspace(join(directory, 'w'), { actor, holder: 'test' })
  const paths: string[] = []
  for (const [name, text] of Object.entries(FILES)) {
    await writeFile(join(directory, name), text)
    paths.push(join(directory, name))
  }
  const report = await importFiles(workspace, {
    paths,
    source: '',
    asOfOn: '2026-11-22' as LocalDate,
    intake: fileIntake(IMPORTERS),
  })
  const refused = report.files.filter(({ outcome }) => outcome !== 'imported')
  if (refused.length > 0) throw new Error(`not imported: ${JSON.stringify(refused)}`)
  for (const name of ['2026-09', '2026-10']) await closePeriod(workspace, { period: parsePeriod(name) as Period })
  await publishPeriod(workspace, parsePeriod('2026-09') as Period)
  await addPeople(workspace)
  await plantOtherTenant(workspace)
  const log: string[] = []
  const destination = new Writable({
    write(line, _, done) {
      log.push(String(line))
      done()
    },
  })
  const settings = await readSettings({
    environment: { SPILLWAY_PORT: '0', SPILLWAY_ORIGIN: 'https://spillway.example', ...environment },
    given: { openid },
  })
  return {
    server: makeServer({ workspace, settings, log: makeLog(destination, 'info') }),
    workspace,
    log,
    wait: (milliseconds) => {
      now += milliseconds
    },
    remove: async () => {
      await workspace.close()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

const TOKEN_MAY = ['report:read', 'metrics:read']
export const sessionOf = (name: PersonName) => `session-of-${name}`.padEnd(43, '-')
export const tokenOf = (name: PersonName) => `spillway_token-of-${name}`.padEnd(52, '-')

async function addPeople({ catalog, tenant, actor }: Workspace): Promise<void> {
  const at = actor.now().toISOString()
  const password_hash = await hashPassword(PASSWORD)
  for (const [name, { role, scopeKind = 'tenant', scopeKey = '' }] of Object.entries(PEOPLE) as [
    PersonName,
    Somebody,
  ][]) {
    const id = `usr_${name}`
    const user = {
      tenant,
      id,
      email: emailOf(name),
      name,
      state: 'active' as const,
      created_at: at,
      created_by: 'test',
    }
    await catalog
      .insertInto('app_user')
      .values({ ...user, password_hash: name === 'machine' ? null : password_hash })
      .execute()
    if (role)
      await catalog
        .insertInto('role_grant')
        .values({
          ...{ tenant, id: `gr_${name}`, user_id: id, role, scope_kind: scopeKind, scope_key: scopeKey },
          ...{ via: 'people', granted_at: at, granted_by: 'test' },
        })
        .execute()
    await catalog
      .insertInto('session')
      .values({ digest: digestOf(sessionOf(name)), tenant, user_id: id, agent: 'test', created_at: at, seen_at: at })
      .execute()
    const token = {
      tenant,
      id: `tok_${name}`,
      user_id: id,
      name: 'test',
      hint: 'spillway_',
      digest: digestOf(tokenOf(name)),
    }
    await catalog
      .insertInto('api_token')
      .values({
        ...token,
        permissions: JSON.stringify([...TOKEN_MAY, ...(name === 'machine' ? ['sub-account:verify'] : [])]),
        created_at: at,
        ends_at: '2027-11-22T00:00:00Z',
      })
      .execute()
  }
}
