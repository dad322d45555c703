import type { Report, ReportRow } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { percentText, tableForm } from './table-form.ts'

describe('percentText', () => {
  it.each([
    ['', ''],
    ['0.125400000', '12.5'],
    ['0.125500000', '12.6'],
    ['-0.000400000', '0.0'],
    ['-0.000500000', '-0.1'],
    ['-1.000000000', '-100.0'],
    ['1234.500000000', '123,450.0'],
  ])('of %j is %j', (share, expected) => expect(percentText(share)).toBe(expected))
})

const KEYS = 'key name currency month state adjusted change change_share year_change year_change_share services'.split(
  ' ',
)
const KIND_OF: Readonly<Record<string, 'amount' | 'share'>> = {
  adjusted: 'amount',
  change: 'amount',
  change_share: 'share',
  year_change: 'amount',
  year_change_share: 'share',
}

async function* inBatches(rows: ReadonlyArray<string>, size: number): AsyncGenerator<ReportRow[]> {
  for (let at = 0; at < rows.length; at += size) yield rows.slice(at, at + size).map((row) => row.split(','))
}

const TREND = [
  'a,Ada,JPY,2026-08,closed,900,,,,,1',
  'a,Ada,JPY,2026-09,not closed,,,,,,',
  'a,Ada,JPY,2026-10,closed,700,,,-300,-0.300000000,1',
  'a,Ada,USD,2026-08,closed,-1.50,,,,,1',
  'a,Ada,USD,2026-09,closed,-0.05,1.45,0.966666667,,,1',
  'a,Ada,USD,2026-10,closed,2.00,2.05,41.000000000,1.00,1.000000000,1',
  'b,,USD,2026-08,closed,0.00,,,,,0',
  'b,,USD,2026-09,closed,0.00,0.00,,,,0',
  'b,,USD,2026-10,closed,5.00,5.00,,,,1',
]

function reportOf(name: string, size: number): Report {
  const columns = KEYS.map((key) => ({ key, title: key, kind: KIND_OF[key] ?? ('text' as const) }))
  return { name, title: 'Title', columns, rows: inBatches(TREND, size) }
}

async function linesOf(report: Report): Promise<string[]> {
  const lines: string[] = []
  for await (const batch of report.rows) lines.push(...batch.map((row) => row.join(',')))
  return lines
}

describe('the table of a trend', () => {
  it.each([1, 2, 100])('has one row a key and currency, in batches of %i', async (size) => {
    const table = tableForm(reportOf('trend', size))
    expect(table.columns.map(({ title }) => title).join(',')).toBe(
      'key,name,currency,Months,Before,Now,Change,%,On year,% on year',
    )
    expect(await linesOf(table)).toEqual([
      'a,Ada,JPY,█·▁,,700,,,-300,-30.0',
      'a,Ada,USD,▁▃█,-0.05,2.00,2.05,4,100.0,1.00,100.0',
      'b,,USD,▁▁█,0.00,5.00,5.00,,,',
    ])
  })

  it('is the report itself for a report that reads well as it is', () => {
    const report = reportOf('charges', 1)
    expect(tableForm(report)).toBe(report)
  })
})
