// The owner of a demo: a person without a password, who signs in by the link that whoever serves the demo sees.

import { auditIn } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { addGrant, addUser } from '../resources/save-user.ts'

const DEMO_OWNER = { email: 'owner@demo.example', name: 'Owner of the demo' }

/** Path of a link that signs them in, once; whoever is there already under that address stays who they are. */
export async function offerDemoLink({ services }: Pick<Server, 'services'>): Promise<string> {
  const { catalog, tenant } = services.workspace
  const known = await catalog
    .selectFrom('app_user')
    .select('id')
    .where('tenant', '=', tenant)
    .where('email', '=', DEMO_OWNER.email)
    .executeTakeFirst()
  const token = services.signInLinks.offer(known?.id ?? (await makeOwner({ services })))
  return `/v1/sign-in/link?token=${token}`
}

function makeOwner({ services }: Pick<Server, 'services'>): Promise<string> {
  const who = 'demo'
  return services.workspace.catalog.transaction().execute(async (catalog) => {
    const user = await addUser({ services }, { catalog, who, user: { ...DEMO_OWNER, passwordHash: null } })
    const grant = { user, role: 'owner', scopeKind: 'tenant', scopeKey: '', via: 'people' } as const
    await addGrant({ services }, { catalog, who, grant })
    const entry = { action: 'create-owner', subject: DEMO_OWNER.email, after: DEMO_OWNER }
    await auditIn({ services }, { catalog, who, entry })
    return user
  })
}
