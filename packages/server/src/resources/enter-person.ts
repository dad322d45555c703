// Lets in whom a provider of identities has named: a user of ours from the first time on, with what their groups are granted now.
import { Refusal } from '@spillway/core'
import type { Catalog } from '@spillway/engine'
import type { Call } from '../http/call.ts'
import type { OpenIdSettings } from '../settings.ts'
import type { OpenIdPerson } from '../sign-in/open-id.ts'
import { addGrant, addUser } from './save-user.ts'

type Entering = {
  readonly catalog: Catalog
  readonly person: OpenIdPerson
  readonly groups: OpenIdSettings['groups']
}

/** The id of the user. @throws Refusal `not-permitted` for who is in no group, or disabled; `exists`. */
export async function enterPerson(call: Call, { catalog, person, groups }: Entering): Promise<string> {
  const { tenant } = call.services.workspace
  const given = groups.filter(({ group }) => person.groups.includes(group))
  const known = await catalog
    .selectFrom('identity')
    .innerJoin('app_user', (join) =>
      join.onRef('app_user.id', '=', 'identity.user_id').onRef('app_user.tenant', '=', 'identity.tenant'),
    )
    .select(['app_user.id', 'app_user.state'])
    .where('identity.tenant', '=', tenant)
    .where('identity.issuer', '=', person.issuer)
    .where('identity.subject', '=', person.subject)
    .executeTakeFirst()
  if ((!known && given.length === 0) || known?.state === 'disabled')
    throw new Refusal('not-permitted', 'You are known, and may not use this server.', {
      hint: 'Ask an owner for access.',
    })
  const who = person.email
  const id = known?.id ?? (await addPerson(call, { catalog, person }))
  // Those of groups that somebody has left go with them.
  await catalog
    .deleteFrom('role_grant')
    .where('tenant', '=', tenant)
    .where('user_id', '=', id)
    .where('via', '=', 'groups')
    .execute()
  for (const { role, 'scope-kind': scopeKind, 'scope-key': scopeKey } of distinct(given))
    await addGrant(call, { catalog, who, grant: { user: id, role, scopeKind, scopeKey, via: 'groups' } })
  return id
}

function distinct(groups: OpenIdSettings['groups']): OpenIdSettings['groups'] {
  const seen = new Map(groups.map((one) => [`${one.role} ${one['scope-kind']} ${one['scope-key']}`, one]))
  return [...seen.values()]
}

async function addPerson(call: Call, { catalog, person }: Pick<Entering, 'catalog' | 'person'>): Promise<string> {
  const { tenant, actor } = call.services.workspace
  const { issuer, subject, email, name } = person
  // Refused where the address is a user's already: an address proves nobody, and linking is for an owner to decide.
  const id = await addUser(call, { catalog, who: email, user: { email, name, passwordHash: null } })
  const created_at = actor.now().toISOString()
  await catalog.insertInto('identity').values({ tenant, issuer, subject, user_id: id, created_at }).execute()
  return id
}
