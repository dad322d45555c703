import { gzipSync } from 'node:zlib'
import { Refusal } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { declareSize, renameMember, zipOf } from '../../test/archives.ts'
import { gridOf, rowsOf, withFile } from '../../test/read-file.ts'
import { openFile } from './open-file.ts'
import type { IntakeLimits } from './part.ts'
import { sampleTable } from './table-sample.ts'

const TEXT = 'a,b\n1,2\n3,4\n'

async function failureOf(bytes: Buffer | string, limits: Partial<IntakeLimits> = {}): Promise<Refusal> {
  return withFile('in.bin', bytes, async (path) => {
    try {
      for (const part of await openFile(path, { limits })) await rowsOf(await part.openTable())
    } catch (error) {
      if (error instanceof Refusal) return error
      throw error
    }
    throw new Error('the file was read')
  })
}

describe('a plain file', () => {
  it('is one part with its lines, whatever its name', async () => {
    await withFile('bill.pdf', TEXT, async (path) => {
      const [part, ...others] = await openFile(path)
      const table = await part!.openTable()
      expect([part!.member, part!.sheet, others.length]).toEqual(['', '', 0])
      expect([table.header, table.headerLine, table.problems]).toEqual([['a', 'b'], 1, []])
      expect(await rowsOf(table)).toEqual([
        { line: 2, cells: ['1', '2'], raw: '1,2' },
        { line: 3, cells: ['3', '4'], raw: '3,4' },
      ])
    })
  })

  it('fills missing cells, drops empty ones beyond the header, and refuses a row with more', async () => {
    await withFile('f.csv', 'a,b,c\n1\n1,2,3,,\n1,2,3,4\n', async (path) => {
      const [part] = await openFile(path)
      expect(await rowsOf(await part!.openTable())).toMatchObject([
        { line: 2, cells: ['1', '', ''] },
        { line: 3, cells: ['1', '2', '3'] },
        { line: 4, raw: '1,2,3,4', problem: { code: 'row-unreadable', source: { file: 'f.csv', line: 4 } } },
      ])
    })
  })

  it('is read by what is known of it: delimiter, header row, no header, encoding', async () => {
    await withFile('f.csv', 'Report\nof today\nx:y\n1:2\n', async (path) => {
      expect(await gridOf(path, { skip: 2, delimiter: ':' })).toMatchObject({ header: ['x', 'y'], rows: [['1', '2']] })
      expect(await gridOf(path, { headerRow: 3, delimiter: ':' })).toMatchObject({ header: ['x', 'y'], headerLine: 3 })
      const bare = await gridOf(path, { header: ['p', 'q'], skip: 2, delimiter: ':' })
      expect(bare).toMatchObject({
        header: ['p', 'q'],
        headerLine: 0,
        rows: [
          ['x', 'y'],
          ['1', '2'],
        ],
      })
    })
    await withFile('f.csv', Buffer.from([0x61, 0x0a, 0x82, 0xa0, 0x0a]), async (path) => {
      expect((await gridOf(path, { encoding: 'shift_jis' })).rows).toEqual([['あ']])
    })
  })

  it('says once that its text is damaged', async () => {
    await withFile('f.csv', Buffer.concat([Buffer.from('é,ü\nä,'), Buffer.from([0xff, 0x0a])]), async (path) => {
      expect((await gridOf(path)).problems).toMatchObject([
        { code: 'encoding-damaged', severity: 'warning', facts: { encoding: 'utf-8' }, source: { file: 'f.csv' } },
      ])
    })
  })

  it('can be sampled again and again, and closed while it is read', async () => {
    await withFile('f.csv', `a\n${'1\n'.repeat(500_000)}`, async (path) => {
      const [part] = await openFile(path)
      expect(await sampleTable(part!)).toEqual(await sampleTable(part!))
      expect((await sampleTable(part!)).rows).toHaveLength(20)
      const table = await part!.openTable()
      const reading = (async () => {
        for await (const batch of table.rows) if (batch.length > 0) await part!.close()
      })()
      await expect(reading).rejects.toMatchObject({ kind: 'cancelled' })
    })
  })

  it.each<[string, Buffer | string, string]>([
    ['nothing', '', 'unrecognised-file'],
    ['nothing but line ends', '\n\r\n,,\n', 'unrecognised-file'],
    ['a header that is not closed', '"a,b\n1,2\n', 'unrecognised-file'],
    ['zeros', Buffer.alloc(5000), 'unrecognised-file'],
    ['an old workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), 'unrecognised-file'],
    ['a million columns', 'a,'.repeat(1_000_000), 'hostile-file'],
    ['three thousand columns', 'a,'.repeat(3000), 'hostile-file'],
    ['a long line', `a\n${'x'.repeat(6 * 1024 ** 2)}`, 'hostile-file'],
  ])('with %s is refused', async (_, bytes, kind) => {
    expect((await failureOf(bytes)).kind).toBe(kind)
  })

  it('that is not there, or a folder, is refused', async () => {
    await expect(openFile('/nowhere/at/all.csv')).rejects.toMatchObject({ kind: 'not-found' })
    await expect(openFile('/')).rejects.toMatchObject({ kind: 'not-found' })
  })
})

describe('a compressed file', () => {
  it('is read as what it holds', async () => {
    await withFile('f.csv.gz', gzipSync(TEXT), async (path) => {
      expect((await gridOf(path)).rows).toEqual([
        ['1', '2'],
        ['3', '4'],
      ])
    })
  })

  it.each<[string, Buffer, string]>([
    ['a bomb', gzipSync(Buffer.alloc(64 * 1024 ** 2, 'a\n')), 'hostile-file'],
    ['an archive in it', gzipSync(gzipSync(TEXT)), 'hostile-file'],
    ['its end cut off', gzipSync('a,b\n1,2\n'.repeat(1000)).subarray(0, 40), 'unrecognised-file'],
  ])('with %s is refused', async (_, bytes, kind) => {
    expect((await failureOf(bytes)).kind).toBe(kind)
  })
})

describe('an archive', () => {
  it('has a part for each file in it', async () => {
    const bytes = await zipOf({
      'a.txt': TEXT,
      'sub/b.csv': 'x;y\n1;2\n',
      '__MACOSX/._a.txt': 'x',
      'sub/.DS_Store': 'x',
    })
    await withFile('bills.bin', bytes, async (path) => {
      const parts = await openFile(path)
      expect(parts.map((part) => part.member)).toEqual(['a.txt', 'sub/b.csv'])
      const headers = []
      for (const part of parts) headers.push((await sampleTable(part)).header)
      expect(headers).toEqual([
        ['a', 'b'],
        ['x', 'y'],
      ])
    })
  })

  const rows = 'a,b\n1,2\n'.repeat(500_000)

  it.each<[string, () => Promise<Buffer>, string, Partial<IntakeLimits>]>([
    ['a bomb', () => zipOf({ 'a.csv': rows }), 'hostile-file', {}],
    ['too much in it', () => zipOf({ 'a.csv': TEXT, 'b.csv': TEXT }), 'hostile-file', { inflatedBytesMax: 20 }],
    ['too many members', () => zipOf({ 'a.csv': TEXT, 'b.csv': TEXT }), 'hostile-file', { entriesMax: 1 }],
    ['a lie about its size', async () => declareSize(await zipOf({ 'a.csv': rows }), 1000), 'hostile-file', {}],
    [
      'a member above it',
      async () => renameMember(await zipOf({ 'xx/a.csv': TEXT }), 'xx/a.csv', '../a.csv'),
      'hostile-file',
      {},
    ],
    [
      'a member at the root',
      async () => renameMember(await zipOf({ 'x/a.csv': TEXT }), 'x/a.csv', '//a.csv'),
      'hostile-file',
      {},
    ],
    [
      'the same member twice',
      async () => renameMember(await zipOf({ 'a.csv': TEXT, 'b.csv': TEXT }), 'b.csv', 'a.csv'),
      'hostile-file',
      {},
    ],
    ['an archive in it', async () => zipOf({ 'a.zip': await zipOf({ 'a.csv': TEXT }) }), 'hostile-file', {}],
    ['a compressed file in it', async () => zipOf({ 'a.gz': gzipSync(TEXT) }), 'hostile-file', {}],
    ['its end cut off', async () => (await zipOf({ 'a.csv': TEXT })).subarray(0, 60), 'unrecognised-file', {}],
    ['nothing in it', () => zipOf({}), 'unrecognised-file', {}],
  ])('with %s is refused', async (_, build, kind, limits) => {
    expect((await failureOf(await build(), limits)).kind).toBe(kind)
  })
})

describe('bytes read', () => {
  const text = `a,b\n${'1,2\n'.repeat(200_000)}`

  it.each<[string, () => Promise<Buffer | string>]>([
    ['a plain file', async () => text],
    ['a gzip file', async () => gzipSync(text)],
    ['a member of an archive', () => zipOf({ 'a.csv': text })],
  ])('of %s grow to what the part holds', async (_, bytes) => {
    await withFile('in.bin', await bytes(), async (path) => {
      const [part] = await openFile(path)
      const told: number[] = []
      await rowsOf(await part!.openTable({ onBytes: (read) => told.push(read) }))
      expect(told).toEqual([...told].sort((a, b) => a - b))
      expect(told.at(-1)).toBe(part!.bytes)
    })
  })
})
