// Takes a document of configuration out of force. Its versions stay, for the runs that used them. Refuses what others
// still refer to, and names them.
import { Refusal } from '@spillway/core'
import type { Workspace } from '../workspace/workspace.ts'
import { type ConfigurationDocument, loadConfiguration } from './configuration.ts'
import { issuesOfChange } from './provider-catalogue.ts'

export type DocumentName = { readonly kind: string; readonly name: string }

/** @throws Refusal `not-found`; `in-use` where another document would be left with a name that leads nowhere. */
export async function deleteConfiguration(workspace: Workspace, { kind, name }: DocumentName): Promise<void> {
  const document = await requireConfiguration(workspace, { kind, name })
  const issues = await issuesOfChange(workspace, { removed: [{ kind, name }] })
  if (issues.length > 0)
    throw new Refusal('in-use', `${kind} ${name} is still used by ${usersOf(issues)}.`, {
      hint: 'Change or delete those first.',
      facts: { kind, name, users: issues.map((issue) => `${issue.kind} ${issue.name}`) },
    })
  const { catalog, tenant, actor } = workspace
  const at = actor.now().toISOString()
  const version = document.version + 1
  await catalog.transaction().execute(async (transaction) => {
    const body = JSON.stringify(document.body)
    await transaction
      .insertInto('configuration')
      .values({
        tenant,
        kind,
        name,
        version,
        body,
        digest: document.digest,
        deleted: 1,
        saved_at: at,
        saved_by: actor.who,
      })
      .execute()
    const subject = `${kind}/${name}`
    await transaction
      .insertInto('audit')
      .values({ tenant, at, who: actor.who, action: 'delete', subject, details: JSON.stringify({ version }) })
      .execute()
  })
}

/** @throws Refusal `not-found`, with the names there are. */
export async function requireConfiguration(
  workspace: Workspace,
  { kind, name }: DocumentName,
): Promise<ConfigurationDocument> {
  const documents = await loadConfiguration(workspace, kind)
  const document = documents.find((one) => one.name === name)
  if (document) return document
  const names = documents.map((one) => one.name)
  throw new Refusal('not-found', `There is no ${kind} ${name}.`, {
    hint: names.length === 0 ? `There is no ${kind} at all.` : `There are ${names.slice(0, NAMES_MAX).join(', ')}.`,
    facts: { kind, name },
  })
}

const NAMES_MAX = 10

function usersOf(issues: ReadonlyArray<{ readonly kind: string; readonly name: string }>): string {
  const users = [...new Set(issues.map(({ kind, name }) => `${kind} ${name}`))]
  const rest = users.length - NAMES_MAX
  return rest > 0 ? `${users.slice(0, NAMES_MAX).join(', ')} and ${rest} more` : users.join(', ')
}
