// What a close finds wrong with the directory: services that are billed and unknown, people who left and still have some.
import { formatAmount, type LocalDate, leaversWithServices, type Person, type Problem, problem } from '@spillway/core'
import { type PeriodScope, pinned } from '../allocate/period-scope.ts'
import { assignmentsSql } from './assignment-rows.ts'
import { findInventoryGaps } from './carry-charges.ts'
import { timelineRows } from './read-timelines.ts'

export async function findDirectoryProblems(scope: PeriodScope): Promise<Problem[]> {
  return [...(await unknownServices(scope)), ...(await leavers(scope))]
}

async function unknownServices(scope: PeriodScope): Promise<Problem[]> {
  const rows = await findInventoryGaps(scope)
  return rows.map(({ service, vendor, currency, amount_minor }) =>
    problem('service-not-in-inventory', { service, vendor, currency, amount: formatAmount(amount_minor, currency) }),
  )
}

/** Only people with an end are asked about, so that a directory without leavers costs one look. */
async function leavers(scope: PeriodScope): Promise<Problem[]> {
  const asOfOn = scope.period.endOn
  const ended = `SELECT p.employee FROM person AS p WHERE ${pinned(scope, 'p')} AND p.to_on <= DATE '${asOfOn}'`
  const rows = await scope.warehouse.rows<{ employee: string; from_on: LocalDate | null; to_on: LocalDate | null }>(
    `SELECT p.employee, p.from_on, p.to_on FROM person AS p WHERE ${pinned(scope, 'p')} AND p.employee IN (${ended}) ORDER BY ALL`,
    { tenant: scope.tenant },
  )
  if (rows.length === 0) return []
  const people = rows.map(
    ({ employee, from_on, to_on }): Person => ({
      fact: 'person',
      employee,
      name: '',
      email: '',
      aliases: [],
      costCentre: '',
      manager: '',
      from: from_on,
      to: to_on,
      extra: {},
    }),
  )
  const services = await timelineRows(
    scope,
    `SELECT s.service FROM ${assignmentsSql(scope, 's')} AND s.person IN (${ended})`,
  )
  return leaversWithServices({ people, services, asOfOn })
}
