// Writes all statements of a period into one folder, with an index. They are made in a folder of their own and moved in when
// the last one is done: cancelled or failed, nothing of them is left and an earlier export is as it was.

import { mkdtemp, readdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatAmount, type Period, Refusal, type Report, type Statement, type StatementKind } from '@spillway/core'
import { readStatements, statementKeys, type Workspace } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { createStatementEncoder, type Paper, REPORT_ENCODERS, statementFileNames } from '@spillway/formats'
import type { Progress } from '../output/progress.ts'
import { makeFolder, refusalOf, writeOutput } from '../output/write-output.ts'

export type StatementsOptions = {
  readonly period: Period
  readonly kinds: ReadonlyArray<StatementKind>
  readonly keys?: ReadonlyArray<string> | undefined
  readonly company?: string | undefined
  readonly paper: Paper
  readonly folder: string
  readonly onProgress: (progress: Progress) => void
  readonly signal: AbortSignal
}

export type StatementsWritten = {
  readonly files: number
  readonly isPublished: boolean
  /** Files that show `?` for characters that the font lacks. */
  readonly incomplete: ReadonlyArray<{ readonly file: string; readonly characters: ReadonlyArray<string> }>
}

/**
 * One PDF per owner and an `index.csv`.
 * @throws Refusal `period-not-closed`, `not-found` for a key without a statement, `cancelled`, `bad-command` where the
 * folder cannot be written.
 */
export async function writeStatements(workspace: Workspace, options: StatementsOptions): Promise<StatementsWritten> {
  const { folder, signal } = options
  const stop = () => workspace.warehouse.interrupt()
  signal.addEventListener('abort', stop)
  let staging: string | undefined
  let isNew = false
  try {
    const plan = await planFiles(workspace, options)
    isNew = await makeFolder(folder)
    staging = await mkdtemp(join(folder, '.statements-'))
    const written = await writeInto(staging, { workspace, options, plan })
    for (const file of written.names) await rename(join(staging, file), join(folder, file))
    isNew = false
    return written
  } catch (error) {
    if (signal.aborted) throw cancelled()
    throw refusalOf(error, `${folder} cannot be written`)
  } finally {
    signal.removeEventListener('abort', stop)
    if (staging !== undefined) await rm(staging, { recursive: true, force: true })
    if (isNew) await removeEmpty(folder)
  }
}

/** Somebody may have put a file there meanwhile: then the folder is theirs. */
async function removeEmpty(folder: string): Promise<void> {
  if ((await readdir(folder)).length === 0) await rmdir(folder)
}

function cancelled(): Refusal {
  return new Refusal('cancelled', 'The export was cancelled; no statement was written.')
}

type PlannedKind = {
  readonly kind: StatementKind
  readonly fileOf: ReadonlyMap<string, string>
  readonly keys: ReadonlyArray<string> | undefined
  readonly count: number
}

/** Names for all owners, whichever are asked for: a statement's file is called the same on every export. */
async function planFiles(
  workspace: Workspace,
  { period, kinds, keys }: StatementsOptions,
): Promise<ReadonlyArray<PlannedKind>> {
  const plan: PlannedKind[] = []
  const unknown = new Set(keys)
  for (const kind of kinds) {
    const all = await statementKeys(unscoped(workspace), { period, kind })
    for (const key of all) unknown.delete(key)
    const known = new Set(all)
    const wanted = keys && [...new Set(keys)].filter((key) => known.has(key))
    if (wanted && wanted.length === 0) continue
    plan.push({ kind, fileOf: statementFileNames(kind, all), keys: wanted, count: (wanted ?? all).length })
  }
  const [first] = unknown
  if (first !== undefined)
    throw new Refusal('not-found', `Nothing of ${period.name} is charged to ${first === '' ? 'nobody' : first}.`, {
      hint: 'See the keys with `spillway report charges --by cost-centre` or `--by person`.',
    })
  return plan
}

type Written = StatementsWritten & { readonly names: ReadonlyArray<string> }

async function writeInto(
  staging: string,
  { workspace, options, plan }: { workspace: Workspace; options: StatementsOptions; plan: ReadonlyArray<PlannedKind> },
): Promise<Written> {
  const { period, company, paper, onProgress, signal } = options
  const encode = await createStatementEncoder({ paper })
  const total = plan.reduce((sum, { count }) => sum + count, 0)
  const names: string[] = []
  const index: string[][] = []
  const incomplete: Array<StatementsWritten['incomplete'][number]> = []
  let isPublished = true
  for (const { kind, keys, fileOf } of plan)
    for await (const statement of readStatements(unscoped(workspace), { period, kind, keys, company })) {
      if (signal.aborted) throw cancelled()
      const file = fileOf.get(statement.owner.key) as string
      const { bytes, missingCharacters } = await encode(statement)
      await writeFile(join(staging, file), bytes)
      names.push(file)
      index.push(...indexRows(statement, { file, missingCharacters }))
      if (missingCharacters.length > 0) incomplete.push({ file, characters: missingCharacters })
      isPublished &&= statement.heading.isPublished
      onProgress({ stage: 'statements', done: names.length, total })
    }
  await writeOutput(join(staging, INDEX), REPORT_ENCODERS.csv(indexReport(index)))
  return { names: [...names, INDEX], files: names.length, isPublished, incomplete }
}

const INDEX = 'index.csv'
const INDEX_COLUMNS: Report['columns'] = [
  { key: 'file', title: 'File', kind: 'text' },
  { key: 'by', title: 'By', kind: 'text' },
  { key: 'key', title: 'Key', kind: 'text' },
  { key: 'name', title: 'Name', kind: 'text' },
  { key: 'currency', title: 'Currency', kind: 'text' },
  { key: 'actual', title: 'Actual', kind: 'amount' },
  { key: 'adjusted', title: 'Adjusted', kind: 'amount' },
  { key: 'difference', title: 'Difference', kind: 'amount' },
  { key: 'missing_characters', title: 'Missing characters', kind: 'text' },
]

function indexReport(rows: ReadonlyArray<ReadonlyArray<string>>): Report {
  return {
    name: 'statements',
    title: 'Statements',
    columns: INDEX_COLUMNS,
    rows: (async function* () {
      yield rows
    })(),
  }
}

/** One row per file and currency; one without amounts where there is usage alone. */
function indexRows(
  { owner, sections }: Statement,
  { file, missingCharacters }: { file: string; missingCharacters: ReadonlyArray<string> },
): string[][] {
  const who = [file, owner.kind, owner.key, owner.name]
  const missing = missingCharacters.join(' ')
  if (sections.length === 0) return [[...who, '', '', '', '', missing]]
  return sections.map(({ currency, actualMinor, adjustedMinor }) => [
    ...who,
    currency,
    ...[actualMinor, adjustedMinor, adjustedMinor - actualMinor].map((minor) => formatAmount(minor, currency)),
    missing,
  ])
}
