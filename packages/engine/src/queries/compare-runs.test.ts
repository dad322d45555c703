// Two months of a company: phone-1 costs more, phone-2 ends, phone-3 begins, phone-4 is as it was. All are Ada's but phone-2.
import { type Period, parsePeriod, Refusal } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildWorkspace, OCTOBER, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { closePeriod } from '../stages/close.ts'
import { publishPeriod, reopenPeriod } from '../stages/publish/publish-period.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { unscoped } from '../workspace/scopes.ts'
import { pageOfRows } from './arranged-report.ts'
import { KeptSums } from './kept-sums.ts'
import { buildReport, type ReportRequest } from './report-names.ts'

let built: WorkspaceBuilder
beforeAll(async () => {
  built = await buildWorkspace()
  const months = [
    ['2026-09', { 'phone-1': '10.00', 'phone-2': '5.00', 'phone-4': '1.00' }],
    ['2026-10', { 'phone-1': '12.50', 'phone-3': '3.00', 'phone-4': '1.00' }],
  ] as const
  const periods = months.map(([name]) => parsePeriod(name) as Period)
  await built.add({
    charge: months.flatMap(([name, amounts], month) =>
      Object.entries(amounts).map(([service, amount]) => ({
        ...{ invoice: `I-${name}`, service, amount },
        period_start_on: periods[month]?.startOn ?? '',
        period_end_on: periods[month]?.endOn ?? '',
      })),
    ),
    person: '| employee | name |\n| E-1 | Ada Moss |\n| E-2 | Ben Rye |',
    service: `| service | service_type | person |
      | phone-1 | mobile | E-1 |
      | phone-2 | mobile | E-2 |
      | phone-3 | mobile | E-1 |
      | phone-4 | mobile | E-1 |`,
  })
  for (const period of periods) await closePeriod(built.workspace, { period })
})
afterAll(() => built.remove())

async function changes(asked: Omit<ReportRequest, 'name'>): Promise<string[]> {
  const report = await buildReport(unscoped(built.workspace), { name: 'run-changes', ...asked })
  const lines = [report.title, report.columns.map(({ key }) => key).join(',')]
  for await (const batch of report.rows) lines.push(...batch.map((row) => row.join(',')))
  return lines
}

const BOTH = { run: '2026-10.1', since: '2026-09.1' }

describe('report run-changes', () => {
  it('has what differs, the greatest change first, and nothing of what is as it was; what has ended keeps its name', async () => {
    expect(await changes({ ...BOTH, by: 'service' })).toEqual([
      '2026-10.1 compared with 2026-09.1 by service, adjusted',
      'key,name,currency,before,after,change',
      'phone-2,Ben Rye,USD,5.00,0.00,-5.00',
      'phone-3,Ada Moss,USD,0.00,3.00,3.00',
      'phone-1,Ada Moss,USD,10.00,12.50,2.50',
    ])
    expect((await changes({ ...BOTH, by: 'person', view: 'actual' })).slice(2)).toEqual([
      'E-1,Ada Moss,USD,11.00,16.50,5.50',
      'E-2,Ben Rye,USD,5.00,0.00,-5.00',
    ])
  })

  it('is turned round where the runs are, and empty for a run and itself', async () => {
    const back = await changes({ run: BOTH.since, since: BOTH.run, by: 'service' })
    expect(back.slice(2, 4)).toEqual(['phone-2,Ben Rye,USD,0.00,5.00,5.00', 'phone-3,Ada Moss,USD,3.00,0.00,-3.00'])
    expect((await changes({ run: BOTH.run, since: BOTH.run })).slice(2)).toEqual([])
  })

  it.each([
    [{ since: '2026-09.1' }, 'bad-command: `report run-changes` needs --run.'],
    [{ run: '2026-10.1' }, 'bad-command: `report run-changes` needs --since.'],
    [{ ...BOTH, by: 'colour' }, 'bad-command: There is no --by colour.'],
    [{ ...BOTH, count: '3' }, 'bad-command: `report run-changes` has no --count.'],
    [{ run: '2026-10.1', since: '2026-01.1' }, 'not-found: There is no run 2026-01.1.'],
  ])('refuses %o: %s', async (asked, refusal) => {
    const told = await changes(asked).catch((error: unknown) =>
      error instanceof Refusal ? `${error.kind}: ${error.message}` : String(error),
    )
    expect(told).toBe(refusal)
  })

  it('says the same from what is kept, of a run that was closed anew too', async () => {
    const { workspace } = built
    await publishPeriod(workspace, OCTOBER)
    await reopenPeriod(workspace, { period: OCTOBER, reason: 'a bill came late' })
    await built.add({
      charge: [
        {
          ...{ invoice: 'I-late', service: 'phone-3', amount: '0.75' },
          ...{ period_start_on: OCTOBER.startOn, period_end_on: OCTOBER.endOn },
        },
      ],
    })
    await closePeriod(workspace, { period: OCTOBER })
    const kept = unscoped({ ...workspace, sums: new KeptSums({ ...workspace, fewerTimes: 0 }) })
    const pairs = ['2026-09.1', '2026-10.1', '2026-10.2']
    const places = [0, 1, 2].map((offset) => ({ offset, limit: 2 }))
    for (const run of pairs)
      for (const since of pairs)
        for (const by of ['service', 'person'] as const)
          for (const place of places) {
            const request = { name: 'run-changes', run, since, by } as const
            const page = async (of: ScopedWorkspace) => pageOfRows(await buildReport(of, request), place)
            expect(await page(kept), JSON.stringify(request)).toEqual(await page(unscoped(workspace)))
          }
    expect((await changes({ run: '2026-10.2', since: '2026-10.1', by: 'service' })).slice(2)).toEqual([
      'phone-3,Ada Moss,USD,3.00,3.75,0.75',
    ])
  })
})
