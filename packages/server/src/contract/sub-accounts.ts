// Sub-accounts: user ids under a master account, each with a passcode that is shown once; what a member asks for and the
// manager of the account answers; and whose passcode it is, for a conference bridge.
import { z } from '@hono/zod-openapi'
import { configurationDocument, savedDocument } from './configuration.ts'
import { listPage } from './paging.ts'
import { reportPage } from './reports.ts'
import { bodyOf, describeRoute, idempotencyKey, jsonOf, noContent } from './route.ts'

const account = z.string().min(1).max(200).describe('the master account')
const userId = z.string().min(1).max(200).describe('unique in the account')
const passcode = z.string().min(1).max(40).describe('digits')
const length = z.int().min(1).max(99).optional().describe('digits of a passcode that is made')
const document = z.record(z.string(), z.unknown()).describe('of kind SubAccount, as in a file of configuration')

const limit = z.object({
  limit: z.enum(['spend', 'minutes', 'participants', 'call-minutes']),
  most: z.string(),
  used: z.string().optional(),
  left: z.string().optional(),
  reached: z.boolean().optional(),
})
export const verification = z
  .object({
    outcome: z.enum(['accepted', 'refused']).describe('refused whatever the reason; a caller learns no more'),
    account: z.string().optional(),
    userId: z.string().optional(),
    limits: z.array(limit).optional().describe('what the bridge is to hold, and what is left of the period'),
  })
  .openapi('Verification')
export const newPasscode = z
  .object({ account: z.string(), userId: z.string(), passcode: z.string().describe('shown this once') })
  .openapi('NewPasscode')
const passcodes = z.object({ passcodes: z.array(newPasscode) }).openapi('NewPasscodes')
const place = z.object({
  account: account.openapi({ param: { name: 'account', in: 'path' } }),
  userId: userId.openapi({ param: { name: 'userId', in: 'path' } }),
})
const request = z.object({
  request: z
    .string()
    .regex(/^\d{1,9}$/, 'the number of a request')
    .openapi({ param: { name: 'request', in: 'path' } }),
})
const ifMatch = idempotencyKey.extend({
  'if-match': z.string().max(200).optional().describe('the ETag of the version that is changed'),
})
const tags = ['sub-accounts']

const setEnabled = <V extends 'enable' | 'disable'>(verb: V, summary: string) =>
  describeRoute({
    method: 'post',
    path: `/v1/sub-accounts/{account}/{userId}/${verb}`,
    operationId: `${verb}SubAccount`,
    summary,
    tags,
    'x-access': 'sub-account:change',
    request: { params: place, headers: ifMatch },
    responses: { 200: jsonOf(savedDocument, 'The document as it is now') },
  })

