// Every report in every format has the figures of its CSV, cell by cell, read back by tools that are not ours.
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { REPORT_NAMES } from '@spillway/engine'
import { type AsyncBuffer, parquetReadObjects } from 'hyparquet'
import { type CellValue, readSheet } from 'read-excel-file/node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, FILES, type SmallCompany } from './small-company.ts'

/** Reports that are of no period. */
const WITHOUT_PERIOD = new Set(['quarantine', 'runs', 'run-changes', 'balances'])
const YEN = 'acme,A-2,INV-JP,2026-10-31,2026-10-01,2026-11-01,JPY'
const SEPTEMBER = 'acme,A-2,INV-SEP,2026-09-30,2026-09-01,2026-10-01,JPY'

/** A service that we sell, which uses up its bucket in October. */
const SOLD = {
  'sold.yaml': `{ kind: Account, id: U, currency: USD }
---
{ kind: RatePlan, id: standard, rates: [{ usage-type: data, price: 0.10, per: 1 MB }] }
---
{ kind: Bucket, id: own, accepts: [{ usage-type: data }], amount: 10 MB, life: recurring }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own] }
`,
  'sold-services.csv':
    'service,vendor,account,product,service_type,person,cost_centre,project,from,to,share\nSIM-1,,U,sim,,,,,2026-01-01,,\n',
  'sold-usage.csv':
    'source,id,account,service,usage_type,started_at,ended_at,quantity,unit\ncdr,1,U,SIM-1,data,2026-10-05T10:00:00Z,,12,MB\n',
  'accounts.csv': 'account,parent,usage_invoicer,name,currency,time_zone,cycle_day\nCONF,,,Conferences,USD,UTC,1\n',
  'codes.yaml': `{ kind: AccountCodes, account: CONF, required: true }
---
{ kind: SubAccount, account: CONF, user-id: desk, owner: { person: E-1 } }
`,
  // Two conferences at once, of people whose names a spreadsheet would run.
  'calls.csv': `source,id,account,service,usage_type,started_at,ended_at,quantity,unit,conference,participant
bridge,1,CONF,desk,conference,2026-10-05T10:00:00Z,2026-10-05T11:00:00Z,60,min,007,=1+1
bridge,2,CONF,desk,conference,2026-10-05T10:30:00Z,2026-10-05T11:30:00Z,60,min,008,@SUM(A1)
`,
}

let company: SmallCompany
beforeAll(async () => {
  company = await companyWithOctober()
  const header = (FILES['charges.csv'] ?? '').split('\n')[0]
  // Another currency, names that a spreadsheet would run, a number that begins with zeros, rows for quarantine.
  const rows = [
    `${YEN},1,007,P-1,bulk,data,,=1+1,7000,,`,
    `${YEN},2,@SUM(A1),,subscription,,,-x,-12,,`,
    `${SEPTEMBER},1,007,,subscription,,,x,1000,,`,
  ]
  await writeFile(join(company.directory, 'more.csv'), `${[header, ...rows].join('\n')}\n`)
  await company.inW(['import', 'more.csv', 'usage-bad.csv'])
  for (const [name, text] of Object.entries(SOLD)) await writeFile(join(company.directory, name), text)
  expect((await company.inW(['apply', '-f', 'sold.yaml'])).code).toBe(0)
  const sold = await company.inW(['import', 'accounts.csv', 'sold-services.csv', 'sold-usage.csv', 'calls.csv'])
  expect(sold.code, sold.notes()).toBe(0)
  const applied = await company.inW(['apply', '-f', 'codes.yaml'])
  expect(applied.code, applied.notes()).toBe(0)
  for (const period of ['2026-09', '2026-10']) expect((await company.inW(['close', period])).code).toBeLessThan(2)
})
afterAll(() => company.remove())

/** Reports of one thing alone, which has to be named. */
const ONE: Readonly<Record<string, ReadonlyArray<string>>> = {
  'pool-days': ['--pool', 'P-1'],
  'bucket-days': ['--bucket', 'own', '--account', 'U'],
  legs: ['--account', 'CONF', '--user', 'desk'],
  'run-changes': ['--run', '2026-10.1', '--since', '2026-09.1', '--by', 'service'],
}

const argsOf = (name: string) => [
  'report',
  name,
  // Of the month after no bill has come.
  ...(WITHOUT_PERIOD.has(name) ? [] : ['-p', name === 'missing-bills' ? '2026-11' : '2026-10']),
  ...(name === 'unused' ? ['--months', '2'] : []),
  ...(ONE[name] ?? []),
  ...(name === 'balances' ? ['--at', '2026-10-20T00:00:00Z'] : []),
]

