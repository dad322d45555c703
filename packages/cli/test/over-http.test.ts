// The same commands on a folder and on a server: what they write, note and end with is the same, byte for byte. The two
// workspaces are made alike, and what changes one is done to the other too.
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openWorkspace } from '@spillway/engine'
import { listen, makeServer, readSettings } from '@spillway/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, type SmallCompany } from './small-company.ts'

let company: SmallCompany
let url: string
let stop: () => Promise<void>

const MORE_FILES: Readonly<Record<string, string>> = {
  'accounts.yaml': 'kind: Account\nid: R100\nname: Reservations\ncurrency: USD\ntime-zone: UTC\n',
  'plan.yaml':
    'kind: Product\nid: sim-1gb\nname: SIM\nusage-types: [data]\n---\nkind: SharePlan\nid: fleet\nname: Fleet\n',
}

beforeAll(async () => {
  company = await companyWithOctober({ isClosed: true })
  for (const [name, text] of Object.entries(MORE_FILES)) await writeFile(join(company.directory, name), text)
  await company.inW(['apply', '-f', 'accounts.yaml'])
  await cp(join(company.directory, 'w'), join(company.directory, 'served'), { recursive: true })
  const actor = { who: 'tester', now: () => new Date('2026-11-22T09:00:00Z'), codeVersion: 'test' }
  const workspace = await openWorkspace(join(company.directory, 'served'), { access: 'write', actor, holder: 'test' })
  const settings = await readSettings({ environment: { SPILLWAY_PORT: '0' } })
  const server = makeServer({ workspace, settings, log: pino({ level: process.env.SHOW ?? 'silent' }) })
  const listening = await listen(server)
  url = listening.url
  stop = async () => {
    await listening.stop()
    await workspace.close()
  }
  await writeFile(join(company.directory, 'token'), `${await tokenOf(server.services.ownerSetup.offer())}\n`)
})
afterAll(async () => {
  await stop()
  await company.remove()
})

