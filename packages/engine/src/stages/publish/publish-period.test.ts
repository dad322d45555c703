import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalDate, type Period, parsePeriod } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { charge, total } from '../../../test/import/test-facts.ts'
import { type TestRow, testIntake } from '../../../test/import/test-intake.ts'
import { saveConfiguration } from '../../catalog/configuration.ts'
import { acceptDifference, reconcile } from '../../queries/reconciliation.ts'
import { type Actor, initWorkspace, type Workspace } from '../../workspace/workspace.ts'
import { closePeriod } from '../close.ts'
import { importFiles } from '../import/import-files.ts'
import { listRuns, publishPeriod, reopenPeriod } from './publish-period.ts'

const actor: Actor = { who: 'tester', now: () => new Date('2026-11-05T00:00:00Z'), codeVersion: 'test' }
const OCTOBER = parsePeriod('2026-10') as Period
let directory: string
let workspace: Workspace
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'spillway-publish-'))
  workspace = await initWorkspace(directory, { actor, holder: 'test' })
})
afterEach(async () => {
  await workspace.close()
  await rm(directory, { recursive: true, force: true })
})

const day = (text: string) => text as LocalDate
async function add(rows: ReadonlyArray<TestRow>): Promise<void> {
  const intake = testIntake({ 'bill.csv': { parts: [{ rows }] } })
  const report = await importFiles(workspace, { paths: ['bill.csv'], intake, source: '', asOfOn: day('2026-11-05') })
  expect(report.files[0]?.outcome).toBe('imported')
}
const close = () => closePeriod(workspace, { period: OCTOBER })
const publish = () => publishPeriod(workspace, OCTOBER)

describe('reconciliation', () => {
  it('says per invoice and currency what its lines sum to, leaving payments out', async () => {
    await add([
      charge(),
      charge({ line: '2', category: 'payment', amountMinor: -777n }),
      charge({ line: '3', currency: 'EUR', amountMinor: 5n }),
      total({ totalMinor: 1000n }),
      total({ totalMinor: 6n, currency: 'EUR' }),
      charge({ invoice: 'INV-2' }),
      total({ invoice: 'INV-3', totalMinor: 4n }),
    ])
    const { invoices, problems } = await reconcile(workspace, '2026-10')
    expect(
      invoices.map((row) => [
        row.invoice,
        row.currency,
        row.chargesMinor,
        row.totalMinor,
        row.differenceMinor,
        row.status,
      ]),
    ).toEqual([
      ['INV-1', 'EUR', 5n, 6n, -1n, 'unreconciled'],
      ['INV-1', 'USD', 1000n, 1000n, 0n, 'reconciled'],
      ['INV-2', 'USD', 1000n, null, null, 'no-control-total'],
      ['INV-3', 'USD', 0n, 4n, -4n, 'no-charges'],
    ])
    expect(problems.map(({ code }) => code)).toEqual([
      'invoice-does-not-foot',
      'invoice-without-total',
      'invoice-without-charges',
    ])
    expect(await reconcile(workspace, '2026-11')).toEqual({ invoices: [], services: [], problems: [] })
  })

  it('lists services whose own total their lines do not meet', async () => {
    await add([
      charge(),
      charge({ line: '2', service: '' }),
      total({ totalMinor: 2000n }),
      total({ service: 'S-1', totalMinor: 900n }),
      total({ service: '' }),
    ])
    const { services } = await reconcile(workspace)
    expect(services).toMatchObject([{ service: 'S-1', chargesMinor: 1000n, totalMinor: 900n, differenceMinor: 100n }])
  })

  it.each([
    ['most of its days', { periodStartOn: day('2026-09-20'), periodEndOn: day('2026-10-20') }, '2026-10'],
    ['a tie to the earlier', { periodStartOn: day('2026-09-16'), periodEndOn: day('2026-10-16') }, '2026-09'],
    ['the month of issue where its source says so', { periodBy: 'issued' as const }, '2026-11'],
    ['its days where the month of issue is not known', { periodBy: 'issued' as const, issuedOn: null }, '2026-10'],
  ])('places an invoice by %s', async (_, dates, period) => {
    await add([charge(dates)])
    expect((await reconcile(workspace)).invoices.map((row) => row.period)).toEqual([period])
  })

  it('places all lines of an invoice where its total stands, else where most of its lines do', async () => {
    const september = { periodStartOn: day('2026-09-01'), periodEndOn: day('2026-10-01') }
    await add([
      charge(),
      charge({ line: '2' }),
      charge({ line: '3', ...september }),
      charge({ invoice: 'INV-2' }),
      total({ invoice: 'INV-2', ...september }),
    ])
    const { invoices } = await reconcile(workspace)
    expect(invoices.map(({ invoice, period, lines }) => [invoice, period, lines])).toEqual([
      ['INV-1', '2026-10', 3],
      ['INV-2', '2026-09', 1],
    ])
  })

  it('accepts the exact difference with a reason, and forgets it when the difference is another', async () => {
    await add([charge(), total({ totalMinor: 1100n })])
    await expect(acceptDifference(workspace, { invoice: 'INV-1', reason: ' ' })).rejects.toMatchObject({
      kind: 'bad-command',
    })
    await expect(acceptDifference(workspace, { invoice: 'INV-9', reason: 'x' })).rejects.toMatchObject({
      kind: 'not-found',
    })
    await acceptDifference(workspace, { invoice: 'INV-1', reason: 'credit promised' })
    expect((await reconcile(workspace)).invoices).toMatchObject([{ status: 'accepted', reason: 'credit promised' }])
    await add([charge({ amountMinor: 1050n })])
    expect((await reconcile(workspace)).invoices).toMatchObject([
      { status: 'unreconciled', reason: '', differenceMinor: -50n },
    ])
  })

  it('asks whose invoice is meant where two vendors use one number', async () => {
    await add([
      charge(),
      total({ totalMinor: 1n }),
      charge({ vendor: 'other' }),
      total({ vendor: 'other', totalMinor: 1n }),
    ])
    await expect(acceptDifference(workspace, { invoice: 'INV-1', reason: 'x' })).rejects.toMatchObject({
      kind: 'bad-command',
    })
    expect(await acceptDifference(workspace, { invoice: 'INV-1', vendor: 'other', reason: 'x' })).toHaveLength(1)
  })
})

