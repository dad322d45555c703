// One bill of conferences: two people, a service that is split between matters, one that no sub-account has, usage that is no
// call, and a fee. The figures are worked out by hand in the names of the tests.
import { type Bill, type BillSections, formatAmount, type LocalDate } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { closePeriod } from '../../stages/close.ts'
import { publishPeriod } from '../../stages/publish/publish-period.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { withBill } from './with-bill.ts'

let built: WorkspaceBuilder
const NUMBER = 'R100-2026-10-01'

beforeAll(async () => {
  built = await buildWorkspace()
  const rates = [
    { 'usage-type': 'conference', price: '0.10', per: '1 min', increment: '60/60' },
    { 'usage-type': 'data', price: '0.01', per: '1 MB' },
  ]
  await built.apply({ kind: 'Provider', name: 'bridge', id: 'bridge' })
  await built.apply({ kind: 'RatePlan', name: 'calls', id: 'calls', rates })
  const recurring = { amount: '3.10', in: 'arrears' }
  await built.apply({
    kind: 'Product',
    name: 'seat',
    id: 'seat',
    'service-type': 'seat',
    'rate-plan': 'calls',
    recurring,
  })
  const zone = { 'time-zone': 'America/New_York', currency: 'USD' }
  await built.apply({ kind: 'Account', name: 'R100', id: 'R100', ...zone, bill: { sections: 'project' } })
  await built.apply({
    kind: 'SubAccount',
    name: 'R100 ada',
    account: 'R100',
    'user-id': 'ada',
    owner: { person: 'E-1' },
  })
  await built.apply({
    kind: 'SubAccount',
    name: 'R100 lab',
    account: 'R100',
    'user-id': 'lab',
    owner: { project: '4713' },
  })
  await built.add({
    person: '| employee | name | cost_centre |\n| E-1 | Ada Quill | CC1 |',
    project: '| project | client | name |\n| 4711 | ACME | Zenith |\n| 4712 | ACME | Lease |\n| 4713 | ZEN | Lab |',
    service: `
      | service | account | product | person | project | share_ppm | from_on    |
      | ada     | R100    | seat    | E-1    | -       | 1000000   | -          |
      | ben     | R100    | seat    | -      | 4711    | 600000    | -          |
      | ben     | R100    | seat    | -      | 4712    | 400000    | -          |
      | lab     | R100    | seat    | -      | -       | 1000000   | 2026-10-22 |`,
    usage: LEGS,
  })
  await closePeriod(built.workspace, { period: OCTOBER })
  await publishPeriod(built.workspace, OCTOBER)
})
afterAll(() => built.remove())

// C1 has two legs of 1 and 2 minutes, C2 one of 5 minutes with the code of a matter; ben's call of 1 minute costs 0.10.
const LEGS = `
  | account | service | usage_type | conference | participant | account_code | on                  | until               | used    |
  | R100    | ada     | conference | C1         | Ada Quill   | -            | 2026-10-05T09:00:10 | 2026-10-05T09:01:00 | 50 s    |
  | R100    | ada     | conference | C1         | José        | -            | 2026-10-05T09:00:20 | 2026-10-05T09:01:40 | 80 s    |
  | R100    | ada     | conference | C2         | Ada Quill   | 4711         | 2026-10-31T23:50:00 | 2026-10-31T23:55:00 | 5 min   |
  | R100    | ada     | conference | C9         | Ada Quill   | -            | 2026-11-01T00:00:00 | 2026-11-01T00:05:00 | 5 min   |
  | R100    | ada     | data       | -          | -           | -            | 2026-10-06T09:00:00 | -                   | 300 MB  |
  | R100    | ben     | conference | C3         | Ben         | -            | 2026-10-07T09:00:00 | 2026-10-07T09:00:30 | 30 s    |
  | R100    | lab     | conference | C4         | Dora        | -            | 2026-10-25T09:00:00 | 2026-10-25T09:10:00 | 10 min  |`

type Read = { total: string; sections: Record<string, string[]> }

