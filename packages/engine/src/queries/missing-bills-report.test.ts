import { type Period, parsePeriod } from '@spillway/core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { unscoped } from '../workspace/scopes.ts'
import { missingBillsReport } from './missing-bills-report.ts'

const ofMonth = (name: string) => parsePeriod(name) as Period
const bill = (vendor: string, account: string, rest: object) => ({
  ...{ vendor, account, service: 'phone-1', category: 'access', usage_type: 'data', currency: 'USD', amount: '10.00' },
  ...rest,
})
const inSeptember = { period_start_on: '2026-09-01', period_end_on: '2026-10-01' }
const inOctober = { period_start_on: '2026-10-01', period_end_on: '2026-11-01' }

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.add({
    charge: [
      bill('carrier', 'A-1', { ...inSeptember, invoice: 'S1' }),
      bill('carrier', 'A-1', { ...inOctober, invoice: 'O1' }),
      bill('carrier', 'A-2', { ...inSeptember, invoice: 'S2', amount: '7.50' }),
      bill('carrier', 'A-2', { ...inSeptember, invoice: 'S2', amount: '0.50' }),
      bill('carrier', 'A-2', { ...inSeptember, invoice: 'S3', currency: 'EUR' }),
      // An account of another vendor is another account.
      bill('other', 'A-1', { ...inSeptember, invoice: 'T1' }),
    ],
  })
})
afterAll(() => built.remove())

async function rows(period: string): Promise<string[]> {
  const report = await missingBillsReport(unscoped(built.workspace), ofMonth(period))
  const found: string[] = []
  for await (const batch of report.rows) for (const row of batch) found.push(row.join(' | '))
  return found
}

async function schedule(name: string, { kind, expected }: { kind: string; expected: ReadonlyArray<object> }) {
  const { catalog, tenant } = built.workspace
  const request = JSON.stringify({ owner: 'usr_1', parameters: { kind, expected } })
  await catalog
    .insertInto('schedule')
    .values({
      ...{ tenant, name, kind, request, cron: '0 6 * * *', time_zone: 'UTC', state: 'active' as const },
      ...{ next_at: null, last_at: null, last_job: null, saved_at: '2026-10-01T00:00:00Z', saved_by: 'usr_1' },
    })
    .execute()
}

it('has each bill of the month before of an account without one', async () => {
  expect(await rows('2026-10')).toEqual([
    'carrier | A-2 | S2 | 2026-09 | USD | 8.00 |  | ',
    'carrier | A-2 | S3 | 2026-09 | EUR | 10.00 |  | ',
    'other | A-1 | T1 | 2026-09 | USD | 10.00 |  | ',
  ])
  expect(await rows('2026-11')).toEqual(['carrier | A-1 | O1 | 2026-10 | USD | 10.00 |  | '])
  expect(await rows('2026-09')).toEqual([])
})

it('has what a schedule waits for, once, whoever billed before', async () => {
  const expected = [
    { vendor: 'carrier', account: 'A-1' },
    { vendor: 'carrier', account: 'A-2' },
    { vendor: 'new', account: 'N-1' },
  ]
  await schedule('close', { kind: 'close-when-complete', expected })
  await schedule('again', { kind: 'close-when-complete', expected: expected.slice(2) })
  await schedule('folder', { kind: 'import-folder', expected: [{ vendor: 'no', account: 'X' }] })
  expect(await rows('2026-10')).toEqual([
    'carrier | A-2 | S2 | 2026-09 | USD | 8.00 |  | schedule',
    'carrier | A-2 | S3 | 2026-09 | EUR | 10.00 |  | schedule',
    'new | N-1 |  |  |  |  |  | schedule',
    'other | A-1 | T1 | 2026-09 | USD | 10.00 |  | ',
  ])
})
