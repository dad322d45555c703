import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalDate, problem } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { charge, costCentre, person, pool, poolMember, service, total, usage } from '../../../test/import/test-facts.ts'
import { type TestFile, type TestRow, testIntake } from '../../../test/import/test-intake.ts'
import { liveDocuments } from '../../warehouse/live-documents.ts'
import { FACT_TABLES } from '../../warehouse/schema.ts'
import { type Actor, initWorkspace, type Workspace } from '../../workspace/workspace.ts'
import { importFiles } from './import-files.ts'
import type { ImportOptions } from './import-options.ts'
import type { FileReport } from './import-report.ts'

const actor: Actor = { who: 'tester', now: () => new Date('2026-11-05T00:00:00Z'), codeVersion: 'test' }
let directory: string
let workspace: Workspace
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-import-'))
  workspace = await initWorkspace(directory, { actor, holder: 'test' })
})
afterEach(async () => {
  await workspace.close()
  await rm(directory, { recursive: true, force: true })
})

type Rows = Iterable<TestRow>
const oneFile = (rows: Rows): TestFile => ({ parts: [{ rows }] })

async function importAll(files: Readonly<Record<string, TestFile>>, given: Partial<ImportOptions> = {}) {
  const asOfOn = '2026-11-05' as LocalDate
  return importFiles(workspace, {
    paths: Object.keys(files),
    intake: testIntake(files),
    source: '',
    asOfOn,
    ...given,
  })
}
async function importOne(rows: Rows, given: Partial<ImportOptions> & { name?: string } = {}): Promise<FileReport> {
  const { name = 'a.csv', ...options } = given
  const report = await importAll({ [name]: oneFile(rows) }, options)
  return report.files[0] as FileReport
}

/** Everything stored, in both stores. */
async function snapshot(): Promise<unknown> {
  const facts: Record<string, unknown> = {}
  for (const table of [...Object.keys(FACT_TABLES), 'quarantine'])
    facts[table] = await workspace.warehouse.rows(`SELECT * FROM "${table}" ORDER BY ALL`)
  const { catalog } = workspace
  return {
    facts,
    batches: await catalog.selectFrom('batch').selectAll().execute(),
    documents: await catalog.selectFrom('document').selectAll().execute(),
    audit: await catalog.selectFrom('audit').selectAll().execute(),
  }
}
const bad = problem(
  'amount-unreadable',
  { column: 'amount', value: 'x1' },
  { source: { file: 'a.csv', column: 'amount' } },
)

