import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { formatAmount, parseAmount, type Report, type ReportColumnKind } from '@spillway/core'
import fc from 'fast-check'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { describe, expect, it, vi } from 'vitest'
import { encodeParquet } from './encode-parquet.ts'
import { Warehouse } from './warehouse.ts'

type Rows = ReadonlyArray<ReadonlyArray<string>>

const reportOf = (kinds: ReadonlyArray<ReportColumnKind>, rows: Rows): Report => ({
  name: 'charges',
  title: "Charges of 'October'",
  columns: kinds.map((kind, index) => ({ key: `c${index}`, title: `C ${index}`, kind })),
  rows: (async function* () {
    yield rows.slice(0, 1)
    yield rows.slice(1)
  })(),
})

/** As another reader sees it: the type of each column and the rows. Decimals come as doubles, 64-bit integers as bigint. */
async function read(report: Report) {
  const pieces: Uint8Array[] = []
  for await (const piece of encodeParquet(report)) pieces.push(piece)
  const file = new Uint8Array(Buffer.concat(pieces)).buffer
  const metadata = parquetMetadata(file)
  const types = metadata.schema
    .slice(1)
    .map(({ converted_type, precision, scale }) =>
      converted_type === 'DECIMAL' ? `DECIMAL(${precision},${scale})` : String(converted_type),
    )
  const rows = (await parquetReadObjects({ file })).map((row) => Object.values(row))
  return { metadata, types, rows }
}

/** One column alone. */
const readColumn = async (kind: ReportColumnKind, cells: ReadonlyArray<string>) => {
  const { types, rows } = await read(
    reportOf(
      [kind],
      cells.map((cell) => [cell]),
    ),
  )
  return { type: types[0], cells: rows.map(([cell]) => cell) }
}

