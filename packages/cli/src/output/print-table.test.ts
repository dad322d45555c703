import type { ReportColumn } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { recordingTerminal } from '../../test/recording-terminal.ts'
import { drawTable, groupThousands } from './print-table.ts'

const COLUMNS: ReadonlyArray<ReportColumn> = [
  { key: 'service', title: 'Service', kind: 'text' },
  { key: 'policy', title: 'Policy', kind: 'text', isDetail: true },
  { key: 'usage_type', title: 'Usage type', kind: 'text', isDetail: true },
  { key: 'used', title: 'Used', kind: 'usage' },
  { key: 'amount', title: 'Amount', kind: 'amount' },
  { key: 'note', title: 'Note', kind: 'text' },
]
const ROWS = [
  ['phone-1', 'field-data', 'data', '253680000000', '1234567.50', 'carries what it used of the pool'],
  ['phone-2', 'field-data', 'voice', '5', '-0.50', ''],
]

const draw = (width: number) =>
  drawTable({ columns: COLUMNS, rows: ROWS }, recordingTerminal({ directory: '/', width }))

describe('a table', () => {
  it('shows everything where there is room, numbers to the right', () => {
    expect(draw(120)).toBe(`Service  Policy      Usage type      Used        Amount  Note
phone-1  field-data  data        253.7 GB  1,234,567.50  carries what it used of the pool
phone-2  field-data  voice            5 s         -0.50
`)
  })

  it('leaves details out, the first ones first, and names them', () => {
    expect(draw(80)).toBe(`Service  Usage type      Used        Amount  Note
phone-1  data        253.7 GB  1,234,567.50  carries what it used of the pool
phone-2  voice            5 s         -0.50
Left out for want of width: policy. --format csv has every column.
`)
  })

  it('wraps texts at words where that is not enough, and keeps ids and numbers whole', () => {
    expect(draw(46)).toBe(`Service      Used        Amount  Note
phone-1  253.7 GB  1,234,567.50  carries what
                                 it used of
                                 the pool
phone-2       5 s         -0.50
Left out for want of width: policy, usage
type. --format csv has every column.
`)
  })

  it('sets totals off with a rule', () => {
    const columns = COLUMNS.filter(({ key }) => key === 'service' || key === 'amount')
    const terminal = recordingTerminal({ directory: '/' })
    expect(drawTable({ columns, rows: [['a', '1.00']], totals: [['Total', '1.00']] }, terminal)).toBe(
      'Service  Amount\na          1.00\n───────  ──────\nTotal      1.00\n',
    )
  })

  it('has no column without a single cell', () => {
    const rows = [['phone-1', '', '', '5', '1.00', '']]
    expect(drawTable({ columns: COLUMNS, rows }, recordingTerminal({ directory: '/' }))).toBe(
      'Service  Used  Amount\nphone-1     5    1.00\n',
    )
  })

  it('is a head alone without rows', () => {
    expect(drawTable({ columns: COLUMNS.slice(0, 1), rows: [] }, recordingTerminal({ directory: '/' }))).toBe(
      'Service\n',
    )
  })
})

describe('thousands separators', () => {
  it.each([
    ['0.00', '0.00'],
    ['999', '999'],
    ['1000', '1,000'],
    ['-1234567.50', '-1,234,567.50'],
    ['0.1234567', '0.1234567'],
    ['12345678901234567890', '12,345,678,901,234,567,890'],
    ['', ''],
    ['INV-1000', 'INV-1000'],
  ])('make %j %j', (text, expected) => {
    expect(groupThousands(text)).toBe(expected)
  })
})
