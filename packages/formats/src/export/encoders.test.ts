import type { Report } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { REPORT_ENCODERS, type ReportFormat } from './encoders.ts'

const reportOf = (rows: ReadonlyArray<ReadonlyArray<string>>): Report => ({
  name: 'charges',
  title: 'Charges',
  columns: [
    { key: 'key', title: 'Key', kind: 'text' },
    { key: 'actual', title: 'Actual', kind: 'amount' },
  ],
  rows: (async function* () {
    yield rows.slice(0, 1)
    yield []
    yield rows.slice(1)
  })(),
})

async function encode(format: ReportFormat, rows: ReadonlyArray<ReadonlyArray<string>>): Promise<string> {
  let text = ''
  for await (const piece of REPORT_ENCODERS[format](reportOf(rows))) text += piece
  return text
}

describe('the encoders of a report', () => {
  it('write a header of keys and quote what CSV needs quoted', async () => {
    expect(
      await encode('csv', [
        ['a,b', '1.00'],
        ['say "x"\nnow', '-2.50'],
      ]),
    ).toBe('key,actual\n"a,b",1.00\n"say ""x""\nnow",-2.50\n')
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['+cmd', "'+cmd"],
    ['-', "'-"],
    ['@x', "'@x"],
    ['\tx', "'\tx"],
    ['-12.50', '-12.50'],
    ['+15551234567', '+15551234567'],
    ['1=1', '1=1'],
  ])('make the cell %j harmless as %j unless it is a number', async (cell, expected) => {
    expect(await encode('csv', [[cell, '0.00']])).toBe(`key,actual\n${expected},0.00\n`)
  })

  it('keep a carriage return inside quotes after neutralising it', async () => {
    expect(await encode('csv', [['\rx', '0.00']])).toBe(`key,actual\n"'\rx",0.00\n`)
  })

  it('write JSON and NDJSON with amounts as texts', async () => {
    expect(
      JSON.parse(
        await encode('json', [
          ['a', '1.00'],
          ['b', '2.00'],
        ]),
      ),
    ).toEqual([
      { key: 'a', actual: '1.00' },
      { key: 'b', actual: '2.00' },
    ])
    expect(await encode('json', [])).toBe('[]\n')
    expect(await encode('ndjson', [['=a', '1.00']])).toBe('{"key":"=a","actual":"1.00"}\n')
  })
})
