// The journal and the FOCUS rows of a small company, worked out by hand: adjusted, phone-1 of C-1 carries 5.00, the phones of
// C-2 carry 65.00 and 30.00, and 1.50 of tax is nobody's; together the bill of 101.50.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FOCUS_COLUMNS } from '@spillway/core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { companyWithOctober, FILES, type SmallCompany } from './small-company.ts'

/** October is closed and not published; only the last test of the file changes it. */
let shared: SmallCompany
let company: SmallCompany
beforeAll(async () => {
  shared = await companyWithOctober({ isClosed: true })
})
beforeEach(() => {
  company = shared
})
afterAll(() => shared.remove())

type Row = Readonly<Record<string, string>>

/** Rows by column; the cells asked for have no commas. */
async function rowsOf(args: ReadonlyArray<string>): Promise<{ rows: Row[]; notes: string; code: number }> {
  const { written, notes, code } = await company.inW([...args, '-p', '2026-10', '--format', 'ndjson'])
  const lines = written().trimEnd().split('\n')
  return { rows: lines.map((line) => JSON.parse(line) as Row), notes: notes(), code }
}
const shown = (rows: ReadonlyArray<Row>) =>
  rows.map(({ journal, line, gl_code, cost_centre, vendor, debit, credit }) =>
    [journal, line, gl_code, `${cost_centre}${vendor}`, debit ? `D ${debit}` : `C ${credit}`].join(' '),
  )
const cents = (text: string | undefined) => (text ? BigInt(text.replace('.', '')) : 0n)
const sum = (rows: ReadonlyArray<Row>, column: string) => rows.reduce((total, row) => total + cents(row[column]), 0n)

/** Debits less credits by GL code, cost centre and vendor, without those that come to nothing. */
function balances(rows: ReadonlyArray<Row>): Record<string, bigint> {
  const sums = new Map<string, bigint>()
  for (const row of rows) {
    const key = [row.entity, row.gl_code, row.cost_centre, row.vendor].join(' ')
    sums.set(key, (sums.get(key) ?? 0n) + cents(row.debit) - cents(row.credit))
  }
  return Object.fromEntries([...sums].filter(([, minor]) => minor !== 0n))
}

async function applyRules(text: string): Promise<void> {
  await writeFile(join(company.directory, 'journal.yaml'), text)
  expect((await company.inW(['apply', '-f', 'journal.yaml'])).code).toBe(0)
}

describe('export journal', () => {
  it('books what the reports show and the invoice says, by default rules that it names', async () => {
    const { rows, notes, code } = await rowsOf(['export', 'journal'])
    expect(shown(rows)).toEqual([
      '2026-10.1-adjusted-COMPANY-USD 1 6100 C-1 D 5.00',
      '2026-10.1-adjusted-COMPANY-USD 2 6200 C-2 D 95.00',
      '2026-10.1-adjusted-COMPANY-USD 3 SUSPENSE  D 1.50',
      '2026-10.1-adjusted-COMPANY-USD 4 PAYABLE acme C 101.50',
    ])
    expect(new Set(rows.map(({ state, date, rules }) => `${state} ${date} ${rules}`))).toEqual(
      new Set(['draft 2026-10-31 default']),
    )
    expect([code, notes]).toEqual([1, expect.stringContaining('uses default rules: entity COMPANY')])
    expect(notes).toContain('do not book a draft')
    expect(notes).toContain('1.50 USD that no cost centre owns stand in suspense')
    const charges = await rowsOf(['report', 'charges'])
    const { rows: invoices } = await rowsOf(['report', 'reconciliation'])
    expect([sum(rows, 'debit'), sum(rows, 'credit')]).toEqual([
      sum(charges.rows, 'adjusted'),
      sum(charges.rows, 'adjusted'),
    ])
    expect(sum(rows, 'credit')).toBe(sum(invoices, 'total'))
    const actual = await rowsOf(['export', 'journal', '--view', 'actual', '--date', '2026-11-03'])
    expect(shown(actual.rows).slice(0, 2)).toEqual([
      '2026-10.1-actual-COMPANY-USD 1 6100 C-1 D 95.00',
      '2026-10.1-actual-COMPANY-USD 2 6200 C-2 D 5.00',
    ])
    expect(actual.rows[0]?.date).toBe('2026-11-03')
  })

  it('reverses what was published before a reopening, so that all three together come to the new one', async () => {
    company = await companyWithOctober()
    const rules = `kind: Journal
name: telecom
entity: US
payable: "2100"
suspense: "9999"
entities: [{ entity: UK, cost-centres: [C-2], payable: "2200" }]
`
    await applyRules(rules)
    for (const args of [
      ['close', '2026-10'],
      ['publish', '2026-10'],
    ])
      await company.inW(args)
    const before = await rowsOf(['export', 'journal'])
    expect(shown(before.rows)).toEqual([
      '2026-10.1-adjusted-UK-USD 1 6200 C-2 D 95.00',
      '2026-10.1-adjusted-UK-USD 2 2200 acme C 95.00',
      '2026-10.1-adjusted-US-USD 1 6100 C-1 D 5.00',
      '2026-10.1-adjusted-US-USD 2 9999  D 1.50',
      '2026-10.1-adjusted-US-USD 3 2100 acme C 6.50',
    ])
    await company.inW(['reopen', '2026-10', '--reason', 'late credit'])
    const alone = await rowsOf(['export', 'journal', '--reversal'])
    expect(alone.rows.map(({ kind }) => kind)).toEqual(Array(5).fill('reversal'))

    await applyRules(rules.replace('"2200"', '"2201"'))
    const corrected = `${FILES['charges.csv']}${FILES['charges.csv']?.split('\n')[2]?.replace(',2,phone-1', ',5,phone-1').replace('subscription', 'credit').replace('5.00', '-9.00')}\n`
    await writeFile(join(company.directory, 'corrected.csv'), corrected)
    await writeFile(join(company.directory, 'totals.csv'), FILES['invoices.csv']?.replace('101.50', '92.50') ?? '')
    for (const args of [
      ['import', 'corrected.csv', 'totals.csv'],
      ['close', '2026-10'],
      ['publish', '2026-10'],
    ]) {
      const done = await company.inW(args)
      expect([args, done.code, done.notes()]).toEqual([
        args,
        args[0] === 'publish' ? 0 : done.code,
        expect.not.stringContaining('refused'),
      ])
    }
    const both = await rowsOf(['export', 'journal', '--reversal'])
    const reversal = both.rows.filter(({ kind }) => kind === 'reversal')
    const after = both.rows.filter(({ kind }) => kind === 'journal')
    expect(reversal.map(({ reverses, debit, credit, rules: label }) => [reverses, credit, debit, label])).toEqual(
      before.rows.map(({ journal, debit, credit }) => [journal, debit, credit, 'Journal/telecom v1']),
    )
    expect(balances([...before.rows, ...reversal])).toEqual({})
    expect(balances([...before.rows, ...both.rows])).toEqual(balances(after))
    expect(shown(after)).toEqual([
      '2026-10.2-adjusted-UK-USD 1 6200 C-2 D 95.00',
      '2026-10.2-adjusted-UK-USD 2 2201 acme C 95.00',
      '2026-10.2-adjusted-US-USD 1 6100 C-1 C 4.00',
      '2026-10.2-adjusted-US-USD 2 9999  D 1.50',
      '2026-10.2-adjusted-US-USD 3 2100 acme D 2.50',
    ])
    await company.remove()
  })

  it.each([
    [['-p', '2026-10', '--reversal'], 2, 'no earlier journal of 2026-10 to reverse'],
    [['-p', '2026-09'], 3, '2026-09 has not been closed'],
    [['-p', '2026-10', '--date', 'soon'], 2, '"soon" is no date'],
    [['-p', '2026-10', '--rules', 'none'], 2, 'no document of kind Journal named none'],
    [[], 2, "required option '-p, --period <period>' not specified"],
  ])('refuses %j', async (args, exitCode, words) => {
    const { code, notes, written } = await company.inW(['export', 'journal', ...args])
    expect([code, notes(), written()]).toEqual([exitCode, expect.stringContaining(words), ''])
  })
})