/** Of the owner whom the first token makes. */
async function tokenOf(setup: string): Promise<string> {
  const post = (path: string, body: object, cookie = '') =>
    fetch(`${url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: url, cookie },
      body: JSON.stringify(body),
    })
  const made = await post('/v1/sign-in/owner', {
    ...{ token: setup, email: 'o@company.example', name: 'Owner', password: 'correct horse battery' },
  })
  const [cookie = ''] = (made.headers.get('set-cookie') ?? '').split(';')
  const permissions = [
    ...['report:read', 'explain:read', 'run:read', 'period:change', 'configuration:read', 'configuration:change'],
    ...['import:read', 'import:change', 'job:read', 'job:change', 'sub-account:verify', 'sub-account:read'],
    ...['sub-account:change', 'sub-account:request'],
  ]
  const token = await post('/v1/tokens', { name: 'cli', permissions }, cookie)
  return ((await token.json()) as { token: string }).token
}

type Run = Awaited<ReturnType<SmallCompany['run']>>
const onServer = (args: ReadonlyArray<string>, options = {}) =>
  company.run(['--server', url, '--token-file', 'token', ...args], options)
const shown = (run: Run) => ({ out: run.writtenBytes().toString('base64'), notes: run.notes(), code: run.code })

async function sameBothWays(args: ReadonlyArray<string>, options: object = {}): Promise<Run> {
  const here = await company.inW(args, options)
  const there = await onServer(args, options)
  expect(there.notes()).toBe(here.notes())
  expect(shown(there)).toEqual(shown(here))
  return there
}

const PERIOD = ['-p', '2026-10']

describe('a command on a server', () => {
  it.each(['table', 'csv', 'json', 'ndjson', 'xlsx', 'parquet', 'pdf'])('writes a report as %s', async (format) => {
    const { code, writtenBytes } = await sameBothWays(['report', 'charges', ...PERIOD, '--format', format])
    expect([code, writtenBytes().length > 100]).toEqual([0, true])
  })

  it.each([
    ['allocation', '--view', 'adjusted', ...PERIOD],
    ['charges', '--by', 'person', ...PERIOD],
    ['cost-centres', ...PERIOD],
    ['pools', ...PERIOD],
    ['usage', ...PERIOD],
    ['problems', ...PERIOD],
    ['reconciliation'],
    ['quarantine'],
    ['runs'],
    ['trend', '--months', '3', ...PERIOD],
    ['movers', ...PERIOD],
    ['unused', '--months', '1', ...PERIOD],
    ['bills', ...PERIOD],
    ['missing-bills', ...PERIOD],
    ['alerts', ...PERIOD],
    ['pool-days', '--pool', 'P-1', ...PERIOD],
    ['legs', '--account', 'A-1', '--user', 'desk', ...PERIOD],
    ['run-changes', '--run', '2026-10.1', '--since', '2026-10.1'],
  ])('writes the report %s to a terminal and a pipe', async (...args) => {
    await sameBothWays(['report', ...args])
    await sameBothWays(['report', ...args], { isInteractive: true, hasColours: true })
  })

  it('writes a report to a file', async () => {
    const args = ['report', 'charges', ...PERIOD, '-o', 'charges.xlsx']
    await company.inW(args)
    const local = await readFile(join(company.directory, 'charges.xlsx'))
    await rm(join(company.directory, 'charges.xlsx'))
    const there = await onServer(args)
    expect(there.notes()).toContain('written to')
    expect((await readFile(join(company.directory, 'charges.xlsx'))).equals(local)).toBe(true)
  })

  it('explains as a folder does, but for where the files stood', async () => {
    await sameBothWays(['explain', 'phone-2', ...PERIOD], { isInteractive: true })
    await sameBothWays(['explain', 'phone-2', ...PERIOD, '--format', 'text', '--lines', '1'])
    await sameBothWays(['explain', '--event', '1', '--format', 'text'])
    const json = ['explain', 'phone-2', ...PERIOD, '--format', 'json']
    const here = (await company.inW(json)).written()
    expect((await onServer(json)).written()).toBe(here.replaceAll(/,?"file_path":"[^"]*"/g, ''))
  })

  it('simulates', async () => {
    await sameBothWays(['simulate', '-f', 'policy.yaml', ...PERIOD, '--by', 'person'])
    await sameBothWays(['simulate', '-f', 'policy.yaml', ...PERIOD], { isInteractive: true })
  })

  it('shows documents, their versions and their uses', async () => {
    await sameBothWays(['config', 'history', 'Account', 'R100'])
    await sameBothWays(['config', 'show', 'Account', 'R100', '--at-version', '1'])
    await sameBothWays(['config', 'show', 'Account', 'R100'])
    await sameBothWays(['config', 'uses', 'Account', 'R100'])
    await sameBothWays(['share-plan', 'participants'])
  })

  it.each([
    ['a period that was not closed', ['report', 'charges', '-p', '2026-01']],
    ['a report that needs a period', ['report', 'charges']],
    ['a dimension that there is not', ['report', 'charges', ...PERIOD, '--by', 'colour']],
    ['a comparison without the other run', ['report', 'run-changes', '--run', '2026-10.1']],
    ['an option of another report', ['report', 'charges', ...PERIOD, '--count', '3']],
    ['a service that there is not', ['explain', 'phone-9', ...PERIOD]],
    ['a broken document', ['apply', '-f', 'broken.yaml']],
    ['a document that there is not', ['delete', 'Pool', 'P-9']],
    ['a version that there is not', ['config', 'show', 'Account', 'R100', '--at-version', '9']],
    ['a preview of what nobody sells', ['preview', '-f', 'accounts.yaml', ...PERIOD]],
    ['a bill that there is not', ['bill', 'void', 'none', '--reason', 'a try']],
    ['a file of a bill that there is not', ['export', 'bill', 'none']],
    ['a share plan that there is not', ['share-plan', 'activate', 'none']],
    ['a period that is not published', ['reopen', '2026-10', '--reason', 'a try']],
    ['an invoice that foots', ['accept', 'INV-1', '--reason', 'a try']],
    ['a request that there is not', ['sub-account', 'approve', '99']],
  ])('refuses %s as a folder does', async (_, args) => {
    expect((await sameBothWays(args)).code).not.toBe(0)
  })

  it.each([
    ['all', []],
    ['one kind', ['--by', 'person', '--company', 'Company & Co']],
    ['some owners on another paper', ['--key', 'C-1', 'E-2', '--paper', 'letter']],
    ['what nobody owns', ['--key', '']],
  ])('writes statements into a folder: %s', async (_, options) => {
    const args = ['export', 'statements', ...PERIOD, ...options, '-o', 'statements']
    const folder = join(company.directory, 'statements')
    const taken = async () => {
      const names = (await readdir(folder)).sort()
      const files = await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'base64')]))
      await rm(folder, { recursive: true })
      return files
    }
    const here = await company.inW(args)
    const local = await taken()
    const there = await onServer(args)
    expect(shown(there)).toEqual(shown(here))
    expect(there.notes()).toMatch(/^Wrote \d+ statements? of 2026-10 and index.csv to statements\./)
    expect(local.length).toBeGreaterThan(1)
    expect(await taken()).toEqual(local)
  })

  it('writes no statement where it refuses, or is cancelled', async () => {
    await sameBothWays(['export', 'statements', ...PERIOD, '--key', 'E-1', 'C-77', '-o', 'none'])
    await sameBothWays(['export', 'statements', '-p', '2026-08', '-o', 'none'])
    await sameBothWays(['export', 'statements', ...PERIOD, '-o', 'charges.csv'])
    const controller = new AbortController()
    controller.abort()
    const stopped = await sameBothWays(['export', 'statements', ...PERIOD, '-o', 'none'], { signal: controller.signal })
    expect(stopped.notes()).toContain('cancelled; no statement was written')
    expect(await readdir(company.directory)).not.toContain('none')
  })

  it('changes configuration, sub-accounts and periods as on a folder', async () => {
    await sameBothWays(['apply', '-f', 'policy.yaml', '--dry-run'])
    await sameBothWays(['apply', '-f', 'policy.yaml', 'accounts.yaml'])
    await sameBothWays(['export', 'config'])
    await sameBothWays(['delete', 'AllocationPolicy', 'even-data'])
    await sameBothWays(['publish', '2026-10'])
    await sameBothWays(['reopen', '2026-10', '--reason', 'a late bill'])
    await sameBothWays(['share-plan', 'list'])
    await sameBothWays(['sub-account', 'request', 'R100', 'guest', '--because', 'a course'])
    await sameBothWays(['sub-account', 'refuse', '1', '--reason', 'no course'])
  })

  it('exports a period for other programs', async () => {
    for (const args of [
      ['journal', ...PERIOD],
      ['journal', '--view', 'actual', '--date', '2026-11-05', ...PERIOD, '--format', 'csv'],
      ['focus', ...PERIOD],
      ['ledes', '--project', 'M-1', '--from', '2026-10-01', '--until', '2026-11-01', '--invoice-number', '7'],
      ['journal', ...PERIOD, '--rules', 'none'],
      ['bills', ...PERIOD],
    ])
      await sameBothWays(['export', ...args])
    await sameBothWays(['export', 'journal', ...PERIOD], { isInteractive: true })
  })

  it('closes and checks as a job, and says what came of it', async () => {
    await sameBothWays(['close', '2026-10'])
    expect((await sameBothWays(['close', '2026-10'])).notes()).toContain('with the same results as before')
    expect((await sameBothWays(['check'])).notes()).toContain('proved')
    await sameBothWays(['check', ...PERIOD])
    await sameBothWays(['close', '2026-09'])
  })

  it('shows how a file is read', async () => {
    await sameBothWays(['import', '--preview', 'shopping.csv'])
    expect((await sameBothWays(['import', '--preview', 'shopping.csv', '--source', 'none'])).code).toBe(2)
  })

  it('imports files as a job, and says what came of each', async () => {
    await sameBothWays(['import', 'usage-bad.csv', 'shopping.csv', '--dry-run'])
    await sameBothWays(['import', 'usage-bad.csv', 'charges.csv', 'people.csv'])
    await sameBothWays(['import', 'invoices-wrong.csv'])
    expect((await onServer(['import', 'not-there.csv'])).code).toBe(2)
    const imports = (await company.inW(['report', 'imports', '--format', 'csv'])).written().split('\n')
    const bad = imports.find((line) => line.includes('usage-bad.csv'))?.split(',')
    const [id = ''] = bad ?? []
    expect((await sameBothWays(['export', 'rejects', id])).written()).toContain('rejected_because')
    await sameBothWays(['export', 'rejects', 'none'])
  })

  it('hands out passcodes once, and asks whose they are', async () => {
    for (const run of [company.inW, onServer]) {
      const made = await run(['sub-account', 'add', 'R100', 'jsmith'])
      expect(made.notes()).toBe(
        'created   SubAccount R100 jsmith (version 1)\nShown this once: nobody can look a passcode up again.',
      )
      expect(JSON.parse(made.written())).toEqual({
        ...{ account: 'R100', user_id: 'jsmith', passcode: expect.stringMatching(/^\d{6,12}$/) },
      })
    }
    await sameBothWays(['sub-account', 'list'], { isInteractive: true })
    await sameBothWays(['sub-account', 'disable', 'R100', 'jsmith'])
    await sameBothWays(['sub-account', 'show', 'R100', 'jsmith'])
    expect((await onServer(['sub-account', 'rotate', 'R100', 'jsmith', '-o', 'codes.csv'])).notes()).toContain(
      'with --output does not work over HTTP',
    )
  })
})

describe('a server', () => {
  it.each([['init', 'x'], ['demo'], ['serve'], ['doctor']])('has no %s: the command says so', async (...args) => {
    const run = await onServer(args)
    expect([run.code, run.notes()]).toEqual([
      2,
      expect.stringContaining(`\`spillway ${args[0]}\` does not work over HTTP`),
    ])
  })

  it('is named with a token, over TLS unless it is this machine, and not beside a folder', async () => {
    const notes = async (args: string[]) => (await company.run([...args, 'report', 'runs'])).notes()
    expect(await notes(['--server', 'http://spillway.example', '--token-file', 'token'])).toContain(
      'readable for everybody',
    )
    expect(await notes(['--server', url])).toContain('There is no token')
    expect(await notes(['--server', url, '--token-file', 'policy.yaml'])).toContain('holds no token')
    expect(await notes(['-C', 'w', '--server', url])).toContain('not both')
    expect(await notes(['--server', 'ftp://x', '--token-file', 'token'])).toContain('no address of a server')
    expect(await notes(['--server', 'http://127.0.0.1:1', '--token-file', 'token'])).toContain('does not answer')
  })

  it('that does not know the token refuses with the same exit code as what is refused here', async () => {
    await writeFile(join(company.directory, 'other-token'), 'x'.repeat(43))
    const run = await company.run(['--server', url, '--token-file', 'other-token', 'report', 'runs'])
    expect([run.code, run.notes()]).toEqual([3, expect.stringContaining('This token is not known')])
  })
})
