// Every call of some days with its project, its time as billed, what it costs and what it comes to. A call of a service that
// is split on that day has a part for each share; its time and cost are divided, and nothing of them is lost.
import {
  amountOfTime,
  billableSeconds,
  type CallPart,
  compareBytes,
  divideByLargestRemainder,
  INCREMENT_MINUTES,
  type LocalDate,
  monthsIn,
  Refusal,
} from '@spillway/core'
import { KeptLast } from '../../catalog/kept-last.ts'
import { stateOfAccounts } from '../../stages/import/live-directory.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { readAccountFacts } from '../calls/account-facts.ts'
import { streamInScratch } from '../calls/stream-in-scratch.ts'
import { currentRuns } from '../current-run.ts'
import { type CallCosts, monthNameOf, readServiceCosts } from './call-costs.ts'
import { type CallOwners, readCallOwners } from './call-owners.ts'
import { type Call, makeCallsToRead, readCalls } from './read-calls.ts'
import { servicesOfProjects } from './services-of-projects.ts'

export type BillableCall = {
  readonly call: Call
  readonly part: CallPart
  readonly client: string
  readonly month: string
  /** '' where nobody of the number is known. */
  readonly personName: string
  readonly seconds: number
  readonly billableSeconds: number
  /** Decimal text per hour; '' for a project without a rate, and for no project. */
  readonly rate: string
  /** The currency of the rate; '' without a rate, and where nobody says which. */
  readonly currency: string
  /** null without a rate. */
  readonly amountMinor: bigint | null
  /** null where the month is not closed. */
  readonly costs: CallCosts | null
}

export type BillableRequest = {
  /** Half-open local days. */
  readonly from: LocalDate
  readonly until: LocalDate
  /** Which projects; '' is `unassigned`. All of them where it is left out. */
  readonly projects?: ReadonlySet<string> | undefined
}

export type BillableDays = {
  readonly owners: CallOwners
  readonly openMonths: ReadonlyArray<string>
}

export type BillableCalls = BillableDays & {
  /** By project, `unassigned` first, then by time. */
  readonly calls: ReadonlyArray<BillableCall>
}

/** More than these would be much memory for one list. */
const KEPT_CALLS_MAX = 200_000

const callsBy = new KeptLast<BillableCalls>()

/**
 * All of them, in memory: a report of time is read by people. Those that were asked for last are kept for as long as nothing that
 * they follow from changes: whoever looks at them scrolls, or has them by person next.
 *
 * @throws Refusal `bad-configuration` where a rate has no currency, because neither the account nor one above it has one.
 */
export async function readBillableCalls(workspace: Workspace, request: BillableRequest): Promise<BillableCalls> {
  const { from, until, projects } = request
  const asked = projects ? JSON.stringify([...projects].sort()) : 'all'
  const kept = { name: workspace.tenant, state: [await stateOfBillable(workspace), from, until, asked].join(' ') }
  const known = callsBy.has(workspace.catalog, kept)
  const read = known
    ? await callsBy.get(workspace.catalog, kept, () => readList(workspace, request))
    : await readList(workspace, request)
  // Kept once it is there: whoever goes away breaks off their own reading, and nobody else's.
  if (!known && read.calls.length <= KEPT_CALLS_MAX) await callsBy.get(workspace.catalog, kept, async () => read)
  refuseWithoutCurrency(read.calls.find(lacksCurrency))
  return read
}

async function readList(workspace: Workspace, request: BillableRequest): Promise<BillableCalls> {
  const byProject = new Map<string, BillableCall[]>()
  const days = await eachBillableCall(workspace, request, (one) => {
    const calls = byProject.get(one.part.project)
    if (calls) calls.push(one)
    else byProject.set(one.part.project, [one])
  })
  return { ...days, calls: inOrder(byProject) }
}

/** What else than the days billable time follows from. */
export async function stateOfBillable(workspace: Workspace): Promise<string> {
  const runs = (await currentRuns(workspace)).map(({ id }) => id)
  return [await stateOfAccounts(workspace), runs.join()].join(' ')
}

/** Has each call taken, service by service, without keeping any. */
export async function eachBillableCall(
  workspace: Workspace,
  request: BillableRequest,
  take: (billable: BillableCall) => void,
): Promise<BillableDays> {
  const read = streamInScratch(workspace, ({ workspace: held, scratch }) => readIn(held, { ...request, scratch }, take))
  for await (const days of read) return days
  throw new Error('calls are read once')
}

