// Taking back a bill that was issued, and issuing it again under a number of its own that names the one in whose place it is.
// Nothing of a bill is ever edited: its run, its amounts and its number stay as they are (decision 0031).
import { billRevision, Refusal, readBillNumber } from '@spillway/core'
import { appendAudit } from '../../catalog/audit.ts'
import { recordAuditHead } from '../../catalog/audit-heads.ts'
import { unscoped } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { type FoundBill, findBill } from './find-bill.ts'

/** @throws Refusal `not-found`; `bad-command` without a reason, or where the bill is void already; `period-not-published`. */
export async function voidBill(
  workspace: Workspace,
  { number, reason }: { readonly number: string; readonly reason: string },
): Promise<FoundBill> {
  if (reason.trim() === '')
    throw new Refusal('bad-command', 'A bill is taken back with a reason.', { hint: 'Say why with --reason TEXT.' })
  const found = await findBill(unscoped(workspace), number)
  if (found.state === 'void') throw alreadyVoid(found)
  if (found.state === 'draft')
    throw new Refusal('period-not-published', `Bill ${number} is a draft: it was never issued.`, {
      hint: `Close ${found.run.period} again to change it, or publish it.`,
      facts: { number, period: found.run.period },
    })
  const { catalog, tenant, actor } = workspace
  const at = actor.now().toISOString()
  const isVoid = { voided_at: at, voided_by: actor.who, void_reason: reason }
  await catalog.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('bill_issue')
      .values({
        ...{ tenant, number, run: found.run.id, bill: found.bill, replaces: '', issued_at: found.issuedAt },
        ...{ issued_by: found.run.published_by ?? '', ...isVoid },
      })
      .onConflict((conflict) => conflict.columns(['tenant', 'number']).doUpdateSet(isVoid))
      .execute()
    await appendAudit(transaction, {
      ...{ tenant, at, who: actor.who, action: 'void', subject: `bill ${number}`, details: { reason } },
      ...{ before: { state: 'issued' }, after: { state: 'void' } },
    })
  })
  await recordAuditHead(workspace, { run: found.run.id })
  return { ...found, state: 'void', voidReason: reason }
}

/**
 * Issues a void bill again: the same amounts, under what is configured now, with the next number.
 * @throws Refusal `not-found`; `bad-command` for a bill that is in force, or was issued again already; `period-not-published`.
 */
export async function reissueBill(workspace: Workspace, number: string): Promise<{ readonly number: string }> {
  const found = await findBill(unscoped(workspace), number)
  if (found.state !== 'void')
    throw new Refusal('bad-command', `Bill ${number} is in force.`, {
      hint: `Take it back first: \`spillway bill void ${number} --reason TEXT\`.`,
    })
  if (found.replacedBy !== '')
    throw new Refusal('bad-command', `Bill ${number} was issued again as ${found.replacedBy}.`, {
      hint: `Take that one back first: \`spillway bill void ${found.replacedBy} --reason TEXT\`.`,
    })
  if (found.run.state !== 'published')
    throw new Refusal('period-not-published', `${found.run.period} was reopened, and all its bills taken back.`, {
      hint: `Close and publish ${found.run.period}: its bills then have numbers of their own.`,
      facts: { number, period: found.run.period },
    })
  const next = await nextNumber(workspace, found)
  const { catalog, tenant, actor } = workspace
  const at = actor.now().toISOString()
  await catalog.transaction().execute(async (transaction) => {
    await transaction
      .insertInto('bill_issue')
      .values({
        ...{ tenant, number: next, run: found.run.id, bill: found.bill, replaces: number, issued_at: at },
        ...{ issued_by: actor.who, voided_at: null, voided_by: null, void_reason: null },
      })
      .execute()
    await appendAudit(transaction, {
      ...{ tenant, at, who: actor.who, action: 'reissue', subject: `bill ${next}`, details: { replaces: number } },
    })
  })
  await recordAuditHead(workspace, { run: found.run.id })
  return { number: next }
}

function alreadyVoid({ number, replacedBy }: FoundBill): Refusal {
  return new Refusal('bad-command', `Bill ${number} is void already.`, {
    hint:
      replacedBy === '' ? 'Issue it again with `spillway bill reissue`.' : `Bill ${replacedBy} stands in its place.`,
  })
}

async function nextNumber({ catalog, tenant }: Workspace, { bill, run }: FoundBill): Promise<string> {
  const issued = await catalog
    .selectFrom('bill_issue')
    .select('number')
    .where('tenant', '=', tenant)
    .where('run', '=', run.id)
    .where('bill', '=', bill)
    .execute()
  const { base, issue } = readBillNumber(bill)
  const last = Math.max(issue, ...issued.map(({ number }) => readBillNumber(number).issue))
  return `${base}${billRevision(last + 1)}`
}
