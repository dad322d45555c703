// The first screen: what needs attention, of what the caller may see.
import { formatAmount, invariant } from '@spillway/core'
import { periodNamed, readAttention, type ScopedWorkspace } from '@spillway/engine'
import { overviewRoutes as routes } from '../contract/overview.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'

export function registerOverview(server: Server): void {
  register(server, routes.getOverview, async (c, call) => {
    const { period: asked } = c.req.valid('query')
    // On a connection of its own: what looks at calls makes tables on the way.
    const { period, run, items } = await call.withOwnConnection((workspace) =>
      readAttention(workspace, { period: asked === undefined ? undefined : periodNamed(asked) }),
    )
    return c.json(
      {
        period: period?.name ?? null,
        run: run?.id ?? null,
        state: run === null ? null : stateOf(run.state),
        isEmpty: !(await hasFiles(call.workspace)),
        items: items.map(({ amount, ...item }) => ({
          ...item,
          currency: amount?.currency ?? null,
          amount: amount === null ? null : formatAmount(amount.minor, amount.currency),
        })),
      },
      200,
    )
  })
}

function stateOf(state: string): 'closed' | 'published' {
  invariant(state === 'closed' || state === 'published', 'the run of a period is closed or published', { state })
  return state
}

async function hasFiles({ catalog, tenant }: ScopedWorkspace): Promise<boolean> {
  const found = await catalog
    .selectFrom('batch')
    .select('id')
    .where('tenant', '=', tenant)
    .where('state', '=', 'complete')
    .limit(1)
    .executeTakeFirst()
  return found !== undefined
}