async function* readIn(
  workspace: Workspace,
  { scratch, from, until, projects }: BillableRequest & { readonly scratch: string },
  take: (billable: BillableCall) => void,
): AsyncGenerator<BillableDays> {
  const accounts = await readAccountFacts(workspace)
  // A month's cost is shared over all calls of the month.
  const months = [...monthsIn({ startOn: from, endOn: until })]
  const whole = { from: months[0]?.startOn ?? from, until: months.at(-1)?.endOn ?? until }
  const where =
    projects && !projects.has('') ? await servicesOfProjects(workspace, { scratch, projects, ...whole }) : undefined
  await makeCallsToRead(workspace, { scratch, where, ...whole })
  const owners = await readCallOwners(workspace, { scratch, accounts })
  const costs = await readServiceCosts(workspace, { scratch, months })
  for await (const calls of readCalls(workspace, { scratch, accounts, ...whole })) {
    const costOf = costs.share(calls)
    for (const [index, call] of calls.entries()) {
      if (call.startedOn < from || call.startedOn >= until) continue
      const billed = billCall(call, {
        parts: owners.partsOf(call),
        owners,
        costs: costOf[index] ?? null,
        currency: accounts.currencyOf(call.account),
      })
      for (const one of billed) if (!projects || projects.has(one.part.project)) take(one)
    }
  }
  yield { owners, openMonths: costs.openMonths }
}

/** By project, then by time. Nobody else is answered meanwhile: of half a million calls few are compared by their texts. */
function inOrder(byProject: ReadonlyMap<string, BillableCall[]>): BillableCall[] {
  const projects = [...byProject].sort(([one], [other]) => compareBytes(one, other))
  for (const [, calls] of projects) calls.sort(byTime)
  return projects.flatMap(([, calls]) => calls)
}

/** Which of two calls of a project stands first. */
export const byTime = ({ call: one }: BillableCall, { call: other }: BillableCall): number =>
  one.startMicros - other.startMicros ||
  compareBytes(one.service, other.service) ||
  compareBytes(one.firstId, other.firstId)

type Billing = {
  readonly parts: ReadonlyArray<CallPart>
  readonly owners: CallOwners
  readonly costs: CallCosts | null
  readonly currency: string | null
}

function billCall(call: Call, { parts, owners, costs, currency }: Billing): BillableCall[] {
  const [only, ...others] = parts
  const divided =
    only && others.length === 0
      ? [{ seconds: call.seconds, costs }]
      : divideCall({ seconds: call.seconds, costs }, parts)
  return parts.map((part, index) => {
    const project = owners.projects.projectOn(part.project, call.startedOn)
    const own = divided[index] as Divided
    const billed = billableSeconds(own.seconds, project?.incrementMinutes ?? INCREMENT_MINUTES)
    const rate = project?.rate ?? ''
    return {
      call,
      part,
      client: project?.client ?? owners.projects.newest(part.project)?.client ?? '',
      month: monthNameOf(call.startedOn),
      personName: owners.nameOf(part.person),
      seconds: own.seconds,
      billableSeconds: billed,
      rate,
      currency: rate === '' || currency === null ? '' : currency,
      amountMinor: rate === '' || currency === null ? null : amountOfTime(billed, { ratePerHour: rate, currency }),
      costs: own.costs,
    }
  })
}

type Divided = { readonly seconds: number; readonly costs: CallCosts | null }

/** In proportion to the parts; nothing is lost. */
function divideCall({ seconds, costs }: Divided, parts: ReadonlyArray<CallPart>): Divided[] {
  const weights = parts.map(({ sharePpm, person, costCentre, project }) => ({
    weight: BigInt(sharePpm),
    tieBreak: [person, costCentre, project].join('\u0000'),
  }))
  const ofSeconds = divideByLargestRemainder(BigInt(seconds), weights)
  const ofCosts = [...(costs ?? [])].map(([code, total]) => [code, divideByLargestRemainder(total, weights)] as const)
  return parts.map((_, index) => ({
    seconds: Number(ofSeconds[index]),
    costs: costs && new Map(ofCosts.map(([code, divided]) => [code, divided[index] as bigint])),
  }))
}

export const lacksCurrency = ({ rate, currency }: BillableCall): boolean => rate !== '' && currency === ''

/** @throws Refusal `bad-configuration` for the first call that lacks a currency, if there is one. */
export function refuseWithoutCurrency(faulty: BillableCall | undefined): void {
  if (!faulty) return
  const { account } = faulty.call
  throw new Refusal(
    'bad-configuration',
    `The rate of project ${faulty.part.project} has no currency: account ${account} has none.`,
    {
      hint: `Give account ${account}, or one above it, a currency: in accounts.csv, or with a document of kind Account.`,
    },
  )
}
