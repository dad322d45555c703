import type { Report } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { encodeReportPdf } from './encode-report.ts'

const reportOf = (rows: string[][], below: ReadonlyArray<Report> = []): Report => ({
  name: 'calls',
  title: 'Calls of 2026-10',
  columns: [
    { key: 'name', title: 'Name', kind: 'text' },
    { key: 'hidden', title: 'Hidden', kind: 'text', isDetail: true },
    { key: 'currency', title: 'Currency', kind: 'text' },
    { key: 'amount', title: 'Amount', kind: 'amount' },
  ],
  hasTotals: true,
  rows: (async function* () {
    yield rows
  })(),
  below,
})

async function bytesOf(report: Report): Promise<Buffer> {
  const pieces: Uint8Array[] = []
  for await (const piece of encodeReportPdf(report)) pieces.push(piece)
  return Buffer.concat(pieces)
}

describe('a report on paper', () => {
  const rows = Array.from({ length: 200 }, (_, index) => [`Call ${index} 電話`, 'x', 'USD', '1234.50'])

  it('is the same bytes for the same report, with as many pages as it needs', async () => {
    const first = await bytesOf(reportOf(rows, [reportOf([])]))
    expect(first.subarray(0, 5).toString('latin1')).toBe('%PDF-')
    expect(first.equals(await bytesOf(reportOf(rows, [reportOf([])])))).toBe(true)
    expect(first.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeGreaterThan(3)
    expect(first.equals(await bytesOf(reportOf(rows)))).toBe(false)
  })

  it('refuses more rows than anybody turns pages for', async () => {
    const many = Array.from({ length: 10_001 }, () => ['a', '', 'USD', '1.00'])
    await expect(bytesOf(reportOf(many))).rejects.toMatchObject({ kind: 'bad-command' })
  })
})
