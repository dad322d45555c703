// Texts that a spreadsheet would run, planted in every text column of bills, usage and directory: after import and close no
// cell of any report begins with one of their characters, in CSV, in XLSX and in the journal, unless it is a number.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CHARGE_DIMENSIONS,
  COMPARED_DIMENSIONS,
  MOVER_DIMENSIONS,
  REPORT_NAMES,
  TREND_DIMENSIONS,
  USAGE_DIMENSIONS,
  USAGE_TREND_DIMENSIONS,
} from '@spillway/engine'
import { readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FILES, GOOD_FILES, type SmallCompany, smallCompany } from './small-company.ts'

const STARTS = ['=cmd|', '+1+1', '@SUM(', '-2+3', '\t=1', '\r=1', '=HYPERLINK("x,y")', '-']
/** Columns that hold words of the format, figures or days; every other one holds what people name things. */
const NOT_A_NAME =
  /^(issued_on|period_start|period_end|currency|category|usage_type|amount|quantity|unit|started_at|ended_at|zone|time_band|network|participants|total|model|allowance|max_members|contribution|from|to|budget|share|aliases|manager|email|time_zone|cycle_day)$/

const planted = new Map<string, string>()
function plant(text: string): string {
  const known = planted.get(text)
  if (known !== undefined) return known
  const hostile = `${STARTS[planted.size % STARTS.length]}${text}`
  planted.set(text, hostile)
  return hostile
}

/** The same name is planted alike in every file, so that they still belong together; blanks are filled where they may be. */
function plantFile(text: string): string {
  const [head = '', ...lines] = text.trimEnd().split('\n')
  const columns = head.split(',')
  const rows = lines.map((line, row) =>
    line.split(',').map((cell, at) => {
      const column = columns[at] ?? ''
      if (NOT_A_NAME.test(column)) return cell
      if (cell !== '') return quoted(plant(cell))
      return FREE.test(column) ? quoted(plant(`${column} ${row}`)) : ''
    }),
  )
  return `${[columns.join(','), ...rows.map((cells) => cells.join(','))].join('\n')}\n`
}
const FREE = /^(product|description|account_code|peer|app|service_type)$/
const quoted = (cell: string) => `"${cell.replaceAll('"', '""')}"`

let company: SmallCompany
beforeAll(async () => {
  company = await smallCompany()
  for (const name of [...GOOD_FILES, 'usage-bad.csv'])
    await writeFile(join(company.directory, name), plantFile(FILES[name] ?? ''))
  await writeFile(
    join(company.directory, 'accounts.csv'),
    plantFile(
      'account,parent,usage_invoicer,name,currency,time_zone,cycle_day\nA-1,,,Main,USD,UTC,1\nA-2,A-1,,Sub,USD,UTC,1\n',
    ),
  )
  const september = (FILES['charges.csv'] ?? '')
    .replaceAll('2026-10-31,2026-10-01,2026-11-01', '2026-09-30,2026-09-01,2026-10-01')
    .replaceAll('INV-1', 'INV-0')
  await writeFile(join(company.directory, 'september.csv'), plantFile(september))
  const policy = (FILES['policy.yaml'] ?? '').replace('[P-1]', JSON.stringify([plant('P-1').trim()]))
  await writeFile(join(company.directory, 'policy.yaml'), policy)
  expect((await company.run(['init', 'w'])).code).toBe(0)
  expect(
    (await company.inW(['import', 'accounts.csv', ...GOOD_FILES, 'usage-bad.csv', 'september.csv'])).code,
  ).toBeLessThan(2)
  expect((await company.inW(['apply', '-f', 'policy.yaml'])).code).toBeLessThan(2)
  for (const period of ['2026-09', '2026-10']) expect((await company.inW(['close', period])).code).toBeLessThan(2)
})
afterAll(() => company.remove())

const withoutPeriod = new Set(['quarantine', 'runs', 'run-changes'])
const BOTH_RUNS = ['--run', '2026-10.1', '--since', '2026-09.1']
const reports: ReadonlyArray<ReadonlyArray<string>> = [
  // Balances, buckets by day and legs are of what is sold, which this company has nothing of.
  ...REPORT_NAMES.filter((name) => !['balances', 'bucket-days', 'legs'].includes(name)).map((name) => {
    if (name === 'pool-days') return [name, '--pool', plant('P-1').trim()]
    if (name === 'run-changes') return [name, ...BOTH_RUNS]
    return name === 'unused' ? [name, '--months', '2'] : [name]
  }),
  // User ids are of chains of accounts, which this company has not.
  ...CHARGE_DIMENSIONS.filter((by) => by !== 'user-id').map((by) => ['charges', '--by', by]),
  ...USAGE_DIMENSIONS.map((by) => ['usage', '--by', by]),
  ...TREND_DIMENSIONS.map((by) => ['trend', '--by', by]),
  ...USAGE_TREND_DIMENSIONS.map((by) => ['trend', '--of', 'usage', '--by', by]),
  ...MOVER_DIMENSIONS.map((by) => ['movers', '--by', by]),
  ...COMPARED_DIMENSIONS.map((by) => ['run-changes', ...BOTH_RUNS, '--by', by]),
].map(([name = '', ...rest]) => ['report', name, ...(withoutPeriod.has(name) ? [] : ['-p', '2026-10']), ...rest])
const commands = [...reports, ['export', 'journal', '-p', '2026-10']]

/** Every cell, as a spreadsheet cuts them. */
function cellsOfCsv(text: string): string[] {
  const cells = [...text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(?:,|\n|$)/g)]
  return cells.map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '')
}

const isDangerous = (cell: string) => /^[=+\-@\t\r]/.test(cell) && !/^[-+]?\d+(\.\d+)?$/.test(cell)

describe('what a spreadsheet would run', () => {
  it('begins no cell of any report or journal in CSV', async () => {
    let neutralised = 0
    for (const args of commands) {
      const { written, code, notes } = await company.inW([...args, '--format', 'csv'])
      expect([args, code < 2, notes()]).toEqual([args, true, expect.anything()])
      const cells = cellsOfCsv(written())
      expect([args, cells.filter(isDangerous)]).toEqual([args, []])
      neutralised += cells.filter((cell) => /^'[=+\-@\t\r]/.test(cell)).length
    }
    // The planted names did come through.
    expect(neutralised).toBeGreaterThan(100)
  })

  it('begins no cell of any report in XLSX, and no cell is a formula', async () => {
    let neutralised = 0
    for (const name of REPORT_NAMES) {
      const args = commands.find((command) => command[1] === name)
      if (!args) continue
      const { writtenBytes } = await company.inW([...args, '--format', 'xlsx'])
      const sheet = await readSheet(writtenBytes(), { trim: false })
      const texts = sheet.flat().filter((cell) => typeof cell === 'string')
      expect([args, texts.filter(isDangerous)]).toEqual([args, []])
      neutralised += texts.filter((cell) => /^'[=+\-@\t\r]/.test(cell)).length
      expect(writtenBytes().includes('<f>')).toBe(false)
    }
    expect(neutralised).toBeGreaterThan(20)
  })
})
