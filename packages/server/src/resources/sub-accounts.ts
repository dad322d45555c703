// Sub-accounts over HTTP. Who changes one may change its master account; passcodes leave in the one answer that makes them and
// are in no log; whose code it is answers a bridge, whatever else the workspace does.
import { Refusal, subAccountName } from '@spillway/core'
import {
  accountOfRequest,
  approveRequest,
  createSubAccounts,
  refuseRequest,
  requestSubAccount,
  requestsReport,
  rotatePasscodes,
  type SavedDocument,
  setSubAccountEnabled,
  subAccountList,
  type Verification,
  type VerifyRequest,
  verifyPasscode,
} from '@spillway/engine'
import type { z } from 'zod'
import { subAccountRoutes as routes, type verification } from '../contract/sub-accounts.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { pageOfReport } from '../http/report-page.ts'
import { VerifyLimits } from '../sign-in/verify-limits.ts'
import { refuseChanged } from './etag.ts'
import { registerSubAccountDocuments } from './sub-account-documents.ts'

export function registerSubAccounts(server: Server): void {
  registerVerify(server)
  registerPasscodes(server)
  registerSubAccountDocuments(server)
  registerRequests(server)
  register(server, routes.listSubAccounts, async (c, { workspace }) => {
    const { account, ...page } = c.req.valid('query')
    return c.json(await pageOfReport(await subAccountList(workspace, account), page), 200)
  })
  for (const [route, isEnabled] of [
    [routes.enableSubAccount, true],
    [routes.disableSubAccount, false],
  ] as const)
    register(server, route, async (c, call) => {
      const key = c.req.valid('param')
      const { 'if-match': ifMatch } = c.req.valid('header')
      const saved = await call.changeOfAccount(key.account, async (workspace) => {
        await refuseChanged(workspace, { kind: 'SubAccount', name: subAccountName(key), ifMatch })
        return setSubAccountEnabled(workspace, { ...key, isEnabled })
      })
      return c.json(toSaved(saved), 200)
    })
}

function registerVerify(server: Server): void {
  const limits = new VerifyLimits()
  register(server, routes.verifyPasscode, async (c, call) => {
    const { passcode, caller, ...named } = c.req.valid('json')
    const { by, user } = call.caller
    const token = by.kind === 'token' ? by.id : user.id
    const of = askedOf(named)
    await limits.count(token)
    const answer = await call.atOnce((workspace) =>
      verifyPasscode(workspace, { passcode, of, caller: `${token} ${caller ?? call.address}` }),
    )
    if (answer.outcome === 'accepted') await limits.forgive(token)
    return c.json(toVerification(answer), 200)
  })
}

type Named = {
  readonly account?: string | undefined
  readonly userId?: string | undefined
  readonly bridge?: string | undefined
}

/** @throws Refusal `bad-command`. */
function askedOf({ account, userId, bridge }: Named): VerifyRequest['of'] {
  if (account !== undefined && bridge === undefined) return { account, userId }
  if (bridge !== undefined && account === undefined && userId === undefined) return { bridge }
  throw new Refusal('bad-command', 'Name either the account or the bridge.', {
    hint: 'The account with or without a user id, or the bridge alone.',
  })
}

const isOfCall = (limit: string) => limit === 'participants' || limit === 'call-minutes'

function toVerification(answer: Verification): z.infer<typeof verification> {
  if (answer.outcome === 'refused') return { outcome: 'refused' }
  const { outcome, account, userId } = answer
  const limits = answer.limits.map(({ limit, most, used, left, isReached }) =>
    isOfCall(limit) ? { limit, most } : { limit, most, used, left, reached: isReached },
  )
  return { outcome, account, userId, limits }
}

function registerPasscodes(server: Server): void {
  register(server, routes.addSubAccount, async (c, call) => {
    const { document, length, chosen } = c.req.valid('json')
    const made = await call.changeOfAccount(accountIn(document), (workspace) =>
      createSubAccounts(workspace, {
        documents: [{ place: 'document', body: document }],
        length,
        chosen,
        onlyNew: true,
      }),
    )
    const passcodes = chosen === undefined ? made.passcodes.map((one) => ({ ...one })) : []
    return c.json({ documents: made.saved.map(toSaved), passcodes }, 201)
  })
  register(server, routes.rotatePasscodes, async (c, call) => {
    const asked = c.req.valid('json')
    const { length } = asked
    if (asked.of === 'one') {
      const { account, userId, chosen } = asked
      const scope = { of: 'one', key: { account, userId }, chosen } as const
      const made = await call.changeOfAccount(account, (workspace) => rotatePasscodes(workspace, { scope, length }))
      return c.json({ passcodes: chosen === undefined ? made : [] }, 200)
    }
    const { of, account = '' } = asked
    const rotate = (workspace: Parameters<typeof rotatePasscodes>[0]) =>
      rotatePasscodes(workspace, { scope: { of, account }, length })
    const passcodes = await (account === '' ? call.change(rotate) : call.changeOfAccount(account, rotate))
    return c.json({ passcodes }, 200)
  })
}

function registerRequests(server: Server): void {
  register(server, routes.listSubAccountRequests, async (c, { workspace }) =>
    c.json(await pageOfReport(await requestsReport(workspace), c.req.valid('query')), 200),
  )
  register(server, routes.requestSubAccount, async (c, call) => {
    const { document: body, because } = c.req.valid('json')
    const request = await call.propose((workspace) => requestSubAccount(workspace, { body, because }))
    return c.json({ request }, 201)
  })
  register(server, routes.approveSubAccount, async (c, call) => {
    const id = Number(c.req.valid('param').request)
    const { reason, length } = c.req.valid('json')
    const account = await accountAsked(call, id)
    const made = await call.changeOfAccount(account, (workspace) => approveRequest(workspace, { id, reason, length }))
    return c.json({ account: made.account, userId: made.userId, passcode: made.passcode }, 200)
  })
  register(server, routes.refuseSubAccount, async (c, call) => {
    const id = Number(c.req.valid('param').request)
    const { reason } = c.req.valid('json')
    const account = await accountAsked(call, id)
    await call.changeOfAccount(account, (workspace) => refuseRequest(workspace, { id, reason }))
    return c.body(null, 204)
  })
}

/** Of an account that the caller does not answer for, there is no request. @throws Refusal `not-found`, `in-use`. */
async function accountAsked({ services, workspace: { scope } }: Call, id: number): Promise<string> {
  const account = await accountOfRequest(services.workspace, id)
  if (scope.rows === null || scope.rows.accounts.includes(account)) return account
  throw new Refusal('not-found', `There is no request ${id}.`, { hint: 'List the requests.' })
}

/** '' for a document without one; its own rules say what is wrong with it. */
function accountIn({ account }: Readonly<Record<string, unknown>>): string {
  return typeof account === 'string' ? account : ''
}

const toSaved = ({ kind, name, version, outcome }: SavedDocument) => ({ kind, name, version, outcome })
