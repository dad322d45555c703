import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bug } from '@spillway/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Cell, Warehouse } from './warehouse.ts'

const COLUMNS = ['text', 'int', 'big', 'moment', 'day', 'flag']
const TABLE = `CREATE OR REPLACE TABLE written (text VARCHAR, int INTEGER, big BIGINT, moment TIMESTAMP, day DATE, flag BOOLEAN)`

async function withWarehouse<T>(use: (warehouse: Warehouse) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-writer-'))
  const options = { path: join(directory, 'w.duckdb'), access: 'write', memoryLimit: '1GB' } as const
  const warehouse = await Warehouse.open({ ...options, spillDirectory: join(directory, 'spill') })
  try {
    return await use(warehouse)
  } finally {
    await warehouse.close()
    await rm(directory, { recursive: true })
  }
}

async function writeAndRead(warehouse: Warehouse, rows: ReadonlyArray<ReadonlyArray<Cell>>): Promise<Cell[][]> {
  await warehouse.run(TABLE)
  const writer = await warehouse.writer('written', COLUMNS)
  for (const [index, row] of rows.entries()) {
    if (index % 2 === 0) writer.append(row)
    else writer.appendAfter(row.slice(0, 2), row.slice(2))
  }
  writer.close()
  const read = await warehouse.rows('SELECT * FROM written ORDER BY rowid')
  return read.map((row) => COLUMNS.map((column) => row[column] as Cell))
}

/** ASCII, all of it longer than what lies in a column itself. */
const longText = (index: number) => `${index % 50 === 0 ? '\u0000' : ''}E${index}`.padEnd(13 + (index % 90), 'xyz')

const rowOfText = (text: string | null): Cell[] => [text, 0, 0n, 0n, '1970-01-01', false]

describe('a row writer', () => {
  it('keeps texts of every length and script, also where they repeat and where a chunk ends', async () => {
    const texts = [
      '',
      'a',
      'a',
      'twelve bytes',
      'thirteen byte',
      'thirteen byte',
      'é',
      'Größe',
      '日本語テキスト',
      '\u0000',
      null,
    ]
    const rows = Array.from({ length: 5000 }, (_, index) => rowOfText(texts[index % texts.length] as string | null))
    await withWarehouse(async (warehouse) => {
      expect(await writeAndRead(warehouse, rows)).toEqual(rows)
      const [found] = await warehouse.rows("SELECT count(*) AS rows FROM written WHERE text = 'twelve bytes'")
      expect(found?.rows).toBe(BigInt(rows.filter(([text]) => text === 'twelve bytes').length))
    })
  })

  it('keeps long texts that are handed over at once', async () => {
    const textOf = (index: number) => [longText(index), 'short', null, longText(index + 1)][index % 4] as string | null
    const rows = Array.from({ length: 9000 }, (_, index) => rowOfText(textOf(index)))
    await withWarehouse(async (warehouse) => {
      expect(await writeAndRead(warehouse, rows)).toEqual(rows)
      const [found] = await warehouse.rows('SELECT count(*) AS rows FROM written WHERE text = $1', {
        1: longText(8000),
      })
      expect(found?.rows).toBe(BigInt(rows.filter(([text]) => text === longText(8000)).length))
    })
  })

  it('keeps whatever cells its columns can hold', async () => {
    const row = fc.tuple(
      fc.option(fc.oneof(fc.string({ maxLength: 20 }), fc.string({ unit: 'grapheme', maxLength: 14 }))),
      fc.option(fc.integer()),
      fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      fc.option(fc.bigInt({ min: -(2n ** 52n), max: 2n ** 52n })),
      fc.option(fc.constantFrom('1999-12-31', '2026-02-28', '1969-07-20')),
      fc.option(fc.boolean()),
    )
    await withWarehouse((warehouse) =>
      fc.assert(
        fc.asyncProperty(fc.array(row, { maxLength: 60 }), async (rows) => {
          expect(await writeAndRead(warehouse, rows)).toEqual(rows)
        }),
        { numRuns: 40 },
      ),
    )
  })

  it.each<[string, Cell[]]>([
    ['a number that is not whole', ['', 1.5, 0n, 0n, '1970-01-01', false]],
    ['an integer beyond 32 bits', ['', 2 ** 31, 0n, 0n, '1970-01-01', false]],
    ['an integer beyond 64 bits', ['', 0, 2n ** 63n, 0n, '1970-01-01', false]],
    ['a row that is too short', ['', 0]],
  ])('refuses %s', async (_, row) => {
    await withWarehouse(async (warehouse) => {
      await expect(writeAndRead(warehouse, [row])).rejects.toThrow(Bug)
    })
  })
})

describe('a memory limit for some work', () => {
  const limitOf = (warehouse: Warehouse) => warehouse.row("SELECT current_setting('memory_limit') AS bytes")

  it('holds while the work runs, also where it fails, and never raises the limit', async () => {
    await withWarehouse(async (warehouse) => {
      const before = await limitOf(warehouse)
      expect(await warehouse.withMemoryLimit(1, () => limitOf(warehouse))).not.toEqual(before)
      const failing = () => Promise.reject(new Error('the work failed'))
      await expect(warehouse.withMemoryLimit(1, failing)).rejects.toThrow('the work failed')
      expect(await limitOf(warehouse)).toEqual(before)
      expect(await warehouse.withMemoryLimit(5000, () => limitOf(warehouse))).toEqual(before)
    })
  })
})