describe('an import of bills', () => {
  it('stores facts under live documents, with a digest over every row', async () => {
    const report = await importOne([charge(), charge({ line: '2', amountMinor: -250n }), total({ totalMinor: 750n })])
    expect(report).toMatchObject({
      outcome: 'imported',
      rows: { read: 3, accepted: 3, quarantined: 0, duplicates: 0 },
      amounts: [{ currency: 'USD', acceptedMinor: 750n, quarantinedMinor: 0n }],
      invoices: [{ invoice: 'INV-1', chargesMinor: 750n, totalMinor: 750n, differenceMinor: 0n, lines: 2 }],
      problems: [],
    })
    const documents = await liveDocuments(workspace)
    expect(documents.map(({ part, rowCount }) => [part, rowCount])).toEqual([
      ['charges', 2],
      ['totals', 1],
    ])
    const { digest } = await workspace.warehouse.row('SELECT sum(digest)::VARCHAR AS digest FROM charge')
    expect(documents[0]?.digest).toBe(digest)
    const lines = await workspace.warehouse.rows('SELECT line, ordinal, amount_minor FROM charge ORDER BY ordinal')
    expect(lines).toEqual([
      { line: 2, ordinal: 0, amount_minor: 1000n },
      { line: 3, ordinal: 1, amount_minor: -250n },
    ])
  })

  it('keeps rows with an error raw in quarantine, and takes the others', async () => {
    const rows = [charge(), { problems: [bad] }, { ...charge({ line: '3', amountMinor: 5n }), problems: [bad] }]
    const report = await importOne([...rows, { problems: [bad], amount: { currency: 'USD', minor: 7n } }])
    expect(report).toMatchObject({
      outcome: 'imported',
      rows: { read: 4, accepted: 1, quarantined: 3, duplicates: 0 },
      amounts: [{ currency: 'USD', acceptedMinor: 1000n, quarantinedMinor: 12n }],
      quarantinedWithoutAmount: 1,
      problems: [
        { code: 'amount-unreadable', count: 3, places: ['a.csv:3 (amount)', 'a.csv:4 (amount)', 'a.csv:5 (amount)'] },
      ],
    })
    const kept = await workspace.warehouse.rows(
      'SELECT line, raw, code, column_name, value FROM quarantine ORDER BY line',
    )
    expect(kept[0]).toEqual({ line: 3, raw: 'row 3', code: 'amount-unreadable', column_name: 'amount', value: 'x1' })
    expect(kept).toHaveLength(3)
  })

  it('changes nothing when the same file comes again, whatever its name', async () => {
    const rows = [charge(), { problems: [bad] }]
    await importOne(rows)
    const before = await snapshot()
    expect(await importOne(rows, { name: 'b.csv' })).toMatchObject({ outcome: 'unchanged' })
    expect(await snapshot()).toEqual(before)
  })

  it('changes nothing when a file that is all quarantine comes again', async () => {
    await importOne([{ problems: [bad] }])
    const before = await snapshot()
    expect(await importOne([{ problems: [bad] }])).toMatchObject({ outcome: 'unchanged' })
    expect(await snapshot()).toEqual(before)
  })

  it('supersedes the invoice that a corrected file names and keeps the earlier facts readable', async () => {
    await importOne([charge(), charge({ invoice: 'INV-2' })])
    const report = await importOne([charge({ amountMinor: 900n })], { name: 'b.csv' })
    expect(report.documents).toMatchObject([{ invoice: 'INV-1', rows: 1, supersedes: [{ doc: 1, file: 'a.csv' }] }])
    const live = await liveDocuments(workspace)
    expect(live.map(({ doc, invoice }) => [doc, invoice])).toEqual([
      [2, 'INV-2'],
      [3, 'INV-1'],
    ])
    expect(await workspace.warehouse.rows('SELECT amount_minor FROM charge WHERE doc = 1')).toEqual([
      { amount_minor: 1000n },
    ])
    const old = await workspace.catalog.selectFrom('document').selectAll().where('id', '=', 1).executeTakeFirst()
    expect(old).toMatchObject({ live: 0, superseded_by: 3 })
  })

  it('leaves a corrected bill corrected when the first file comes again, and says so; --again brings it back', async () => {
    const [first, corrected] = [[charge()], [charge({ amountMinor: 900n })]]
    await importOne(first)
    await importOne(corrected, { name: 'b.csv' })
    const before = await snapshot()
    const repeated = await importOne(first)
    expect(repeated).toMatchObject({
      outcome: 'unchanged',
      supersededSince: [{ part: 'charges', invoice: 'INV-1', by: 'b.csv' }],
    })
    expect(await snapshot()).toEqual(before)
    const forced = await importOne(first, { again: true })
    expect(forced).toMatchObject({ outcome: 'imported', rows: { accepted: 1 } })
    expect(forced.batch).toBe(`${repeated.batch}-2`)
    const live = await liveDocuments(workspace)
    expect(live.map(({ doc }) => doc)).toEqual([3])
    expect(await importOne(first)).toMatchObject({ outcome: 'unchanged', supersededSince: [] })
    expect(await importOne(first, { again: true })).toMatchObject({ outcome: 'unchanged' })
  })

  it('takes a zip as one batch with a document per member, none of which supersedes another', async () => {
    const file: TestFile = {
      parts: [
        { member: 'x.txt', rows: [charge()] },
        { member: 'y.txt', rows: [charge({ line: '2' })] },
      ],
    }
    const { files } = await importAll({ 'bill.zip': file })
    expect(files[0]?.documents).toMatchObject([
      { member: 'x.txt', rows: 1, supersedes: [] },
      { member: 'y.txt', rows: 1, supersedes: [] },
    ])
    expect(await liveDocuments(workspace)).toHaveLength(2)
  })

  it('drops an identical line and quarantines one with other content under the same number', async () => {
    const report = await importOne([charge(), charge(), charge({ amountMinor: 5n }), charge({ line: '2' })])
    expect(report).toMatchObject({
      rows: { read: 4, accepted: 2, quarantined: 1, duplicates: 1 },
      amounts: [{ acceptedMinor: 2000n, quarantinedMinor: 5n }],
    })
    const [kept] = await workspace.warehouse.rows('SELECT raw, code, facts FROM quarantine')
    expect(kept).toMatchObject({ raw: 'row 4', code: 'duplicate-conflict' })
    expect(JSON.parse(kept?.facts as string)).toEqual({ id: 'acme / A-1 / INV-1 / 1', earlier: 'line 2 of this file' })
  })

  it('reports an invoice and a service that do not foot, with their differences', async () => {
    const report = await importOne([
      charge(),
      charge({ line: '2', category: 'payment', amountMinor: -99n }),
      total({ totalMinor: 1001n }),
      total({ service: 'S-1', totalMinor: 999n }),
    ])
    expect(report.invoices).toMatchObject([{ chargesMinor: 1000n, totalMinor: 1001n, differenceMinor: -1n }])
    expect(report.problems.map(({ code }) => code).sort()).toEqual(['invoice-does-not-foot', 'service-does-not-foot'])
  })
})