describe('publishing', () => {
  it('refuses a period that is not closed, or whose inputs changed since', async () => {
    await expect(publish()).rejects.toMatchObject({ kind: 'period-not-closed' })
    await add([charge(), total()])
    await close()
    await add([charge({ invoice: 'INV-2' })])
    await expect(publish()).rejects.toMatchObject({
      kind: 'period-not-closed',
      facts: { changes: ['imported documents'] },
    })
    await close()
    await saveConfiguration(workspace, { kind: 'AllocationPolicy', name: 'p', body: {} })
    await expect(publish()).rejects.toMatchObject({
      kind: 'period-not-closed',
      facts: { changes: ['the configuration'] },
    })
  })

  it('refuses an open difference, and publishes once it is accepted', async () => {
    await add([charge(), total({ totalMinor: 1100n })])
    await close()
    await expect(publish()).rejects.toMatchObject({
      kind: 'unreconciled',
      facts: { invoices: [{ invoice: 'INV-1', difference: '-1.00' }] },
    })
    await acceptDifference(workspace, { invoice: 'INV-1', reason: 'known' })
    expect(await publish()).toMatchObject({ accepted: [{ invoice: 'INV-1' }] })
    await expect(publish()).rejects.toMatchObject({ kind: 'period-published' })
    await expect(close()).rejects.toMatchObject({ kind: 'period-published' })
  })

  it('publishes invoices without a control total and notes them', async () => {
    await add([charge()])
    await close()
    expect(await publish()).toMatchObject({ withoutTotal: [{ invoice: 'INV-1' }], accepted: [] })
  })

  it('reports a bill that comes after its period was published', async () => {
    await add([charge()])
    await close()
    await publish()
    await add([charge({ invoice: 'LATE', amountMinor: 1234n })])
    const { problems } = await reconcile(workspace)
    expect(problems.filter(({ code }) => code === 'invoice-after-publish')).toMatchObject([
      { facts: { invoice: 'LATE', period: '2026-10', amount: '12.34' } },
    ])
  })

  it('reopens with a reason, keeps the old run and its rows, and closes and publishes again', async () => {
    await add([charge()])
    const first = await close()
    await expect(reopenPeriod(workspace, { period: OCTOBER, reason: 'x' })).rejects.toMatchObject({
      kind: 'period-not-published',
    })
    await publish()
    await expect(reopenPeriod(workspace, { period: OCTOBER, reason: '' })).rejects.toMatchObject({
      kind: 'bad-command',
    })
    await reopenPeriod(workspace, { period: OCTOBER, reason: 'late bill' })
    const second = await close()
    await publish()
    const runs = await listRuns(workspace, OCTOBER)
    expect(runs.map(({ id, state, reopen_reason }) => [id, state, reopen_reason])).toEqual([
      [first.run, 'reopened', 'late bill'],
      [second.run, 'published', null],
    ])
    const rows = await workspace.warehouse.rows('SELECT DISTINCT run FROM carried ORDER BY run')
    expect(rows.map(({ run }) => run)).toEqual([first.run, second.run])
    const audit = await workspace.catalog.selectFrom('audit').select('action').execute()
    expect(audit.map(({ action }) => action)).toEqual(['import', 'close', 'publish', 'reopen', 'close', 'publish'])
  })
})
