import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalDate, problem } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { charge, usage } from '../../../test/import/test-facts.ts'
import { type TestRow, testIntake } from '../../../test/import/test-intake.ts'
import { FACT_TABLES } from '../../warehouse/schema.ts'
import { type Actor, initWorkspace, type Workspace } from '../../workspace/workspace.ts'
import { importFiles } from './import-files.ts'
import type { ImportOptions } from './import-options.ts'

const actor: Actor = { who: 'tester', now: () => new Date('2026-11-05T00:00:00Z'), codeVersion: 'test' }
const EARLY = { factsAtOnce: 1200, factsHeldBack: 300 }
const NEVER = { factsAtOnce: 1e9, factsHeldBack: 0 }

/** Usage and lines of bills of 40 invoices, rows that repeat or contradict others near and far, and rows that cannot be used. */
function mixedRows(): TestRow[] {
  const bad: TestRow = { problems: [problem('value-missing', { column: 'amount' })] }
  return Array.from({ length: 9000 }, (_, at): TestRow => {
    if (at % 1000 === 999) return bad
    const idAt = (other: number) => usage({ id: `u${other}`, quantityBase: BigInt(other) })
    if (at % 700 === 650) return idAt(at - 649)
    if (at % 1100 === 1050) return usage({ id: `u${at - 1049}`, quantityBase: 77n })
    if (at % 3 > 0) return idAt(at)
    return charge({ invoice: `I${Math.floor(at / 225)}`, line: String(at), amountMinor: BigInt(at - 4000) })
  })
}

/** Usage whose cells repeat in some columns, of a dozen classes at first and from the 3000th on of hundreds, and of which some comes again. */
function variedRows(): TestRow[] {
  const rows = Array.from({ length: 6000 }, (_, at): TestRow => {
    const repeated = {
      zone: at % 2 ? 'domestic' : 'roaming',
      account: `A-${at % 3}`,
      isWallTime: at % 6 === 0,
    } as const
    const rare = { endedAt: at % 4 ? null : 1_790_000_000_000_000, participants: at % 12 ? null : 3 }
    const codes = {
      peer: at % 900 ? '' : 'Größe',
      accountCode: at < 3000 ? '' : `C${at % 200}`,
      conference: at % 12 ? '' : 'C-1',
    }
    return usage({ id: `u${at}`, quantityBase: BigInt(at), ...repeated, ...rare, ...codes })
  })
  return [...rows, ...[0, 499, 500, 5999].map((at) => rows[at] as TestRow)]
}

async function importInto(workspace: Workspace, rows: TestRow[], given: Partial<ImportOptions>) {
  return importFiles(workspace, {
    paths: ['mixed.csv'],
    intake: testIntake({ 'mixed.csv': { parts: [{ rows }] } }),
    source: '',
    asOfOn: '2026-11-05' as LocalDate,
    ...given,
  })
}

async function withWorkspace<T>(work: (workspace: Workspace) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-early-'))
  const workspace = await initWorkspace(directory, { actor, holder: 'test' })
  try {
    return await work(workspace)
  } finally {
    await workspace.close()
    await rm(directory, { recursive: true, force: true })
  }
}

/** Everything stored, in both stores. */
async function stored({ warehouse, catalog }: Workspace) {
  const facts: Record<string, unknown> = {}
  for (const table of [...Object.keys(FACT_TABLES), 'quarantine'])
    facts[table] = await warehouse.rows(`SELECT * FROM "${table}" ORDER BY ALL`)
  const batches = await catalog.selectFrom('batch').selectAll().execute()
  return { facts, batches, documents: await catalog.selectFrom('document').selectAll().execute() }
}

describe('a file that is written while it is read', () => {
  it('leaves what it would leave if it were written at its end', async () => {
    const [early, late] = [EARLY, NEVER].map((limits) =>
      withWorkspace(async (workspace) => {
        const report = await importInto(workspace, mixedRows(), { early: limits })
        return { report, stored: await stored(workspace) }
      }),
    )
    const found = await early
    expect(found).toEqual(await late)
    expect(found?.report.files[0]?.rows).toMatchObject({ read: 9000 })
    expect(found?.report.files[0]?.rows.duplicates).toBeGreaterThan(0)
    expect(found?.report.files[0]?.rows.quarantined).toBeGreaterThan(9)
  })

  it.each([
    ['as classes', { rowsLookedAt: 500, classesMax: 10_000 }],
    ['as classes until there are too many', { rowsLookedAt: 500, classesMax: 30 }],
    ['as they are where they were too few to look at', { rowsLookedAt: 1e6, classesMax: 10 }],
  ])('leaves the same whichever way its rows wait: %s', async (_, layout) => {
    const rows = variedRows()
    const [whole, other] = [{ rowsLookedAt: 1e9, classesMax: 1 }, layout].map((limits) =>
      withWorkspace(async (workspace) => {
        const report = await importInto(workspace, rows, { early: EARLY, layout: limits })
        return { report, stored: await stored(workspace) }
      }),
    )
    expect(await other).toEqual(await whole)
    expect((await other)?.report.files[0]?.rows).toMatchObject({ read: rows.length, duplicates: 4 })
  })

  it('is written before it is read to its end, and does not count until then', async () => {
    await withWorkspace(async (workspace) => {
      const rows = mixedRows()
      const batches: unknown[] = []
      function* watched() {
        for (const [at, row] of rows.entries()) {
          if (at === 8000) batches.push(workspace.catalog.selectFrom('batch').select('state').execute())
          yield row
        }
      }
      const intake = testIntake({
        'mixed.csv': { content: 'mixed', parts: [{ rows: { [Symbol.iterator]: watched } }] },
      })
      await importFiles(workspace, {
        paths: ['mixed.csv'],
        intake,
        source: '',
        asOfOn: '2026-11-05' as LocalDate,
        early: EARLY,
      })
      // The rows are gone through twice: at first for the digest of the file.
      expect((await Promise.all(batches)).at(-1)).toEqual([{ state: 'writing' }])
    })
  })

  it('leaves nothing where it is cancelled, and can be imported again', async () => {
    await withWorkspace(async (workspace) => {
      const before = await stored(workspace)
      for (const stage of ['read', 'check', 'write']) {
        const controller = new AbortController()
        const running = importInto(workspace, mixedRows(), {
          early: EARLY,
          signal: controller.signal,
          onProgress: (progress) => {
            if (progress.stage === stage && progress.rows >= 8000) controller.abort()
          },
        })
        await expect(running, stage).rejects.toMatchObject({ kind: 'cancelled' })
        expect(await stored(workspace), stage).toEqual(before)
      }
      const { files } = await importInto(workspace, mixedRows(), { early: EARLY })
      expect(files[0]).toMatchObject({ outcome: 'imported', rows: { read: 9000 } })
    })
  })

  it('leaves nothing new where all of it is known already', async () => {
    await withWorkspace(async (workspace) => {
      const rows = Array.from({ length: 5000 }, (_, at) => usage({ id: `u${at}` }))
      await importInto(workspace, rows, { early: EARLY })
      const before = await stored(workspace)
      const again = await importInto(workspace, [...rows].reverse(), {
        early: EARLY,
      })
      expect(again.files[0]).toMatchObject({ rows: { accepted: 0, duplicates: 5000 } })
      expect((await stored(workspace)).facts).toEqual(before.facts)
    })
  })
})
