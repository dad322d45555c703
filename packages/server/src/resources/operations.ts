// Health, metrics and the kinds of problems.
import { Refusal } from '@spillway/core'
import { sql } from 'kysely'
import { operationRoutes as routes } from '../contract/operations.ts'
import { PROBLEM_CODES, PROBLEM_TYPES, type ProblemCode, typeOf } from '../contract/problem-details.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import type { Services } from '../services.ts'

export function registerOperations(server: Server): void {
  register(server, routes.getLive, (c) => c.json({ status: 'ok' as const }, 200))
  register(server, routes.getReady, async (c, { services }) => {
    if (services.isStopping) return c.json({ status: 'stopping' as const }, 503)
    return (await storesAnswer(services))
      ? c.json({ status: 'ok' as const }, 200)
      : c.json({ status: 'failing' as const }, 503)
  })
  register(server, routes.getMetrics, async (c, { services }) => c.text(await services.metrics.text(), 200))
  register(server, routes.listProblemTypes, (c) => c.json({ items: PROBLEM_CODES.map(toProblemType) }, 200))
  register(server, routes.getProblemType, (c) => {
    const code = PROBLEM_CODES.find((one) => one === c.req.valid('param').code)
    if (!code) throw new Refusal('not-found', 'There is no such kind of problem.', { hint: 'List the kinds.' })
    return c.json(toProblemType(code), 200)
  })
}

const toProblemType = (code: ProblemCode) => ({ code, type: typeOf(code), ...PROBLEM_TYPES[code] })

async function storesAnswer({ workspace: { catalog, warehouse }, log }: Services): Promise<boolean> {
  try {
    await sql`SELECT 1`.execute(catalog)
    await warehouse.withConnection((connection) => connection.rows('SELECT 1 AS one'))
    return true
  } catch (error) {
    log.error({ err: error }, 'a store does not answer')
    return false
  }
}
