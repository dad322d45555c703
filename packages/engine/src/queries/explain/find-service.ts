// Whether a period knows a service, and which ids come nearest to one that nobody knows.
import { type Period, Refusal } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { namesCte } from '../names.ts'

const NEAREST_MAX = 3

/** Services that have money or usage in the run, are in the inventory, or are members of a pool. Ids may repeat. */
const KNOWN = `known AS (
  SELECT service FROM carried WHERE tenant = $tenant AND run = $run
  UNION ALL SELECT service FROM allocation WHERE tenant = $tenant AND run = $run
  UNION ALL SELECT service FROM used WHERE tenant = $tenant AND run = $run
  UNION ALL SELECT service FROM service WHERE tenant = $tenant AND doc IN (FROM live_document)
  UNION ALL SELECT service FROM pool_member WHERE tenant = $tenant AND doc IN (FROM live_document))`

/** Ids without what people leave out or add: 5550100 is 555-0100. */
const PLAIN = (id: string) => `lower(regexp_replace(${id}, '[^0-9A-Za-z]', '', 'g'))`

/** Said of a service that there is not and of somebody else's alike. @throws Refusal `not-found`. */
export async function requireOwnService(
  { warehouse }: ScopedWorkspace,
  { run, service, period }: { readonly run: RunTable; readonly service: string; readonly period: Period },
): Promise<void> {
  const found = await warehouse.rows(
    'SELECT 1 AS found FROM scope_service WHERE run = $run AND service = $service LIMIT 1',
    { run: run.id, service },
  )
  if (found.length > 0) return
  throw new Refusal('not-found', `${period.name} has no service "${service}" that is yours as a whole.`, {
    hint: 'The report of charges by service lists what you carry.',
    facts: { service, period: period.name, nearest: [] },
  })
}

/** @throws Refusal `not-found`, with the nearest ids in its hint and in `facts.nearest`. */
export async function requireService(
  { warehouse, tenant }: Workspace,
  { run, service, period }: { readonly run: RunTable; readonly service: string; readonly period: Period },
): Promise<void> {
  const ctes = `WITH ${namesCte(run)}, ${KNOWN}`
  const parameters = { tenant, run: run.id, service }
  const found = await warehouse.rows(
    `${ctes} SELECT 1 AS found FROM known WHERE service = $service AND service <> '' LIMIT 1`,
    parameters,
  )
  if (found.length > 0) return
  // One row per id; half of an id may be wrong, and no more.
  const near = await warehouse.rows<{ service: string }>(
    `${ctes} SELECT service, least(levenshtein(service, $service), levenshtein(${PLAIN('service')}, ${PLAIN('$service')})) AS distance
     FROM (SELECT DISTINCT service FROM known WHERE service <> '')
     WHERE distance <= greatest(1, length($service) // 2) ORDER BY distance, service LIMIT ${NEAREST_MAX}`,
    parameters,
  )
  const nearest = near.map((row) => row.service)
  throw new Refusal('not-found', `${period.name} has no service "${service}".`, {
    hint:
      nearest.length > 0
        ? `Did you mean ${nearest.join(' or ')}?`
        : `\`spillway report charges --period ${period.name} --by service\` lists the services.`,
    facts: { service, period: period.name, nearest },
  })
}
