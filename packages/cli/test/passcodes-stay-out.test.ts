// Call records whose entry codes are passcodes are imported, good rows and bad, in every form that a file can have;
// afterwards no file of the workspace, no table, report, export or line of output has one.
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkspace } from '@spillway/engine'
import { REPORT_ENCODERS } from '@spillway/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../src/index.ts'
import { recordingTerminal } from './recording-terminal.ts'
import { TEST_ACTOR } from './robustness/stored-rows.ts'

const HEADER = [
  'Account Number',
  'Confirmation Number',
  'Bill Code',
  'Conference Name',
  'Connect Time',
  'Disconnect Time',
  'Duration',
  'User Name',
  'ANI',
  'Chair Conference Entry Code',
  'Participant Conference Entry Code',
]
type Leg = Readonly<Record<string, string>>
const LEG: Leg = {
  'Account Number': 'R100',
  'Confirmation Number': 'C1',
  'Conference Name': 'Weekly',
  'Connect Time': '2026-10-02 09:00:00',
  'Disconnect Time': '2026-10-02 09:30:00',
  Duration: '30',
  'User Name': 'Bob',
  ANI: '2125550001',
}
const cellsOf = (leg: Leg) => HEADER.map((name) => ({ ...LEG, ...leg })[name] ?? '')

let home: string
let workspace: string
/** Everything that any command wrote, but for the passcodes as they were handed out. */
let said = ''
let codes: ReadonlyMap<string, string>

async function run(...args: ReadonlyArray<string>): Promise<number> {
  const terminal = recordingTerminal({ directory: home, isInteractive: false })
  const code = await runCli(['-C', workspace, ...args], terminal)
  said += `${args.join(' ')}\n${terminal.written()}\n${terminal.notes()}\n${terminal.drawn()}\n`
  return code
}

async function passcodesIn(file: string): Promise<ReadonlyArray<readonly [userId: string, passcode: string]>> {
  const [, ...lines] = (await readFile(join(home, file), 'utf8')).trim().split('\n')
  return lines.map((line) => {
    const [, userId = '', passcode = ''] = line.split(',')
    return [userId, passcode] as const
  })
}

const codeOf = (name: string) => codes.get(name) as string

async function writeFiles(): Promise<void> {
  const [joan, old, lit, left] = ['joan', 'joan before', 'lit', 'left'].map(codeOf) as [string, string, string, string]
  const chair = (code: string) => ({ 'Chair Conference Entry Code': code })
  const guest = (code: string) => ({ 'Participant Conference Entry Code': code })
  const legs: Leg[] = [
    { ...chair(joan), ...guest('7654329') },
    { ...chair(old), 'Confirmation Number': 'C2' },
    { ...guest(lit), 'Confirmation Number': 'C3', 'Bill Code': lit },
    { ...chair(left), 'Confirmation Number': 'C4', 'User Name': `Bob ${lit}`, 'Conference Name': `Dial ${joan} now` },
    { ...chair(joan), 'Confirmation Number': 'C5', Duration: 'long', 'Bill Code': '0042' },
    { ...chair(joan), 'Confirmation Number': 'C6', Duration: joan },
    { ...chair(joan), 'Confirmation Number': '', 'User Name': joan },
  ]
  const table = legs.map(cellsOf)
  const short = cellsOf({ ...chair(joan), 'Confirmation Number': 'C7' }).filter((_, index) => index !== 3)
  const long = ['one more', ...cellsOf({ ...guest(lit), 'Confirmation Number': 'C8' })]
  const open = cellsOf({ ...chair(left), 'User Name': '"Bob', 'Confirmation Number': 'C9' })
  const lines = [HEADER, ...table, short, long, open].map((cells) => cells.join('\t'))
  await writeFile(join(home, 'calls.tsv'), `${lines.join('\n')}\n${cellsOf(chair(lit)).join(';')}\n`)
  const columns = HEADER.map((title) => ({ key: title, title, kind: 'text' as const }))
  const later = legs.map((leg) =>
    cellsOf({ ...leg, 'Connect Time': '2026-10-03 09:00:00', 'Disconnect Time': '2026-10-03 09:30:00' }),
  )
  const rows = (async function* () {
    yield later
  })()
  const pieces = []
  for await (const piece of REPORT_ENCODERS.xlsx({ name: 'calls', title: 'Calls', columns, rows }))
    pieces.push(Buffer.from(piece))
  await writeFile(join(home, 'calls.xlsx'), Buffer.concat(pieces))
  const usage = 'source,id,account,service,usage_type,started_at,quantity,unit,host_pin'
  const event = (id: string, quantity: string, code: string) =>
    `b,${id},R100,room,conference,2026-10-04T10:00:00Z,${quantity},min,${code}`
  await writeFile(join(home, 'usage.csv'), `${usage}\n${event('1', '5', joan)}\n${event('2', 'x', lit)}\n`)
  await writeFile(
    join(home, 'bridge.yaml'),
    'kind: Source\nname: bridge\nentry-codes: [Kode]\nemit:\n  - fact: usage\n    fields: { account: Acct, service: Kode, usage_type: { value: conference }, started_at: At, quantity: Min, unit: { value: min } }\n',
  )
  await writeFile(
    join(home, 'bridge.csv'),
    `Acct;At;Min;Kode\nR100;2026-10-05;7;${joan}\nR100;2026-10-05;seven;${lit}\nR100;2026-10-06;8;99112233\n`,
  )
}

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'spillway-passcodes-'))
  workspace = join(home, 'w')
  await writeFile(join(home, 'accounts.csv'), 'account,name,currency,time_zone,cycle_day\nR100,Hart LLP,USD,UTC,1\n')
  await writeFile(
    join(home, 'subs.csv'),
    'account,user_id,minutes,enabled\nR100,joan,600,\nR100,lit,,\nR100,left,,no\n',
  )
  const terminal = recordingTerminal({ directory: home })
  expect(await runCli(['init', workspace], terminal)).toBe(0)
  expect(await run('import', 'accounts.csv')).toBe(0)
  expect(await run('sub-account', 'import', 'subs.csv', '-o', 'codes.csv')).toBe(0)
  expect(await run('sub-account', 'rotate', 'R100', 'joan', '-o', 'joan.csv')).toBe(0)
  const first = await passcodesIn('codes.csv')
  const before = first.find(([userId]) => userId === 'joan')?.[1] ?? ''
  codes = new Map([...first, ...(await passcodesIn('joan.csv')), ['joan before', before]])
  await writeFiles()
  expect(await run('apply', '-f', 'bridge.yaml')).toBe(0)
  const files = ['calls.tsv', 'calls.xlsx', 'usage.csv', 'bridge.csv']
  expect(await run('import', '--dry-run', ...files)).toBe(1)
  expect(await run('import', ...files)).toBe(1)
  expect(await run('close', '2026-10')).toBeLessThan(2)
}, 60_000)
afterAll(() => rm(home, { recursive: true, force: true }))