export const subAccountRoutes = {
  verifyPasscode: describeRoute({
    method: 'post',
    path: '/v1/sub-accounts/verify',
    operationId: 'verifyPasscode',
    summary:
      'whose passcode is it? Wrong tries are counted by user id, and by token and caller; ten lock for 15 minutes',
    tags,
    'x-access': 'sub-account:verify',
    'x-secret': true,
    request: bodyOf(
      z.strictObject({
        passcode,
        account: account.optional(),
        userId: userId.optional().describe('with `account`: a code of somebody else is then wrong'),
        bridge: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe('instead of `account`: the name of a document of kind Bridge'),
        caller: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe('by which wrong tries are counted, such as a telephone number; else the address that asks'),
      }),
    ),
    responses: { 200: jsonOf(verification, 'Accepted or refused') },
  }),
  listSubAccounts: describeRoute({
    method: 'get',
    path: '/v1/sub-accounts',
    operationId: 'listSubAccounts',
    summary: 'sub-accounts: whose each is today, whether it is enabled, since when it has its passcode',
    tags,
    'x-access': 'sub-account:read',
    request: { query: listPage.extend({ account: account.optional() }) },
    responses: { 200: jsonOf(reportPage, 'A page of sub-accounts') },
  }),
  addSubAccount: describeRoute({
    method: 'post',
    path: '/v1/sub-accounts',
    operationId: 'addSubAccount',
    summary: 'make a sub-account; its passcode is shown once',
    tags,
    'x-access': 'sub-account:change',
    'x-secret': true,
    request: bodyOf(z.strictObject({ document, length, chosen: passcode.optional() })),
    responses: {
      201: jsonOf(
        z.object({ documents: z.array(savedDocument), passcodes: z.array(newPasscode) }).openapi('AddedSubAccount'),
        'Made; without the passcode where it was chosen',
      ),
    },
  }),
  importSubAccounts: describeRoute({
    method: 'post',
    path: '/v1/sub-accounts/import',
    operationId: 'importSubAccounts',
    summary:
      'make or change many sub-accounts of one account from a file, all or none; new ones get passcodes, shown once',
    tags,
    'x-access': 'sub-account:change',
    'x-secret': true,
    request: bodyOf(
      z.strictObject({
        account,
        file: z.strictObject({
          name: z.string().min(1).max(200).describe('by which what is wrong with it is named'),
          text: z.string().max(5_000_000).describe('CSV; the columns are those of `spillway sub-account import`'),
        }),
        length,
        dryRun: z.boolean().default(false).describe('says what would happen, and changes nothing'),
      }),
    ),
    responses: {
      200: jsonOf(
        z
          .object({
            documents: z.array(savedDocument),
            passcodes: z.array(newPasscode),
            withoutPasscode: z.int().describe('how many get a passcode, or would'),
          })
          .openapi('ImportedSubAccounts'),
        'What came of each, or would',
      ),
    },
  }),
  getSubAccount: describeRoute({
    method: 'get',
    path: '/v1/sub-accounts/{account}/{userId}',
    operationId: 'getSubAccount',
    summary: 'one sub-account as its document, with its ETag',
    tags,
    'x-access': 'sub-account:read',
    request: { params: place },
    responses: { 200: jsonOf(configurationDocument, 'The document') },
  }),
  putSubAccount: describeRoute({
    method: 'put',
    path: '/v1/sub-accounts/{account}/{userId}',
    operationId: 'putSubAccount',
    summary: 'change a sub-account: its owner, its limits; If-Match names the version that is changed',
    tags,
    'x-access': 'sub-account:change',
    request: { params: place, headers: ifMatch, ...bodyOf(document) },
    responses: { 200: jsonOf(configurationDocument, 'Changed, or the same as before') },
  }),
  enableSubAccount: setEnabled('enable', 'let its calls in again, with the passcode that it has'),
  disableSubAccount: setEnabled('disable', 'let none of its calls in, from the next one on'),
  rotatePasscodes: describeRoute({
    method: 'post',
    path: '/v1/sub-accounts/rotate',
    operationId: 'rotatePasscodes',
    summary: 'give other passcodes; the ones before are refused from now on',
    tags,
    'x-access': 'sub-account:change',
    'x-secret': true,
    request: bodyOf(
      z.discriminatedUnion('of', [
        z.strictObject({ of: z.literal('one'), account, userId, length, chosen: passcode.optional() }),
        z.strictObject({
          of: z.enum(['all', 'missing']),
          account: account.optional().describe('else of every account, for who may change them all'),
          length,
        }),
      ]),
    ),
    responses: { 200: jsonOf(passcodes, 'The new passcodes; not one that was chosen') },
  }),
  listSubAccountRequests: describeRoute({
    method: 'get',
    path: '/v1/sub-account-requests',
    operationId: 'listSubAccountRequests',
    summary: 'who asked for a sub-account, and what was answered',
    tags,
    'x-access': 'sub-account:read',
    request: { query: listPage },
    responses: { 200: jsonOf(reportPage, 'A page of requests') },
  }),
  requestSubAccount: describeRoute({
    method: 'post',
    path: '/v1/sub-account-requests',
    operationId: 'requestSubAccount',
    summary: 'ask the manager of the account for a sub-account',
    tags,
    'x-access': 'sub-account:request',
    request: { headers: idempotencyKey, ...bodyOf(z.strictObject({ document, because: z.string().min(1).max(2000) })) },
    responses: {
      201: jsonOf(z.object({ request: z.int() }).openapi('RequestedSubAccount'), 'By which it is answered'),
    },
  }),
  approveSubAccount: describeRoute({
    method: 'post',
    path: '/v1/sub-account-requests/{request}/approve',
    operationId: 'approveSubAccount',
    summary: 'make the sub-account that was asked for; its passcode is shown once',
    tags,
    'x-access': 'sub-account:change',
    'x-secret': true,
    request: { params: request, ...bodyOf(z.strictObject({ reason: z.string().max(2000).default(''), length })) },
    responses: { 200: jsonOf(newPasscode, 'The passcode') },
  }),
  refuseSubAccount: describeRoute({
    method: 'post',
    path: '/v1/sub-account-requests/{request}/refuse',
    operationId: 'refuseSubAccount',
    summary: 'refuse what was asked for, with a reason',
    tags,
    'x-access': 'sub-account:change',
    request: {
      params: request,
      headers: idempotencyKey,
      ...bodyOf(z.strictObject({ reason: z.string().min(1).max(2000) })),
    },
    responses: { 204: noContent },
  }),
}
