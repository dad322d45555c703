// Saved and shared views, and preferences. Everything here is of one user or was shared by one; no route reads figures.
import type { z } from '@hono/zod-openapi'
import { Refusal } from '@spillway/core'
import type { Catalog, SavedViewTable } from '@spillway/engine'
import { type Preferences, viewRoutes as routes, type savedView } from '../contract/views.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { pageOfItems } from '../http/pages.ts'
import { register } from '../http/register.ts'
import { grantsWith } from '../permissions/caller.ts'
import { makeId } from '../sign-in/secrets.ts'

export function registerViews(server: Server): void {
  register(server, routes.listViews, async (c, call) => {
    const { path, ...page } = c.req.valid('query')
    const items = (await viewsSeenBy(call))
      .filter((row) => path === undefined || row.path === path)
      .map((row) => toView(row, call))
    return c.json(pageOfItems(items, { ...page, idOf: ({ id }) => id }), 200)
  })
  register(server, routes.createView, async (c, call) => {
    const { name, path, search, isShared } = c.req.valid('json')
    const { user } = call.caller
    const at = call.services.workspace.actor.now().toISOString()
    const row: SavedViewTable = {
      ...{ tenant: user.tenant, id: makeId('view'), owner: user.id, name, path, search },
      ...{ is_shared: isShared ? 1 : 0, version: 1, created_at: at, changed_at: at },
    }
    const entry = { action: 'create-view', subject: name, after: shownOf(row), details: { view: row.id } }
    await call.record(entry, (catalog) => catalog.insertInto('saved_view').values(row).execute())
    c.header('etag', etagOf(row))
    return c.json(toView({ ...row, owner_name: user.name }, call), 201)
  })
  register(server, routes.getView, async (c, call) => {
    const row = await requireView(call, c.req.valid('param').view)
    c.header('etag', etagOf(row))
    return c.json(toView(row, call), 200)
  })
  register(server, routes.changeView, async (c, call) => {
    const row = await requireChangeable(call, c.req.valid('param').view)
    const { isShared, ...wanted } = c.req.valid('json')
    const set = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined))
    const changed: ViewRow = {
      ...row,
      ...set,
      is_shared: isShared === undefined ? row.is_shared : isShared ? 1 : 0,
      version: row.version + 1,
      changed_at: call.services.workspace.actor.now().toISOString(),
    }
    await changeRow(call, { row, changed, ifMatch: c.req.valid('header')['if-match'] })
    c.header('etag', etagOf(changed))
    return c.json(toView(changed, call), 200)
  })
  register(server, routes.deleteView, async (c, call) => {
    const row = await requireChangeable(call, c.req.valid('param').view)
    await deleteRow(call, { row, ifMatch: c.req.valid('header')['if-match'] })
    return c.body(null, 204)
  })
  registerPreferences(server)
}

function registerPreferences(server: Server): void {
  register(server, routes.getPreferences, async (c, call) => c.json(await preferencesOf(call), 200))
  register(server, routes.putPreferences, async (c, call) => {
    const wanted: Preferences = c.req.valid('json')
    if (wanted.homeView !== null) await requireView(call, wanted.homeView)
    const { user, services } = { user: call.caller.user, services: call.services }
    const row = { body: JSON.stringify(wanted), changed_at: services.workspace.actor.now().toISOString() }
    await services.workspace.catalog
      .insertInto('user_preference')
      .values({ tenant: user.tenant, user_id: user.id, ...row })
      .onConflict((conflict) => conflict.columns(['tenant', 'user_id']).doUpdateSet(row))
      .execute()
    return c.json(wanted, 200)
  })
}

const DEFAULTS: Preferences = {
  locale: null,
  timeZone: null,
  currencyDisplay: 'code',
  colourScheme: 'system',
  density: 'comfortable',
  homeView: null,
}

async function preferencesOf(call: Call): Promise<Preferences> {
  const { user } = call.caller
  const row = await call.services.workspace.catalog
    .selectFrom('user_preference')
    .select('body')
    .where('tenant', '=', user.tenant)
    .where('user_id', '=', user.id)
    .executeTakeFirst()
  const saved = { ...DEFAULTS, ...(row === undefined ? {} : (JSON.parse(row.body) as Partial<Preferences>)) }
  const views = saved.homeView === null ? [] : await viewsSeenBy(call)
  return { ...saved, homeView: views.some(({ id }) => id === saved.homeView) ? saved.homeView : null }
}

