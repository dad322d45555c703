// Whether a period knows a service, and which ids come nearest to one that nobody knows.
import { type Period, Refusal } from '@spillway/core'
import type { RunTable } from '../../catalog/tables.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { boundParameters } from '../bound-parameters.ts'
import { namesCte } from '../names.ts'
import { numberedRun } from '../numbered-run.ts'

const NEAREST_MAX = 3

/** Those of a run whose rows have names in place of numbers. */
const OF_VIEWS = ['carried', 'allocation', 'used']
  .map((view) => `SELECT service FROM ${view} WHERE tenant = $tenant AND run = $run`)
  .join(' UNION ')

/** Relations of the services that have money or usage in the run, and of those that the inventory or a pool's members name; ids may repeat. */
async function knownSql(
  workspace: Workspace,
  run: RunTable,
): Promise<{ readonly ofRun: string; readonly listed: string }> {
  const numbered = await numberedRun(workspace, run)
  const inDocuments = 'WHERE tenant = $tenant AND doc IN (FROM live_document)'
  return {
    ofRun: numbered === null ? OF_VIEWS : `SELECT service FROM run_service_stored WHERE run_no = ${numbered.runNo}`,
    listed: `SELECT service FROM service ${inDocuments} UNION ALL SELECT service FROM pool_member ${inDocuments}`,
  }
}

/** Ids without what people leave out or add: 5550100 is 555-0100. */
const plainSql = (id: string) => `lower(regexp_replace(${id}, '[^0-9A-Za-z]', '', 'g'))`

/** How far an id is from `$service`, as both are written or without what people add; of an id without any, the latter is never more. */
const DISTANCE = `CASE WHEN regexp_matches(service, '[^0-9a-z]')
  THEN least(levenshtein(service, $service), levenshtein(${plainSql('service')}, ${plainSql('$service')}))
  ELSE levenshtein(service, ${plainSql('$service')}) END`

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
  workspace: Workspace,
  { run, service, period }: { readonly run: RunTable; readonly service: string; readonly period: Period },
): Promise<void> {
  const { warehouse, tenant } = workspace
  const { ofRun, listed } = await knownSql(workspace, run)
  const ask = (sql: string) => {
    const asked = `WITH ${namesCte(run)} ${sql}`
    return warehouse.rows<{ service: string }>(asked, boundParameters(asked, { tenant, run: run.id, service }))
  }
  const isKnown = (relation: string) => ask(`SELECT service FROM (${relation}) WHERE service = $service LIMIT 1`)
  const found = service === '' ? [] : [...(await isKnown(ofRun)), ...(await isKnown(listed))]
  if (found.length > 0) return
  // One row per id; half of an id may be wrong, and no more.
  const near = await ask(
    `SELECT service, ${DISTANCE} AS distance
     FROM (${ofRun} UNION ALL SELECT DISTINCT service FROM (${listed}) WHERE service NOT IN (${ofRun})) WHERE service <> ''
     AND distance <= greatest(1, length($service) // 2) ORDER BY distance, service LIMIT ${NEAREST_MAX}`,
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
