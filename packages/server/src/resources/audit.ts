// The audit log, newest first. Read only.
import { auditRoutes as routes } from '../contract/audit.ts'
import type { Server } from '../http/environment.ts'
import { readCursor, writeCursor } from '../http/pages.ts'
import { register } from '../http/register.ts'

const SORT = '-id'

export function registerAudit(server: Server): void {
  register(server, routes.listAudit, async (c, { workspace: { catalog, tenant } }) => {
    const { limit, cursor, ...filters } = c.req.valid('query')
    let query = catalog.selectFrom('audit').selectAll().where('tenant', '=', tenant)
    for (const column of ['who', 'action', 'subject'] as const) {
      const wanted = filters[column]
      if (wanted !== undefined) query = query.where(column, '=', wanted)
    }
    if (cursor !== undefined) query = query.where('id', '<', Number(readCursor(cursor, SORT)[0]))
    const rows = await query
      .orderBy('id', 'desc')
      .limit(limit + 1)
      .execute()
    const shown = rows.slice(0, limit)
    const last = shown.at(-1)
    const items = shown.map(({ id, at, who, action, subject, details, before_value, after_value, hash }) => ({
      id,
      at,
      who,
      action,
      subject,
      details: JSON.parse(details) as Record<string, unknown>,
      ...(before_value === '' ? {} : { before: JSON.parse(before_value) as unknown }),
      ...(after_value === '' ? {} : { after: JSON.parse(after_value) as unknown }),
      hash,
    }))
    return c.json({ items, next: rows.length > limit && last ? writeCursor(SORT, [String(last.id), '']) : null }, 200)
  })
}
