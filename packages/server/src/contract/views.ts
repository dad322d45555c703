// What the screens keep for people: saved and shared views, and preferences. A view is a name for an address of a screen and
// gives no permission: what is seen there is asked for by whoever looks.
import { z } from '@hono/zod-openapi'
import { listQuery, pageOf } from './paging.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf, noContent } from './route.ts'

const name = z.string().trim().min(1).max(200)
const path = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\s?#\\]*$/, 'a path of this site, such as /pools')
const search = z
  .string()
  .max(4000)
  .regex(/^(?:\?[^\s#]*)?$/, "begins with a question mark, or is ''")

export const savedView = z
  .object({
    id: z.string(),
    name: z.string(),
    path: z.string(),
    search: z.string(),
    isShared: z.boolean(),
    isOwn: z.boolean(),
    owner: z.object({ id: z.string(), name: z.string() }),
    createdAt: instant,
    changedAt: instant,
    etag: z.string().describe('for If-Match'),
  })
  .openapi('SavedView')
const newView = z.strictObject({ name, path, search: search.default(''), isShared: z.boolean().default(false) })
const changedView = z.strictObject({
  name: name.optional(),
  path: path.optional(),
  search: search.optional(),
  isShared: z.boolean().optional(),
})

const locale = z
  .string()
  .max(40)
  .refine((text) => isAccepted(() => Intl.getCanonicalLocales(text)), 'a language tag, such as en-GB')
const timeZone = z
  .string()
  .max(60)
  .refine(
    (zone) => zone !== '' && isAccepted(() => new Intl.DateTimeFormat('en', { timeZone: zone })),
    'a time zone, such as Europe/Berlin',
  )

function isAccepted(make: () => unknown): boolean {
  try {
    make()
    return true
  } catch {
    return false
  }
}

export const preferences = z
  .strictObject({
    locale: locale.nullable().describe("null: the browser's"),
    timeZone: timeZone.nullable().describe("null: the browser's"),
    currencyDisplay: z.enum(['code', 'symbol']),
    colourScheme: z.enum(['system', 'light', 'dark']),
    density: z.enum(['comfortable', 'compact']),
    homeView: z.string().max(60).nullable().describe('the id of a view; null again once it cannot be seen any more'),
  })
  .openapi('Preferences')
export type Preferences = z.infer<typeof preferences>

const viewParam = z.object({ view: z.string().openapi({ param: { name: 'view', in: 'path' } }) })
const ifMatch = z.object({ 'if-match': z.string().optional().describe('the ETag of what is changed') })
const tags = ['views']

export const viewRoutes = {
  listViews: describeRoute({
    method: 'get',
    path: '/v1/views',
    operationId: 'listViews',
    summary: 'your saved views, and those that others share',
    tags,
    'x-access': 'session',
    request: { query: listQuery(['name', 'changedAt']).extend({ path: path.optional() }) },
    responses: { 200: jsonOf(pageOf(savedView, 'SavedViewPage'), 'A page of views') },
  }),
  createView: describeRoute({
    method: 'post',
    path: '/v1/views',
    operationId: 'createView',
    summary: 'save a view',
    tags,
    'x-access': 'session',
    request: { headers: idempotencyKey, ...bodyOf(newView.openapi('NewSavedView')) },
    responses: { 201: jsonOf(savedView, 'The view') },
  }),
  getView: describeRoute({
    method: 'get',
    path: '/v1/views/{view}',
    operationId: 'getView',
    summary: 'one view, with its ETag',
    tags,
    'x-access': 'session',
    request: { params: viewParam },
    responses: { 200: jsonOf(savedView, 'The view') },
  }),
  changeView: describeRoute({
    method: 'patch',
    path: '/v1/views/{view}',
    operationId: 'changeView',
    summary: 'change a view of yours; an owner of the company may change shared ones',
    tags,
    'x-access': 'session',
    request: {
      params: viewParam,
      headers: idempotencyKey.extend(ifMatch.shape),
      ...bodyOf(changedView.openapi('ChangedSavedView')),
    },
    responses: { 200: jsonOf(savedView, 'The view') },
  }),
  deleteView: describeRoute({
    method: 'delete',
    path: '/v1/views/{view}',
    operationId: 'deleteView',
    summary: 'delete a view of yours; an owner of the company may delete shared ones',
    tags,
    'x-access': 'session',
    request: { params: viewParam, headers: idempotencyKey.extend(ifMatch.shape) },
    responses: { 204: noContent },
  }),
  getPreferences: describeRoute({
    method: 'get',
    path: '/v1/me/preferences',
    operationId: 'getPreferences',
    summary: 'how you like figures and screens',
    tags: ['sign-in'],
    'x-access': 'session',
    responses: { 200: jsonOf(preferences, 'Your preferences') },
  }),
  putPreferences: describeRoute({
    method: 'put',
    path: '/v1/me/preferences',
    operationId: 'putPreferences',
    summary: 'save how you like figures and screens',
    tags: ['sign-in'],
    'x-access': 'session',
    request: { headers: idempotencyKey, ...bodyOf(preferences) },
    responses: { 200: jsonOf(preferences, 'Your preferences') },
  }),
}
