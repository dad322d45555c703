// Publishing names a run as what a period came to; reopening takes that back with a reason and keeps the run. Computes
// nothing: what is published is what the last close wrote, and only while nothing that it read has changed.

import { formatAmount, type Period, Refusal } from '@spillway/core'
import { appendAudit } from '../../catalog/audit.ts'
import { recordAuditHead } from '../../catalog/audit-heads.ts'
import { loadConfiguration } from '../../catalog/configuration.ts'
import { inputsOf, type RunInputs } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import { type InvoiceReconciliation, isUnreconciled, reconcile } from '../../queries/reconciliation.ts'
import { liveDocuments } from '../../warehouse/live-documents.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { announceRun } from '../announce-run.ts'
import { CLOSING_KINDS } from '../close.ts'
import { ratingChanges, refuseUnrated } from '../rate/publishable-rating.ts'

export type PublishReport = {
  readonly run: string
  readonly period: string
  /** Invoices that nobody could check, because no control total is known: published all the same. */
  readonly withoutTotal: ReadonlyArray<InvoiceReconciliation>
  /** Invoices published with a difference that somebody accepted. */
  readonly accepted: ReadonlyArray<InvoiceReconciliation>
}

/**
 * Publishes the period's newest close.
 *
 * @throws Refusal `period-published`, `period-not-closed` (never closed, or something changed since),
 * `unreconciled` (invoices with an open difference). A missing control total is only noted.
 */
export async function publishPeriod(workspace: Workspace, period: Period): Promise<PublishReport> {
  const run = await newestClose(workspace, period)
  const changes = [...(await changedSince(workspace, run)), ...(await ratingChanges(workspace, run))]
  if (changes.length > 0)
    throw new Refusal('period-not-closed', `${changes.join(' and ')} changed after ${period.name} was closed.`, {
      hint: `Close it again with \`spillway close ${period.name}\`, then publish it.`,
      facts: { period: period.name, run: run.id, changes },
    })
  await refuseUnrated(workspace, run)
  const { invoices } = await reconcile(workspace, period.name)
  refuseUnreconciled(period, invoices.filter(isUnreconciled))
  await markPublished(workspace, run)
  await recordAuditHead(workspace, { run: run.id })
  return {
    run: run.id,
    period: period.name,
    withoutTotal: invoices.filter(({ status }) => status === 'no-control-total'),
    accepted: invoices.filter(({ status }) => status === 'accepted'),
  }
}

async function newestClose({ catalog, tenant }: Workspace, period: Period): Promise<RunTable> {
  const runs = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('period', '=', period.name)
    .where('state', 'in', ['closed', 'published'])
    .orderBy('closed_at', 'desc')
    .execute()
  const published = runs.find(({ state }) => state === 'published')
  if (published)
    throw new Refusal('period-published', `${period.name} is published already.`, {
      hint: `To change it, reopen it: \`spillway reopen ${period.name} --reason TEXT\`.`,
      facts: { period: period.name, run: published.id },
    })
  const [newest] = runs
  if (newest) return newest
  throw new Refusal('period-not-closed', `${period.name} has not been closed.`, {
    hint: `Run \`spillway close ${period.name}\` first.`,
    facts: { period: period.name },
  })
}

/** What the run read and what counts now, compared; empty where they are the same. */
async function changedSince(workspace: Workspace, run: RunTable): Promise<string[]> {
  const read = inputsOf(run)
  const documents = await liveDocuments(workspace)
  const configuration = (await loadConfiguration(workspace)).filter(({ kind }) => CLOSING_KINDS.has(kind))
  const now: RunInputs = {
    documents: documents.map(({ doc, digest }) => ({ doc, digest })),
    configuration: configuration.map(({ kind, name, version, digest }) => ({ kind, name, version, digest })),
  }
  const isSame = (part: keyof RunInputs) => JSON.stringify(read[part]) === JSON.stringify(now[part])
  return [
    ...(isSame('documents') ? [] : ['imported documents']),
    ...(isSame('configuration') ? [] : ['the configuration']),
  ]
}

