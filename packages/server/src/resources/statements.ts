// Statements over HTTP, one at a time. Who sees a part gets those of the cost centres and people that are theirs as a whole: of
// others a statement would show a part and say a sum.
import { Refusal, type StatementKind } from '@spillway/core'
import { periodNamed, readStatements, type ScopedWorkspace, statementKeys } from '@spillway/engine'
import { createStatementEncoder, statementFileNames } from '@spillway/formats'
import { statementRoutes as routes } from '../contract/statements.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'

export function registerStatements(server: Server): void {
  register(server, routes.getStatement, async (c, call) => {
    const { of: kind, key } = c.req.valid('param')
    const { period: name, company } = c.req.valid('query')
    requireWholeOf(call.workspace, { kind, key })
    const period = periodNamed(name)
    const keys = await statementKeys(call.workspace, { period, kind })
    if (!keys.includes(key))
      throw new Refusal('not-found', `Nothing of ${period.name} is charged to ${key}.`, {
        hint: 'See the keys with the report charges by cost-centre, or by person.',
      })
    const encode = await createStatementEncoder({ paper: 'a4' })
    const pieces: Uint8Array<ArrayBuffer>[] = []
    for await (const statement of readStatements(call.workspace, { period, kind, keys: [key], company }))
      pieces.push(new Uint8Array((await encode(statement)).bytes))
    const file = statementFileNames(kind, keys).get(key) ?? `${kind}.pdf`
    await call.audit({ action: 'export', subject: file, details: { period: period.name, of: kind, key } })
    return new Response(new Blob(pieces), {
      headers: {
        'content-type': 'application/pdf',
        'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(`${period.name}-${file}`)}`,
        'cache-control': 'no-store',
      },
    })
  })
}

type Asked = { readonly kind: StatementKind; readonly key: string }

/** @throws Refusal `not-permitted`. */
function requireWholeOf({ scope }: ScopedWorkspace, { kind, key }: Asked): void {
  const { rows } = scope
  if (rows === null || (kind === 'person' ? rows.people : rows.costCentres).includes(key)) return
  throw new Refusal('not-permitted', 'You see no more than a part of what this statement is about.', {
    hint: 'Ask for one of what is yours, or look at the reports.',
  })
}
