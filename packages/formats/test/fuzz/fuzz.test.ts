// Damaged files of every importer: refused as a whole, or read with each row accepted or in quarantine under its place, no
// amount that stands nowhere, twice the same. FUZZ_FILES sets how many (`npm run fuzz` takes 10,000), FUZZ_SEED which, and
// FUZZ_FILE repeats one of them.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Fact, Importer, ReadRow } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { IMPORTERS } from '../../src/index.ts'
import { Random } from '../generators/random.ts'
import { rawZipOf } from '../raw-zip.ts'
import { withFile } from '../read-file.ts'
import { damageArchive, HOSTILE_ARCHIVES } from './damage-archive.ts'
import { damagedFile } from './damaged-file.ts'
import { judgeFile } from './judge-file.ts'
import { type FuzzRun, runFuzz } from './run-fuzz.ts'
import { fuzzSubjects, MAPPED } from './subjects.ts'

const FILES = Number(process.env.FUZZ_FILES ?? '200')
const SEED = Number(process.env.FUZZ_SEED ?? '811')
const FILE = process.env.FUZZ_FILE
/** Beyond what the process held before the first file; measured at 200 MB after ten thousand. */
const GROWN_BYTES_MAX = 600 * 1024 ** 2
const MS_PER_FILE = 500

const NONE: ReadonlySet<string> = new Set()
const subjects = await fuzzSubjects()

const CHARGES =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,category,amount\n' +
  'v,A1,I1,2026-01-31,2026-01-01,2026-01-31,EUR,1,555,access,12.50\n'

function print(run: FuzzRun): void {
  const counted = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, count]) => `${name} ${count}`).join(', ')
  console.log(
    `${FILES} files, seed ${SEED}: ${run.accepted} rows accepted, ${run.quarantined} in quarantine, ${run.silent} of structure; ` +
      `refused: ${counted(run.refused)}; read: ${counted(run.read)}; ` +
      `slowest ${Math.round(run.slowestMs)} ms, memory +${Math.round(run.grownBytes / 1024 ** 2)} MB`,
  )
}

