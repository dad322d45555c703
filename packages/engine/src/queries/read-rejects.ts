// The rows that an import refused, by table, as they are stored. Writes nothing: a format does.
import { Refusal, type RejectedRow, type RejectedTable } from '@spillway/core'
import { noImport } from '../stages/import/take-back.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'

/** @throws Refusal `not-found` where there is no such import, or it refused no row. */
export async function readRejects(workspace: ScopedWorkspace, batch: string): Promise<RejectedTable[]> {
  requireWholeTenant(workspace, 'What an import refused')
  const { catalog, tenant, warehouse } = workspace
  const found = await catalog
    .selectFrom('batch as b')
    .leftJoin('batch_supplement as s', (join) => join.onRef('s.tenant', '=', 'b.tenant').onRef('s.batch', '=', 'b.id'))
    .select(['b.file', 's.supplements'])
    .where('b.tenant', '=', tenant)
    .where('b.id', '=', batch)
    .where('b.state', '=', 'complete')
    .executeTakeFirst()
  if (!found) throw noImport(batch)
  // One row per table with rows in quarantine.
  const places = await warehouse.rows<{ member: string; sheet: string }>(
    'SELECT DISTINCT member, sheet FROM quarantine WHERE tenant = $tenant AND batch = $batch ORDER BY ALL',
    { tenant, batch },
  )
  if (places.length === 0)
    throw new Refusal('not-found', `${found.file} was read without a row refused.`, {
      hint: 'There is nothing to mend.',
    })
  const tables = await catalog
    .selectFrom('batch_table')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('batch', '=', batch)
    .execute()
  return places.map(({ member, sheet }) => {
    const known = tables.find((table) => table.member === member && table.sheet === sheet)
    return {
      ...{ batch: found.supplements ?? batch, file: found.file, member, sheet },
      // Imports of before have no header: their rows are told as they were.
      header: known === undefined ? [] : (JSON.parse(known.header) as string[]),
      delimiter: known?.delimiter ?? '',
      rows: warehouse.stream(
        `SELECT line, raw, column_name AS "column", value, code, message, hint FROM quarantine
         WHERE tenant = $tenant AND batch = $batch AND member = $member AND sheet = $sheet ORDER BY line, code`,
        { tenant, batch, member, sheet },
      ) as AsyncIterable<ReadonlyArray<unknown>> as AsyncIterable<ReadonlyArray<RejectedRow>>,
    }
  })
}
