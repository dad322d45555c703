import { join } from 'node:path'
import type { LocalDate, ReadRow } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { factsOf, isRefused, isUsage, problemsOf, sum } from '../../../test/facts.ts'
import { generateUsageReport } from '../../../test/generators/microsoft-365.ts'
import { describeImporter } from '../../../test/importer-contract.ts'
import { readWith, withFile } from '../../../test/read-file.ts'
import { readAll, tableOf } from '../../../test/table-of.ts'
import { writeGrid } from '../../../test/variants.ts'
import { reportDays } from './report-days.ts'
import { MICROSOFT_365_REPORTS } from './usage-reports.ts'

const SAMPLES = join(import.meta.dirname, 'samples')
const SAMPLES_OF: Readonly<Record<string, ReadonlyArray<string>>> = {
  'microsoft-365-teams': ['teams-user-activity', 'teams-user-activity-2019'],
  'microsoft-365-email': ['email-activity'],
  'microsoft-365-mailbox': ['mailbox-usage'],
  'microsoft-365-onedrive': ['onedrive-usage'],
  'microsoft-365-sharepoint': ['sharepoint-site-usage'],
  'microsoft-365-onedrive-activity': ['onedrive-activity'],
  'microsoft-365-sharepoint-activity': ['sharepoint-activity'],
  'microsoft-365-activations': ['office-activations'],
  'microsoft-365-active-users': ['active-users'],
}
const FOREIGN = ['seat-invoice', 'license-based-invoice']

for (const importer of MICROSOFT_365_REPORTS) {
  const own = SAMPLES_OF[importer.name] ?? []
  const others = [...Object.values(SAMPLES_OF).flat(), ...FOREIGN].filter((name) => !own.includes(name))
  describeImporter({
    importer,
    samples: own.map((name) => ({
      path: join(SAMPLES, `${name}.csv`),
      expectedPath: join(SAMPLES, `${name}.expected.ndjson`),
    })),
    foreignPaths: [
      ...others.map((name) => join(SAMPLES, `${name}.csv`)),
      join(import.meta.dirname, '../canonical/samples/usage.csv'),
    ],
  })
}

const importerOf = (name: string) => {
  const importer = MICROSOFT_365_REPORTS.find((one) => one.name === name)
  if (!importer) throw new Error(`no importer ${name}`)
  return importer
}

const USER = {
  'Report Refresh Date': '2026-11-02',
  'User Principal Name': 'Ada.Moss@Birchfield.example',
  'Last Activity Date': '2026-11-01',
  'Assigned Products': 'MICROSOFT 365 E3',
  'Team Chat Message Count': '3',
  'Private Chat Message Count': '40',
  'Call Count': '0',
  'Meeting Count': '7',
  'Report Period': '30',
}
const read = (...users: Partial<typeof USER>[]) => {
  const rows = users.map((user) => Object.values({ ...USER, ...user }))
  return readAll(importerOf('microsoft-365-teams'), tableOf(Object.keys(USER), rows))
}
const day = (text: string) => text as LocalDate
const instant = (text: string) => Date.parse(`${text}T00:00:00Z`) * 1000

describe('the days of a report', () => {
  it.each([
    ['2026-10-31', '30', '2026-10-01', '2026-10-02', '2026-11-01', '2026-10'],
    ['2026-11-02', '30', '2026-10-01', '2026-10-04', '2026-11-01', '2026-10'],
    ['2026-11-20', '30', '2026-11-01', '2026-11-01', '2026-11-21', '2026-11'],
    ['2026-11-02', '7', '2026-10-01', '2026-10-27', '2026-11-01', 'week-of-2026-11-02'],
    ['2026-11-08', '7', '2026-11-01', '2026-11-02', '2026-11-09', 'week-of-2026-11-02'],
    ['2026-11-09', '7', '2026-11-01', '2026-11-03', '2026-11-10', 'week-of-2026-11-09'],
  ] as const)(
    'refreshed on %s over %s days count in the month from %s, from %s to %s',
    (on, length, month, from, to, document) => {
      expect(reportDays(day(on), length)).toMatchObject({
        monthOn: month,
        counted: { startOn: from, endOn: to },
        document,
      })
    },
  )
})