function refuseUnreconciled(period: Period, open: ReadonlyArray<InvoiceReconciliation>): void {
  if (open.length === 0) return
  const list = open
    .slice(0, 5)
    .map(({ vendor, invoice, currency, differenceMinor }) =>
      differenceMinor === null
        ? `${vendor} ${invoice}`
        : `${vendor} ${invoice} (${formatAmount(differenceMinor, currency)} ${currency})`,
    )
  const more = open.length > list.length ? ` and ${open.length - list.length} more` : ''
  throw new Refusal('unreconciled', `${period.name} has invoices that do not foot: ${list.join(', ')}${more}.`, {
    hint: 'Import what is missing, or accept each difference with `spillway accept INVOICE --reason TEXT`.',
    facts: {
      period: period.name,
      invoices: open.map(({ vendor, account, invoice, currency, differenceMinor }) => ({
        vendor,
        account,
        invoice,
        currency,
        difference: differenceMinor === null ? '' : formatAmount(differenceMinor, currency),
      })),
    },
  })
}

async function markPublished({ catalog, tenant, actor }: Workspace, run: RunTable): Promise<void> {
  const at = actor.now().toISOString()
  await catalog.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('run')
      .set({ state: 'published', published_at: at, published_by: actor.who })
      .where('tenant', '=', tenant)
      .where('id', '=', run.id)
      .execute()
    await appendAudit(transaction, {
      tenant,
      at,
      who: actor.who,
      action: 'publish',
      subject: run.period,
      details: { run: run.id },
      before: { state: run.state },
      after: { state: 'published' },
    })
    await announceRun(transaction, { tenant }, { type: 'run.published', run: run.id, period: run.period, at })
  })
}

/**
 * Takes back what was published: the run stays readable as `reopened`, and the period can be closed again.
 *
 * @throws Refusal `bad-command` without a reason, `period-not-published`.
 */
export async function reopenPeriod(
  { catalog, tenant, actor }: Workspace,
  { period, reason }: { readonly period: Period; readonly reason: string },
): Promise<{ readonly run: string }> {
  if (reason.trim() === '')
    throw new Refusal('bad-command', 'A period is reopened with a reason.', { hint: 'Say why with --reason TEXT.' })
  const run = await catalog
    .selectFrom('run')
    .select('id')
    .where('tenant', '=', tenant)
    .where('period', '=', period.name)
    .where('state', '=', 'published')
    .executeTakeFirst()
  if (!run)
    throw new Refusal('period-not-published', `${period.name} is not published.`, {
      hint: 'An unpublished period can be closed again as it is.',
      facts: { period: period.name },
    })
  const at = actor.now().toISOString()
  await catalog.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('run')
      .set({ state: 'reopened', reopened_at: at, reopened_by: actor.who, reopen_reason: reason })
      .where('tenant', '=', tenant)
      .where('id', '=', run.id)
      .execute()
    await appendAudit(transaction, {
      tenant,
      at,
      who: actor.who,
      action: 'reopen',
      subject: period.name,
      details: { run: run.id, reason },
      before: { state: 'published' },
      after: { state: 'reopened' },
    })
    const told = { run: run.id, period: period.name, at, more: { reason } }
    await announceRun(transaction, { tenant }, { type: 'run.reopened', ...told })
  })
  return { run: run.id }
}

/** The runs that can be read, oldest first, of one period or of all. */
export async function listRuns(
  { catalog, tenant }: Pick<Workspace, 'catalog' | 'tenant'>,
  period?: Period,
): Promise<RunTable[]> {
  const runs = await catalog
    .selectFrom('run')
    .selectAll()
    .where('tenant', '=', tenant)
    .where('state', 'in', ['closed', 'published', 'reopened'])
    .orderBy('period')
    .orderBy('closed_at')
    .orderBy('id')
    .execute()
  return period ? runs.filter((run) => run.period === period.name) : runs
}
