// `export ledes`: the billable time of a project, or of all projects of a client, as an invoice of the legal trade.
import {
  addDays,
  type InvoicedCall,
  invariant,
  type LegalBilling,
  type LegalInvoice,
  type LocalDate,
  makeLegalInvoice,
  Refusal,
  toLegalBilling,
} from '@spillway/core'
import { loadConfiguration } from '../../catalog/configuration.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { requireWholeTenant, wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { readProjects } from './call-owners.ts'
import { type BillableCall, readBillableCalls } from './read-billable-calls.ts'

export type LegalInvoiceRequest = {
  /** One of the two. */
  readonly project?: string | undefined
  readonly client?: string | undefined
  /** Half-open local days. */
  readonly from: LocalDate
  readonly until: LocalDate
  readonly invoiceNumber: string
  /** The last of the days where it is left out. */
  readonly invoicedOn?: LocalDate | undefined
  /** The client's id of the matter, in place of the configured one. */
  readonly matter?: string | undefined
  /** The name of a document of kind LegalBilling; the only one where it is left out. */
  readonly billing?: string | undefined
  /** What calls cost, as lines of their own. */
  readonly hasExpenses: boolean
}

export type LegalInvoiceMade = {
  readonly invoice: LegalInvoice
  /** Calls without billable time, which have no line. */
  readonly withoutTime: number
  /** Costs in another currency than the rate's, or of months that are not closed: calls whose cost has no line. */
  readonly withoutCost: number
}

/** @throws Refusal `bad-command`, `not-found`; `bad-configuration` that says everything that is to be added. */
export async function legalInvoice(scoped: ScopedWorkspace, request: LegalInvoiceRequest): Promise<LegalInvoiceMade> {
  requireWholeTenant(scoped, 'An invoice of billable time')
  const workspace = wholeWorkspaceOf(scoped)
  const { project, client, from, until, invoiceNumber, matter, hasExpenses } = request
  if ((project === undefined) === (client === undefined))
    throw new Refusal('bad-command', 'An invoice is of one project or one client.', {
      hint: 'Give --project or --client.',
    })
  if (until <= from) throw new Refusal('bad-command', `${until} is not after ${from}.`, { hint: 'until is exclusive.' })
  const billing = await billingOf(workspace, request.billing)
  const known = await readProjects(workspace)
  const ofClient = client === undefined ? [] : known.ofClient(client)
  if (project === undefined ? ofClient.length === 0 : !known.newest(project))
    throw new Refusal(
      'not-found',
      project === undefined ? `No project is of client ${client}.` : `There is no project ${project}.`,
      {
        hint: 'Import it with projects.csv.',
      },
    )
  // What a project was before is another client's.
  const ofClientNow = ofClient.filter((id) => known.newest(id)?.client === client)
  const projects = new Set(project === undefined ? ofClientNow : [project])
  const { calls } = await readBillableCalls(workspace, { from, until, projects })
  const withRate = calls.filter(({ billableSeconds }) => billableSeconds > 0)
  refuseWithoutRate(withRate)
  const reading = makeLegalInvoice({
    billing,
    calls: withRate.map((one) => toInvoicedCall(one, hasExpenses)),
    invoiceNumber,
    invoicedOn: request.invoicedOn ?? addDays(until, -1),
    from,
    until,
    clientMatterId: matter,
  })
  if (!reading.ok)
    throw new Refusal('bad-configuration', `The invoice lacks ${reading.missing.join('; ')}.`, {
      hint: `Add what is missing to LegalBilling ${billing.name}, or to the directory.`,
      facts: { missing: reading.missing },
    })
  const withoutCost = hasExpenses ? withRate.filter(({ costs, currency }) => !costs?.has(currency)).length : 0
  return { invoice: reading.invoice, withoutTime: calls.length - withRate.length, withoutCost }
}

async function billingOf(workspace: Workspace, name: string | undefined): Promise<LegalBilling> {
  const documents = await loadConfiguration(workspace, 'LegalBilling')
  const wanted = name === undefined ? documents : documents.filter((document) => document.name === name)
  const [only, ...others] = wanted
  const billing = only && toLegalBilling(only.body)
  if (billing && others.length === 0) return billing
  if (others.length > 0)
    throw new Refusal('bad-command', 'There are several documents of kind LegalBilling.', {
      hint: `Name one with --billing: ${documents.map((document) => document.name).join(', ')}.`,
    })
  throw new Refusal(
    'bad-configuration',
    `There is no document of kind LegalBilling${name === undefined ? '' : ` named ${name}`}.`,
    {
      hint: 'Apply one with law-firm-id, clients (client-id), matters (client-matter-id) and timekeepers (id, name, classification).',
    },
  )
}

function refuseWithoutRate(calls: ReadonlyArray<BillableCall>): void {
  const without = [...new Set(calls.filter(({ amountMinor }) => amountMinor === null).map(({ part }) => part.project))]
  if (without.length === 0) return
  throw new Refusal('bad-configuration', `The invoice lacks the rate of project ${without.join(', ')}.`, {
    hint: 'Give it a rate in projects.csv.',
  })
}

function toInvoicedCall(billable: BillableCall, hasExpenses: boolean): InvoicedCall {
  const { call, part, client, billableSeconds, rate, amountMinor, currency, costs } = billable
  return {
    project: part.project,
    client,
    person: part.person,
    on: call.startedOn,
    billableSeconds,
    rate,
    amountMinor: amountOf(amountMinor),
    currency,
    costMinor: hasExpenses ? (costs?.get(currency) ?? null) : null,
    description: descriptionOf(billable),
  }
}

/** `Conference call at 09:00, 4 participants (Ada Quill, Ben Haven), 47 minutes`. */
function descriptionOf({ call, seconds }: BillableCall): string {
  const kind = call.usageType === 'conference' ? 'Conference call' : 'Call'
  const who = call.people.length === 0 ? '' : ` (${call.people.join(', ')})`
  const people = call.participants === 1 ? '1 participant' : `${call.participants} participants`
  const minutes = Math.ceil(seconds / 60)
  return `${kind} at ${call.startText.slice(11, 16)}, ${people}${who}, ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`
}

function amountOf(amountMinor: bigint | null): bigint {
  invariant(amountMinor !== null, 'a call without a rate was refused')
  return amountMinor
}