describe('a user of Teams', () => {
  it('is one use of each thing that was done, in the month with most of the days', async () => {
    const uses = factsOf(await read({})).filter(isUsage)
    expect(uses.map(({ app, quantityBase }) => [app, quantityBase])).toEqual([
      ['Teams channel messages', 3n],
      ['Teams chat messages', 40n],
      ['Teams meetings', 7n],
    ])
    expect(uses[0]).toMatchObject({
      source: 'microsoft-365-teams',
      account: 'birchfield.example',
      service: 'ada.moss@birchfield.example',
      usageType: 'app',
      unit: 'count',
      startedAt: instant('2026-10-04'),
      endedAt: instant('2026-11-01'),
      view: 'class-summary',
      cycleOn: '2026-10-01',
      extra: { 'Last Activity Date': '2026-11-01', 'Report Period': '30', 'Assigned Products': 'MICROSOFT 365 E3' },
    })
  })

  it('who did nothing is a use of 0 that tells of the last activity', async () => {
    const idle = { 'Team Chat Message Count': '0', 'Private Chat Message Count': '0', 'Meeting Count': '' }
    expect(factsOf(await read({ ...idle, 'Last Activity Date': '2026-05-01' }))).toMatchObject([
      { app: 'Teams', quantityBase: 0n, extra: { 'Last Activity Date': '2026-05-01' } },
    ])
  })

  it('keeps its names when a later report of the same month says more, and replaces it', async () => {
    const [before, after] = [await read({}), await read({ 'Report Refresh Date': '2026-11-05', 'Meeting Count': '9' })]
    const named = (rows: ReadonlyArray<ReadRow>) =>
      rows.flatMap(({ facts }) => facts.map(({ document, fact }) => [document, isUsage(fact) && fact.id]))
    expect(named(after)).toEqual(named(before))
  })

  it('of a weekly report counts where no monthly one tells of the month', async () => {
    const [document] = (await read({ 'Report Period': 'D7' })).flatMap(({ facts }) => facts)
    expect(document).toMatchObject({
      document: { part: 'line-usage', invoice: 'microsoft-365-teams-week-of-2026-11-02' },
      fact: { view: 'line-summary', cycleOn: '2026-10-01' },
    })
  })

  it('whose name is concealed counts under the hash, and the file says so once', async () => {
    const hash = '4F2A9C0D1E8B7A6655443322110FFEED'
    const rows = await read({ 'User Principal Name': hash }, { 'User Principal Name': hash.replace('4', '5') })
    expect(problemsOf(rows)).toEqual([
      { line: 2, code: 'names-concealed', severity: 'warning', at: 'User Principal Name' },
    ])
    expect(factsOf(rows)).toHaveLength(6)
    expect(factsOf(rows)[0]).toMatchObject({ service: hash.toLowerCase(), account: '' })
  })

  it.each([
    ['Report Refresh Date', '', 'value-missing'],
    ['Report Refresh Date', '2026-02-30', 'date-unreadable'],
    ['Report Refresh Date', '9999-12-31', 'date-unreadable'],
    ['Report Refresh Date', '0001-01-01', 'date-unreadable'],
    ['User Principal Name', '', 'value-missing'],
    ['Last Activity Date', 'today', 'date-unreadable'],
    ['Report Period', '', 'value-missing'],
    ['Report Period', '90', 'value-unknown'],
    ['Report Period', 'D180', 'value-unknown'],
    ['Call Count', '-1', 'number-unreadable'],
    ['Call Count', '1.5', 'number-unreadable'],
    ['Meeting Count', 'x', 'number-unreadable'],
  ])('with the %s "%s" is quarantined', async (column, value, code) => {
    const rows = await read({ [column]: value })
    expect(problemsOf(rows)).toEqual([{ line: 2, code, severity: 'error', at: column }])
    expect(factsOf(rows)).toEqual([])
  })
})