async function whole<T>(work: (opened: Awaited<ReturnType<typeof openWorkspace>>) => Promise<T>): Promise<T> {
  const opened = await openWorkspace(workspace, { access: 'write', actor: TEST_ACTOR, holder: 'test' })
  try {
    return await work(opened)
  } finally {
    await opened.close()
  }
}

function expectNone(text: string): void {
  for (const [name, code] of codes) expect([name, text.includes(code)]).toEqual([name, false])
}

const textOf = (value: unknown) =>
  JSON.stringify(value, (_, cell: unknown) => (typeof cell === 'bigint' ? String(cell) : cell))

describe('passcodes in call records', () => {
  it('become user ids, those of before and those that are disabled too', async () => {
    const rows = await whole(({ warehouse }) =>
      warehouse.rows(
        `SELECT DISTINCT conference, service, account_code FROM usage WHERE source = 'conferencing' ORDER BY ALL`,
      ),
    )
    expect(rows.map((row) => Object.values(row).join(' ').trim())).toEqual(['C1 joan', 'C2 joan', 'C3 lit', 'C4 left'])
    const mapped = await whole(({ warehouse }) =>
      warehouse.rows(`SELECT service, quantity FROM usage WHERE source = 'bridge' ORDER BY ALL`),
    )
    expect(mapped).toEqual([{ service: 'joan', quantity: '7' }])
  })

  it('are in no table, whatever the row was', async () => {
    const dump = await whole(async ({ warehouse, catalog }) => {
      const tables = await warehouse.rows<{ name: string }>(
        `SELECT table_name AS name FROM duckdb_tables() WHERE NOT internal`,
      )
      const own = await catalog.introspection.getTables({ withInternalKyselyTables: true })
      const facts = []
      for (const { name } of tables) facts.push(name, await warehouse.rows(`SELECT columns(*)::VARCHAR FROM "${name}"`))
      const configuration = []
      for (const { name } of own)
        configuration.push(
          name,
          await catalog
            .selectFrom(name as 'audit')
            .selectAll()
            .execute(),
        )
      return textOf([facts, configuration])
    })
    expect(dump).toContain('quarantine')
    expect(dump).toContain('[removed]')
    expect(dump).toContain('passcode_key')
    expectNone(dump)
  })

  it('are in no byte of any file of the workspace', async () => {
    const files = await readdir(workspace, { recursive: true, withFileTypes: true })
    const names = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name))
    expect(names.map((name) => name.slice(workspace.length + 1)).sort()).toEqual(
      expect.arrayContaining(['catalog.sqlite', 'passcode.key', 'warehouse.duckdb']),
    )
    for (const name of names) {
      const bytes = await readFile(name)
      expectNone(bytes.toString('latin1'))
      expectNone(bytes.toString('utf16le'))
    }
  })

  it('are in no report, export, explanation or message', async () => {
    const reports = ['quarantine', 'problems', 'usage', 'charges', 'sub-accounts', 'trend', 'runs']
    for (const name of reports)
      expect([
        name,
        await run(
          'report',
          name,
          ...(name === 'quarantine' || name === 'runs' ? [] : ['-p', '2026-10']),
          '--format',
          'json',
        ),
      ]).toEqual([name, 0])
    expect(await run('export', 'config')).toBe(0)
    expect(await run('explain', 'joan', '-p', '2026-10')).toBeLessThan(3)
    expect(await run('sub-account', 'list')).toBe(0)
    expect(await run('sub-account', 'show', 'R100', 'joan')).toBe(0)
    expect(await run('sub-account', 'requests')).toBe(0)
    expect(await run('check')).toBe(0)
    expect(said).toContain('"user_id":"joan"')
    expect(said).toContain('[removed]')
    expectNone(said)
  })
})