async function written(name: string, format: string): Promise<Buffer> {
  const path = join(company.directory, `${name}.${format}`)
  const { code, notes } = await company.inW([...argsOf(name), '-o', path])
  expect(notes()).toContain('written to')
  expect(code).toBe(0)
  return readFile(path)
}

/** Header and rows of the CSV; cells of these reports may be quoted, and hold line feeds. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [[]]
  for (const [, quoted, plain, end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n|$)/g)) {
    if (end === '' && quoted === undefined && plain === '') break
    rows.at(-1)?.push(quoted === undefined ? (plain ?? '') : quoted.replaceAll('""', '"'))
    if (end === '\n') rows.push([])
  }
  return rows.filter((row) => row.length > 0)
}

/** A decimal as the text that it is in any format: `-12.50` and -12.5 are the same figure. */
function figure(cell: string): string {
  if (!/^-?\d+\.\d+$/.test(cell)) return cell
  return cell.replace(/0+$/, '').replace(/\.$/, '')
}

function plainNumber(cell: number): string {
  return figure(cell.toFixed(9))
}

const ofSheet = (cell: CellValue | null | undefined) => {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return typeof cell === 'number' ? plainNumber(cell) : figure(String(cell))
}

const ofParquet = (cell: unknown) => {
  if (cell === null || cell === undefined) return ''
  if (cell instanceof Date) return cell.toISOString().slice(0, 10)
  return typeof cell === 'number' ? plainNumber(cell) : figure(String(cell))
}

describe.each(REPORT_NAMES)('report %s', (name) => {
  it('has the same figures in CSV, JSON, NDJSON, XLSX and Parquet', async () => {
    const [header = [], ...rows] = csvRows((await written(name, 'csv')).toString())
    expect(rows).not.toEqual([])
    const figures = rows.map((row) => row.map(figure))
    // CSV and XLSX neutralise formulas; JSON and Parquet are for programs and have the text itself.
    const raw = figures.map((row) => row.map((cell) => cell.replace(/^'(?=[=+\-@\t\r])/, '')))
    const expected = raw.map((row) => Object.fromEntries(header.map((key, index) => [key, row[index]])))
    const asFigures = (records: Record<string, unknown>[]) =>
      records.map((record) => Object.fromEntries(Object.entries(record).map(([key, cell]) => [key, ofParquet(cell)])))

    expect(asFigures(JSON.parse((await written(name, 'json')).toString()))).toEqual(expected)
    const lines = (await written(name, 'ndjson')).toString().split('\n').filter(Boolean)
    expect(asFigures(lines.map((line) => JSON.parse(line)))).toEqual(expected)

    const bytes = await written(name, 'parquet')
    const file: AsyncBuffer = new Uint8Array(bytes).buffer
    expect(asFigures(await parquetReadObjects({ file }))).toEqual(expected)

    const [, ...sheet] = await readSheet(await written(name, 'xlsx'), { trim: false })
    const totals = sheet.findIndex((row) => row.every((cell) => cell === null))
    const data = totals === -1 ? sheet : sheet.slice(0, totals)
    expect(data.map((row) => header.map((_, index) => ofSheet(row[index])))).toEqual(figures)
  })
})

describe('a report that is a workbook', () => {
  it('ends with the totals that the table prints', async () => {
    const sheet = await readSheet(await written('allocation', 'xlsx'))
    const table = await company.inW([...argsOf('allocation'), '--format', 'table'], { width: 300 })
    const printed = table
      .written()
      .split('\n')
      .filter((line) => line.startsWith('Total'))
      .map((line) => line.replaceAll(',', '').split(/\s+/).map(figure))
    const inSheet = sheet
      .filter(([cell]) => cell === 'Total')
      .map((row) => row.filter((cell) => cell !== null).map(ofSheet))
    expect(inSheet).toEqual(printed.map((cells) => cells.filter((cell) => cell !== '')))
    expect(inSheet.map(([, currency]) => currency)).toEqual(['JPY', 'USD'])
  })

  it.each(['xlsx', 'parquet'])('goes into a pipe as bytes, and not to a terminal: %s', async (format) => {
    const args = [...argsOf('charges'), '--format', format]
    const piped = await company.inW(args)
    expect(piped.writtenBytes().equals(await written('charges', format))).toBe(true)
    const shown = await company.inW(args, { isInteractive: true })
    expect([shown.code, shown.written()]).toEqual([2, ''])
    expect(shown.notes()).toContain(`-o charges.${format}`)
  })
})
