import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rowsOf, withFile } from '../../../test/read-file.ts'
import { toUtf16 } from '../../../test/variants.ts'
import { openFile } from '../open-file.ts'
import type { IntakeLimits } from '../part.ts'
import { DocumentSplitter } from './document-splitter.ts'
import { LineSplitter } from './line-splitter.ts'

const SMALL: Partial<IntakeLimits> = { recordLengthMax: 200, columnsMax: 5, cellLengthMax: 150 }

async function tableOf(text: string | Buffer, limits: Partial<IntakeLimits> = {}) {
  return withFile('records.json', text, async (path) => {
    const [part] = await openFile(path, { limits })
    const table = await part?.openTable()
    if (!table) throw new Error('no part')
    const rows = (await rowsOf(table)).map((row) => ({
      line: row.line,
      cells: 'cells' in row ? row.cells : row.problem.code,
    }))
    return { header: table.header, rows }
  })
}

const ROWS = [
  { line: 1, cells: ['1', 'x'] },
  { line: 2, cells: ['2', ''] },
]
const [ONE, TWO] = ['{"a":1,"b":{"c":"x"}}', '{"a":2}']

describe('JSON is a table', () => {
  it.each([
    ['a record on each line', `${ONE}\n${TWO}\n`],
    ['a list', `[${ONE},${TWO}]`],
    ['a list in lines', `[\n  ${ONE},\n  ${TWO}\n]\n`],
    ['objects one after another', `${ONE}${TWO}`],
    ['a page', `{"page":0,"next":null,"records":[${ONE} , ${TWO}],"meta":{"key":["x"]}}`],
    ['pages one after another', `{"records":[${ONE}]}\n{"records":[],"n":1}\n{"n":1,"records":[${TWO}]}`],
    ['UTF-16', toUtf16(`[${ONE},${TWO}]`, { isBigEndian: true })],
    ['UTF-8 with a mark', `\ufeff${ONE}\n${TWO}`],
  ])('from %s', async (_, text) => {
    const { header, rows } = await tableOf(text)
    expect(header).toEqual(['a', 'b.c'])
    expect(rows).toEqual(ROWS)
  })

  it('with the line of the file where each record has its own', async () => {
    expect((await tableOf(`\r\n${ONE}\r\n\r\n${TWO}`)).rows.map(({ line }) => line)).toEqual([2, 4])
  })

  it('of one row where the object has no list of objects', async () => {
    const { header, rows } = await tableOf(JSON.stringify({ a: { b: [1, 2] }, c: [] }, null, 2))
    expect(header).toEqual(['a.b', 'c'])
    expect(rows).toHaveLength(1)
  })

  it.each([
    ['a line', `${ONE}\n{"a":tru}\n${TWO}\n`, 2],
    ['the first line', `{"a":\n${ONE}\n${TWO}\n`, 1],
    ['the last line', `${ONE}\n${TWO}\n{"a":`, 3],
    ['an element', `[${ONE},7,${TWO}]`, 2],
    ['an element with a name twice', `[${ONE},{"a":1,"a":2},${TWO}]`, 2],
    ['an element that is a list', `[${ONE},[1,2],${TWO}]`, 2],
  ])('of which %s that cannot be read costs that row only', async (_, text, line) => {
    const { rows } = await tableOf(text)
    expect(rows).toHaveLength(3)
    expect(rows.filter(({ cells }) => cells === 'row-unreadable').map((row) => row.line)).toEqual([line])
  })
})

describe('JSON is refused', () => {
  it.each([
    ['a list that is cut off', `[${ONE},${TWO}`],
    ['a page that is cut off', `{"records":[${ONE}],"meta":`],
    ['a page whose frame is damaged', `{"records":[${ONE}],"meta":nul}`],
    ['a comma too many', `[${ONE},]`],
    ['two lists', `{"a":[${ONE}],"b":[${TWO}]}`],
    ['an empty list', '[]'],
    ['a page of nothing', '{"records":[{}]}'],
    ['something else behind it', `[${ONE}] 7`],
    ['brackets that do not pair', `[${ONE}}, ${TWO}]`],
  ])('as unreadable: %s', async (_, text) => {
    await expect(tableOf(text)).rejects.toMatchObject({ kind: 'unrecognised-file' })
  })

  it.each([
    ['a long line', `${ONE}\n{"a":"${'x'.repeat(1000)}"}\n`],
    ['a long record', `[${ONE},{"a":"${'x'.repeat(1000)}"}]`],
    ['a long frame', `{"x":"${'x'.repeat(1000)}","records":[${ONE}]}`],
    ['a long list without objects', `{"x":[${'1,'.repeat(1000)}1]}`],
    ['a long list of anything', `[[${'1,'.repeat(1000)}1]]`],
    ['many columns', `[${[1, 2, 3, 4, 5, 6].map((n) => `{"c${n}":1}`).join()}]`],
  ])('as hostile: %s', async (_, text) => {
    await expect(tableOf(text, SMALL)).rejects.toMatchObject({ kind: 'hostile-file' })
  })
})

describe('where the text is cut into blocks', () => {
  const limits = { recordLengthMax: 10_000 } as IntakeLimits

  it.each<[what: string, make: () => { push(block: string, isLast: boolean): ReadonlyArray<unknown> }, text: string]>([
    ['lines', () => new LineSplitter({ limits, name: 'f' }), `${ONE}\r\n\r\n${TWO}\r{"a":"é"}\n${ONE}`],
    [
      'documents',
      () => new DocumentSplitter({ limits, name: 'f' }),
      String.raw`{"x":[ 1],"r":[ {"a":"]}\\\""} , [7,[8]],"," ],"m":[]} {"a":[]} [{"b":2},{"c":"\\"}]`,
    ],
  ])('%s come out the same', (_, make, text) => {
    const whole = make().push(text, true)
    expect(whole.length).toBeGreaterThan(3)
    fc.assert(
      fc.property(fc.array(fc.nat({ max: text.length }), { maxLength: 12 }), (places) => {
        const cuts = [0, ...[...places].sort((a, b) => a - b), text.length]
        const splitter = make()
        const pieces = cuts.slice(1).flatMap((end, at) => splitter.push(text.slice(cuts[at], end), false))
        expect([...pieces, ...splitter.push('', true)]).toEqual(whole)
      }),
    )
  })
})