describe('an import of usage', () => {
  it('takes the same event once, within a file and across files', async () => {
    const first = await importOne([usage(), usage(), usage({ id: 'u2' })])
    expect(first.rows).toEqual({ read: 3, accepted: 2, quarantined: 0, duplicates: 1 })
    const second = await importOne([usage({ id: 'u2' }), usage({ id: 'u3' })], { name: 'b.csv' })
    expect(second.rows).toEqual({ read: 2, accepted: 1, quarantined: 0, duplicates: 1 })
    expect(await liveDocuments(workspace)).toHaveLength(2)
    const third = await importOne([usage({ id: 'u3' })], { name: 'c.csv' })
    expect(third).toMatchObject({ outcome: 'unchanged', rows: { duplicates: 1 } })
  })

  it('quarantines the same id with other content and cites the earlier row', async () => {
    await importOne([usage()])
    const report = await importOne([usage({ quantityBase: 2000n, quantity: '2' }), usage({ id: 'u9' })], {
      name: 'b.csv',
    })
    expect(report).toMatchObject({
      rows: { read: 2, accepted: 1, quarantined: 1 },
      problems: [{ code: 'duplicate-conflict' }],
    })
    const [kept] = await workspace.warehouse.rows('SELECT facts FROM quarantine')
    expect(JSON.parse(kept?.facts as string)).toEqual({ id: 'cdr / u1', earlier: 'line 2 of a.csv' })
  })

  it('quarantines of a conflicting row what its importer lets out, and not the text of the file', async () => {
    await importOne([usage(), { ...usage({ quantity: '2' }), raw: 'row without its secret' }])
    const [kept] = await workspace.warehouse.rows('SELECT raw FROM quarantine')
    expect(kept).toEqual({ raw: 'row without its secret' })
  })

  it('does not measure the usage of a bill against the document that it supersedes', async () => {
    await importOne([usage({}, 'INV-1')])
    const report = await importOne([usage({ quantityBase: 5n }, 'INV-1')], { name: 'b.csv' })
    expect(report).toMatchObject({ rows: { accepted: 1, quarantined: 0 }, documents: [{ supersedes: [{ doc: 1 }] }] })
  })

  it('accepts a row again whose facts are partly known', async () => {
    await importOne([usage()])
    const both = { facts: [...(usage().facts ?? []), ...(usage({ id: 'u2' }).facts ?? [])] }
    const report = await importOne([both], { name: 'b.csv' })
    expect(report.rows).toEqual({ read: 1, accepted: 1, quarantined: 0, duplicates: 0 })
    expect(report.documents).toMatchObject([{ rows: 1 }])
  })
})