describe('export focus', () => {
  it('has the columns of FOCUS 1.3, and sums to the invoice in both views', async () => {
    const { rows, code } = await rowsOf(['export', 'focus'])
    expect(code).toBe(0)
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(FOCUS_COLUMNS.map(({ name }) => name))
      for (const { name, isNullable, allowed } of FOCUS_COLUMNS) {
        if (!isNullable) expect([name, row[name]]).not.toEqual([name, null])
        expect([name, row[name]]).not.toEqual([name, ''])
        if (allowed && row[name] !== null) expect(allowed).toContain(row[name])
      }
      expect(row.AllocatedMethodId === null).toBe(row.AllocatedTags === null && row.AllocatedResourceId === null)
    }
    for (const column of ['BilledCost', 'EffectiveCost', 'ListCost', 'ContractedCost', 'x_ActualCost'])
      expect([column, sum(rows, column)]).toEqual([column, 10150n])
    expect(rows.map((row) => [row.ResourceId, row.AllocatedResourceId, row.BilledCost, row.x_ActualCost])).toEqual([
      ['P-1', 'phone-1', '0.00', '90.00'],
      ['P-1', 'phone-2', '60.00', '0.00'],
      ['P-1', 'phone-3', '30.00', '0.00'],
      ['phone-1', null, '5.00', '5.00'],
      ['phone-2', null, '5.00', '5.00'],
      [null, null, '1.50', '1.50'],
    ])
  })
})

describe('the rules of a journal', () => {
  it('are those that the run was closed with, or others where they are named', async () => {
    await applyRules('kind: Journal\nname: telecom\npayable: "2100"\n')
    const old = await rowsOf(['export', 'journal'])
    expect([old.rows.at(-1)?.gl_code, old.notes]).toEqual([
      'PAYABLE',
      expect.stringContaining('telecom@1 is in force now'),
    ])
    await applyRules('kind: Journal\nname: telecom\npayable: "2101"\n')
    for (const [name, code] of [
      ['telecom', '2101'],
      ['telecom@1', '2100'],
    ] as const)
      expect((await rowsOf(['export', 'journal', '--rules', name])).rows.at(-1)?.gl_code).toBe(code)
    await applyRules('kind: Journal\nname: other\npayable: "3100"\n')
    await company.inW(['close', '2026-10'])
    expect((await company.inW(['export', 'journal', '-p', '2026-10'])).notes()).toContain('Name one with --rules.')
    expect((await rowsOf(['export', 'journal', '--rules', 'other'])).rows.at(-1)?.gl_code).toBe('3100')
  })
})
