import { type LocalDate, type Period, parseAmount, parsePeriod, type Report } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { applyConfiguration } from '../../catalog/apply-configuration.ts'
import { closePeriod } from '../../stages/close.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { type BillableTimeRequest, billableTimeReport } from './billable-time-report.ts'
import { legalInvoice } from './legal-invoice.ts'
import { uncodedReport } from './uncoded-report.ts'

const OCTOBER = parsePeriod('2026-10') as Period
const day = (text: string) => text as LocalDate

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.add({
    account: '| account | time_zone | currency |\n| R100 | America/New_York | USD |\n| R101 | - | - |',
    person: '| employee | name |\n| E-1 | Ada Quill |\n| E-2 | Ben Haven |',
    project: `
      | project | client | name            | rate   |
      | 4711    | ACME   | Acme v. Zenith  | 333.33 |
      | 4712    | ACME   | Acme lease      | 100    |
      | 4713    | ZEN    | Pro bono        | -      |`,
    service: `
      | service | account | person | project | share_ppm |
      | ada     | R100    | E-1    | -       | 1000000   |
      | ben     | R100    | E-2    | 4712    | 600000    |
      | ben     | R100    | E-2    | 4713    | 400000    |`,
    charge: `
      | service | usage_type | category | currency | amount | invoice |
      | ada     | conference | usage    | USD      | 10.00  | B1      |
      | ada     | conference | usage    | EUR      | 1.00   | B2      |
      | ada     | data       | usage    | USD      | 99.00  | B1      |
      | ben     | conference | usage    | USD      | 5.01   | B1      |`,
    usage: LEGS,
  })
  const codes = 'kind: AccountCodes\naccount: R100\nrequired: true\nvalid: projects\n'
  await applyConfiguration(built.workspace, { files: [{ name: 'codes.yaml', text: codes }] })
  const lobby = { account: 'R100', 'user-id': 'lobby', owner: { project: '4712' } }
  await built.apply({ kind: 'SubAccount', name: 'R100 lobby', ...lobby })
  await built.apply({ kind: 'ProjectRule', name: 'zen', when: { 'participant-contains': ['zenith'] }, project: '4713' })
  await closePeriod(built.workspace, { period: OCTOBER })
})
afterAll(() => built.remove())

// 23:50 on the last of October in New York is November in Greenwich.
const LEGS = `
  | account | service | usage_type | conference | participant | account_code | on                  | until               | used    |
  | R100    | ada     | conference | C1         | Ada Quill   | 4711         | 2026-10-05T09:00:10 | 2026-10-05T09:46:40 | 47 min  |
  | R100    | ada     | conference | C1         | José Peña   | -            | 2026-10-05T09:02:00 | 2026-10-05T09:10:05 | 9 min   |
  | R100    | ada     | conference | C2         | Ed, Zenith  | 99           | 2026-10-06T09:00:00 | 2026-10-06T09:06:01 | 7 min   |
  | R100    | ada     | conference | C3         | Cleo        | -            | 2026-10-07T09:00:00 | 2026-10-07T09:00:00 | 0 min   |
  | R100    | ben     | conference | C4         | Ben Haven   | -            | 2026-10-31T23:50:00 | 2026-11-01T01:30:00 | 100 min |
  | R100    | lobby   | conference | C5         | Dora        | -            | 2026-10-08T09:00:00 | 2026-10-08T09:10:00 | 10 min  |
  | R100    | ben     | conference | C6         | Ben Haven   | 4711         | 2026-11-01T01:00:00 | 2026-11-01T02:30:00 | 150 min |
  | R101    | guest   | voice      | -          | -           | 12           | 2026-10-09T09:00:00 |                     | 90 s    |`

async function cellsOf({ columns, rows }: Report, keys: ReadonlyArray<string>): Promise<string[]> {
  const at = keys.map((key) => columns.findIndex((column) => column.key === key))
  const lines: string[] = []
  for await (const batch of rows) for (const row of batch) lines.push(at.map((index) => row[index]).join(' '))
  return lines
}
const report = (request: BillableTimeRequest) => billableTimeReport(unscoped(built.workspace), request)
const KEYS = [
  'project',
  'start',
  'person',
  'user_id',
  'seconds',
  'billable_seconds',
  'currency',
  'cost',
  'amount',
  'by',
]

