// The example provider from its files to its bills, by the command that a new user runs: against golden files, and shown so
// that a person can read it. examples/skerrymore/worked-bills.test.ts holds the golden bills against the files.
// WRITE_EXPECTED=1 writes examples/skerrymore/expected anew: read the difference before committing it.
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../src/index.ts'
import { type RecordingOptions, type RecordingTerminal, recordingTerminal } from './recording-terminal.ts'

const GOLDEN = join(import.meta.dirname, '../../../examples/skerrymore/expected')
const MONTHS = ['2026-08', '2026-09', '2026-10']

let directory = ''
let demo: RecordingTerminal
/** What the link of the served demo answers, twice, and who is signed in then. */
let followed: { readonly statuses: ReadonlyArray<number>; readonly me: unknown }

async function run(args: ReadonlyArray<string>, options: Partial<RecordingOptions> = {}) {
  const terminal = recordingTerminal({ directory, ...options })
  const code = await runCli(args, terminal)
  expect([args, code, terminal.notes()]).toEqual([args, 0, expect.not.stringContaining('error')])
  return terminal
}

async function followLink(terminal: RecordingTerminal, ended: Promise<number>): Promise<typeof followed> {
  let link: string | undefined
  let isOver = false
  void ended.then(() => {
    isOver = true
  })
  while (link === undefined && !isOver) {
    await new Promise((resolve) => setTimeout(resolve, 20))
    link = /http:\S+\/v1\/sign-in\/link\S+/.exec(terminal.notes())?.[0]
  }
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:\d+\//)
  const follow = () => fetch(link as string, { redirect: 'manual' })
  const [first, second] = [await follow(), await follow()]
  const cookie = (first.headers.get('set-cookie') ?? '').split(';')[0] as string
  const me = await fetch(new URL('/v1/me', link), { headers: { cookie } })
  return { statuses: [first.status, second.status], me: await me.json() }
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-provider-demo-'))
  const stopped = new AbortController()
  demo = recordingTerminal({ directory, isInteractive: true, width: 80, signal: stopped.signal })
  const code = runCli(['demo', '--provider', '--serve', '--port', '0'], demo)
  followed = await followLink(demo, code)
  stopped.abort()
  expect([await code, demo.notes()]).toEqual([0, expect.not.stringContaining('error')])
}, 120_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

async function reportsIn(folder: string): Promise<ReadonlyArray<readonly [string, string]>> {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.csv')).sort()
  return Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const))
}

const widthOf = (line: string) => [...line].length

