// The example company from its raw files to its reports, by the command that a new user runs first: every month against the
// generator's own totals, the last one against golden files, and the same on every run.
// WRITE_EXPECTED=1 writes examples/quillhaven/expected/2026-10 anew: read the difference before committing it.
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAmount } from '@spillway/core'
import { CHARGE_DIMENSIONS } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../src/index.ts'
import { type RecordingOptions, type RecordingTerminal, recordingTerminal } from './recording-terminal.ts'

const EXAMPLE = join(import.meta.dirname, '../../../examples/quillhaven')
const GOLDEN = join(EXAMPLE, 'expected/2026-10')
const LAST = '2026-10'

type Row = Readonly<Record<string, string>>

let directory = ''
let first: RecordingTerminal
let second: RecordingTerminal

async function run(args: ReadonlyArray<string>, options: Partial<RecordingOptions> = {}) {
  const terminal = recordingTerminal({ directory, ...options })
  const code = await runCli(args, terminal)
  expect([args, code, terminal.notes()]).toEqual([args, 0, expect.not.stringContaining('error')])
  return terminal
}

async function rowsOf(args: ReadonlyArray<string>): Promise<Row[]> {
  const { written } = await run(['-C', 'demo-1', 'report', ...args, '--format', 'json'])
  return JSON.parse(written()) as Row[]
}

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-demo-'))
  first = await run(['demo', 'demo-1'], { isInteractive: true, width: 80 })
  second = await run(['demo', 'demo-2'], { isInteractive: true, width: 80 })
}, 240_000)
afterAll(() => rm(directory, { recursive: true, force: true }))

const minor = (row: Row, key: string): bigint => {
  const reading = parseAmount(row[key] ?? '', row.currency ?? '')
  if (!reading.ok) throw new Error(`${key} of ${JSON.stringify(row)} is no amount`)
  return reading.minor
}

/** Sums by what `keys` name, in minor units. */
function sumsBy(rows: ReadonlyArray<Row>, { keys, amount }: { keys: ReadonlyArray<string>; amount: string }) {
  const sums = new Map<string, bigint>()
  for (const row of rows) {
    const key = keys.map((name) => row[name]).join(' ')
    sums.set(key, (sums.get(key) ?? 0n) + minor(row, amount))
  }
  return Object.fromEntries([...sums].sort(([a], [b]) => (a < b ? -1 : 1)))
}

async function expectedInvoices(): Promise<Row[]> {
  const [header = '', ...lines] = (await readFile(join(EXAMPLE, 'expected/invoices.csv'), 'utf8')).trim().split('\n')
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((cell, index) => [names[index] ?? '', cell])))
}

describe("the example company's money", () => {
  it('is that of every invoice of all 13 months, as the generator summed it', async () => {
    const invoices = await rowsOf(['reconciliation'])
    const figures = invoices.map(({ vendor, account, invoice, period, currency, charges, total, difference }) => ({
      vendor,
      account,
      invoice,
      period,
      currency,
      lines: charges,
      total,
      difference,
    }))
    const expected = (await expectedInvoices()).map(({ issued_on, period_start, period_end, ...row }) => row)
    const ordered = (rows: ReadonlyArray<Row>) => rows.map((row) => JSON.stringify(row, Object.keys(row).sort())).sort()
    expect(figures).toHaveLength(52)
    expect(ordered(figures as Row[])).toEqual(ordered(expected as Row[]))
    for (const { difference, status } of invoices)
      expect(status).toBe(difference === '0.00' ? 'reconciled' : 'accepted')
  })

  it('is the same in both views for every vendor, currency and month', async () => {
    const expected = await expectedInvoices()
    const periods = [...new Set(expected.map(({ period = '' }) => period))]
    expect(periods).toHaveLength(13)
    for (const period of periods) {
      const rows = await rowsOf(['charges', '-p', period, '--by', 'vendor'])
      const billed = sumsBy(
        expected.filter((row) => row.period === period),
        { keys: ['vendor', 'currency'], amount: 'lines' },
      )
      for (const amount of ['actual', 'adjusted'])
        expect({ period, amount, ...sumsBy(rows, { keys: ['key', 'currency'], amount }) }).toEqual({
          period,
          amount,
          ...billed,
        })
    }
  })

  it('is the same whichever way it is divided up', async () => {
    const billed = sumsBy(
      (await expectedInvoices()).filter(({ period }) => period === LAST),
      { keys: ['currency'], amount: 'lines' },
    )
    for (const by of CHARGE_DIMENSIONS.filter((dimension) => dimension !== 'user-id')) {
      const rows = await rowsOf(['charges', '-p', LAST, '--by', by])
      for (const amount of ['actual', 'adjusted'])
        expect({ by, amount, ...sumsBy(rows, { keys: ['currency'], amount }) }).toEqual({ by, amount, ...billed })
      for (const row of rows) expect(minor(row, 'adjusted') - minor(row, 'actual')).toBe(minor(row, 'difference'))
    }
  })

  it('is in the trend of 13 months what it is in the charges of each, and its changes come to the difference', async () => {
    const trend = await rowsOf(['trend', '-p', LAST, '--by', 'person'])
    const months = [...new Set(trend.map(({ month = '' }) => month))]
    expect(months).toHaveLength(13)
    const billed = (await expectedInvoices()).map((row) => ({ ...row, month: row.period ?? '' }))
    for (const amount of ['actual', 'adjusted'])
      expect(sumsBy(trend, { keys: ['month', 'currency'], amount })).toEqual(
        sumsBy(billed, { keys: ['month', 'currency'], amount: 'lines' }),
      )
    const movers = await rowsOf(['movers', '-p', LAST, '--by', 'person', '--count', '1000'])
    const changed = trend.filter(({ month, change }) => month === LAST && change !== '0.00')
    const figures = (rows: ReadonlyArray<Row>) =>
      rows.map(({ key, currency, change, change_share: share }) => [key, currency, change, share].join(' ')).sort()
    expect(figures(movers)).toEqual(figures(changed))
  })

  it("has the README's figure: SIM-30007 carries 948.22 of its pool, and keeps its tax", async () => {
    const shares = (await rowsOf(['allocation', '-p', LAST])).filter(
      ({ pool, service }) => pool === 'T-FIELD' && service === 'SIM-30007',
    )
    expect(shares.map(({ component, policy, adjusted }) => [policy, component, adjusted])).toEqual([
      ['field-data', 'access', '666.76'],
      ['field-data', 'credit', '-35.58'],
      ['field-data', 'overage', '317.04'],
    ])
    const service = (await rowsOf(['charges', '-p', LAST, '--by', 'service'])).find(({ key }) => key === 'SIM-30007')
    expect([service?.actual, service?.adjusted]).toEqual(['31.91', '950.13'])
    expect(await readFile(join(EXAMPLE, 'README.md'), 'utf8')).toContain('= **948.22**')
  })

  it('has no pool whose cost is another in the two views', async () => {
    const pools = await rowsOf(['pools', '-p', LAST])
    expect(pools).toHaveLength(14)
    for (const pool of pools) expect(pool.adjusted).toBe(pool.actual)
  })
})

