import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keptRead } from './kept-reads.ts'
import { type Catalog, openCatalog } from './open-catalog.ts'

let folder: string
let catalog: Catalog
let reads = 0

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-kept-reads-'))
  catalog = await openCatalog(join(folder, 'catalog.sqlite'), { access: 'write' })
  const tenant = { id: 't', name: 't', created_at: '2026-11-22T08:00:00.000Z' }
  await catalog.insertInto('tenant').values(tenant).execute()
  reads = 0
})
afterEach(async () => {
  await catalog.destroy()
  await rm(folder, { recursive: true })
})

const QUESTION = { question: ['states'] }
const states = (from: Catalog) => async () => {
  reads += 1
  const rows = await from.selectFrom('app_user').select(['id', 'state']).orderBy('id').execute()
  return rows.map(({ id, state }) => `${id} ${state}`)
}
const ask = () => keptRead(catalog, QUESTION, states(catalog))
const user = (id: string) => {
  const at = '2026-11-22T08:00:00.000Z'
  return {
    id,
    tenant: 't',
    email: `${id}@example.org`,
    name: id,
    state: 'active' as const,
    created_at: at,
    created_by: 'x',
  }
}
const add = (to: Catalog, id: string) => to.insertInto('app_user').values(user(id)).execute()

describe('what is read of the catalog again and again', () => {
  it('is read once until something changes, whatever is read meanwhile', async () => {
    await add(catalog, 'a')
    expect(await Promise.all([ask(), ask()])).toEqual([['a active'], ['a active']])
    await catalog.selectFrom('run').selectAll().execute()
    await ask()
    expect(reads).toBe(1)
  })

  it.each([
    ['an insert', () => add(catalog, 'b'), ['a active', 'b active']],
    ['an update', () => catalog.updateTable('app_user').set({ state: 'disabled' }).execute(), ['a disabled']],
    ['a delete', () => catalog.deleteFrom('app_user').execute(), []],
    [
      'an update that says what it changed',
      () => catalog.updateTable('app_user').set({ state: 'disabled' }).returning('id').execute(),
      ['a disabled'],
    ],
    [
      'a statement in words',
      () => sql`WITH one(id) AS (SELECT 'a') DELETE FROM app_user WHERE id IN (SELECT id FROM one)`.execute(catalog),
      [],
    ],
  ])('is read anew after %s', async (_, change, after) => {
    await add(catalog, 'a')
    expect(await ask()).toEqual(['a active'])
    await change()
    expect(await ask()).toEqual(after)
  })

  it('waits for a transaction, and says what is there after it', async () => {
    await ask()
    let asked: Promise<unknown> = Promise.resolve()
    await catalog.transaction().execute(async (transaction) => {
      await add(transaction, 'a')
      asked = ask()
      await add(transaction, 'b')
    })
    expect(await asked).toEqual(['a active', 'b active'])
    expect(await ask()).toEqual(['a active', 'b active'])
  })

  it('never says what a transaction took back', async () => {
    let asked: Promise<unknown> = Promise.resolve()
    const broken = catalog.transaction().execute(async (transaction) => {
      await add(transaction, 'a')
      asked = ask()
      throw new Error('taken back')
    })
    await expect(broken).rejects.toThrow('taken back')
    expect([await asked, await ask()]).toEqual([[], []])
  })

  it('is read each time within a transaction, and where another process may write', async () => {
    await catalog.transaction().execute(async (transaction) => {
      await keptRead(transaction, QUESTION, states(transaction))
      await add(transaction, 'a')
      expect(await keptRead(transaction, QUESTION, states(transaction))).toEqual(['a active'])
    })
    const reader = await openCatalog(join(folder, 'catalog.sqlite'), { access: 'read' })
    const before = await keptRead(reader, QUESTION, states(reader))
    await add(catalog, 'b')
    expect([before, await keptRead(reader, QUESTION, states(reader))]).toEqual([['a active'], ['a active', 'b active']])
    await reader.destroy()
  })

  it('is not kept where it failed', async () => {
    const failing = () => Promise.reject(new Error('no'))
    await expect(keptRead(catalog, QUESTION, failing)).rejects.toThrow('no')
    expect([await ask(), reads]).toEqual([[], 1])
  })
})
