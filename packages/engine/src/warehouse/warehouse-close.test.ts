import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Bug } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { Warehouse } from './warehouse.ts'

async function withOpened(use: (warehouse: Warehouse) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-close-'))
  try {
    const path = join(directory, 'w.duckdb')
    const spillDirectory = join(directory, 'spill')
    await use(await Warehouse.open({ path, access: 'write', memoryLimit: '256MB', spillDirectory }))
  } finally {
    await rm(directory, { recursive: true })
  }
}

const LONG = 'SELECT count(*) AS n FROM range(3000000) AS r(i) WHERE md5(i::VARCHAR) >= $least'

describe('closing a warehouse', () => {
  it('waits for the statements that still run, on connections of its own too', () =>
    withOpened(async (warehouse) => {
      const count = (of: Warehouse) => of.row<{ n: bigint }>(LONG, { least: '' })
      let begin = () => {}
      const begun = new Promise<void>((resolve) => {
        begin = resolve
      })
      const answers = Promise.all([
        count(warehouse),
        warehouse.withConnection((other) => {
          const counted = count(other)
          begin()
          return counted
        }),
      ])
      await begun
      await warehouse.close()
      expect(await answers).toEqual([{ n: 3_000_000n }, { n: 3_000_000n }])
    }))

  it('refuses what is asked afterwards, and ends what was read in part', () =>
    withOpened(async (warehouse) => {
      const rows = warehouse.stream('SELECT i FROM range(1000000) AS r(i)')
      expect((await rows.next()).value).toHaveLength(2048)
      await warehouse.close()
      await expect(rows.next()).rejects.toBeInstanceOf(Bug)
      await expect(warehouse.run('SELECT 1')).rejects.toBeInstanceOf(Bug)
      await expect(warehouse.withConnection(async () => 1)).rejects.toBeInstanceOf(Bug)
    }))
})

describe('asking a warehouse several things at once on one connection', () => {
  // More than a chunk each, and with parameters: prepared, begun and read are three steps that another could come between.
  const SERIES = 'SELECT i, $least::INTEGER AS least FROM range(10000) AS r(i) WHERE i >= $least ORDER BY i'

  it('answers each in whole', () =>
    withOpened(async (warehouse) => {
      const least = Array.from({ length: 30 }, (_, index) => index * 100)
      const answers = await Promise.all(least.map((one) => warehouse.rows<{ least: number }>(SERIES, { least: one })))
      expect(answers.map((rows) => rows.length)).toEqual(least.map((one) => 10_000 - one))
      expect(answers.map((rows) => rows[0]?.least)).toEqual(least)
      await warehouse.close()
    }))

  it('answers the others where one fails, and those that make and fill tables meanwhile', () =>
    withOpened(async (warehouse) => {
      const tables = Array.from({ length: 10 }, (_, index) =>
        warehouse.withScratch(async (scratch) => {
          const made = await warehouse.count(`CREATE TABLE ${scratch}.t AS ${SERIES}`, { least: index })
          return [made, (await warehouse.rows(`SELECT * FROM ${scratch}.t`)).length]
        }),
      )
      const failing = expect(warehouse.rows('SELECT * FROM nothing_of_that_name')).rejects.toThrow(/nothing_of_that/)
      expect(await Promise.all(tables)).toEqual(tables.map((_, index) => [10_000 - index, 10_000 - index]))
      await failing
      await warehouse.close()
    }))
})

describe('a query that breaks off after some of its rows', () => {
  const FAILING =
    "SELECT CASE WHEN i = 900000 THEN error('no such thing')::INT ELSE i END AS i FROM range(1000000) AS r(i)"

  it('fails, and is not taken for one that was read to its end', () =>
    withOpened(async (warehouse) => {
      const rows = warehouse.stream(FAILING)
      expect((await rows.next()).value).toHaveLength(2048)
      const rest = async () => {
        for await (const batch of rows) expect(batch.length).toBeGreaterThan(0)
      }
      await expect(rest()).rejects.toThrow(/before its last row/)
      await expect(warehouse.rows(FAILING)).rejects.toThrow(/no such thing/)
      await expect(async () => {
        for await (const batch of warehouse.streamColumns(FAILING)) expect(batch).toHaveLength(1)
      }).rejects.toThrow(/before its last row/)
      await warehouse.close()
    }))

  it('fails where it was interrupted while its rows were read', () =>
    withOpened(async (warehouse) => {
      const reading = async () => {
        for await (const batch of warehouse.stream('SELECT i FROM range(100000000) AS r(i)'))
          if (batch.length > 0) warehouse.interrupt()
      }
      await expect(reading()).rejects.toThrow(/interrupted/)
      await warehouse.close()
    }))
})

describe('reading a query whose answer is computed in whole', () => {
  const TYPED = "SELECT i::INTEGER, i::DOUBLE, 'row ' || i FROM range(5000) AS r(i) WHERE i >= $least ORDER BY i"

  it('hands out the rows of a stream, and nothing once the warehouse is closed', () =>
    withOpened(async (warehouse) => {
      const read = async (batches: ReturnType<Warehouse['readTyped']>) => {
        const rows: unknown[] = []
        for await (const { count, columns } of batches)
          for (let at = 0; at < count; at += 1) rows.push(columns.map((column) => column[at]))
        return rows
      }
      const streamed = await read(warehouse.streamTyped(TYPED, { least: 100 }))
      expect(streamed).toHaveLength(4900)
      expect(await read(warehouse.readTyped(TYPED, { least: 100 }))).toEqual(streamed)
      expect(await read(warehouse.readTyped(TYPED, { least: 9999 }))).toEqual([])
      const failing =
        "SELECT CASE WHEN i = 9 THEN error('no such thing')::INT ELSE i END::INTEGER FROM range(10) AS r(i)"
      await expect(read(warehouse.readTyped(failing))).rejects.toThrow(/no such thing/)
      const begun = warehouse.readTyped(TYPED, { least: 0 })
      expect((await begun.next()).value?.count).toBe(2048)
      await warehouse.close()
      await expect(begun.next()).rejects.toBeInstanceOf(Bug)
    }))
})

describe('interrupting a warehouse', () => {
  it('that is lent stops what runs on its own connections, and nothing else', () =>
    withOpened(async (warehouse) => {
      const count = (of: Warehouse) => of.row<{ n: bigint }>(LONG, { least: '' })
      const main = count(warehouse)
      await warehouse.withConnection(async (other) => {
        const own = Promise.all([
          expect(count(other)).rejects.toThrow(/interrupt/i),
          expect(other.withConnection(count)).rejects.toThrow(/interrupt/i),
        ])
        const stop = setInterval(() => other.interrupt(), 5)
        await own
        clearInterval(stop)
      })
      expect(await main).toEqual({ n: 3_000_000n })
      expect(warehouse.opened).toBe(warehouse)
      await warehouse.close()
    }))
})