describe('the report of billable time', () => {
  it('has every call of a month once, those without a project first', async () => {
    expect(await cellsOf(await report({ period: OCTOBER }), KEYS)).toEqual([
      ' 2026-10-07T09:00:00-04:00 E-1 ada 0 0 EUR 0.00  ',
      ' 2026-10-07T09:00:00-04:00 E-1 ada 0 0 USD 0.00  ',
      ' 2026-10-09T09:00:00Z  guest 90 360    ',
      '4711 2026-10-05T09:00:10-04:00 E-1 ada 2790 2880 USD 8.89 266.66 code',
      '4711 2026-10-05T09:00:10-04:00 E-1 ada 0 0 EUR 0.89  code',
      '4712 2026-10-08T09:00:00-04:00  lobby 600 720 USD  20.00 owner',
      '4712 2026-10-31T23:50:00-04:00 E-2 ben 3600 3600 USD 3.01 100.00 assignment',
      '4713 2026-10-06T09:00:00-04:00 E-1 ada 361 720 EUR 0.11  rule',
      '4713 2026-10-06T09:00:00-04:00 E-1 ada 0 0 USD 1.11  rule',
      '4713 2026-10-31T23:50:00-04:00 E-2 ben 2400 2520 USD 2.00  assignment',
    ])
  })

  it('gives every cent of a service to its calls, whatever is asked for', async () => {
    const sums = new Map<string, bigint>()
    for (const project of ['', '4711', '4712', '4713'])
      for (const line of await cellsOf(await report({ period: OCTOBER, project }), ['user_id', 'currency', 'cost'])) {
        const [service = '', currency = '', cost = ''] = line.split(' ')
        const amount = parseAmount(cost, currency)
        const key = `${service} ${currency}`
        if (amount.ok) sums.set(key, (sums.get(key) ?? 0n) + amount.minor)
      }
    expect([...sums].sort()).toEqual([
      ['ada EUR', 100n],
      ['ada USD', 1000n],
      ['ben USD', 501n],
    ])
  })

  it('sums by person and month, and tells which months are not closed', async () => {
    const days = { from: day('2026-10-31'), until: day('2026-11-02') }
    const found = await report({ ...days, by: 'person' })
    expect(found.title).toBe(
      'Billable time, 2026-10-31 until 2026-11-02 by person (not closed, so without cost: 2026-11)',
    )
    // The clocks go back at two: from one o'clock the first time to half past two are two hours and a half.
    expect(await cellsOf(found, ['project', 'person', 'name', 'month', 'calls', 'seconds', 'cost', 'amount'])).toEqual([
      '4711 E-2 Ben Haven 2026-11 1 9000  833.33',
      '4712 E-2 Ben Haven 2026-10 1 3600 3.01 100.00',
      '4713 E-2 Ben Haven 2026-10 1 2400 2.00 ',
    ])
    expect(
      await cellsOf(await report({ period: OCTOBER, by: 'project' }), [
        'project',
        'name',
        'client',
        'currency',
        'amount',
      ]),
    ).toEqual([
      ' unassigned   ',
      ' unassigned  EUR ',
      ' unassigned  USD ',
      '4711 Acme v. Zenith ACME EUR ',
      '4711 Acme v. Zenith ACME USD 266.66',
      '4712 Acme lease ACME USD 120.00',
      '4713 Pro bono ZEN EUR ',
      '4713 Pro bono ZEN USD ',
    ])
  })

  it('has every day to the end of time', async () => {
    const asked = await report({ project: '4711', from: day('2026-10-05'), until: day('9999-12-31'), by: 'project' })
    const known = await report({ project: '4711', from: day('2026-10-05'), until: day('2026-12-01'), by: 'project' })
    expect(await cellsOf(asked, ['calls', 'seconds', 'cost'])).toEqual(
      await cellsOf(known, ['calls', 'seconds', 'cost']),
    )
  })

  it('refuses a project that there is not, and no days', async () => {
    await expect(report({ period: OCTOBER, project: '9' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(report({})).rejects.toMatchObject({ kind: 'bad-command' })
    await expect(report({ from: day('2026-10-02'), until: day('2026-10-02') })).rejects.toMatchObject({
      kind: 'bad-command',
    })
  })
})

it('lists calls without a valid code where one is asked for', async () => {
  const report = await uncodedReport(unscoped(built.workspace), { from: day('2026-10-01'), until: day('2026-12-01') })
  expect(await cellsOf(report, ['user_id', 'call', 'code', 'fault'])).toEqual([
    'ada C2 99 not among the valid codes',
    'ada C3  no code was dialled',
    'ben C4  no code was dialled',
    'lobby C5  no code was dialled',
  ])
})

describe('an invoice of the legal trade', () => {
  const october = { from: OCTOBER.startOn, until: OCTOBER.endOn, invoiceNumber: 'INV-1', hasExpenses: true }
  const invoice = (changes: object) => legalInvoice(unscoped(built.workspace), { ...october, ...changes })
  const firm = (changes: object) =>
    built.apply({
      kind: 'LegalBilling',
      name: 'firm',
      'law-firm-id': '13-1234567',
      clients: [{ client: 'ACME', 'client-id': '00711' }],
      timekeepers: [{ person: 'E-1', id: '1001', name: 'Quill, Ada', classification: 'PT' }],
      ...changes,
    })

  it('says everything that is missing', async () => {
    await expect(invoice({ project: '4711' })).rejects.toThrow('There is no document of kind LegalBilling.')
    await firm({})
    await expect(invoice({ client: 'ACME' })).rejects.toThrow(
      'The invoice lacks the client-matter-id of project 4711 (matters), or --matter; the client-matter-id of project 4712 (matters), or --matter; the person of calls that nobody has (the owner of the sub-account, or an assignment); the id, name and classification of E-2 (timekeepers).',
    )
    await expect(invoice({ project: '4713' })).rejects.toThrow('The invoice lacks the rate of project 4713.')
    await expect(invoice({ project: '9' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(invoice({ client: 'NONE' })).rejects.toMatchObject({ kind: 'not-found' })
    await expect(invoice({})).rejects.toMatchObject({ kind: 'bad-command' })
    await expect(invoice({ project: '4711', client: 'ACME' })).rejects.toMatchObject({ kind: 'bad-command' })
  })

  it('has a line for the time of a call and one for its cost', async () => {
    await firm({})
    const { invoice: made } = await invoice({ project: '4711', matter: '423-987' })
    expect(made).toMatchObject({ clientId: '00711', total: '275.55', invoicedOn: '2026-10-31', lastOn: '2026-10-31' })
    expect(
      made.lines.map(({ type, units, unitCost, adjustment, total }) => [type, units, unitCost, adjustment, total]),
    ).toEqual([
      ['F', '0.8', '333.33', '-0.004', '266.66'],
      ['E', '1', '8.89', '0.00', '8.89'],
    ])
    expect(made.lines[0]?.description).toBe(
      'Conference call at 09:00, 2 participants (Ada Quill, José Peña), 47 minutes',
    )
  })
})

it('refuses a rate that has no currency', async () => {
  await built.add({ project: '| project | rate |\n| 12 | 10 |' })
  await expect(report({ period: OCTOBER })).rejects.toMatchObject({
    kind: 'bad-configuration',
    message: 'The rate of project 12 has no currency: account R101 has none.',
  })
})

it('says what holds after a rule, a person or a close is another, though the calls of the days are kept', async () => {
  const cleo = async (project: string) =>
    (await cellsOf(await report({ period: OCTOBER, project }), KEYS)).find((row) => row.includes('10-07'))
  expect(await cleo('')).toBe(' 2026-10-07T09:00:00-04:00 E-1 ada 0 0 EUR 0.00  ')
  await built.apply({ kind: 'ProjectRule', name: 'cleo', when: { 'participant-contains': ['cleo'] }, project: '4713' })
  expect(await cleo('')).toBeUndefined()
  expect(await cleo('4713')).toBe('4713 2026-10-07T09:00:00-04:00 E-1 ada 0 0 EUR 0.00  rule')
  const costs = async () =>
    (await cellsOf(await report({ period: OCTOBER, project: '4711' }), ['currency', 'cost', 'name'])).join()
  expect(await costs()).toBe('USD 8.89 Ada Quill,EUR 0.89 Ada Quill')
  await built.add({
    person: '| employee | name |\n| E-1 | Ada Byron |',
    charge:
      '| service | usage_type | category | currency | amount | invoice |\n| ada | conference | usage | EUR | 9.00 | B3 |',
  })
  expect(await costs()).toBe('USD 8.89 Ada Byron,EUR 0.89 Ada Byron')
  await closePeriod(built.workspace, { period: OCTOBER })
  expect(await costs()).toBe('USD 8.89 Ada Byron,EUR 8.89 Ada Byron')
})
