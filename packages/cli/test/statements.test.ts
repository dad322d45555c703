// Statements as the command line writes them, read back by pdftotext and laid beside the reports of the same period.
import { execFileSync } from 'node:child_process'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, FILES, type SmallCompany } from './small-company.ts'

const header = (name: string) => (FILES[name] ?? '').split('\n')[0] ?? ''
const OLD = 'acme,A-1,INV-0,2026-09-30,2026-09-01,2026-10-01,USD'
const YEN = 'acme,A-1,INV-Y,2026-10-31,2026-10-01,2026-11-01,JPY'
const DINAR = 'acme,A-1,INV-K,2026-10-31,2026-10-01,2026-11-01,KWD'
const PLAIN = 'acme,A-1,INV-H,2026-10-31,2026-10-01,2026-11-01,USD'
/** Keys that a disk, a shell or a spreadsheet would take for something else. */
const HOSTILE = ['../../x', 'CON', 'a/b', 'a_b', 'c-1', '=1+1']

let company: SmallCompany
beforeAll(async () => {
  company = await companyWithOctober()
  const add = (name: string, rows: ReadonlyArray<string>) =>
    writeFile(join(company.directory, name), `${rows.join('\n')}\n`)
  await add('more-charges.csv', [
    header('charges.csv'),
    `${OLD},1,phone-1,,subscription,,,Line,4.00,,`,
    `${OLD},2,phone-9,,subscription,,,Line,7.00,,`,
    `${YEN},1,phone-2,,subscription,,,Line,1234567,,`,
    `${DINAR},1,phone-2,,credit,,,Back,-1234.567,,`,
    ...HOSTILE.map((_, index) => `${PLAIN},${index + 1},hostile-${index},,subscription,,,Line,${index + 1}.01,,`),
  ])
  await add('more-services.csv', [
    ...(FILES['services.csv'] ?? '').trimEnd().split('\n'),
    'phone-9,acme,A-1,,mobile,E-1,,,2020-01-01,,',
    ...HOSTILE.map((key, index) => `hostile-${index},acme,A-1,,mobile,,${key},,2020-01-01,,`),
  ])
  await add('more-centres.csv', [
    ...(FILES['cost_centres.csv'] ?? '').trimEnd().split('\n'),
    ...HOSTILE.map((key, index) => `${key},,Hostile <b>${index}</b>,,`),
  ])
  const imported = await company.inW(['import', 'more-charges.csv', 'more-services.csv', 'more-centres.csv'])
  expect(imported.notes()).not.toContain('refused')
  expect((await company.inW(['close', '2026-09'])).notes()).toContain('Closed as')
  expect((await company.inW(['close', '2026-10'])).notes()).toContain('Closed as')
})
afterAll(() => company.remove())

/** @throws Error where poppler is not installed: a statement that nobody read back proves nothing. */
function textOf(file: string): string {
  try {
    return execFileSync('pdftotext', ['-layout', '-enc', 'UTF-8', file, '-'], { encoding: 'utf8' }).replace(/\s+/g, ' ')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new Error('This test reads PDFs with pdftotext: install poppler-utils.', { cause: error })
  }
}

function csvRows(text: string): Record<string, string>[] {
  const [names = '', ...lines] = text.trimEnd().split('\n')
  return lines.map((line) =>
    Object.fromEntries(names.split(',').map((name, index) => [name, line.split(',')[index] ?? ''])),
  )
}

const grouped = (amount = '') => amount.replace(/\B(?=(\d{3})+(?!\d))(?<!\.\d*)/g, ',')

async function charges(by: string): Promise<Record<string, string>[]> {
  return csvRows((await company.inW(['report', 'charges', '--by', by, '-p', '2026-10', '--format', 'csv'])).written())
}

/** Digits without the point: within a currency all amounts have as many decimals. */
function sumsOf(rows: ReadonlyArray<Record<string, string>>): Record<string, bigint> {
  const sums: Record<string, bigint> = {}
  for (const { currency, ...amounts } of rows)
    for (const view of ['actual', 'adjusted'])
      sums[`${view} ${currency}`] = (sums[`${view} ${currency}`] ?? 0n) + BigInt((amounts[view] ?? '').replace('.', ''))
  return sums
}