type ViewRow = SavedViewTable & { readonly owner_name: string }

/** One's own, and those that are shared. */
async function viewsSeenBy({ caller: { user }, services }: Call): Promise<ViewRow[]> {
  return services.workspace.catalog
    .selectFrom('saved_view')
    .innerJoin('app_user', (join) =>
      join.onRef('app_user.tenant', '=', 'saved_view.tenant').onRef('app_user.id', '=', 'saved_view.owner'),
    )
    .selectAll('saved_view')
    .select('app_user.name as owner_name')
    .where('saved_view.tenant', '=', user.tenant)
    .where((where) => where.or([where('owner', '=', user.id), where('is_shared', '=', 1)]))
    .execute()
}

/** @throws Refusal `not-found`, for a view of another that is not shared too. */
async function requireView(call: Call, id: string): Promise<ViewRow> {
  const row = (await viewsSeenBy(call)).find((one) => one.id === id)
  if (row) return row
  throw new Refusal('not-found', `There is no view ${id}.`, { hint: 'List the views.' })
}

/** @throws Refusal `not-found`, `not-permitted`. */
async function requireChangeable(call: Call, id: string): Promise<ViewRow> {
  const row = await requireView(call, id)
  if (row.owner === call.caller.user.id || grantsWith(call.caller, 'user:change').length > 0) return row
  throw new Refusal('not-permitted', `This view is ${row.owner_name}'s.`, { hint: 'Save one of your own.' })
}

type Conditional = { readonly row: ViewRow; readonly ifMatch: string | undefined }

/** @throws Refusal `condition-missing`, `changed-meanwhile`. */
async function changeRow(call: Call, { row, changed, ifMatch }: Conditional & { readonly changed: ViewRow }) {
  refuseUnmatched(row, ifMatch)
  const { name, path, search, is_shared, version, changed_at } = changed
  await call.record(
    { action: 'change-view', subject: name, before: shownOf(row), after: shownOf(changed), details: { view: row.id } },
    async (catalog) => {
      const { numUpdatedRows } = await catalog
        .updateTable('saved_view')
        .set({ name, path, search, is_shared, version, changed_at })
        .where('tenant', '=', row.tenant)
        .where('id', '=', row.id)
        .where('version', '=', row.version)
        .executeTakeFirst()
      if (numUpdatedRows !== 1n) throw changedMeanwhile()
    },
  )
}

/** @throws Refusal `condition-missing`, `changed-meanwhile`. */
async function deleteRow(call: Call, { row, ifMatch }: Conditional): Promise<void> {
  refuseUnmatched(row, ifMatch)
  const entry = { action: 'delete-view', subject: row.name, before: shownOf(row), details: { view: row.id } }
  await call.record(entry, async (catalog: Catalog) => {
    const { numDeletedRows } = await catalog
      .deleteFrom('saved_view')
      .where('tenant', '=', row.tenant)
      .where('id', '=', row.id)
      .where('version', '=', row.version)
      .executeTakeFirst()
    if (numDeletedRows !== 1n) throw changedMeanwhile()
  })
}

function refuseUnmatched(row: ViewRow, ifMatch: string | undefined): void {
  if (ifMatch === undefined)
    throw new Refusal('condition-missing', 'A change names the version that it changes.', {
      hint: 'Send If-Match with the ETag that you read.',
    })
  if (ifMatch !== '*' && ifMatch !== etagOf(row)) throw changedMeanwhile()
}

function changedMeanwhile(): Refusal {
  return new Refusal('changed-meanwhile', 'It is not what you read any more.', {
    hint: 'Read it again, and decide then.',
  })
}

/** An id is never given again, so that the version says all. */
const etagOf = ({ id, version }: Pick<SavedViewTable, 'id' | 'version'>) => `"${id}-${version}"`

const shownOf = ({ name, path, search, is_shared }: SavedViewTable) => ({
  ...{ name, path, search, isShared: is_shared === 1 },
})

function toView(row: ViewRow, { caller }: Call): z.infer<typeof savedView> {
  return {
    id: row.id,
    ...shownOf(row),
    isOwn: row.owner === caller.user.id,
    owner: { id: row.owner, name: row.owner_name },
    createdAt: row.created_at,
    changedAt: row.changed_at,
    etag: etagOf(row),
  }
}
