// Real files, damaged, into a workspace whose October is published: no crash, no hang, no row lost, and no published
// figure moves, nor any fact stored before. FUZZ_FILES sets how many files (the ordinary run takes 120), FUZZ_SEED which.
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Intake, LocalDate } from '@spillway/core'
import { type FileReport, importFiles, type Workspace } from '@spillway/engine'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { intakeOf } from '../../src/command-intake.ts'
import {
  billsOf,
  type CompanySlice,
  DIRECTORY_FILES,
  figuresOf,
  mustRunOn,
  OPEN,
  PUBLISHED,
  runOn,
  sliceOfCompany,
} from './company-slice.ts'
import { BOMBS, BYTE_DAMAGES, type Damage, TEXT_DAMAGES } from './file-damage.ts'
import { seeded } from './seeded.ts'
import { disagreementsOf, writing } from './stored-rows.ts'

const FILES = Number(process.env.FUZZ_FILES ?? '120')
const SEED = Number(process.env.FUZZ_SEED ?? '20261122')
const DEADLINE_MS = 30_000
const DAMAGES: ReadonlyArray<readonly [string, Damage]> = [
  ...Object.entries(TEXT_DAMAGES),
  ...Object.entries(BYTE_DAMAGES),
]

let slice: CompanySlice
let workspace: string
let figures: string
let sources: string[]
beforeAll(async () => {
  slice = await sliceOfCompany()
  workspace = await slice.copy(slice.imported)
  figures = await figuresOf(workspace, PUBLISHED)
  sources = [...(await billsOf(PUBLISHED)), ...(await billsOf(OPEN)), ...DIRECTORY_FILES]
}, 120_000)
afterAll(() => slice.remove())

const importOne = (opened: Workspace, { path, intake, dryRun }: { path: string; intake: Intake; dryRun: boolean }) =>
  importFiles(opened, {
    paths: [path],
    intake,
    source: '',
    asOfOn: `${OPEN}-15` as LocalDate,
    dryRun,
    // A damaged directory file ends more than an honest one may: here that is let through, to do its worst.
    acceptMassEnd: true,
    signal: AbortSignal.timeout(DEADLINE_MS),
  })

/** Rows add up, a refusal says what to do, and whatever is in quarantine has a place. */
async function judge(opened: Workspace, { file, name }: { file: FileReport; name: string }): Promise<void> {
  const { read, accepted, quarantined, duplicates } = file.rows
  expect([name, read]).toEqual([name, accepted + quarantined + duplicates])
  if (file.refusal) expect([name, file.refusal.message !== '', file.refusal.hint !== '']).toEqual([name, true, true])
  if (file.outcome !== 'imported') return
  const rows = await opened.warehouse.rows<{ line: number; code: string; hint: string }>(
    'SELECT line, code, hint FROM quarantine WHERE tenant = $tenant AND batch = $batch',
    { tenant: opened.tenant, batch: file.batch },
  )
  expect([name, rows.length]).toEqual([name, quarantined])
  for (const { line, code, hint } of rows)
    expect([name, line > 0, code !== '', hint !== '']).toEqual([name, true, true, true])
}

/** Of bills and usage in documents up to one, whether or not they count: one row. An import adds documents behind it. */
async function factsUpTo({ warehouse, tenant }: Workspace, doc: number): Promise<string> {
  const rows = await warehouse.rows<{ fact: string; count: bigint; digest: bigint; total: bigint }>(
    `SELECT 'charge' AS fact, count(*) AS count, bit_xor(digest) AS digest, sum(amount_minor) AS total
       FROM charge WHERE tenant = $tenant AND doc <= $doc
     UNION ALL SELECT 'invoice_total', count(*), bit_xor(digest), sum(total_minor)
       FROM invoice_total WHERE tenant = $tenant AND doc <= $doc
     UNION ALL SELECT 'usage', count(*), bit_xor(digest), sum(quantity_base)
       FROM usage WHERE tenant = $tenant AND doc <= $doc
     ORDER BY fact`,
    { tenant, doc },
  )
  return rows.map((row) => Object.values(row).join(' ')).join('\n')
}

async function lastDocument({ catalog }: Workspace): Promise<number> {
  const last = await catalog.selectFrom('document').select('id').orderBy('id', 'desc').executeTakeFirstOrThrow()
  return last.id
}

describe('a damaged file', () => {
  it(`never crashes, hangs or loses a row, and moves no published figure (${FILES} files, seed ${SEED})`, {
    timeout: 120_000 + FILES * 2_000,
  }, async () => {
    const random = seeded(SEED)
    const outcomes = new Map<string, number>()
    const folder = join(workspace, '..', 'damaged')
    await writing(workspace, async (opened) => {
      const intake = await intakeOf(opened)
      for (let index = 0; index < FILES; index += 1) {
        const source = sources[Math.floor(random() * sources.length)] as string
        const among = source.endsWith('.zip') ? Object.entries(BYTE_DAMAGES) : DAMAGES
        const [damage, make] = among[index % among.length] as readonly [string, Damage]
        const name = `${index}: ${basename(source)}, ${damage}`
        await mkdir(join(folder, String(index)), { recursive: true })
        const path = join(folder, String(index), basename(source))
        await writeFile(path, await make(await readFile(source), random))
        const last = await lastDocument(opened)
        const before = await factsUpTo(opened, last)
        const { files } = await importOne(opened, { path, intake, dryRun: index % 10 === 9 }).catch(
          (error: unknown) => {
            throw new Error(`${name} is not dealt with (seed ${SEED}, ${path})`, { cause: error })
          },
        )
        expect([name, await factsUpTo(opened, last)]).toEqual([name, before])
        const [file] = files as [FileReport]
        if (index % 10 !== 9) await judge(opened, { file, name })
        outcomes.set(file.outcome, (outcomes.get(file.outcome) ?? 0) + 1)
      }
    })
    expect([...outcomes.keys()].sort()).toEqual(expect.arrayContaining(['imported', 'refused']))
    expect(await figuresOf(workspace, PUBLISHED)).toBe(figures)
    expect(await disagreementsOf(workspace)).toEqual([])
    // Whatever came in, a month is closed on it or refused in words, and what was published is proved.
    const closed = await runOn(workspace, ['close', OPEN])
    expect([closed.code, closed.notes]).toEqual([expect.toBeOneOf([0, 1, 3]), expect.anything()])
    const check = await mustRunOn(workspace, ['check'], [0])
    expect(check.notes).toContain(`proved ${PUBLISHED}.1 (published)`)
    const quarantine = await mustRunOn(workspace, ['report', 'quarantine', '--format', 'ndjson'], [0])
    for (const line of quarantine.out.trim().split('\n')) {
      const row = JSON.parse(line) as Record<string, unknown>
      expect([row.file !== '', Number(row.line) > 0]).toEqual([true, true])
    }
  })

  it.each(Object.keys(BOMBS))(
    'that is made to hurt is refused early: %s',
    async (name) => {
      const target = await slice.copy(slice.published)
      const make = BOMBS[name] as () => Promise<Buffer>
      const path = join(target, '..', 'bomb.csv')
      await writeFile(path, await make())
      const before = process.memoryUsage.rss()
      const { code, notes } = await runOn(target, ['import', path])
      expect([code, notes]).toEqual([2, expect.stringContaining('refused')])
      expect(process.memoryUsage.rss() - before).toBeLessThan(400 * 1024 ** 2)
      expect(await disagreementsOf(target)).toEqual([])
    },
    DEADLINE_MS,
  )
})
