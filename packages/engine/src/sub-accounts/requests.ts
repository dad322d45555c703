// Sub-accounts that members ask for, and what the manager of the account answers. An answer is given once; every request
// stays, with who asked, who answered and why. Who may answer is for the edge that knows its users.
import {
  issuesOfSubAccountDocument,
  Refusal,
  type Report,
  type ReportColumn,
  subAccountDocumentName,
} from '@spillway/core'
import { appendAudit } from '../catalog/audit.ts'
import { saveConfigurationsIn } from '../catalog/configuration.ts'
import type { RequestState, SubAccountRequestTable } from '../catalog/tables.ts'
import { oneBatch, textField } from '../queries/amount-cells.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { loadSubAccounts, SUB_ACCOUNT } from './load-sub-accounts.ts'
import { hasherForSetting } from './passcode-key.ts'
import { type NewPasscode, setPasscodes, subjectOf } from './passcodes.ts'
import { issuesOfSubAccountChange } from './sub-account-references.ts'

export type SubAccountRequest = {
  readonly body: Readonly<Record<string, unknown>>
  /** Why it is needed. */
  readonly because: string
}

/** The number by which the request is answered. @throws Refusal `bad-configuration`, `in-use`. */
export async function requestSubAccount(workspace: Workspace, { body, because }: SubAccountRequest): Promise<number> {
  const name = await checkedName(workspace, body)
  const { catalog, tenant, actor } = workspace
  const at = actor.now().toISOString()
  return catalog.transaction().execute(async (transaction) => {
    const { id } = await transaction
      .insertInto('sub_account_request')
      .values({
        tenant,
        account: String(body.account),
        user_id: String(body['user-id']),
        body: JSON.stringify(body),
        because,
        asked_at: at,
        asked_by: actor.who,
        state: 'open',
        decided_at: null,
        decided_by: null,
        reason: null,
      })
      .returning('id')
      .executeTakeFirstOrThrow()
    await appendAudit(transaction, {
      tenant,
      at,
      who: actor.who,
      action: 'request',
      subject: `${SUB_ACCOUNT}/${name}`,
      details: { request: id, because },
      after: body,
    })
    return id
  })
}

/** The name of a sub-account that may be made; an open request for it is as good as having it. */
async function checkedName(workspace: Workspace, body: SubAccountRequest['body']): Promise<string> {
  const own = issuesOfSubAccountDocument(body)
  const name = subAccountDocumentName(body)
  const issues =
    own.length > 0
      ? own
      : (await issuesOfSubAccountChange(workspace, { changed: [{ kind: SUB_ACCOUNT, name, body }] })).map(
          ({ message }) => message,
        )
  if (issues.length > 0)
    throw new Refusal('bad-configuration', `The request was not taken. ${issues.join('\n')}`, {
      hint: 'Mend what is listed and ask again.',
      facts: { issues },
    })
  if ((await loadSubAccounts(workspace)).has(name))
    throw new Refusal('in-use', `There is a sub-account ${name} already.`, { hint: 'Ask for another user id.' })
  const open = await openRequests(workspace)
  if (open.some((request) => `${request.account} ${request.user_id}` === name))
    throw new Refusal('in-use', `Somebody asked for ${name} already.`, {
      hint: 'Ask for another user id, or wait for the answer.',
    })
  return name
}

