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