describe('damaged files', () => {
  it('are made for every importer', () => {
    const made = new Set(subjects.map(({ name }) => name))
    const names = IMPORTERS.map(({ name }) => name)
    expect(
      names.filter((name) => !made.has(name)),
      'add a sample or a generator: docs/guides/add-an-importer.md',
    ).toEqual([])
    expect(made.has(MAPPED)).toBe(true)
  })

  it('are the same for the same seed and number', async () => {
    for (const index of [0, 14, 15, 31, 32]) {
      const [one, other] = [
        await damagedFile({ seed: 7, index, subjects }),
        await damagedFile({ seed: 7, index, subjects }),
      ]
      expect(one.bytes.equals(other.bytes)).toBe(true)
      expect(one.bytes.equals((await damagedFile({ seed: 8, index, subjects })).bytes)).toBe(false)
    }
  })

  it(`are refused, or read row by row with none lost and none made up (${FILES} files, seed ${SEED})`, {
    timeout: 60_000 + FILES * MS_PER_FILE,
  }, async () => {
    const [from, to] = FILE === undefined ? [0, FILES] : [Number(FILE), Number(FILE) + 1]
    const run = await runFuzz({ seed: SEED, from, to, subjects })
    if (FILES > 1000) print(run)
    expect(run.failures.join('\n')).toBe('')
    expect(run.grownBytes).toBeLessThan(GROWN_BYTES_MAX)
    if (FILE !== undefined) return
    // The damage must leave enough readable, and break enough, for the run to mean something.
    expect(run.accepted).toBeGreaterThan(FILES)
    expect(run.quarantined).toBeGreaterThan(FILES / 4)
    expect(run.read.size).toBeGreaterThan(IMPORTERS.length * 0.75)
    expect([...run.refused.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(FILES / 10)
  })
})

/** The reader of charges, but for what a bug would make of each row. */
function faulty(change: (row: ReadRow) => ReadonlyArray<ReadRow>): Importer {
  const honest = IMPORTERS.find(({ name }) => name === 'charges') as Importer
  const read: Importer['read'] = async function* (table, context) {
    for await (const rows of honest.read(table, context)) yield rows.flatMap(change)
  }
  return { ...honest, read }
}
const withFact = (row: ReadRow, change: Record<string, unknown>): ReadRow[] => [
  { ...row, facts: row.facts.map(({ document, fact }) => ({ document, fact: { ...fact, ...change } as Fact })) },
]

describe('the judge', () => {
  it.each<[string, (row: ReadRow) => ReadonlyArray<ReadRow>, RegExp]>([
    ['a row lost', () => [], /rows stand in the table/],
    ['a row without a word', (row) => [{ ...row, facts: [] }], /neither accepted nor in quarantine/],
    ['a row under another line', (row) => [{ ...row, line: row.line + 1 }], /under other lines/],
    ['an amount made up', (row) => withFact(row, { amountMinor: 1251n }), /1251 is written nowhere/],
    ['an amount lost', (row) => withFact(row, { amountMinor: 1n }), /its charges come to 1 where 12.50/],
    ['an amount beyond 64 bits', (row) => withFact(row, { amountMinor: 2n ** 63n }), /beyond 64 bits/],
    ['a day that is none', (row) => withFact(row, { periodEndOn: '+010000-01' }), /is no day/],
    ['text that is none', (row) => withFact(row, { service: '\ud800' }), /half a character/],
  ])('sees %s', async (_, change, fault) => {
    const judged = await withFile('bill.csv', CHARGES, (path) =>
      judgeFile(path, { importers: [faulty(change)], isHostile: false, quiet: NONE }),
    )
    expect(judged.faults.join('\n')).toMatch(fault)
  })
})

describe('an archive', () => {
  it.each(HOSTILE_ARCHIVES)('is refused, early and in words: %s', async (change) => {
    const before = process.memoryUsage.rss()
    for (let seed = 1; seed <= 4; seed += 1) {
      const { bytes, isHostile } = damageArchive(Buffer.from(CHARGES), new Random(seed), change)
      const judged = await withFile('bill.zip', bytes, (path) =>
        judgeFile(path, { importers: IMPORTERS, isHostile, quiet: NONE }),
      )
      expect([judged.faults, judged.refused]).toEqual([[], expect.stringMatching(/^(hostile|unrecognised)-file$/)])
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(100 * 1024 ** 2)
  })

  it('writes nothing anywhere: neither beside itself, nor where its names lead', async () => {
    const home = await mkdtemp(join(tmpdir(), 'spillway-planted-'))
    try {
      const names = [
        '../evil.csv',
        '../../evil.csv',
        'a/../../evil.csv',
        join(home, 'evil.csv'),
        'evil.csv',
        'in/evil.csv',
      ]
      for (const [at, name] of names.entries())
        await writeFile(join(home, `${at}.zip`), rawZipOf([{ name, content: Buffer.from(CHARGES) }]))
      const before = (await readdir(home, { recursive: true })).sort()
      const outcomes: string[] = []
      for (const at of names.keys()) {
        const judged = await judgeFile(join(home, `${at}.zip`), { importers: IMPORTERS, isHostile: false, quiet: NONE })
        outcomes.push(judged.refused === '' ? `${judged.accepted} row` : judged.refused)
      }
      expect(outcomes).toEqual(['hostile-file', 'hostile-file', 'hostile-file', 'hostile-file', '1 row', '1 row'])
      expect((await readdir(home, { recursive: true })).sort()).toEqual(before)
      const outside = await Promise.all([readdir(tmpdir()), readdir(join(home, '..', '..'))])
      expect(outside.flat().filter((name) => name.startsWith('evil'))).toEqual([])
    } finally {
      await rm(home, { recursive: true })
    }
  })
})
