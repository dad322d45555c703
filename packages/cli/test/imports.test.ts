// What becomes of a broken file from the command line: seen, mended, added, taken back; and a table that no format knows.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../src/index.ts'
import { recordingTerminal } from './recording-terminal.ts'

let home: string
async function run(...args: ReadonlyArray<string>) {
  const terminal = recordingTerminal({ directory: home })
  const code = await runCli(['-C', 'w', ...args], terminal)
  return { code, out: terminal.written(), notes: terminal.notes() }
}
const write = (name: string, text: string) => writeFile(join(home, name), text)

const HEAD = 'vendor,account,invoice,period_start,period_end,currency,line,category,amount,description'
const lineOf = (line: number, amount: string) =>
  `acme,A-1,INV-1,2026-10-01,2026-11-01,USD,${line},subscription,${amount},=1+1`

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'spillway-imports-'))
  await write('bill.csv', `${HEAD}\n${lineOf(1, '10.00')}\n${lineOf(2, 'ten')}\n`)
  await write('other.csv', 'Our bill;;\nBill no.;Number;Cost\nK-1;0700 1;£1.50\nK-1;0700 2;£2.50\n')
  expect((await run('init', 'w')).code).toBe(0)
})
afterAll(() => rm(home, { recursive: true, force: true }))

type Listed = { batch: string; file: string; amount: string; state: string; quarantined: string }
async function listed(): Promise<Listed[]> {
  const { out } = await run('report', 'imports', '--format', 'ndjson')
  return out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Listed)
}

describe('an import', () => {
  it('leaves its refused rows to be mended, which add to it; and both are taken back', async () => {
    expect((await run('import', 'bill.csv')).code).toBe(1)
    const [first] = await listed()
    expect(first).toMatchObject({ file: 'bill.csv', amount: '10.00', state: 'live' })
    const { out } = await run('export', 'rejects', String(first?.batch))
    expect(out).toContain('bill.csv:3,"amount is ""ten"", which is not an amount.",acme')
    expect(out).toContain("'=1+1")
    expect((await run('export', 'rejects', String(first?.batch), '-o', 'mended')).code).toBe(0)
    const path = join(home, 'mended', 'bill-rejects.csv')
    expect(await readFile(path, 'utf8')).toBe(out)
    await write('mended/bill-rejects.csv', out.replace(',ten,', ',32.00,'))
    const mended = await run('import', 'mended/bill-rejects.csv')
    expect([mended.code, mended.notes]).toEqual([0, expect.stringContaining(`adds to import ${first?.batch}`)])
    const all = await listed()
    expect(all.map(({ amount }) => amount).sort()).toEqual(['10.00', '32.00'])
    const second = all.find(({ amount }) => amount === '32.00')
    const refused = await run('take-back', String(first?.batch), '--reason', 'wrong month')
    expect([refused.code, refused.notes]).toEqual([3, expect.stringContaining('adds mended rows to it')])
    for (const { batch } of [second, first] as Listed[])
      expect((await run('take-back', batch, '--reason', 'wrong month')).code).toBe(0)
    expect((await listed()).map(({ state }) => state)).toEqual(['taken-back', 'taken-back'])
    expect((await run('take-back', String(first?.batch), '--reason', 'again')).code).toBe(2)
    expect((await run('report', 'quarantine', '--format', 'csv')).out.trim().split('\n')).toHaveLength(1)
    expect((await run('check')).code).toBe(0)
  })
})

describe('a preview', () => {
  it('writes a Source document to begin with, and then the rows that it makes', async () => {
    const { code, out, notes } = await run('import', '--preview', 'other.csv')
    expect([code, notes.split('\n')[0]]).toEqual([0, 'Read as utf-8, delimiter ;, header in line 2.'])
    expect(out).toContain('header-row: 2')
    const fixed = [
      'period_start: { value: 2026-10-01 }',
      'period_end: { value: 2026-11-01 }',
      'vendor: { value: other }',
    ]
    await write(
      'source.yaml',
      out
        .replace('fields:\n', `fields:\n  account: { value: O-1 }\n${fixed.map((line) => `  ${line}\n`).join('')}`)
        .replace('      amount:', '      category: { value: subscription }\n      amount:'),
    )
    expect((await run('apply', '-f', 'source.yaml')).code).toBe(0)
    const rows = (await run('import', '--preview', 'other.csv', '--source', 'other')).out.trim().split('\n')
    expect(rows.map((line) => JSON.parse(line))).toMatchObject([
      { row: '3', fact: 'charge', service: '0700 1', amount: '1.50', currency: 'GBP', problem: '' },
      { row: '4', fact: 'charge', service: '0700 2', amount: '2.50' },
    ])
    expect((await run('import', '--preview', 'other.csv', '--source', 'none')).code).toBe(2)
    expect((await listed()).some(({ file }) => file === 'other.csv')).toBe(false)
  })
})
