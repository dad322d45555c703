import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../../test/workspace-builder.ts'
import { chargesReport } from '../../queries/charges-report.ts'
import { explainService } from '../../queries/explain/explain-service.ts'
import { explanationLines } from '../../queries/explain/explanation-lines.ts'
import { unscoped } from '../../workspace/scopes.ts'
import { checkWorkspace } from '../check/check-workspace.ts'
import { closePeriod } from '../close.ts'

let built: WorkspaceBuilder
beforeEach(async () => {
  built = await buildWorkspace()
})
afterEach(() => built.remove())

const subAccount = (account: string, userId: string, owners: ReadonlyArray<object>) =>
  built.apply({ kind: 'SubAccount', name: `${account} ${userId}`, account, 'user-id': userId, owners })

/** `E-1 10.00` for each key, in the order of the report. */
async function sums(by: 'person' | 'cost-centre' | 'project'): Promise<string[]> {
  const report = await chargesReport(unscoped(built.workspace), { period: OCTOBER, by })
  const rows: string[] = []
  for await (const batch of report.rows)
    rows.push(...batch.map(([key, , , , adjusted]) => `${key || 'unassigned'} ${adjusted}`))
  return rows
}

const FIRM = {
  person: `| employee | name | cost_centre |
    | E-1 | Anna | LAW |
    | E-2 | Bert | TAX |`,
  charge: `| service | usage_type | amount |
    | anna | - | 31.00 |
    | desk | - | 7.00 |
    | suit | - | 5.00 |
    | guest | - | 3.00 |
    | twice | - | 2.00 |
    | listed | - | 11.00 |`,
  usage: `| service | usage_type | on | used |
    | anna | voice | 2026-10-10T09:00:00 | 3 min |
    | anna | voice | 2026-10-11T09:00:00 | 4 min |`,
  service: `| service | person | from_on | to_on |
    | listed | E-2 | - | - |`,
}

describe('owners of sub-accounts in the roll-up', () => {
  beforeEach(async () => {
    await built.add(FIRM)
    await subAccount('CONF', 'anna', [
      { person: 'E-1', until: '2026-10-11' },
      { person: 'E-2', from: '2026-10-11' },
    ])
    await subAccount('CONF', 'desk', [{ 'cost-centre': 'FRONT' }])
    await subAccount('CONF', 'suit', [{ project: 'ACME-1' }])
    await subAccount('CONF', 'guest', [{ client: 'Acme' }])
    await subAccount('CONF', 'listed', [{ person: 'E-1' }])
    await subAccount('CONF', 'twice', [{ person: 'E-1' }])
    await subAccount('OTHER', 'twice', [{ person: 'E-2' }])
  })

  it('carry what is billed on their user ids, by days; a client and one user id of two owners are nobody', async () => {
    const { problems, run } = await closePeriod(built.workspace, { period: OCTOBER })
    expect(problems.map(({ code, facts }) => ({ code, facts }))).toEqual([
      {
        code: 'sub-account-ambiguous',
        facts: { userId: 'twice', accounts: ['CONF', 'OTHER'], from: '2026-10-01', to: '2026-11-01' },
      },
    ])
    expect(await sums('person')).toEqual(['unassigned 17.00', 'E-1 10.00', 'E-2 32.00'])
    expect(await sums('cost-centre')).toEqual(['unassigned 10.00', 'FRONT 7.00', 'LAW 10.00', 'TAX 32.00'])
    expect(await sums('project')).toEqual(['unassigned 54.00', 'ACME-1 5.00'])
    const used = await built.workspace.warehouse.rows(
      'SELECT person, quantity_base FROM used WHERE run = $run ORDER BY person',
      { run },
    )
    expect(used).toEqual([
      { person: 'E-1', quantity_base: 180n },
      { person: 'E-2', quantity_base: 240n },
    ])
  })

  it('are pinned with the run: it is proved after they changed, and explained by their documents', async () => {
    await closePeriod(built.workspace, { period: OCTOBER })
    await subAccount('CONF', 'desk', [{ person: 'E-2' }])
    const proof = await checkWorkspace(built.workspace)
    expect(proof.failures).toEqual([])
    expect(proof.proved).toHaveLength(1)
    const explanation = await explainService(unscoped(built.workspace), { service: 'anna', period: OCTOBER })
    expect(explanationLines(explanation).slice(-8)).toEqual([
      '  E-1 Anna · cost centre LAW: 10.00 USD',
      '  E-2 Bert · cost centre TAX: 21.00 USD',
      '  10 days from 2026-10-01 until 2026-10-11  E-1 · cost centre LAW',
      '  21 days from 2026-10-11 until 2026-11-01  E-2 · cost centre TAX',
      '    sub-account CONF anna  sub-account anna E-1 until 2026-10-11',
      '    sub-account CONF anna  sub-account anna E-2 from 2026-10-11',
      '    person.csv:2           person E-1 LAW',
      '    person.csv:3           person E-2 TAX',
    ])
  })
})
