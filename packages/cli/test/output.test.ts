// What a pipe gets and what a person gets: formats, tables that fit, colours, and nothing that drives a terminal.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../src/index.ts'
import { CODE_VERSION } from '../src/version.ts'
import { recordingTerminal } from './recording-terminal.ts'
import { companyWithOctober, FILES, type SmallCompany } from './small-company.ts'

const ESCAPE = String.fromCharCode(27)
const BELL = String.fromCharCode(7)
const C1_CSI = String.fromCharCode(155)
const CHARGES = ['report', 'charges', '-p', '2026-10', '--by', 'service']

let company: SmallCompany
beforeAll(async () => {
  company = await companyWithOctober({ isClosed: true })
})
afterAll(() => company.remove())

describe('the format of a report', () => {
  it('is NDJSON in a pipe and a table on a terminal', async () => {
    const piped = await company.inW(CHARGES)
    const rows = piped
      .written()
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    expect(rows).toHaveLength(4)
    expect(rows[1]).toEqual({
      key: 'phone-1',
      name: 'Ada Moss',
      currency: 'USD',
      actual: '95.00',
      adjusted: '5.00',
      difference: '-90.00',
    })
    const shown = await company.inW(CHARGES, { isInteractive: true, width: 80 })
    expect(shown.written()).toBe(`Charges of 2026-10 by service

Key      Name        Currency  Actual  Adjusted  Difference
         no service  USD         1.50      1.50        0.00
phone-1  Ada Moss    USD        95.00      5.00      -90.00
phone-2  Ben Rye     USD         5.00     65.00       60.00
phone-3  Ben Rye     USD         0.00     30.00       30.00
───────  ──────────  ────────  ──────  ────────  ──────────
Total                USD       101.50    101.50        0.00
`)
  })

  it.each(['table', 'csv', 'json', 'ndjson'])('is %s wherever --format says so', async (format) => {
    const piped = await company.inW([...CHARGES, '--format', format], { width: 80 })
    const shown = await company.inW([...CHARGES, '--format', format], { width: 80, isInteractive: true })
    expect(piped.code).toBe(0)
    expect(shown.written()).toBe(piped.written())
    const begins = { table: 'Charges of 2026-10', csv: 'key,name', json: '[', ndjson: '{"key"' }[format] as string
    expect(piped.written().startsWith(begins)).toBe(true)
  })

  it('has no total line outside of tables', async () => {
    for (const format of ['csv', 'json', 'ndjson'])
      expect((await company.inW([...CHARGES, '--format', format])).written()).not.toContain('Total')
  })

  it('follows the ending of the file that -o names, and --format before it', async () => {
    await company.inW([...CHARGES, '-o', 'a.json'])
    await company.inW([...CHARGES, '-o', 'b.csv', '--format', 'table'], { isInteractive: true })
    await company.inW([...CHARGES, '-o', 'c'], { isInteractive: true })
    const read = (name: string) => readFile(join(company.directory, name), 'utf8')
    expect(JSON.parse(await read('a.json'))).toHaveLength(4)
    expect(await read('b.csv')).toContain('Charges of 2026-10 by service\n\nKey')
    expect((await read('c')).split('\n')[0]).toMatch(/^\{"key"/)
  })

  it('says so where there is nothing to show', async () => {
    const { written } = await company.inW(['report', 'quarantine'], { isInteractive: true })
    expect(written()).toBe('Rows in quarantine\n\nNothing to show.\n')
    expect((await company.inW(['report', 'quarantine'])).written()).toBe('')
    expect((await company.inW(['report', 'quarantine', '--format', 'json'])).written()).toBe('[]\n')
  })
})

describe('notes and colours', () => {
  it('leave the data alone: results go out, notes go beside', async () => {
    const { written, notes } = await company.inW(['close', '2026-10'])
    expect([written(), notes()]).toEqual(['', expect.stringContaining('Closed as')])
    const report = await company.inW(CHARGES)
    expect(report.notes()).toBe('')
  })

  it('are plain without colours and coloured with them, in the same words', async () => {
    const options = { isInteractive: true, width: 80 }
    const plain = await company.inW(CHARGES, options)
    const coloured = await company.inW(CHARGES, { ...options, hasColours: true })
    expect(plain.written()).not.toContain(ESCAPE)
    expect(coloured.written()).toContain(`${ESCAPE}[31m-90.00${ESCAPE}[39m`)
    expect(coloured.written().replaceAll(new RegExp(`${ESCAPE}\\[\\d+m`, 'g'), '')).toBe(plain.written())
  })
})

describe('outside data on a terminal', () => {
  const evil = `${ESCAPE}]0;owned${BELL}${C1_CSI}2J${ESCAPE}[31mred\u202e`
  let hostile: SmallCompany
  beforeAll(async () => {
    hostile = await companyWithOctober()
    const rename = (name: string, from: string, to: string) =>
      writeFile(join(hostile.directory, name), (FILES[name] ?? '').replaceAll(from, to))
    await rename('people.csv', 'Ben Rye', evil)
    await rename('charges.csv', 'phone-1', `phone-${evil}`)
    await rename('usage-bad.csv', ',Gb,', `,${evil},`)
    await writeFile(join(hostile.directory, 'policy.yaml'), `kind: AllocationPolicy\nname: "\\e[2J"\n`)
  })
  afterAll(() => hostile.remove())

  it('never moves it, whatever is printed of it', async () => {
    const shown = { isInteractive: true, width: 80 }
    const terminals = []
    for (const args of [
      ['import', 'people.csv', 'charges.csv', 'usage-bad.csv', `${evil}.csv`],
      ['close', '2026-10'],
      CHARGES,
      [...CHARGES, '--format', 'csv'],
      [...CHARGES, '--format', 'ndjson'],
      ['report', 'quarantine'],
      ['report', 'problems', '-p', '2026-10'],
      ['explain', `phone-${evil}`, '-p', '2026-10'],
      ['apply', '-f', 'policy.yaml'],
      ['accept', evil, '--reason', 'x'],
      [evil],
      ['report', evil],
    ])
      terminals.push({ args, ...(await hostile.inW(args, shown)) })
    for (const { args, written, notes } of terminals) {
      const text = `${written()}${notes()}`
      expect(text, args.join(' ')).not.toBe('')
      expect(text, args.join(' ')).not.toMatch(/(?!\n)[\p{Cc}\u202e]/u)
    }
    expect(terminals.map(({ written, notes }) => written() + notes()).join('')).toContain('red')
  })

  it('reaches a file as it was', async () => {
    await hostile.inW(['import', 'usage-bad.csv'])
    const { written } = await hostile.inW(['report', 'quarantine', '--format', 'ndjson'])
    const row = written()
      .split('\n')
      .find((line) => line.includes('usage-bad.csv'))
    expect(JSON.parse(row ?? '')).toMatchObject({ column_name: 'unit', value: evil })
  })
})

describe('help', () => {
  const helpOf = async (args: ReadonlyArray<string>, width: number) => {
    const terminal = recordingTerminal({ directory: company.directory, width })
    expect(await runCli([...args, '--help'], terminal)).toBe(0)
    return terminal.written()
  }

  it('of every command says what it does, how it is called and every option, within 80 columns', async () => {
    const main = await helpOf([], 80)
    const names = [...(main.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z-]+)/gm)].map(([, name]) => name ?? '')
    expect(names).toEqual(expect.arrayContaining(['init', 'apply', 'import', 'close', 'publish', 'explain', 'demo']))
    for (const name of names.filter((command) => command !== 'help')) {
      const help = await helpOf([name], 80)
      expect(help).toMatch(new RegExp(`^Usage: spillway ${name}`))
      expect(help).toContain('-C, --directory')
      for (const line of help.split('\n')) expect(line.length, `${name}: ${line}`).toBeLessThanOrEqual(80)
    }
  })

  it('names the version of package.json', async () => {
    const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../package.json'), 'utf8')) as {
      version: string
    }
    expect((await company.run(['--version'])).written()).toBe(`${version}\n`)
    expect(CODE_VERSION).toBe(version)
  })
})