describe('the reports that the demo writes', () => {
  const reportsOf = async (folder: string) => {
    const names = (await readdir(folder)).sort()
    return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const))
  }

  it('are the golden files of examples/quillhaven/expected/2026-10, byte by byte', async () => {
    const reports = await reportsOf(join(directory, 'demo-1/reports'))
    if (process.env.WRITE_EXPECTED === '1') {
      await rm(GOLDEN, { recursive: true, force: true })
      await mkdir(GOLDEN, { recursive: true })
      for (const [name, text] of reports) await writeFile(join(GOLDEN, name), text)
    }
    const golden = new Map(await reportsOf(GOLDEN))
    expect([...golden.keys()]).toEqual(reports.map(([name]) => name))
    for (const [name, text] of reports) expect(text, name).toBe(golden.get(name))
  })

  it('have nothing that a program left behind', async () => {
    for (const [name, text] of await reportsOf(join(directory, 'demo-1/reports')))
      expect(text, name).not.toMatch(/\b(?:null|undefined|NaN|Infinity)\b|\[object|(?<![\d.])-0(?:\.0+)?(?=[,\n])|\r/)
  })

  it('name what nobody owns first', async () => {
    for (const name of ['charges-by-cost-centre.csv', 'charges-by-person.csv'])
      expect((await readFile(join(directory, 'demo-1/reports', name), 'utf8')).split('\n')[1]).toMatch(
        /^,unassigned,EUR,/,
      )
  })

  it('and everything shown are the same on a second run in another folder', async () => {
    expect(await reportsOf(join(directory, 'demo-2/reports'))).toEqual(
      await reportsOf(join(directory, 'demo-1/reports')),
    )
    expect(second.written().replaceAll('demo-2', 'demo-1')).toBe(first.written())
  })
})

describe('what a person sees of the demo', () => {
  const widthOf = (line: string) => [...line].length

  it('fits in 80 columns', () => {
    const [shown = ''] = first.written().split('Try next')
    expect(shown).toContain('13 months, all published')
    for (const line of shown.split('\n')) expect(widthOf(line), line).toBeLessThanOrEqual(80)
  })

  it.each([80, 120])('has every report as a table in %i columns', async (width) => {
    for (const args of [
      ['allocation', '-p', LAST],
      ['charges', '-p', LAST],
      ['charges', '-p', LAST, '--by', 'service'],
      ['reconciliation'],
      ['pools', '-p', LAST],
      ['cost-centres', '-p', LAST],
      ['problems', '-p', LAST],
      ['quarantine'],
      ['runs'],
      ['usage', '-p', LAST],
      ['usage', '-p', LAST, '--by', 'person'],
      ['trend', '-p', LAST],
      ['trend', '-p', LAST, '--of', 'usage', '--by', 'vendor'],
      ['movers', '-p', LAST, '--by', 'service'],
      ['unused', '-p', LAST],
    ]) {
      const { written } = await run(['-C', 'demo-1', 'report', ...args], { isInteractive: true, width })
      for (const line of written().split('\n')) expect(widthOf(line), `${args[0]}: ${line}`).toBeLessThanOrEqual(width)
    }
  })

  it('tries next only what works as it stands there', async () => {
    const [, next = ''] = first.written().split('Try next')
    const commands = [...next.replaceAll('\\\n', ' ').matchAll(/^ {2}npx (?:--prefix \S+ )?spillway (.+)$/gm)]
    expect(commands).toHaveLength(5)
    for (const [, command = ''] of commands) {
      const terminal = await run(command.split(/ +/), { isInteractive: true, width: 100 })
      expect(terminal.written() + terminal.notes(), command).not.toBe('')
    }
  }, 120_000)

  it('is not written over a folder that is no demo', async () => {
    await mkdir(join(directory, 'mine'))
    const terminal = recordingTerminal({ directory })
    expect(await runCli(['demo', 'mine'], terminal)).toBe(3)
    expect(terminal.notes()).toContain('is no earlier demo')
  })
})
