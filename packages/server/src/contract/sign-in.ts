// Signing in and out, the first owner, and who is signed in.
import { z } from '@hono/zod-openapi'
import { PERMISSION_NAMES } from './permissions.ts'
import { bodyOf, describeRoute, instant, jsonOf, noContent } from './route.ts'
import { email, grant, password, user } from './users.ts'

export const me = z
  .object({
    user,
    signedInBy: z.enum(['session', 'token']),
    permissions: z.array(z.enum(PERMISSION_NAMES)).describe('on the whole tenant or a part of it'),
    grants: z.array(grant),
  })
  .openapi('Me')

const session = z
  .object({ id: z.string(), agent: z.string(), createdAt: instant, seenAt: instant, isThis: z.boolean() })
  .openapi('Session')
const ways = z
  .object({
    needsOwner: z.boolean().describe('true until the first owner is made'),
    hasPassword: z.boolean(),
    providers: z.array(z.object({ name: z.string(), path: z.string() })),
  })
  .openapi('SignInWays')

const tags = ['sign-in']

export const signInRoutes = {
  getSignInWays: describeRoute({
    method: 'get',
    path: '/v1/sign-in',
    operationId: 'getSignInWays',
    summary: 'how one can sign in here',
    tags,
    'x-access': 'anyone',
    responses: { 200: jsonOf(ways, 'The ways') },
  }),
  signIn: describeRoute({
    method: 'post',
    path: '/v1/sign-in',
    operationId: 'signIn',
    summary: 'sign in with a password; the session is in a cookie',
    tags,
    'x-access': 'anyone',
    'x-secret': true,
    request: bodyOf(z.object({ email, password: z.string().min(1).max(256) }).openapi('SignIn')),
    responses: { 200: jsonOf(me, 'Who is signed in') },
  }),
  makeOwner: describeRoute({
    method: 'post',
    path: '/v1/sign-in/owner',
    operationId: 'makeOwner',
    summary: 'make an owner with the token that `spillway serve` printed; the token works once',
    tags,
    'x-access': 'anyone',
    'x-secret': true,
    request: bodyOf(
      z
        .object({ token: z.string().max(200), email, name: z.string().trim().min(1).max(200), password })
        .openapi('NewOwner'),
    ),
    responses: { 201: jsonOf(me, 'The owner, signed in') },
  }),
  followSignInLink: describeRoute({
    method: 'get',
    path: '/v1/sign-in/link',
    operationId: 'followSignInLink',
    summary: 'sign in with the link that `spillway demo --serve` printed; it works once',
    tags,
    'x-access': 'anyone',
    'x-secret': true,
    request: { query: z.object({ token: z.string().max(200) }) },
    responses: { 302: { description: 'Signed in, to the start page' } },
  }),
  startOpenId: describeRoute({
    method: 'get',
    path: '/v1/sign-in/openid',
    operationId: 'startOpenId',
    summary: 'go to the provider of identities',
    tags,
    'x-access': 'anyone',
    responses: { 302: { description: 'To the provider' } },
  }),
  finishOpenId: describeRoute({
    method: 'get',
    path: '/v1/sign-in/openid/callback',
    operationId: 'finishOpenId',
    summary: 'where the provider of identities sends the browser back to',
    tags,
    'x-access': 'anyone',
    responses: { 302: { description: 'Signed in, to the start page' } },
  }),
  signOut: describeRoute({
    method: 'post',
    path: '/v1/sign-out',
    operationId: 'signOut',
    summary: 'end this session',
    tags,
    'x-access': 'session',
    'x-secret': true,
    responses: { 204: noContent },
  }),
  signOutEverywhere: describeRoute({
    method: 'post',
    path: '/v1/sign-out/everywhere',
    operationId: 'signOutEverywhere',
    summary: 'end all sessions of yours',
    tags,
    'x-access': 'session',
    'x-secret': true,
    responses: { 204: noContent },
  }),
  getMe: describeRoute({
    method: 'get',
    path: '/v1/me',
    operationId: 'getMe',
    summary: 'who is signed in, and what they may do',
    tags,
    'x-access': 'signed-in',
    responses: { 200: jsonOf(me, 'You') },
  }),
  listSessions: describeRoute({
    method: 'get',
    path: '/v1/me/sessions',
    operationId: 'listSessions',
    summary: 'where you are signed in',
    tags,
    'x-access': 'session',
    responses: { 200: jsonOf(z.object({ items: z.array(session) }).openapi('Sessions'), 'Your sessions') },
  }),
  changePassword: describeRoute({
    method: 'put',
    path: '/v1/me/password',
    operationId: 'changePassword',
    summary: 'change your password; your other sessions end',
    tags,
    'x-access': 'session',
    'x-secret': true,
    request: bodyOf(z.object({ old: z.string().min(1).max(256), new: password }).openapi('NewPassword')),
    responses: { 204: noContent },
  }),
}
