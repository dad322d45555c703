// Takes a document of configuration out of force. Its versions stay, for the runs that used them. Refuses what others
// still refer to, and names them.

import { Refusal } from '@spillway/core'
import { SUB_ACCOUNT } from '../sub-accounts/load-sub-accounts.ts'
import { endPasscodeNamed } from '../sub-accounts/passcodes.ts'
import { issuesOfSubAccountChange } from '../sub-accounts/sub-account-references.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { appendAudit } from './audit.ts'
import { type ConfigurationDocument, loadConfiguration } from './configuration.ts'
import { issuesOfChange } from './provider-catalogue.ts'

export type DocumentName = { readonly kind: string; readonly name: string }

/** @throws Refusal `not-found`; `in-use` where another document would be left with a name that leads nowhere. */
export async function deleteConfiguration(workspace: Workspace, { kind, name }: DocumentName): Promise<void> {
  const document = await requireConfiguration(workspace, { kind, name })
  const issues = await issuesOfDeletion(workspace, { kind, name })
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
    // One that is made again under the same user id must not let in who had the code of before.
    if (kind === SUB_ACCOUNT) await endPasscodeNamed({ ...workspace, catalog: transaction }, document.body)
    await appendAudit(transaction, {
      tenant,
      at,
      who: actor.who,
      action: 'delete',
      subject: `${kind}/${name}`,
      details: { version },
      before: document.body,
    })
  })
}

/** What other documents would say once it is gone; none where it can be deleted. */
export async function issuesOfDeletion(
  workspace: Workspace,
  document: DocumentName,
): Promise<ReadonlyArray<DocumentName & { readonly message: string }>> {
  const removed = [document]
  return [
    ...(await issuesOfChange(workspace, { removed })),
    ...(await issuesOfSubAccountChange(workspace, { removed })),
  ]
}

/** @throws Refusal `not-found`, with the names there are. */
export async function requireConfiguration(
  workspace: Pick<Workspace, 'catalog' | 'tenant' | 'actor'>,
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
