// The example law firm from its call records to a bill and an invoice, by the command that a new user runs: against golden
// files, shown so that a person can read it, and without a passcode in anything that is left of it.
// examples/wychbold/worked-bill.test.ts holds the golden files against the call records.
// WRITE_EXPECTED=1 writes examples/wychbold/expected anew: read the difference before committing it.
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pagesOf } from '../../formats/test/read-pdf.ts'
import { runCli } from '../src/index.ts'
import { type RecordingOptions, type RecordingTerminal, recordingTerminal } from './recording-terminal.ts'

const EXAMPLE = join(import.meta.dirname, '../../../examples/wychbold')
const GOLDEN = join(EXAMPLE, 'expected')

let directory = ''
let made = ''
let demo: RecordingTerminal
/** Passcodes, and what guests dialled, which is no more to be kept. */
let codes: ReadonlyArray<string>

async function run(args: ReadonlyArray<string>, options: Partial<RecordingOptions> = {}) {
  const terminal = recordingTerminal({ directory, ...options })
  const code = await runCli(args, terminal)
  expect([args, code, terminal.notes()]).toEqual([args, 0, expect.not.stringContaining('error')])
  return terminal
}

const inDemo = (...args: ReadonlyArray<string>) => run(['-C', 'spillway-firm', ...args])

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-firm-demo-'))
  made = join(directory, 'spillway-firm/reports')
  demo = await run(['demo', '--firm'], { isInteractive: true, width: 80 })
  const files = await readdir(join(EXAMPLE, 'calls'))
  const calls = await Promise.all(files.map((file) => readFile(join(EXAMPLE, 'calls', file), 'utf8')))
  const passcodes = await readFile(join(EXAMPLE, 'passcodes.csv'), 'utf8')
  codes = [...new Set([...calls, passcodes].flatMap((text) => text.match(/(?<!\d)\d{12}(?!\d)/g) ?? []))]
}, 120_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

/** All but the PDF, which is read for itself. */
async function textsIn(folder: string): Promise<ReadonlyArray<readonly [string, string]>> {
  const paths = (await readdir(folder)).filter((path) => !path.endsWith('.pdf')).sort()
  return Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path), 'utf8')] as const))
}

