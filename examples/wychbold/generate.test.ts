import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { FIRM } from './firm.ts'
import { generate, generateFiles } from './generate.ts'
import { conferencesOf } from './generator/call-records.ts'
import { PASSCODES, USER_IDS } from './generator/user-ids.ts'
import type { WrittenFile } from './generator/written-file.ts'

const committed = import.meta.dirname
let written = ''

beforeAll(async () => {
  written = await mkdtemp(join(tmpdir(), 'spillway-wychbold-'))
  await generate(written)
})
afterAll(() => rm(written, { recursive: true, force: true }))

function digestOf({ path, content }: WrittenFile): string {
  return `${path} ${createHash('sha256').update(content).digest('hex')}`
}

describe('the generator of the example law firm', () => {
  it('writes the committed files, byte by byte, and no others', async () => {
    const paths = generateFiles().map(({ path }) => path)
    for (const path of paths) {
      const [fresh, kept] = await Promise.all([readFile(join(written, path)), readFile(join(committed, path))])
      expect(fresh.equals(kept), `${path} differs: run npx tsx examples/wychbold/generate.ts`).toBe(true)
    }
    for (const folder of ['calls', 'directory'])
      expect((await readdir(join(committed, folder))).sort()).toEqual((await readdir(join(written, folder))).sort())
  })

  it('gives the same bytes again, whatever the time zone', () => {
    const zone = process.env.TZ
    const first = generateFiles()
    process.env.TZ = 'Asia/Kathmandu'
    const second = generateFiles()
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
    expect(second.map(digestOf)).toEqual(first.map(digestOf))
  })

  it('stays under a megabyte and a half with what is expected of it', async () => {
    const entries = await readdir(committed, { recursive: true, withFileTypes: true })
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    const sizes = await Promise.all(files.map((path) => stat(path)))
    expect(sizes.reduce((sum, { size }) => sum + size, 0)).toBeLessThan(1_500_000)
  })

  it('gives forty user ids of every kind of owner, and passcodes that nobody shares', () => {
    expect(USER_IDS).toHaveLength(40)
    expect(new Set(USER_IDS.map(({ owner }) => owner.column))).toEqual(
      new Set(['person', 'cost_centre', 'project', 'client']),
    )
    expect(new Set(PASSCODES.map(({ passcode }) => passcode)).size).toBe(41)
  })

  it('lets nobody hold two conferences at once, so that only those who share a user id collide', () => {
    for (const { period } of FIRM.months) {
      const until = new Map<string, number>()
      for (const { chair, legs } of conferencesOf(period)) {
        const own = legs.filter(({ name }) => name === chair)
        const begin = Math.min(...own.map(({ connectSeconds }) => connectSeconds))
        if (own.length === 0) continue
        expect([chair, begin >= (until.get(chair) ?? 0)]).toEqual([chair, true])
        until.set(chair, Math.max(...own.map(({ disconnectSeconds }) => disconnectSeconds)))
      }
    }
  })
})

describe('the manifest of the example law firm', () => {
  it('names every file that arrives exactly once, and documents that exist', async () => {
    const named = [...FIRM.directory, ...FIRM.months.flatMap(({ imports }) => imports.map(({ file }) => file))]
    const arriving = generateFiles()
      .map(({ path }) => path)
      .filter((path) => /^(?:calls|directory)\//.test(path))
    expect([...named].sort()).toEqual(arriving.sort())
    const found = await Promise.all(
      [...FIRM.documents, FIRM.subAccounts, FIRM.passcodes].map((path) => stat(join(committed, path))),
    )
    expect(found.every((file) => file.size > 0)).toBe(true)
  })
})
