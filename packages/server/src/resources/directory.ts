// The directory over HTTP, in the scope of who asks.
import { Refusal } from '@spillway/core'
import { type DirectoryListing, type DirectoryPlace, readDirectory } from '@spillway/engine'
import { directoryRoutes as routes } from '../contract/directory.ts'
import type { Server } from '../http/environment.ts'
import { readCursor, writeCursor } from '../http/pages.ts'
import { register } from '../http/register.ts'

const LISTINGS: ReadonlyArray<readonly [(typeof routes)[keyof typeof routes], DirectoryListing]> = [
  [routes.listPeople, 'people'],
  [routes.listServices, 'services'],
  [routes.listCostCentres, 'cost-centres'],
  [routes.listProjects, 'projects'],
  [routes.listAccounts, 'accounts'],
  [routes.listPools, 'pools'],
  [routes.listPoolMembers, 'pool-members'],
]

export function registerDirectory(server: Server): void {
  for (const [route, listing] of LISTINGS)
    register(server, route as typeof routes.listPeople, async (c, { workspace }) => {
      const { limit, cursor, key, text } = c.req.valid('query')
      const after = cursor === undefined ? undefined : placeIn(cursor, listing)
      const { rows, next } = await readDirectory(workspace, { listing, key, text, after, limit })
      const items = rows as never
      return c.json({ items, next: next && writeCursor(listing, [next.key, `${next.doc}.${next.ordinal}`]) }, 200)
    })
}

/** @throws Refusal `bad-command`. */
function placeIn(cursor: string, listing: DirectoryListing): DirectoryPlace {
  const [key, row] = readCursor(cursor, listing)
  const [, doc, ordinal] = /^(\d{1,9})\.(\d{1,9})$/.exec(row) ?? []
  if (doc !== undefined && ordinal !== undefined) return { key, doc: Number(doc), ordinal: Number(ordinal) }
  throw new Refusal('bad-command', 'This cursor is of another list.', { hint: 'Use the `next` of a page.' })
}
