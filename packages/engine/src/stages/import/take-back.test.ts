import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalDate, problem } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { charge, person, usage } from '../../../test/import/test-facts.ts'
import { type TestFile, type TestRow, testIntake } from '../../../test/import/test-intake.ts'
import { listImports } from '../../queries/import-records.ts'
import { liveDocuments } from '../../warehouse/live-documents.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { type Actor, initWorkspace, type Workspace } from '../../workspace/workspace.ts'
import { importFiles } from './import-files.ts'
import type { FileReport } from './import-report.ts'
import { takeBackImport } from './take-back.ts'

const actor: Actor = { who: 'tester', now: () => new Date('2026-11-05T00:00:00Z'), codeVersion: 'test' }
let directory: string
let workspace: Workspace
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-take-back-'))
  workspace = await initWorkspace(directory, { actor, holder: 'test' })
})
afterEach(async () => {
  await workspace.close()
  await rm(directory, { recursive: true, force: true })
})

async function importOne(name: string, rows: Iterable<TestRow>, supplements?: string): Promise<FileReport> {
  const file: TestFile = { parts: [{ rows, ...(supplements === undefined ? {} : { supplements }) }] }
  const { files } = await importFiles(workspace, {
    ...{ paths: [name], intake: testIntake({ [name]: file }), source: '', asOfOn: '2026-11-05' as LocalDate },
  })
  return files[0] as FileReport
}
const takeBack = ({ batch }: Pick<FileReport, 'batch'>) => takeBackImport(workspace, { batch, reason: 'a test' })
const live = async () => (await liveDocuments(workspace)).map(({ file, invoice }) => `${file} ${invoice}`.trim())
const stateOf = async ({ batch }: FileReport) => (await listImports(unscoped(workspace), batch))[0]?.state

describe('an import that is taken back', () => {
  it('from the middle of a chain leaves the chain without it, in whatever order', async () => {
    const [one, two, three] = [
      await importOne('one', [charge({ amountMinor: 1n }), charge({ invoice: 'INV-2' })]),
      await importOne('two', [charge({ amountMinor: 2n }), charge({ invoice: 'INV-2', amountMinor: 2n })]),
      await importOne('three', [charge({ amountMinor: 3n })]),
    ]
    expect(await live()).toEqual(['two INV-2', 'three INV-1'])
    expect([await stateOf(one), await stateOf(two), await stateOf(three)]).toEqual([
      'superseded',
      'partly-superseded',
      'live',
    ])
    // Nothing of the first counts: what superseded it goes first.
    await expect(takeBack(one)).rejects.toMatchObject({ kind: 'in-use', facts: { imports: [two.batch] } })
    expect((await takeBack(two)).restored).toMatchObject([{ invoice: 'INV-2', file: 'one' }])
    expect(await live()).toEqual(['one INV-2', 'three INV-1'])
    expect((await takeBack(three)).restored).toMatchObject([{ invoice: 'INV-1', file: 'one' }])
    expect(await live()).toEqual(['one INV-1', 'one INV-2'])
    await takeBack(one)
    expect(await live()).toEqual([])
    const again = await importOne('one', [charge({ amountMinor: 1n }), charge({ invoice: 'INV-2' })])
    expect([again.outcome, again.batch]).toEqual(['imported', `${one.batch}-2`])
  })

  it('names later imports that left out usage because this one had it', async () => {
    const first = await importOne('first', [usage({ id: 'u-1' })])
    const second = await importOne('second', [usage({ id: 'u-1' }), usage({ id: 'u-2' })])
    expect(second.rows.duplicates).toBe(1)
    expect((await takeBack(first)).mayLackRows).toEqual([{ batch: second.batch, file: 'second' }])
  })

  it('of a directory goes before what was merged with it', async () => {
    const first = await importOne('first', [person('E-1'), person('E-2')])
    const second = await importOne('second', [person('E-1'), person('E-2'), person('E-3')])
    await expect(takeBack(first)).rejects.toMatchObject({ kind: 'in-use' })
    await takeBack(second)
    expect(await live()).toEqual(['first'])
  })

  it('needs a reason and an import of ours, and is done once', async () => {
    const one = await importOne('one', [charge()])
    await expect(takeBackImport(workspace, { batch: one.batch, reason: ' ' })).rejects.toMatchObject({
      kind: 'bad-command',
    })
    await expect(takeBackImport(workspace, { batch: 'none', reason: 'x' })).rejects.toMatchObject({ kind: 'not-found' })
    await takeBack(one)
    await expect(takeBack(one)).rejects.toMatchObject({ kind: 'bad-command' })
    const audit = await workspace.catalog.selectFrom('audit').select(['action', 'subject']).execute()
    expect(audit.at(-1)).toEqual({ action: 'take-back', subject: one.batch })
  })
})

describe('mended rows', () => {
  const bad = problem('amount-unreadable', { column: 'amount', value: 'x' }, { source: { file: 'a' } })

  it('add to the bill that refused them, and a line that stands there is known or a conflict', async () => {
    const first = await importOne('first', [charge(), { problems: [bad] }])
    const mended = [charge(), charge({ line: '2', amountMinor: 5n })]
    const added = await importOne('mended', mended, first.batch)
    expect(added).toMatchObject({ supplements: first.batch, rows: { accepted: 1, duplicates: 1, quarantined: 0 } })
    expect(added.documents).toMatchObject([{ supersedes: [] }])
    expect(added.invoices).toMatchObject([{ chargesMinor: 1005n }])
    const other = await importOne('other', [charge({ amountMinor: 1n })], first.batch)
    expect(other.problems).toMatchObject([{ code: 'duplicate-conflict' }])
    const corrected = await importOne('corrected', [charge({ amountMinor: 7n })])
    expect(corrected.documents[0]?.supersedes.map(({ file }) => file)).toEqual(['first', 'mended'])
    const late = await importOne('late', [charge({ line: '3' })], first.batch)
    expect(late.refusal).toMatchObject({ kind: 'changed-meanwhile' })
    await takeBack(corrected)
    expect(await live()).toEqual(['first INV-1', 'mended INV-1'])
  })

  it('of a directory end nobody', async () => {
    const first = await importOne('first', [person('E-1'), person('E-2'), { problems: [bad] }])
    const added = await importOne('mended', [person('E-3')], first.batch)
    expect(added.directory).toMatchObject([{ ending: 0 }])
    expect(added.problems).toEqual([])
    expect(added.directory[0]?.changes.map(({ kind }) => kind)).toEqual(['joiner'])
  })
})
