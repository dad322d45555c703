// Money that nobody answers for: without a cost centre, and of pools without anybody who could carry it. Adjusted amounts.
import { type Attention, formatAmount, type Period } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import { flagBit } from '../../warehouse/result-tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'

type OfRun = { readonly period: Period; readonly run: RunTable }
type MoneyRow = { currency: string; minor: bigint; count: bigint }

export async function moneyAttention(workspace: ScopedWorkspace, of: OfRun): Promise<Attention[]> {
  return [...(await unassigned(workspace, of)), ...(await unallocated(workspace, of))]
}

async function unassigned({ warehouse, tenant, scope }: ScopedWorkspace, { run }: OfRun): Promise<Attention[]> {
  const ofRun = 'tenant = $tenant AND run = $run'
  const inWords = (table: string) =>
    `SELECT currency, adjusted_minor, nullif(service, '') AS service FROM ${table} WHERE ${ofRun} AND cost_centre = ''`
  const inNumbers = `SELECT currency, adjusted_minor, nullif(service_no, 0)::VARCHAR AS service
    FROM (SELECT sort_no, service_no, adjusted_minor FROM carried_row WHERE ${ofRun}
      AND owner_no IN (SELECT owner_no FROM run_owner WHERE ${ofRun} AND cost_centre = ''))
    LEFT JOIN (SELECT sort_no, currency FROM run_charge_kind WHERE ${ofRun}) USING (sort_no)`
  const found =
    scope.isWholeTenant && warehouse.hasNumbers
      ? `${inNumbers} UNION ALL ${inWords('carried_text')}`
      : inWords('carried')
  // One row per currency with money that no cost centre carries; counted are its services, beside what stands on an account alone.
  const rows = await warehouse.rows<MoneyRow>(
    `SELECT currency, sum(adjusted_minor) AS minor, count(DISTINCT service) AS count FROM (${found})
     GROUP BY currency HAVING sum(adjusted_minor) <> 0 ORDER BY currency`,
    { tenant, run: run.id },
  )
  return rows.map(({ currency, minor, count }) => ({
    ...{ severity: 'warning', kind: 'unassigned', amount: { currency, minor }, count: Number(count) },
    what: `${formatAmount(minor, currency)} ${currency} has no cost centre.`,
    look: { in: 'charges', key: '' },
  }))
}

/** It stands on no service, so that a scope of some rows never has any of it. */
async function unallocated(workspace: ScopedWorkspace, { run }: OfRun): Promise<Attention[]> {
  const { warehouse, tenant } = workspace
  const inWords = (table: string) =>
    `SELECT currency, pool, adjusted_minor FROM ${table} WHERE tenant = $tenant AND run = $run AND contains(flags, 'unallocated')`
  const inNumbers = `SELECT p.currency, p.pool, r.adjusted_minor FROM allocation_row AS r JOIN run_part AS p USING (tenant, run, part_no)
    WHERE r.tenant = $tenant AND r.run = $run AND r.flags_no & ${flagBit('unallocated')} <> 0`
  const found = workspace.warehouse.hasNumbers
    ? `${inNumbers} UNION ALL ${inWords('allocation_text')}`
    : inWords('allocation')
  // One row per currency.
  const rows = await warehouse.rows<MoneyRow & { first: string }>(
    `SELECT currency, sum(adjusted_minor) AS minor, count(DISTINCT pool) AS count, min(pool) AS first FROM (${found})
     GROUP BY currency HAVING sum(adjusted_minor) <> 0 ORDER BY currency`,
    { tenant, run: run.id },
  )
  return rows.map(({ currency, minor, count, first }) => ({
    ...{ severity: 'warning', kind: 'unallocated', amount: { currency, minor }, count: Number(count) },
    what: `${formatAmount(minor, currency)} ${currency} of ${count === 1n ? `pool ${first}` : `${count} pools`} can be carried by nobody.`,
    look: { in: 'allocation', key: count === 1n ? first : '' },
  }))
}