describe('a report as Parquet', () => {
  it('has a typed column for each kind, in the order of the rows, with a null for what is empty', async () => {
    const kinds = ['text', 'amount', 'usage', 'share', 'date', 'flags'] as const
    const rows = [
      ['007', '-12.50', '200000000000', '0.333333333', '2026-10-31', 'floor'],
      ['', '', '', '', '', ''],
      ['=1+1', '0.01', '0', '1.000000000', '1899-12-31', ''],
    ]
    const found = await read(reportOf(kinds, rows))
    expect(found.types).toEqual(['UTF8', 'DECIMAL(38,2)', 'INT_64', 'DECIMAL(10,9)', 'DATE', 'UTF8'])
    expect(found.rows).toEqual([
      ['007', -12.5, 200_000_000_000n, 0.333333333, new Date('2026-10-31'), 'floor'],
      ['', null, null, null, null, ''],
      ['=1+1', 0.01, 0n, 1, new Date('1899-12-31'), ''],
    ])
    expect(found.metadata.key_value_metadata).toEqual([
      { key: 'report', value: 'charges' },
      { key: 'title', value: "Charges of 'October'" },
    ])
  })

  it.each<[string, ReportColumnKind, string[], string]>([
    ['dollars, yen and dinars', 'amount', ['1.25', '7', '0.001'], 'DECIMAL(38,3)'],
    ['no amount at all', 'amount', ['', ''], 'DECIMAL(38,2)'],
    ['an amount of all digits', 'amount', ['-92233720368547758.07'], 'DECIMAL(38,2)'],
    ['an amount beyond all decimals', 'amount', [`${'9'.repeat(37)}.25`], 'UTF8'],
    ['a word among amounts', 'amount', ['1.00', 'n/a'], 'UTF8'],
    ['the greatest 64-bit integer', 'usage', ['9223372036854775807'], 'INT_64'],
    ['more than 64 bits', 'usage', ['9223372036854775808'], 'DECIMAL(38,0)'],
    ['quantities with decimals', 'quantity', ['1', '2.5'], 'DECIMAL(38,1)'],
    ['a fraction', 'quantity', ['200', '1/3'], 'UTF8'],
    ['a share above ten', 'share', ['12.5'], 'DECIMAL(38,1)'],
    ['a day that is none', 'date', ['2026-02-30'], 'UTF8'],
    ['nothing but a sign', 'quantity', ['-'], 'UTF8'],
  ])('takes for %s a type that holds it', async (_, kind, cells, type) => {
    const found = await readColumn(kind, cells)
    expect(found.type).toBe(type)
    expect(found.cells).toEqual(
      cells.map((cell) => {
        if (type === 'UTF8') return cell
        if (cell === '') return null
        return type === 'INT_64' ? BigInt(cell) : Number(cell)
      }),
    )
  })

  it('keeps any text as it is', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom("'; DROP TABLE x", '"', '\\', '\0', '=1', 'x'.repeat(40_000)),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (cells) => {
        expect((await readColumn('text', cells)).cells).toEqual(cells.map((cell) => Buffer.from(cell).toString()))
      }),
      { numRuns: 6 },
    )
  })

  it('has a null for an empty cell of a nullable text', async () => {
    const report = reportOf(
      ['text', 'text'],
      [
        ['', ''],
        ['a', 'b'],
      ],
    )
    const columns = report.columns.map((column, index) => ({ ...column, isNullable: index === 0 }))
    expect((await read({ ...report, columns })).rows).toEqual([
      [null, ''],
      ['a', 'b'],
    ])
  })

  it('is a file with its columns where there is no row', async () => {
    expect(await read(reportOf(['text', 'amount'], []))).toMatchObject({ types: ['UTF8', 'DECIMAL(38,2)'], rows: [] })
  })

  it('is the same bytes on every run, with rows in the order of the report', async () => {
    const rows = Array.from({ length: 50_000 }, (_, index) => [`k-${(index * 7919) % 50_000}`, `${index}.01`])
    const bytes = async () => {
      const pieces: Uint8Array[] = []
      for await (const piece of encodeParquet(reportOf(['text', 'amount'], rows))) pieces.push(piece)
      return Buffer.concat(pieces)
    }
    const [first, second] = [await bytes(), await bytes()]
    expect(first.equals(second)).toBe(true)
    const read = await parquetReadObjects({ file: new Uint8Array(first).buffer, columns: ['c0'] })
    expect(read.map(({ c0 }) => c0)).toEqual(rows.map(([key]) => key))
  })

  it('holds every amount digit for digit, whatever currencies stand beside it', async () => {
    const amount = fc
      .tuple(fc.bigInt({ min: -(2n ** 63n) + 1n, max: 2n ** 63n - 1n }), fc.constantFrom('USD', 'JPY', 'KWD', 'CLF'))
      .map(([minor, currency]) => formatAmount(minor, currency))
    await fc.assert(
      fc.asyncProperty(fc.array(amount, { minLength: 1, maxLength: 50 }), async (amounts) => {
        const rows = amounts.map((cell) => [cell])
        await withFolder(async (folder) => {
          const path = join(folder, 'amounts.parquet')
          await writeFile(path, encodeParquet(reportOf(['amount'], rows)))
          const held = await textsOf(path)
          expect(held.map((text) => parseAmount(text, 'CLF'))).toEqual(amounts.map((text) => parseAmount(text, 'CLF')))
        })
      }),
      { numRuns: 6 },
    )
  })

  it('passes on what the rows throw, and leaves nothing behind', async () => {
    await withFolder(async (folder) => {
      vi.stubEnv('TMPDIR', folder)
      const rows = (async function* () {
        yield [['a']]
        expect(await readdir(folder)).toHaveLength(1)
        throw new Error('gone')
      })()
      await expect(read({ ...reportOf(['text'], []), rows })).rejects.toThrow('gone')
      vi.unstubAllEnvs()
      expect(await readdir(folder)).toEqual([])
    })
  })
})

async function withFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-test-'))
  try {
    await use(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** The decimals as DuckDB writes them: the other reader makes doubles of them. */
async function textsOf(path: string): Promise<string[]> {
  const database = await Warehouse.open({
    path: ':memory:',
    access: 'write',
    memoryLimit: '256MB',
    spillDirectory: path,
  })
  try {
    const rows = await database.rows<{ text: string }>(
      `SELECT CAST(c0 AS VARCHAR) AS text FROM read_parquet('${path}')`,
    )
    return rows.map(({ text }) => text)
  } finally {
    await database.close()
  }
}