async function openRequests({ catalog, tenant }: Workspace) {
  return catalog
    .selectFrom('sub_account_request')
    .select(['account', 'user_id'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'open')
    .execute()
}

/** Makes the sub-account that was asked for, with a passcode. @throws Refusal `not-found`, `in-use`, `bad-configuration`. */
export async function approveRequest(
  workspace: Workspace,
  { id, reason, length }: { readonly id: number; readonly reason: string; readonly length?: number | undefined },
): Promise<NewPasscode> {
  const request = await requireOpen(workspace, id)
  const body = JSON.parse(request.body) as Readonly<Record<string, unknown>>
  const name = subAccountDocumentName(body)
  // Things may have changed since it was asked for.
  const [issue] = await issuesOfSubAccountChange(workspace, { changed: [{ kind: SUB_ACCOUNT, name, body }] })
  if (issue)
    throw new Refusal('bad-configuration', `Request ${id} cannot be approved. ${issue.message}`, {
      hint: 'Mend that first, or refuse the request.',
    })
  if ((await loadSubAccounts(workspace)).has(name))
    throw new Refusal('in-use', `There is a sub-account ${name} already.`, { hint: 'Refuse the request.' })
  const hasher = await hasherForSetting(workspace)
  return workspace.catalog.transaction().execute(async (transaction) => {
    const held = { ...workspace, catalog: transaction }
    await decide(held, { request, state: 'approved', reason })
    await saveConfigurationsIn(held, [{ kind: SUB_ACCOUNT, name, body }])
    const wishes = [{ account: request.account, userId: request.user_id }]
    const [passcode] = await setPasscodes(held, { wishes, length, hasher })
    return passcode as NewPasscode
  })
}

/** @throws Refusal `not-found`, `in-use` where it was answered before, `bad-command` without a reason. */
export async function refuseRequest(
  workspace: Workspace,
  { id, reason }: { readonly id: number; readonly reason: string },
): Promise<void> {
  if (reason.trim() === '')
    throw new Refusal('bad-command', 'A request is refused with a reason.', { hint: 'Add --reason TEXT.' })
  const request = await requireOpen(workspace, id)
  await workspace.catalog
    .transaction()
    .execute((transaction) => decide({ ...workspace, catalog: transaction }, { request, state: 'refused', reason }))
}

/** The master account of which a sub-account was asked for. @throws Refusal `not-found`. */
export async function accountOfRequest(workspace: Workspace, id: number): Promise<string> {
  return (await requireRequest(workspace, id)).account
}

type Asked = Pick<SubAccountRequestTable, 'account' | 'user_id' | 'body' | 'state'> & { readonly id: number }

async function requireRequest({ catalog, tenant }: Workspace, id: number): Promise<Asked> {
  const request = await catalog
    .selectFrom('sub_account_request')
    .select(['id', 'account', 'user_id', 'body', 'state'])
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .executeTakeFirst()
  if (request) return request
  throw new Refusal('not-found', `There is no request ${id}.`, {
    hint: '`spillway sub-account requests` lists them.',
  })
}

async function requireOpen(workspace: Workspace, id: number): Promise<Asked> {
  const request = await requireRequest(workspace, id)
  if (request.state === 'open') return request
  throw new Refusal('in-use', `Request ${id} was ${request.state} already.`, { hint: 'An answer is given once.' })
}

async function decide(
  { catalog, tenant, actor }: Pick<Workspace, 'catalog' | 'tenant' | 'actor'>,
  { request, state, reason }: { request: Asked; state: Exclude<RequestState, 'open'>; reason: string },
): Promise<void> {
  const { id, account, user_id } = request
  const at = actor.now().toISOString()
  await catalog
    .updateTable('sub_account_request')
    .set({ state, decided_at: at, decided_by: actor.who, reason })
    .where('tenant', '=', tenant)
    .where('id', '=', id)
    .where('state', '=', 'open')
    .execute()
  const action = state === 'approved' ? 'approve-request' : 'refuse-request'
  const subject = subjectOf({ account, user_id })
  await appendAudit(catalog, { tenant, at, who: actor.who, action, subject, details: { request: id, reason } })
}

const COLUMNS: ReadonlyArray<ReportColumn> = [
  textField('request', 'Request'),
  textField('account', 'Account'),
  textField('user_id', 'User id'),
  textField('because', 'Because'),
  textField('asked_at', 'Asked'),
  textField('asked_by', 'By'),
  textField('state', 'State'),
  { ...textField('decided_at', 'Answered'), isDetail: true },
  { ...textField('decided_by', 'Answered by'), isDetail: true },
  textField('reason', 'Reason'),
]

/** One row per request, open ones first, then the newest answered. */
export async function requestsReport({ catalog, tenant, scope }: ScopedWorkspace): Promise<Report> {
  const accounts = scope.rows?.accounts
  const requests = await catalog
    .selectFrom('sub_account_request')
    .selectAll()
    .where('tenant', '=', tenant)
    .$if(accounts !== undefined, (query) => query.where('account', 'in', [...(accounts ?? [])]))
    .orderBy('id', 'desc')
    .execute()
  const open = requests.filter(({ state }) => state === 'open').reverse()
  const rows = [...open, ...requests.filter(({ state }) => state !== 'open')].map((one) => [
    String(one.id),
    one.account,
    one.user_id,
    one.because,
    one.asked_at,
    one.asked_by,
    one.state,
    one.decided_at ?? '',
    one.decided_by ?? '',
    one.reason ?? '',
  ])
  return { name: 'sub-account-requests', title: 'Requests for sub-accounts', columns: COLUMNS, rows: oneBatch(rows) }
}
