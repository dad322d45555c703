// The ETag of a document of configuration, and the conditions under which it may be changed.
import { Refusal } from '@spillway/core'
import { type ConfigurationDocument, type DocumentName, requireConfiguration, type Workspace } from '@spillway/engine'

/** The version, and its content: a document that was deleted and made again has another one. */
export const etagOf = ({ version, digest }: Pick<ConfigurationDocument, 'version' | 'digest'>) =>
  `"${version}-${digest.slice(0, 16)}"`

type Condition = { readonly ifMatch: string | undefined; readonly isToBeNew: boolean }

/** @throws Refusal `condition-missing`, `changed-meanwhile`. */
export function refuseUnmatched(known: ConfigurationDocument | undefined, { ifMatch, isToBeNew }: Condition): void {
  if (ifMatch === undefined && !isToBeNew)
    throw new Refusal('condition-missing', 'A change names the version that it changes.', {
      hint: 'Send If-Match with the ETag that you read, or If-None-Match: * for a new document.',
    })
  const isMatched = isToBeNew
    ? known === undefined
    : known !== undefined && (ifMatch === '*' || ifMatch === etagOf(known))
  if (isMatched) return
  throw new Refusal(
    'changed-meanwhile',
    isToBeNew ? 'There is such a document already.' : 'It is not what you read any more.',
    {
      hint: 'Read it again, and decide then.',
    },
  )
}

/** For an action that needs no condition, and holds one that is given. @throws Refusal `not-found`, `changed-meanwhile`. */
export async function refuseChanged(
  workspace: Workspace,
  { ifMatch, ...document }: DocumentName & { readonly ifMatch: string | undefined },
): Promise<void> {
  if (ifMatch === undefined) return
  refuseUnmatched(await requireConfiguration(workspace, document), { ifMatch, isToBeNew: false })
}
