// One master account whose sub-accounts come near to their limits as usage and charges arrive. What a webhook is told, the report
// and the first screen say is the same.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { alertsReport } from '../queries/alerts-report.ts'
import { attentionReport } from '../queries/attention/attention-report.ts'
import { closePeriod } from '../stages/close.ts'
import { publishPeriod } from '../stages/publish/publish-period.ts'
import { inScope, scopeOfRows, unscoped } from '../workspace/scopes.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  await built.add({ account: '| account | currency |\n| R100 | USD |\n| R200 | USD |' })
  const { catalog, tenant } = built.workspace
  await catalog
    .insertInto('app_user')
    .values({
      ...{ tenant, id: 'u-1', email: 'f@finance.example', name: 'Finance', password_hash: '', state: 'active' },
      ...{ created_at: '2026-10-01T00:00:00Z', created_by: 'tester' },
    })
    .execute()
  await catalog
    .insertInto('webhook_endpoint')
    .values({
      ...{ tenant, id: 'w-1', url: 'https://finance.example/', events: '["alert.raised"]', salt: 's' },
      ...{ state: 'active', owner: 'u-1', created_at: '2026-10-01T00:00:00Z' },
    })
    .execute()
  for (const [account, userId, limits] of [
    ['R100', 'ada', { minutes: 100, participants: 3 }],
    ['R100', 'ben', { spend: '10.00', 'at-limit': 'refuse' }],
    ['R100', 'eve', undefined],
    ['R200', 'ada', { 'call-minutes': 50 }],
  ] as const)
    await built.apply({ kind: 'SubAccount', name: `${account} ${userId}`, account, 'user-id': userId, limits })
})
afterAll(() => built.remove())

const call = (account: string, service: string, [from, until]: readonly [string, string], used: string) => ({
  ...{ account, service, usage_type: 'conference', conference: `${service} ${from}`, used },
  ...{ on: `2026-10-05T${from}:00`, until: `2026-10-05T${until}:00` },
})

async function told(): Promise<string[]> {
  const events = await built.workspace.catalog.selectFrom('outbox_event').selectAll().orderBy('id').execute()
  return events
    .map(({ type, subject, account, body }) => {
      const { on, holder, limit, from, percent, used, most, currency = '', atLimit, run } = JSON.parse(body)
      expect([type, holder, on]).toEqual(['alert.raised', subject, 'sub-account'])
      return `${run} | ${account} ${subject} | ${limit} ${percent} | ${used} of ${most} ${currency} | ${from} ${atLimit}`
    })
    .sort()
}

async function reported(scoped = unscoped(built.workspace)): Promise<string[]> {
  const { columns, rows } = await alertsReport(scoped, { period: OCTOBER })
  const at = ['account', 'holder', 'bucket', 'limit', 'percent', 'used'].map((key) =>
    columns.findIndex((column) => column.key === key),
  )
  const lines: string[] = []
  for await (const batch of rows) for (const row of batch) lines.push(at.map((index) => row[index]).join(' | '))
  return lines
}

describe('limits of sub-accounts', () => {
  it('that are near or reached are told once each, however often the month is closed', async () => {
    // 85 of 100 minutes; one leg of 60 minutes, where a call may take 50.
    await built.add({
      usage: [
        call('R100', 'ada', ['10:00', '11:00'], '85 min'),
        call('R100', 'eve', ['10:00', '11:00'], '60 min'),
        call('R200', 'ada', ['09:00', '10:00'], '60 min'),
      ],
    })
    const first = await closePeriod(built.workspace, { period: OCTOBER })
    const before = [
      `${first.run} | R100 ada | minutes 80 | 85 of 100  | 2026-10-01 alert`,
      `${first.run} | R200 ada | call-minutes 100 | 60 of 50  | 2026-10-01 alert`,
      `${first.run} | R200 ada | call-minutes 80 | 60 of 50  | 2026-10-01 alert`,
      `${first.run} | R200 ada | call-minutes 90 | 60 of 50  | 2026-10-01 alert`,
    ]
    expect(await told()).toEqual(before)
    await closePeriod(built.workspace, { period: OCTOBER })
    expect(await told()).toEqual(before)
    await built.add({
      usage: [call('R100', 'ada', ['12:00', '12:15'], '15 min')],
      charge: [{ account: 'R100', service: 'ben', amount: '9.50', category: 'usage', usage_type: 'conference' }],
    })
    const last = await closePeriod(built.workspace, { period: OCTOBER })
    expect((await told()).filter((line) => !before.includes(line))).toEqual([
      `${last.run} | R100 ada | minutes 100 | 100 of 100  | 2026-10-01 alert`,
      `${last.run} | R100 ada | minutes 90 | 100 of 100  | 2026-10-01 alert`,
      `${last.run} | R100 ben | spend 80 | 9.50 of 10.00 USD | 2026-10-01 refuse`,
      `${last.run} | R100 ben | spend 90 | 9.50 of 10.00 USD | 2026-10-01 refuse`,
    ])
  })

  it('stand in the report and in what needs attention, of the accounts that somebody may see', async () => {
    const ofAda = ['80', '90', '100'].map((percent) => `R100 | ada |  | minutes | ${percent} | 100 of 100 min`)
    const ofBen = ['80', '90'].map((percent) => `R100 | ben |  | spend | ${percent} | 9.50 of 10.00 USD`)
    const ofOther = ['80', '90', '100'].map(
      (percent) => `R200 | ada |  | call-minutes | ${percent} | 60 of 50 min a call`,
    )
    expect(await reported()).toEqual([...ofAda, ...ofBen, ...ofOther])
    const { workspace } = built
    const scope = scopeOfRows(workspace.tenant, { costCentres: [], people: [], accounts: ['R200'] })
    expect(await reported(inScope(workspace, scope))).toEqual(ofOther)
    const lines: string[] = []
    for await (const batch of (await attentionReport(unscoped(workspace), {})).rows)
      for (const [severity, kind, what] of batch) if (kind === 'limit') lines.push(`${severity} | ${what}`)
    expect(lines).toEqual([
      'warning | 2 limits of sub-accounts were reached.',
      'info | Sub-account ben of R100 nearly reached its limit of spend: 9.50 of 10.00 USD.',
    ])
  })

  it('of a published month stay as they were published', async () => {
    await publishPeriod(built.workspace, OCTOBER)
    const published = await reported()
    await built.add({ usage: [call('R200', 'ada', ['13:00', '15:00'], '120 min')] })
    await built.apply({ kind: 'SubAccount', name: 'R100 ben', account: 'R100', 'user-id': 'ben' })
    expect(await reported()).toEqual(published)
  })
})
