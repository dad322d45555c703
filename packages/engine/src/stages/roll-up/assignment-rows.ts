// Whose services are, as far as a run knows: the rows of the inventory and, on the days that it says nothing of, the owners of
// sub-accounts as the run pinned them. Asks nothing where the run pinned no sub-account.
import {
  assignOwners,
  type LocalDate,
  type OwnerDays,
  type Problem,
  problem,
  readSubAccounts,
  type SharedUserId,
  type SubAccount,
} from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import { factsOf, type PeriodScope, pinned, show } from '../allocate/period-scope.ts'

/** The `doc` of rows that stand in a document of kind SubAccount: no file has this number. */
export const SUB_ACCOUNT_DOC = 0

const KIND = 'SubAccount'

function isOwnedHere({ configuration }: PeriodScope): boolean {
  return configuration.some(({ kind }) => kind === KIND)
}

/** The rows and their condition, to stand behind a `FROM`; columns are those of `service`. Needs {@link storeAssignments}; binds `$tenant`. */
export function assignmentsSql(scope: PeriodScope, alias: string): string {
  if (!isOwnedHere(scope)) return `${factsOf(scope, 'service')} AS ${alias} WHERE ${pinned(scope, alias)}`
  return `${scope.scratch}.assignment_row AS ${alias} WHERE ${alias}.tenant = $tenant`
}

/**
 * Makes `sub_account_row` (one row per sub-account's owner and stretch of days) and shows it with the inventory as
 * `assignment_row`. Answers a `sub-account-ambiguous` for each user id that has several owners at once in the period.
 */
export async function storeAssignments(scope: PeriodScope): Promise<ReadonlyArray<Problem>> {
  if (!isOwnedHere(scope)) return []
  const { warehouse, scratch, tenant } = scope
  const subAccounts = readSubAccounts(scope.configuration.flatMap(({ kind, body }) => (kind === KIND ? [body] : [])))
  const { rows, shared } = assignOwners(subAccounts, await readTaken(scope, subAccounts))
  const columns = ['ordinal', 'service', 'account', 'person', 'cost_centre', 'project', 'from_on', 'to_on']
  await warehouse.run(
    `CREATE TABLE ${scratch}.sub_account_row (ordinal INTEGER, service VARCHAR, account VARCHAR, person VARCHAR,
       cost_centre VARCHAR, project VARCHAR, from_on DATE, to_on DATE)`,
  )
  const writer = await warehouse.writer('sub_account_row', columns, scratch)
  for (const [at, row] of rows.entries())
    writer.append([at + 1, row.service, row.account, row.person, row.costCentre, row.project, row.from, row.to])
  writer.close()
  const empty = ['vendor', 'product', 'service_type', 'device_type'].map((column) => `'' AS ${column}`).join(', ')
  await show(
    scope,
    'assignment_row',
    `SELECT s.* FROM ${factsOf(scope, 'service')} AS s WHERE ${pinned(scope, 's').replace('$tenant', literal(tenant))}
     UNION ALL BY NAME
     SELECT ${literal(tenant)} AS tenant, ${SUB_ACCOUNT_DOC} AS doc, 0 AS line, *, ${empty} FROM ${scratch}.sub_account_row`,
  )
  return problemsOf(shared, scope)
}

function problemsOf(shared: ReadonlyArray<SharedUserId>, { period: { startOn, endOn } }: PeriodScope): Problem[] {
  return shared
    .filter(({ from, to }) => (from === null || from < endOn) && (to === null || to > startOn))
    .map(({ userId, accounts, from, to }) =>
      problem('sub-account-ambiguous', {
        userId,
        accounts,
        from: from === null || from < startOn ? startOn : from,
        to: to === null || to > endOn ? endOn : to,
      }),
    )
}

/** The days on which the inventory has rows of the user ids, by user id. */
async function readTaken(
  scope: PeriodScope,
  subAccounts: ReadonlyArray<SubAccount>,
): Promise<ReadonlyMap<string, OwnerDays[]>> {
  const { warehouse, scratch, tenant } = scope
  await warehouse.run(`CREATE TABLE ${scratch}.sub_account_user (service VARCHAR)`)
  const writer = await warehouse.writer('sub_account_user', ['service'], scratch)
  for (const userId of new Set(subAccounts.map((one) => one.userId))) writer.append([userId])
  writer.close()
  const taken = new Map<string, OwnerDays[]>()
  const batches = warehouse.stream<{ service: string; from_on: LocalDate | null; to_on: LocalDate | null }>(
    `SELECT s.service, s.from_on, s.to_on FROM ${factsOf(scope, 'service')} AS s SEMI JOIN ${scratch}.sub_account_user USING (service)
     WHERE ${pinned(scope, 's')} ORDER BY ALL`,
    { tenant },
  )
  for await (const rows of batches)
    for (const { service, from_on, to_on } of rows) {
      const stint = { from: from_on, to: to_on }
      const known = taken.get(service)
      if (known) known.push(stint)
      else taken.set(service, [stint])
    }
  return taken
}
