// Users, what they are granted, and their API tokens.
import { z } from '@hono/zod-openapi'
import { listQuery, pageOf } from './paging.ts'
import { PERMISSION_NAMES, ROLE_NAMES, SCOPE_KINDS } from './permissions.ts'
import { bodyOf, describeRoute, idempotencyKey, instant, jsonOf, noContent } from './route.ts'

export const password = z.string().min(12).max(256).describe('at least 12 characters')
export const email = z
  .email()
  .max(254)
  .transform((text) => text.toLowerCase())
const name = z.string().trim().min(1).max(200)

export const grant = z
  .object({
    id: z.string(),
    user: z.string(),
    role: z.enum(ROLE_NAMES),
    scopeKind: z.enum(SCOPE_KINDS),
    scopeKey: z.string().describe("an account, cost centre or employee; '' for the tenant"),
    via: z.enum(['people', 'groups']).describe('given by a person, or by a group of the provider of identities'),
    grantedAt: instant,
    grantedBy: z.string(),
  })
  .openapi('Grant')

export const user = z
  .object({
    id: z.string(),
    email: z.string(),
    name: z.string(),
    state: z.enum(['active', 'disabled']),
    hasPassword: z.boolean(),
    createdAt: instant,
    createdBy: z.string(),
  })
  .openapi('User')

export const apiToken = z
  .object({
    id: z.string(),
    user: z.string(),
    name: z.string(),
    hint: z.string().describe('its first characters'),
    permissions: z.array(z.enum(PERMISSION_NAMES)).describe('of what its user is permitted, this much'),
    createdAt: instant,
    endsAt: instant,
    usedAt: instant.nullable(),
    revokedAt: instant.nullable(),
  })
  .openapi('ApiToken')

const newUser = z
  .object({ email, name, password: password.optional().describe('none for machines and single sign-on') })
  .openapi('NewUser')
const changedUser = z
  .object({ name: name.optional(), state: z.enum(['active', 'disabled']).optional(), password: password.optional() })
  .openapi('ChangedUser')
const newGrant = z
  .object({
    user: z.string(),
    role: z.enum(ROLE_NAMES),
    scopeKind: z.enum(SCOPE_KINDS),
    scopeKey: z.string().max(200).default(''),
  })
  .openapi('NewGrant')
const newToken = z
  .object({
    name,
    permissions: z.array(z.enum(PERMISSION_NAMES)).min(1),
    days: z.int().min(1).max(365).default(90),
    user: z.string().optional().describe('a machine that the token is for; yourself where it is left out'),
  })
  .openapi('NewApiToken')
const madeToken = apiToken.extend({ token: z.string().describe('shown this once') }).openapi('MadeApiToken')

const idOf = (what: string) =>
  z.object({ id: z.string().openapi({ param: { name: 'id', in: 'path' }, description: what }) })
const tags = ['users']

export const userRoutes = {
  listUsers: describeRoute({
    method: 'get',
    path: '/v1/users',
    operationId: 'listUsers',
    summary: 'users in order of their address, name or age',
    tags,
    'x-access': 'user:read',
    request: {
      query: listQuery(['email', 'name', 'createdAt']).extend({ state: z.enum(['active', 'disabled']).optional() }),
    },
    responses: { 200: jsonOf(pageOf(user, 'UserPage'), 'A page of users') },
  }),
  createUser: describeRoute({
    method: 'post',
    path: '/v1/users',
    operationId: 'createUser',
    summary: 'a user, who may do nothing before something is granted',
    tags,
    'x-access': 'user:change',
    'x-secret': true,
    request: bodyOf(newUser),
    responses: { 201: jsonOf(user, 'The user') },
  }),
  getUser: describeRoute({
    method: 'get',
    path: '/v1/users/{id}',
    operationId: 'getUser',
    summary: 'one user',
    tags,
    'x-access': 'user:read',
    request: { params: idOf('of the user') },
    responses: { 200: jsonOf(user, 'The user') },
  }),
  changeUser: describeRoute({
    method: 'patch',
    path: '/v1/users/{id}',
    operationId: 'changeUser',
    summary: 'rename, disable or give a new password; disabling and a new password end all sessions',
    tags,
    'x-access': 'user:change',
    'x-secret': true,
    request: { params: idOf('of the user'), ...bodyOf(changedUser) },
    responses: { 200: jsonOf(user, 'The user') },
  }),
  listGrants: describeRoute({
    method: 'get',
    path: '/v1/grants',
    operationId: 'listGrants',
    summary: 'who is granted what',
    tags,
    'x-access': 'user:read',
    request: {
      query: listQuery(['grantedAt']).extend({ user: z.string().optional(), role: z.enum(ROLE_NAMES).optional() }),
    },
    responses: { 200: jsonOf(pageOf(grant, 'GrantPage'), 'A page of grants') },
  }),
  createGrant: describeRoute({
    method: 'post',
    path: '/v1/grants',
    operationId: 'createGrant',
    summary: 'grant a role on the tenant, on an account or cost centre with what is below it, or on a person',
    tags,
    'x-access': 'user:change',
    request: { headers: idempotencyKey, ...bodyOf(newGrant) },
    responses: { 201: jsonOf(grant, 'The grant') },
  }),
  deleteGrant: describeRoute({
    method: 'delete',
    path: '/v1/grants/{id}',
    operationId: 'deleteGrant',
    summary: 'take a grant back; the last owner keeps theirs',
    tags,
    'x-access': 'user:change',
    request: { params: idOf('of the grant'), headers: idempotencyKey },
    responses: { 204: noContent },
  }),
  listTokens: describeRoute({
    method: 'get',
    path: '/v1/tokens',
    operationId: 'listTokens',
    summary: 'your API tokens; with `all`, those of everybody, for who may change users',
    tags,
    'x-access': 'signed-in',
    request: {
      query: listQuery(['createdAt', 'endsAt', 'name']).extend({ all: z.enum(['true', 'false']).default('false') }),
    },
    responses: { 200: jsonOf(pageOf(apiToken, 'ApiTokenPage'), 'A page of tokens') },
  }),
  createToken: describeRoute({
    method: 'post',
    path: '/v1/tokens',
    operationId: 'createToken',
    summary: 'an API token, shown this once',
    tags,
    'x-access': 'session',
    'x-secret': true,
    request: bodyOf(newToken),
    responses: { 201: jsonOf(madeToken, 'The token') },
  }),
  revokeToken: describeRoute({
    method: 'delete',
    path: '/v1/tokens/{id}',
    operationId: 'revokeToken',
    summary: 'revoke a token of yours, or of anybody for who may change users',
    tags,
    'x-access': 'signed-in',
    request: { params: idOf('of the token'), headers: idempotencyKey },
    responses: { 204: noContent },
  }),
}
