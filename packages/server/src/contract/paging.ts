// Lists come in pages. A cursor says where a page ended in its own order; it is opaque and holds for that order alone.
import { z } from '@hono/zod-openapi'

export const PAGE_LIMIT_MAX = 500

/** Query parameters of a list that can be ordered by `keys`; `-key` is the other way round. */
export function listQuery(keys: readonly [string, ...string[]]) {
  const orders = keys.flatMap((key) => [key, `-${key}`])
  return z.object({
    limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(50),
    cursor: z.string().max(1000).optional().describe('the `next` of the page before'),
    sort: z.enum(orders).default(keys[0]),
  })
}

export function pageOf<S extends z.ZodType>(item: S, name: string) {
  return z
    .object({
      items: z.array(item),
      next: z.string().nullable().describe('the cursor of the next page; null at the end'),
    })
    .openapi(name)
}

/** Query parameters of a list that has the order of its report. */
export const listPage = z.object({
  limit: z.coerce.number().int().min(1).max(PAGE_LIMIT_MAX).default(200),
  cursor: z.string().max(1000).optional().describe('the `next` of the page before'),
})