describe('a dry run', () => {
  it('reports what the import would report and changes nothing', async () => {
    await importOne([charge()])
    const before = await snapshot()
    const rows = [
      charge({ amountMinor: 1n }),
      charge({ line: '2' }),
      charge({ line: '2' }),
      { problems: [bad] },
      person('E1'),
    ]
    const tried = await importOne(rows, { name: 'b.csv', dryRun: true })
    expect(await snapshot()).toEqual(before)
    const done = await importOne(rows, { name: 'b.csv' })
    expect(done).toEqual(tried)
    expect(done.rows).toEqual({ read: 5, accepted: 3, quarantined: 1, duplicates: 1 })
  })

  it('knows of directory rows that an earlier file of the same command would bring', async () => {
    const files = { 'a.csv': oneFile([costCentre('C1')]), 'b.csv': oneFile([person('E1', { costCentre: 'C1' })]) }
    expect((await importAll(files, { dryRun: true })).directoryProblems).toEqual([])
    expect((await importAll(files)).directoryProblems).toEqual([])
  })
})

describe('an import of directory files', () => {
  const staff = (count: number, given = {}) => Array.from({ length: count }, (_, i) => person(`E${i}`, given))

  it('keeps what is known of the past and ends who is absent', async () => {
    await importOne([person('E1', { costCentre: 'C1' }), person('E2')])
    const report = await importOne([person('E1', { costCentre: 'C2' })], { name: 'b.csv' })
    expect(report.directory[0]?.changes.map(({ kind }) => kind).sort()).toEqual(['leaver', 'move'])
    const documents = await liveDocuments(workspace)
    expect(documents).toHaveLength(1)
    const rows = await workspace.warehouse.rows(
      'SELECT employee, cost_centre, from_on, to_on, line FROM person WHERE doc = 2 ORDER BY ALL',
    )
    expect(rows).toEqual([
      { employee: 'E1', cost_centre: 'C1', from_on: null, to_on: '2026-11-05', line: 0 },
      { employee: 'E1', cost_centre: 'C2', from_on: '2026-11-05', to_on: null, line: 2 },
      { employee: 'E2', cost_centre: '', from_on: null, to_on: '2026-11-05', line: 0 },
    ])
  })

  it('finds the same feed unchanged on any later day, and under any digest', async () => {
    await importOne(staff(3))
    const before = await snapshot()
    const again = await importAll(
      { 'b.csv': { ...oneFile(staff(3)), content: 'other bytes' } },
      { asOfOn: '2027-01-01' as LocalDate },
    )
    expect(again.files).toMatchObject([{ outcome: 'unchanged', rows: { read: 3, accepted: 0, duplicates: 3 } }])
    expect(await snapshot()).toEqual(before)
  })

  it('applies a feed again that was replaced meanwhile', async () => {
    await importOne([costCentre('C1', { name: 'Field' })])
    await importOne([costCentre('C1', { name: 'Wrong' })], { name: 'b.csv' })
    expect(await importOne([costCentre('C1', { name: 'Field' })])).toMatchObject({ outcome: 'imported' })
    const [document] = await liveDocuments(workspace)
    expect(await workspace.warehouse.rows(`SELECT name FROM cost_centre WHERE doc = ${document?.doc}`)).toEqual([
      { name: 'Field' },
    ])
  })

  it('keeps sources apart', async () => {
    await importOne([person('E1')], { source: 'hr-us' })
    await importOne([person('E2')], { source: 'hr-uk', name: 'b.csv' })
    expect((await liveDocuments(workspace)).map(({ source }) => source)).toEqual(['hr-us', 'hr-uk'])
  })

  it('refuses to end many at once unless that is accepted, and shows whom', async () => {
    await importOne(staff(10))
    const before = await snapshot()
    const refused = await importOne(staff(4), { name: 'b.csv' })
    expect(refused).toMatchObject({
      outcome: 'refused',
      refusal: { kind: 'mass-end' },
      directory: [{ active: 10, ending: 6 }],
    })
    expect(await snapshot()).toEqual(before)
    expect(await importOne(staff(4), { name: 'b.csv', acceptMassEnd: true })).toMatchObject({ outcome: 'imported' })
  })

  it('ends nobody for being absent while rows of the file cannot be read', async () => {
    await importOne([person('E1'), person('E2')])
    const report = await importOne([person('E1', { name: 'New' }), { problems: [bad] }], { name: 'b.csv' })
    expect(report.directory[0]?.changes.map(({ kind }) => kind)).toEqual(['correction'])
    expect(report.problems.map(({ code }) => code)).toEqual(['amount-unreadable', 'feed-incomplete'])
  })

  it('quarantines rows that contradict each other and keeps what was known', async () => {
    await importOne([costCentre('C1')])
    const rows = [costCentre('C1', { name: 'x' }), costCentre('C1', { name: 'y' }), costCentre('C2'), costCentre('C2')]
    const report = await importOne(rows, { name: 'b.csv' })
    expect(report.rows).toEqual({ read: 4, accepted: 1, quarantined: 2, duplicates: 1 })
    expect(await workspace.warehouse.rows('SELECT name FROM cost_centre WHERE doc = 2 ORDER BY name')).toEqual([
      { name: 'C1' },
      { name: 'C2' },
    ])
  })

  it('refuses the whole file that makes cost centres a circle', async () => {
    await importOne([costCentre('C1', { parent: 'C2' })], { source: 'one' })
    const before = await snapshot()
    const report = await importOne([costCentre('C2', { parent: 'C1' }), costCentre('C3')], {
      source: 'two',
      name: 'b.csv',
    })
    expect(report).toMatchObject({ outcome: 'refused', refusal: { kind: 'cost-centre-cycle' } })
    expect(await snapshot()).toEqual(before)
  })

  it('reports unknown references, leavers with services, overlapping pools and unknown pools', async () => {
    const { directoryProblems } = await importAll({
      'people.csv': oneFile([person('E1', { to: '2026-10-01' as LocalDate, costCentre: 'C9' })]),
      'services.csv': oneFile([service('S-1', { person: 'E1' }), service('S-2', { person: 'E7', project: 'P' })]),
      'pools.csv': oneFile([pool('P1'), pool('P2')]),
      'members.csv': oneFile([poolMember('P1', 'S-1'), poolMember('P2', 'S-1'), poolMember('P3', 'S-2')]),
    })
    expect(directoryProblems.map(({ code }) => code).sort()).toEqual([
      'cost-centre-unknown',
      'leaver-with-service',
      'person-unknown',
      'pool-overlap',
      'pool-unknown',
      'project-unknown',
    ])
  })
})

describe('a cancelled import', () => {
  it('leaves the files before it and nothing of its own', async () => {
    const controller = new AbortController()
    const rows = Array.from({ length: 5000 }, (_, i) => usage({ id: `u${i}` }))
    const running = importAll(
      { 'a.csv': oneFile([charge()]), 'b.csv': oneFile(rows) },
      {
        signal: controller.signal,
        onProgress: ({ file, rows: read }) => {
          if (file === 'b.csv' && read >= 2000) controller.abort()
        },
      },
    )
    await expect(running).rejects.toMatchObject({ kind: 'cancelled' })
    expect((await liveDocuments(workspace)).map(({ part }) => part)).toEqual(['charges'])
    expect(await workspace.warehouse.rows('SELECT * FROM usage')).toEqual([])
    expect(await importOne(rows, { name: 'b.csv' })).toMatchObject({ rows: { accepted: 5000 } })
  })
})
