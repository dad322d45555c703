// Which services can have a call for some projects: every one that has is among them, and few others. Who looks at one project
// of a company waits for the calls of those services, and not for all calls of the month.
import { type LocalDate, readProjectRules, toAccountCodes } from '@spillway/core'
import { loadConfiguration } from '../../catalog/configuration.ts'
import { loadSubAccounts } from '../../sub-accounts/load-sub-accounts.ts'
import { liveDocuments, liveDocumentsCte } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { daysRead } from '../calls/calls-table.ts'

export type ProjectsOfDays = {
  readonly scratch: string
  /** None of them ''. */
  readonly projects: ReadonlySet<string>
  /** Half-open local days. */
  readonly from: LocalDate
  readonly until: LocalDate
}

/**
 * Makes `project_service` in a scratch database and gives the condition on rows of usage that they be of its services; undefined
 * where a rule of configuration may give one of the projects to any call at all.
 */
export async function servicesOfProjects(
  workspace: Workspace,
  { scratch, projects, from, until }: ProjectsOfDays,
): Promise<string | undefined> {
  const { warehouse, tenant } = workspace
  const rules = readProjectRules((await loadConfiguration(workspace, 'ProjectRule')).map(({ body }) => body))
  if (rules.some(({ project }) => projects.has(project))) return undefined
  const days = daysRead({ from, until })
  // One row per service that dialled a code for them, was assigned to them, or is a user id that belongs to them.
  await warehouse.run(
    `CREATE TABLE ${scratch}.project_service AS WITH ${liveDocumentsCte(await liveDocuments(workspace))}
     SELECT service FROM usage WHERE tenant = $tenant AND started_at >= ${days.from} AND started_at < ${days.until}
       AND account_code IN (SELECT unnest(string_split($codes, chr(30))))
     UNION SELECT service FROM service WHERE tenant = $tenant AND doc IN (FROM live_document)
       AND project IN (SELECT unnest(string_split($projects, chr(30))))
     UNION SELECT unnest(string_split($userIds, chr(30)))`,
    {
      tenant,
      codes: (await codesOf(workspace, projects)).join(SEPARATOR),
      projects: [...projects].join(SEPARATOR),
      userIds: (await userIdsOf(workspace, projects)).join(SEPARATOR),
    },
  )
  return `service IN (SELECT service FROM ${scratch}.project_service)`
}

/** Whether a sub-account belongs to the project or a service is assigned to it, of which projects.csv may know nothing. */
export async function isNamedProject(workspace: Workspace, project: string): Promise<boolean> {
  if ((await userIdsOf(workspace, new Set([project]))).length > 0) return true
  const { warehouse, tenant } = workspace
  const found = await warehouse.rows(
    `WITH ${liveDocumentsCte(await liveDocuments(workspace))}
     SELECT 1 FROM service WHERE tenant = $tenant AND doc IN (FROM live_document) AND project = $project LIMIT 1`,
    { tenant, project },
  )
  return found.length > 0
}

async function userIdsOf(workspace: Workspace, projects: ReadonlySet<string>): Promise<ReadonlyArray<string>> {
  return [...(await loadSubAccounts(workspace)).values()]
    .filter(({ owners }) => owners.some(({ owner }) => owner.kind === 'project' && projects.has(owner.id)))
    .map(({ userId }) => userId)
}

const SEPARATOR = '\u001e'

/** Their own ids, and the codes that some account lists for them. */
async function codesOf(workspace: Workspace, projects: ReadonlySet<string>): Promise<ReadonlyArray<string>> {
  const codes = new Set(projects)
  for (const { body } of await loadConfiguration(workspace, 'AccountCodes')) {
    const valid = toAccountCodes(body)?.valid
    if (valid instanceof Map) for (const [code, project] of valid) if (projects.has(project)) codes.add(code)
  }
  return [...codes]
}