async function read(sections?: BillSections, hasCalls = true, number = NUMBER): Promise<Read & { bill: Bill }> {
  return withBill(unscoped(built.workspace), { number, sections, hasCalls }, async (bill) => {
    const found: Record<string, string[]> = {}
    let lines: string[] = []
    const money = (minor: bigint) => formatAmount(minor, 'USD')
    for await (const piece of bill.pieces) {
      if (piece.kind === 'section') {
        const { key, name, subtotalMinor, usage, lines: others, partsOfCalls } = piece.section
        lines = [`${name} ${money(subtotalMinor)}`]
        lines.push(...usage.map((one) => `${one.usageClass} ${one.quantityBase} ${money(one.amountMinor)}`))
        lines.push(...others.map((one) => `${one.kind} ${one.service} ${money(one.amountMinor)}`))
        if (partsOfCalls.calls > 0) lines.push(`parts ${partsOfCalls.calls} ${money(partsOfCalls.amountMinor)}`)
        found[key] = lines
      } else
        lines.push(
          ...piece.calls.map(
            (one) =>
              `${one.call} ${one.start} ${one.seconds} s ${one.participants} ${one.accountCode || '-'} ${money(one.amountMinor)}`,
          ),
        )
    }
    return { total: money(bill.heading.totalMinor), sections: found, bill }
  })
}

describe('one bill', () => {
  it('breaks down by user id, and has what no sub-account is charged first', async () => {
    // ada 3.10 + 8 min 0.80 + 300 MB 3.00, ben 3.10 + 0.10, lab 10 of 31 days 1.00 + 1.00
    expect(await read('user-id')).toMatchObject({
      total: '12.10',
      sections: {
        '': [
          ' 3.20',
          'conference/domestic 60 0.10',
          'recurring ben 3.10',
          'C3 2026-10-07T09:00:00-04:00 30 s 1 - 0.10',
        ],
        ada: [
          'R100 ada 6.90',
          'conference/domestic 480 0.80',
          'data/domestic 300000000 3.00',
          'recurring ada 3.10',
          'C1 2026-10-05T09:00:10-04:00 90 s 2 - 0.30',
          'C2 2026-10-31T23:50:00-04:00 300 s 1 4711 0.50',
        ],
        lab: [
          'R100 lab 2.00',
          'conference/domestic 600 1.00',
          'recurring lab 1.00',
          'C4 2026-10-25T09:00:00-04:00 600 s 1 - 1.00',
        ],
      },
    })
  })

  it('breaks down by project: code, owner, shares of a service, and lists each call once', async () => {
    const { sections, total, bill } = await read()
    expect(bill.heading.sections).toBe('project')
    expect(total).toBe('12.10')
    expect(sections).toEqual({
      '': [
        ' 6.40',
        'conference/domestic 180 0.30',
        'data/domestic 300000000 3.00',
        'recurring ada 3.10',
        'C1 2026-10-05T09:00:10-04:00 90 s 2 - 0.30',
      ],
      // 0.50 by its code; of ben 60 % of 3.10 and of 0.10.
      '4711': [
        'Zenith 2.42',
        'conference/domestic 336 0.56',
        'recurring ben 1.86',
        'C2 2026-10-31T23:50:00-04:00 300 s 1 4711 0.50',
        'C3 2026-10-07T09:00:00-04:00 30 s 1 - 0.06',
      ],
      '4712': ['Lease 1.28', 'conference/domestic 24 0.04', 'recurring ben 1.24', 'parts 1 0.04'],
      '4713': [
        'Lab 2.00',
        'conference/domestic 600 1.00',
        'recurring lab 1.00',
        'C4 2026-10-25T09:00:00-04:00 600 s 1 - 1.00',
      ],
    })
  })

  it('breaks down by cost centre and by service, with calls or without, to the same total', async () => {
    const byCentre = await read('cost-centre')
    expect(Object.entries(byCentre.sections).map(([key, [first]]) => [key, first])).toEqual([
      ['', ' 5.20'],
      ['CC1', ' 6.90'],
    ])
    const byService = await read('service', false)
    expect(Object.keys(byService.sections)).toEqual(['ada', 'ben', 'lab'])
    expect(byService.sections.ben).toEqual([' 3.20', 'conference/domestic 60 0.10', 'recurring ben 3.10'])
    expect(byService.bill.heading).toMatchObject({ state: 'issued', from: '2026-10-01' as LocalDate, account: 'R100' })
  })

  it('refuses a bill that there is not', async () => {
    await expect(read('service', true, 'R100-2026-09-01')).rejects.toMatchObject({ kind: 'not-found' })
  })
})
