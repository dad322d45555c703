// Each problem code comes out of real files or a real close, with its facts, its place, its words and what to do.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type LocalDate,
  type Period,
  PROBLEM_CODES,
  type Problem,
  type ProblemCode,
  parsePeriod,
  problem,
} from '@spillway/core'
import {
  applyConfiguration,
  closePeriod,
  type FileReport,
  importFiles,
  initWorkspace,
  journalReport,
  publishPeriod,
  reconcile,
  type Workspace,
} from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { fileIntake, IMPORTERS } from '@spillway/formats'
import { describe, expect, it } from 'vitest'
import { PROBLEM_CASES, type ProblemCase } from './problem-cases.ts'
import { TEST_ACTOR } from './stored-rows.ts'

const OCTOBER = parsePeriod('2026-10') as Period

type Found = {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly facts?: unknown
  readonly place?: string | undefined
}

async function importInto(
  workspace: Workspace,
  { files, source }: { files: Readonly<Record<string, string | Buffer>>; source: string },
): Promise<Found[]> {
  const paths: string[] = []
  for (const [name, content] of Object.entries(files)) {
    const path = join(workspace.directory, name)
    await writeFile(path, content)
    paths.push(path)
  }
  const asOfOn = '2026-10-31' as LocalDate
  const report = await importFiles(workspace, {
    paths,
    intake: fileIntake(IMPORTERS),
    source,
    asOfOn,
    acceptMassEnd: true,
  })
  return [...report.files.flatMap(foundIn), ...report.directoryProblems, ...(await quarantined(workspace))]
}

/** A file's own problems at each of their places; of a refused file the problem that it is refused for. */
function foundIn({ problems, refusal }: FileReport): Found[] {
  const listed = problems.flatMap(({ code, message, hint, places }) =>
    places.map((place) => ({ code, message, hint, place })),
  )
  if (!refusal) return listed
  const { problem: cause } = refusal.facts as { problem?: Problem }
  const of = cause && { facts: cause.facts, place: cause.source?.file }
  return [
    ...listed,
    {
      code: cause ? cause.code : refusal.kind,
      message: cause ? cause.message : refusal.message,
      hint: refusal.hint,
      facts: refusal.facts,
      ...of,
    },
  ]
}

async function quarantined({ warehouse, catalog, tenant }: Workspace): Promise<Found[]> {
  const batches = await catalog.selectFrom('batch').select(['id', 'file']).where('tenant', '=', tenant).execute()
  const rows = await warehouse.rows<{
    batch: string
    line: number
    code: string
    column_name: string
    message: string
    hint: string
    facts: string
  }>('SELECT batch, line, code, column_name, message, hint, facts FROM quarantine')
  return rows.map(({ batch, line, code, column_name, message, hint, facts }) => {
    const file = batches.find(({ id }) => id === batch)?.file
    const place = `${file}:${line}${column_name === '' ? '' : ` (${column_name})`}`
    return { code, message, hint, facts: JSON.parse(facts) as unknown, place }
  })
}

async function findAll(workspace: Workspace, given: ProblemCase): Promise<Found[]> {
  const { applies, files, closes, journals, later, source = '' } = given
  if (applies !== undefined) await applyConfiguration(workspace, { files: [{ name: 'config.yaml', text: applies }] })
  const found = await importInto(workspace, { files, source })
  if (closes) found.push(...(await closePeriod(workspace, { period: OCTOBER })).problems)
  if (journals) found.push(...(await journalReport(unscoped(workspace), { period: OCTOBER })).problems)
  if (later) {
    await publishPeriod(workspace, OCTOBER)
    found.push(...(await importInto(workspace, { files: later, source })))
  }
  return [...found, ...(await reconcile(workspace)).problems]
}

describe('a problem code', () => {
  it('has a case each, and no case is of another code', () => {
    expect(Object.keys(PROBLEM_CASES).sort()).toEqual([...PROBLEM_CODES].sort())
  })

  it.each(PROBLEM_CODES)(
    '%s comes of real files, with its facts, place, words and what to do',
    async (code: ProblemCode) => {
      const given: ProblemCase = PROBLEM_CASES[code]
      const directory = await mkdtemp(join(tmpdir(), 'spillway-problem-'))
      const workspace = await initWorkspace(directory, { actor: TEST_ACTOR, holder: 'test' })
      try {
        const found = (await findAll(workspace, given)).filter((candidate) => candidate.code === code)
        const { message, hint } = problem(code, given.facts as never)
        expect(found).toContainEqual(expect.objectContaining({ message, hint }))
        const withFacts = found.filter(({ facts }) => facts !== undefined)
        if (withFacts.length > 0) expect(withFacts.map(({ facts }) => facts)).toContainEqual(given.facts)
        if (given.place !== undefined) expect(found.map(({ place }) => place)).toContain(given.place)
        expect(hint).toMatch(/\w{3}.*\.$/)
      } finally {
        await workspace.close()
        await rm(directory, { recursive: true, force: true })
      }
    },
  )
})