describe('what is stored', () => {
  const HEADER = ['Report Refresh Date', 'User Principal Name', 'Item Count', 'Storage Used (Byte)', 'Report Period']
  const readMailbox = (bytes: string, period: string) => {
    const row = ['2026-10-31', 'ada@birchfield.example', '5', bytes, period]
    return readAll(importerOf('microsoft-365-mailbox'), tableOf(HEADER, [row]))
  }

  it.each([
    ['1000', '30', 720_000n],
    ['1000', '7', 168_000n],
  ])('%s bytes in a report of %s days are %s byte-hours', async (bytes, period, quantityBase) => {
    expect(factsOf(await readMailbox(bytes, period))).toMatchObject([
      { usageType: 'storage', quantityBase, unit: 'Bh', app: 'Exchange', extra: { 'Storage Used (Byte)': bytes } },
    ])
  })

  it.each([
    ['', 'value-missing'],
    ['2 GB', 'number-unreadable'],
    ['9999999999999999', 'number-unreadable'],
  ])('is quarantined as "%s"', async (bytes, code) => {
    expect(problemsOf(await readMailbox(bytes, '30'))).toMatchObject([{ code, at: 'Storage Used (Byte)' }])
  })
})

describe('a last use', () => {
  const HEADER = ['Report Refresh Date', 'User Principal Name', 'Has Exchange License', 'Exchange Last Activity Date']
  it.each([
    ['2026-11-02', 'Exchange', 1n],
    ['2026-10-04', 'Exchange', 1n],
    ['2026-10-03', 'Microsoft 365', 0n],
    ['', 'Microsoft 365', 0n],
  ])('on "%s" is a use of %s: %s', async (lastOn, app, quantityBase) => {
    const row = ['2026-11-02', 'ada@birchfield.example', 'True', lastOn]
    const rows = await readAll(importerOf('microsoft-365-active-users'), tableOf(HEADER, [row]))
    expect(factsOf(rows)).toMatchObject([{ app, quantityBase, cycleOn: '2026-10-01' }])
  })
})

it('a last use of what another report counts is of that report, and comes after its figures', async () => {
  const header = ['Report Refresh Date', 'User Principal Name', 'Has Exchange License']
  const row = ['2026-11-02', 'ada@birchfield.example', 'True', '2026-11-01', '2026-11-01']
  const table = tableOf([...header, 'Exchange Last Activity Date', 'Yammer Last Activity Date'], [row])
  expect(factsOf(await readAll(importerOf('microsoft-365-active-users'), table))).toMatchObject([
    { source: 'microsoft-365-email', app: 'Exchange', view: 'itemised' },
    { source: 'microsoft-365-active-users', app: 'Yammer', view: 'itemised' },
  ])
})

describe('generated reports', () => {
  it('yield exactly what was used and stored, with exactly the planted rows in quarantine', async () => {
    const seeds = fc.integer({ min: 1, max: 1_000_000_000 })
    await fc.assert(
      fc.asyncProperty(seeds, fc.integer({ min: 0, max: 3 }), async (seed, unreadableRows) => {
        const report = generateUsageReport({ seed, unreadableRows })
        const text = writeGrid(report, { delimiter: report.delimiter })
        const rows = await withFile('report.csv', text, (path) => readWith(importerOf(report.importer), path))
        expect(rows).toHaveLength(report.rows.length)
        expect(rows.filter(isRefused).map(({ line }) => line)).toEqual(report.unreadableLines)
        const warned = problemsOf(rows).filter(({ severity }) => severity === 'warning')
        expect(warned.map(({ code }) => code)).toEqual(report.areNamesConcealed ? ['names-concealed'] : [])
        const uses = factsOf(rows).filter(isUsage)
        const total = (usageType: string) =>
          sum(uses.filter((use) => use.usageType === usageType).map(({ quantityBase }) => quantityBase))
        expect(total('app')).toBe(BigInt(report.uses))
        expect(total('storage')).toBe(report.byteHours)
        expect([...new Set(uses.map(({ service }) => service))].sort()).toEqual([...new Set(report.users)].sort())
        expect(new Set(uses.map(({ id }) => id)).size).toBe(uses.length)
        if (uses.length > 0) expect(new Set(uses.map(({ cycleOn }) => cycleOn))).toEqual(new Set([report.monthOn]))
      }),
      { numRuns: 60 },
    )
  })

  it('are the same for the same seed', () => {
    expect(generateUsageReport({ seed: 7 })).toEqual(generateUsageReport({ seed: 7 }))
  })
})
