import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RejectedTable, Table } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mendedPart } from '../../intake/mended-rows.ts'
import { openFile } from '../../intake/open-file.ts'
import { encodeRejects, rejectsFileName } from './encode-rejects.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-rejects-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const rejected = (given: Partial<RejectedTable>, ...raws: ReadonlyArray<string>): RejectedTable => ({
  ...{ batch: 'b1', file: 'a.csv', member: '', sheet: '', header: ['Name', 'Amount', 'Note'], delimiter: ';' },
  rows: (async function* () {
    yield raws.map((raw, at) => ({
      ...{ line: at + 2, raw, column: 'Amount', value: 'x', code: 'amount-unreadable' },
      ...{ message: 'Amount is "x".', hint: '' },
    }))
  })(),
  ...given,
})

async function textOf(table: RejectedTable): Promise<string> {
  let text = ''
  for await (const piece of encodeRejects(table)) text += piece
  return text
}

async function readBack(text: string): Promise<{ table: Table; rows: unknown[]; supplements: string | undefined }> {
  const path = join(folder, 'mended.csv')
  await writeFile(path, text)
  const [part] = await openFile(path)
  if (!part) throw new Error('a file has a part')
  const mended = await mendedPart(part)
  // What a source says of its own files must not matter.
  const table = await mended.openTable({ delimiter: ';', headerRow: 4, encoding: 'utf-16le' })
  const rows: unknown[] = []
  for await (const batch of table.rows)
    for (const row of batch) rows.push('cells' in row ? row.cells : row.problem.code)
  await part.close()
  return { table, rows, supplements: mended.supplements }
}

describe('refused rows', () => {
  it('are written with the reason before their own columns, formulas harmless, and read back as they were', async () => {
    const text = await textOf(rejected({}, '=1+1;-5,00;"a; b"', '@x;+1;\u0027=y', 'short'))
    expect(text.split('\n').slice(0, 2)).toEqual([
      '\ufeffrejected_from,rejected_at,rejected_because,Name,Amount,Note',
      `b1,a.csv:2,"Amount is ""x"".",'=1+1,"'-5,00",a; b`,
    ])
    const { table, rows, supplements } = await readBack(text)
    expect([table.header, table.isPlain, supplements]).toEqual([['Name', 'Amount', 'Note'], undefined, 'b1'])
    expect(rows).toEqual([
      ['=1+1', '-5,00', 'a; b'],
      ['@x', '+1', "'=y"],
      ['short', '', ''],
    ])
  })

  it('of a sheet stay plain; of a row whose passcodes were taken out the tabs part the cells', async () => {
    const { table, rows } = await readBack(await textOf(rejected({ sheet: 'Usage' }, '1\t[removed]\t2026-10-01')))
    expect([table.isPlain, rows]).toEqual([true, [['1', '[removed]', '2026-10-01']]])
  })

  it('of several imports are not mixed', async () => {
    const text = await textOf(rejected({}, 'a;1;', 'b;2;'))
    const { rows } = await readBack(text.replace(/\nb1,(.*),b,/, '\nb2,$1,b,'))
    expect(rows).toEqual([['a', '1', ''], 'row-unreadable'])
  })

  it.each([
    [{ delimiter: '' }, '{"a":1}', 'b1,a.csv:2,"Amount is ""x"".","{""a"":1}"'],
    [{ header: [] }, 'a;b', 'b1,a.csv:2,"Amount is ""x"".",a;b'],
  ])('whose cells are not known apart are told whole: %j', async (given, raw, line) => {
    expect((await textOf(rejected(given, raw))).split('\n')).toEqual([
      '\ufeffrejected_from,rejected_at,rejected_because,row',
      line,
      '',
    ])
  })

  it('are called after their file and table', () => {
    const named = { file: 'x/bills 10.zip', member: 'in/detail.txt', sheet: '' }
    expect(rejectsFileName(named)).toBe('bills-10-detail-rejects.csv')
  })
})