describe("the provider's demo", () => {
  it('is served on this machine alone, with a link that signs its owner in once', () => {
    expect(followed).toMatchObject({
      statuses: [302, 403],
      me: { user: { email: 'owner@demo.example' }, grants: [{ role: 'owner', scopeKind: 'tenant' }] },
    })
  })

  it('writes the golden bills, buckets, alerts and usage of three months, byte by byte', async () => {
    const made = join(directory, 'spillway-provider/reports')
    if (process.env.WRITE_EXPECTED === '1') {
      await rm(GOLDEN, { recursive: true, force: true })
      await cp(made, GOLDEN, { recursive: true })
    }
    const reports = await reportsIn(made)
    const golden = new Map(await reportsIn(GOLDEN))
    expect([...golden.keys()]).toEqual(reports.map(([path]) => path))
    expect(reports).toHaveLength(5 * MONTHS.length)
    for (const [path, text] of reports) {
      expect(text, path).toBe(golden.get(path))
      expect(text, path).not.toMatch(/\b(?:null|undefined|NaN|Infinity)\b|\[object|(?<![\d.])-0(?:\.0+)?(?=[,\n])|\r/)
    }
  })

  it('shows pools that ran out, bills, what came late and alerts, in 80 columns', () => {
    const [shown = ''] = demo.written().split('Try next')
    for (const line of shown.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80)
    for (const part of [
      /published 2026-10 .*6 of them sent twice, 1 in quarantine/,
      /NORTHWAY +grid-pool +grid-data +69 % +out 26 Sep +out 11 Oct/,
      / {4}included +9\.2 GB of 9\.2 GB {2}█+ {2}out 25 Oct\n {4}flat 35\.00 +1\.1 GB of 1\.1 GB/,
      /NORTHWAY +2026-10-01 +USD +11\.20 +149\.37 +2\.40 +162\.97/,
      /NORTHWAY-2026-10-01 +2026-09-01 +NORTHWAY-EAST +MTR-1002 +USD +30\.00/,
      /ALDERHOLM +chill-data +80, 90 % +1\.0 GB/,
    ])
      expect(shown).toMatch(part)
  })

  it('fits every report of it in 80 and 120 columns, with units', async () => {
    for (const width of [80, 120])
      for (const name of ['bills', 'buckets', 'alerts', 'usage']) {
        const args = ['-C', 'spillway-provider', 'report', name, '-p', '2026-10']
        const { written } = await run(args, { isInteractive: true, width })
        for (const line of written().split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(width)
        if (name !== 'bills') expect(written()).toMatch(/ \d+\.\d [MG]B/)
      }
  })

  it('has usage by account, of the account of the service where an event names none', async () => {
    const [header, ...lines] = (await readFile(join(directory, 'spillway-provider/reports/2026-10/usage.csv'), 'utf8'))
      .trim()
      .split('\n')
    expect(header).toMatch(/^account,service,usage_class,bucket,tier,quantity,/)
    const sums = new Map<string, bigint>()
    for (const [account, , usageClass, , , quantity = ''] of lines.map((line) => line.split(',')))
      sums.set(`${account} ${usageClass}`, (sums.get(`${account} ${usageClass}`) ?? 0n) + BigInt(quantity))
    const { written } = await run(['-C', 'spillway-provider', 'report', 'usage', '--by', 'account', '-p', '2026-10'])
    const rows = written()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map((row) => row.key)).toContain('NORTHWAY-EAST')
    expect(new Map(rows.map((row) => [`${row.key} ${row.usage_class}`, BigInt(row.quantity)]))).toEqual(sums)
  })

  it('books its bills as what each account owes against revenue, to the cent of the bills', async () => {
    const { written } = await run([
      '-C',
      'spillway-provider',
      'export',
      'journal',
      '-p',
      '2026-10',
      '--format',
      'ndjson',
    ])
    const rows = written().trim().split('\n')
    const lines = rows.map((row) => JSON.parse(row) as Readonly<Record<string, string>>)
    expect(
      lines.map(({ gl_code, account, currency, debit, credit }) =>
        [gl_code, account, debit ? `D ${debit}` : `C ${credit}`, currency].filter((text) => text !== '').join(' '),
      ),
    ).toEqual([
      'RECEIVABLE ALDERHOLM D 91.47 EUR',
      'REVENUE C 91.47 EUR',
      'RECEIVABLE CALLOWAY D 267.28 GBP',
      'REVENUE C 267.28 GBP',
      'RECEIVABLE NORTHWAY D 162.97 USD',
      'RECEIVABLE NORTHWAY-EAST D 21.60 USD',
      'RECEIVABLE NORTHWAY-WEST D 18.00 USD',
      'REVENUE C 202.57 USD',
    ])
  })

  it('tries next only what works as it stands there', async () => {
    const [, next = ''] = demo.written().split('Try next')
    const commands = [...next.replaceAll('\\\n', ' ').matchAll(/^ {2}npx (?:--prefix \S+ )?spillway (.+)$/gm)]
    expect(commands).toHaveLength(6)
    for (const [, command = ''] of commands) {
      const terminal = await run(command.trim().split(/ +/), { isInteractive: true, width: 100 })
      expect(terminal.written() + terminal.notes(), command).not.toMatch(/^$|Nothing to show/)
    }
  }, 60_000)
})