describe('export statements', () => {
  it.each(['cost-centre', 'person'])('by %s has on paper, in the index and in sum what the report has', async (by) => {
    const exported = await company.inW(['export', 'statements', '-p', '2026-10', '--by', by, '-o', `by-${by}`])
    expect(exported.code).toBe(0)
    const folder = join(company.directory, `by-${by}`)
    const report = await charges(by)
    const index = csvRows(await readFile(join(folder, 'index.csv'), 'utf8'))
    const figures = (rows: Record<string, string>[]) =>
      rows.map(({ key, name, currency, actual, adjusted, difference }) => [
        key,
        name,
        currency,
        actual,
        adjusted,
        difference,
      ])
    expect(figures(index)).toEqual(figures(report))
    expect(sumsOf(index)).toEqual(sumsOf(await charges('vendor')))
    expect((await readdir(folder)).sort()).toEqual([...new Set(index.map(({ file }) => file)), 'index.csv'].sort())
    for (const { file = '', currency, actual, adjusted, difference } of index) {
      const text = textOf(join(folder, file))
      const amounts = [actual, adjusted, difference].map(grouped).join(' ')
      expect(text).toContain(`Total ${currency} ${amounts} `)
      expect(text).toContain(` ${currency} ${amounts} `)
    }
  })

  it('compares with the month before, marks months that were not closed, and says draft', async () => {
    await company.inW(['export', 'statements', '-p', '2026-10', '--key', 'E-1', 'E-2', '-o', 'some'])
    const folder = join(company.directory, 'some')
    expect((await readdir(folder)).sort()).toEqual(['index.csv', 'person-E-1.pdf', 'person-E-2.pdf'])
    const ada = textOf(join(folder, 'person-E-1.pdf'))
    expect(ada).toContain('Ada Moss')
    expect(ada).toContain('Employee E-1')
    expect(ada).toContain('Cost centre C-1 Sales')
    expect(ada).toContain('phone-9 mobile (ended) 7.00 0.00 -7.00')
    expect(ada).toContain('phone-1 mobile 4.00 5.00 1.00')
    expect(ada).toContain('month not closed')
    expect(ada).toContain('DRAFT')
    const ben = textOf(join(folder, 'person-E-2.pdf'))
    for (const total of [
      'Total JPY 1,234,567 1,234,567 0',
      'Total KWD -1,234.567 -1,234.567 0.000',
      'data · domestic 2 3 GB',
    ])
      expect(ben).toContain(total)
  })

  it('writes hostile keys to distinct files of the folder and nowhere else', async () => {
    const folder = join(company.directory, 'deep', 'hostile')
    await company.inW(['export', 'statements', '-p', '2026-10', '--key', ...HOSTILE, '-o', folder])
    const files = await readdir(folder)
    expect(await readdir(join(company.directory, 'deep'))).toEqual(['hostile'])
    expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(HOSTILE.length + 1)
    const index = await readFile(join(folder, 'index.csv'), 'utf8')
    expect(index).toContain(",cost-centre,'=1+1,")
    expect(index).toContain(',cost-centre,../../x,')
  })

  it('shows its progress, and cancelled it leaves no trace', async () => {
    const shown = await company.inW(['export', 'statements', '-p', '2026-10', '--key', 'E-1', '-o', 'shown'], {
      showsProgress: true,
    })
    expect(shown.drawn()).toContain('statements')
    const controller = new AbortController()
    controller.abort()
    const stopped = await company.inW(['export', 'statements', '-p', '2026-10', '-o', 'stopped'], {
      signal: controller.signal,
    })
    expect(stopped.notes()).toContain('cancelled')
    expect(await readdir(company.directory)).not.toContain('stopped')
  })

  it('keeps what was there when it fails, and says why', async () => {
    await mkdir(join(company.directory, 'kept'))
    await writeFile(join(company.directory, 'kept', 'index.csv'), 'earlier')
    const unknown = await company.inW(['export', 'statements', '-p', '2026-10', '--key', 'C-77', '-o', 'kept'])
    expect(unknown.code).not.toBe(0)
    expect(unknown.notes()).toContain('C-77')
    expect(await readdir(join(company.directory, 'kept'))).toEqual(['index.csv'])
    const open = await company.inW(['export', 'statements', '-p', '2026-08', '-o', 'kept'])
    expect(open.notes()).toContain('2026-08 has not been closed')
    const onFile = await company.inW(['export', 'statements', '-p', '2026-10', '-o', 'charges.csv'])
    expect(onFile.notes()).toContain('charges.csv')
    expect(onFile.code).toBe(2)
  })
})