describe("the law firm's demo", () => {
  it('writes the golden bill, invoice and reports, byte by byte', async () => {
    if (process.env.WRITE_EXPECTED === '1') {
      await rm(GOLDEN, { recursive: true, force: true })
      await cp(made, GOLDEN, { recursive: true, filter: (path) => !path.endsWith('.pdf') })
    }
    const texts = await textsIn(made)
    const golden = new Map(await textsIn(GOLDEN))
    expect([...golden.keys()]).toEqual(texts.map(([path]) => path))
    expect(texts).toHaveLength(10)
    for (const [path, text] of texts) {
      expect(text, path).toBe(golden.get(path))
      expect(text, path).not.toMatch(/\b(?:null|undefined|NaN|Infinity)\b|\[object|(?<![\d.])-0(?:\.0+)?(?=[,\n])/)
    }
  })

  it('writes a paper with every section, its subtotal and the total', async () => {
    const text = pagesOf(await readFile(join(made, 'bill.pdf'))).join('\n')
    const paper = text.replace(/\s+/g, ' ')
    const { total, by_section } = JSON.parse(await readFile(join(made, 'bill.json'), 'utf8'))
    expect(by_section).toHaveLength(39)
    for (const { section, name, subtotal } of by_section) expect(paper).toContain(`${section} · ${name} ${subtotal}`)
    expect(paper).toContain(`Total USD ${total}`)
  })

  it('shows conflicts, one bill, billable time and uncoded calls, in 80 columns', () => {
    const [shown = ''] = demo.written().split('Try next')
    for (const line of shown.split('\n')) expect([...line].length, line).toBeLessThanOrEqual(80)
    for (const part of [
      /published 2026-02 {3}1 file, .*1 in quarantine/,
      /litigation +4 +94 +3 +litigation-2; litigation-3\n/,
      /20 Oct 10:30 to 11:10 litigation had 3 at once: Bram Hoek, Leo Marchetti, Otis\nBell/,
      /litigation +Litigation, shared +USD +4\.50 +54\.04 +58\.54/,
      /Found 17 by the code that was dialled, 1 by the owner of the user id, 1 by a\nrule/,
      /31 Oct 23:20 +Nora Esterhaus +m-2041 +1\.30 +USD +5\.03 +568\.75/,
      /eroth +6010 +not among the valid codes/,
      /invoice\.ledes\.txt +WT-2026-1041: 38 lines, 4565\.38 USD/,
    ])
      expect(shown).toMatch(part)
  })

  it('knows how long a conference was while clocks changed, and to whom a call over midnight belongs', async () => {
    const time = async (project: string, period: string) => {
      const { written } = await inDemo('report', 'billable-time', '--project', project, '-p', period)
      return written()
        .trim()
        .split('\n')
        .map((line): Record<string, string> => JSON.parse(line))
    }
    const night = async (project: string, period: string, start: string) =>
      (await time(project, period)).find((call) => call.start?.startsWith(start))?.seconds
    expect(await night('M-3007', '2025-11', '2025-11-02T00:30:00-04:00')).toBe('13200')
    expect(await night('M-3011', '2026-03', '2026-03-08T01:15:00-05:00')).toBe('5400')
    expect(await night('M-6001', '2026-01', '2026-01-14T23:35:00-05:00')).toBe('2790')
    const last = (await time('M-2044', '2026-06')).at(-1)
    expect([last?.user_id, last?.start]).toEqual(['gstrand', '2026-06-30T23:40:00-04:00'])
  })

  it('bills what came in under a code that nobody has as unassigned', async () => {
    const { written } = await inDemo(...['export', 'bill', 'WT7000-2026-08-01', '--format', 'json'])
    const [first] = JSON.parse(written()).by_section
    expect([first.section, first.lines.length, first.calls.map((call: { call: string }) => call.call)]).toEqual([
      'unassigned',
      0,
      [expect.stringMatching(/^T2608-/)],
    ])
  })

  it('tries next only what works as it stands there', async () => {
    const [, next = ''] = demo.written().split('Try next')
    const commands = [...next.replaceAll('\\\n', ' ').matchAll(/^ {2}npx (?:--prefix \S+ )?spillway (.+)$/gm)]
    expect(commands).toHaveLength(6)
    expect(commands.at(-1)?.[1]).toBe('-C spillway-firm check')
    // To rate a year again takes as long as the demo: the demo of the provider is where `check` is run.
    for (const [, command = ''] of commands.slice(0, -1)) {
      const terminal = await run(command.trim().split(/ +/), { isInteractive: true, width: 100 })
      expect(terminal.written() + terminal.notes(), command).not.toMatch(/^$|Nothing to show/)
    }
  }, 60_000)
})

/** The log of a database goes when its last reader does, which may be now; all that is kept is in the database. */
async function bytesOf(name: string): Promise<Buffer> {
  try {
    return await readFile(name)
  } catch (error) {
    if (/-(?:shm|wal)$/.test(name) && (error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0)
    throw error
  }
}

describe('the passcodes of the law firm', () => {
  const expectNone = (what: string, text: string) => {
    for (const code of codes) expect([what, text.includes(code)]).toEqual([what, false])
  }

  it('let in whoever has one now, and nobody else', async () => {
    const [, ...lines] = (await readFile(join(EXAMPLE, 'passcodes.csv'), 'utf8')).trim().split('\n')
    const of = (userId: string) => lines.map((line) => line.split(',')).filter(([, user]) => user === userId)
    const verify = async (passcode = '') => {
      const terminal = { ...recordingTerminal({ directory }), input: Readable.from([`${passcode}\n`]) }
      const args = ['sub-account', 'verify', '--account', 'WT7000', '--caller', '+12125550100']
      await runCli(['-C', 'spillway-firm', ...args], terminal)
      const { outcome, user_id } = JSON.parse(terminal.written())
      return user_id ?? outcome
    }
    const [before, now] = of('litigation')
    expect([await verify(now?.[2]), await verify(before?.[2])]).toEqual(['litigation', 'refused'])
    expect([await verify(of('nesterhaus')[0]?.[2]), await verify(of('gstrand')[0]?.[2])]).toEqual([
      'nesterhaus',
      'refused',
    ])
  })

  it('are in no byte of the workspace, its reports and papers, or anything that was shown', async () => {
    expect(codes.length).toBeGreaterThan(41 + 30)
    const folder = join(directory, 'spillway-firm')
    const entries = await readdir(folder, { recursive: true, withFileTypes: true })
    const names = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    expect(names.map((name) => name.slice(folder.length + 1))).toEqual(
      expect.arrayContaining(['catalog.sqlite', 'warehouse.duckdb', 'reports/bill.pdf']),
    )
    for (const name of names) {
      const bytes = await bytesOf(name)
      expectNone(name, bytes.toString('latin1'))
      expectNone(name, bytes.toString('utf16le'))
      if (name.endsWith('.pdf')) expectNone(name, pagesOf(bytes).join('\n'))
    }
    expectNone('the demo', demo.written() + demo.notes() + demo.drawn())
  })

  it('are in no report, and no export of what stands in the database in another form', async () => {
    for (const args of [
      ['report', 'quarantine', '--format', 'json'],
      ['report', 'conflicts', '-p', '2026-10', '--format', 'json'],
      ['report', 'usage', '-p', '2026-10', '--format', 'json'],
      ['report', 'sub-accounts', '-p', '2026-10', '--format', 'json'],
      ['explain', 'litigation', '-p', '2026-10'],
      ['export', 'config'],
    ]) {
      const terminal = await inDemo(...args)
      expect(terminal.written().length).toBeGreaterThan(20)
      expectNone(args.join(' '), terminal.written() + terminal.notes())
    }
    const { written } = await inDemo('report', 'quarantine', '--format', 'csv')
    expect(written()).toMatch(/calls-2026-02\.tsv,\d+,Disconnect Time,in progress,date-unreadable/)
    expect(written()).toContain('[removed]')
  })
})
