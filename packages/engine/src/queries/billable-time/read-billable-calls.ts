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
import { type Call, readCalls } from './read-calls.ts'

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
  /** Which projects; '' is `unassigned`. */
  readonly isWanted: (project: string, owners: CallOwners) => boolean
}

export type BillableCalls = {
  /** By project, `unassigned` first, then by time. */
  readonly calls: ReadonlyArray<BillableCall>
  readonly owners: CallOwners
  readonly openMonths: ReadonlyArray<string>
}

/** More than these would be much memory for one list. */
const KEPT_CALLS_MAX = 200_000

const callsBy = new KeptLast<BillableCalls>()

/**
 * All of them, in memory: a report of time is read by people. Those of the days that were asked for last are kept for as long as
 * nothing that they follow from changes: who looks at one project looks at the next.
 *
 * @throws Refusal `bad-configuration` where a rate has no currency, because neither the account nor one above it has one.
 */
export async function readBillableCalls(workspace: Workspace, request: BillableRequest): Promise<BillableCalls> {
  const all = await callsOfDays(workspace, request)
  const calls = all.calls.filter(({ part }) => request.isWanted(part.project, all.owners))
  const faulty = calls.find(({ rate, currency }) => rate !== '' && currency === '')
  if (faulty) throw noCurrency(faulty.part.project, faulty.call.account)
  return { ...all, calls }
}

type Days = Pick<BillableRequest, 'from' | 'until'>

async function callsOfDays(workspace: Workspace, { from, until }: Days): Promise<BillableCalls> {
  const { catalog, tenant } = workspace
  const runs = (await currentRuns(workspace)).map(({ id }) => id)
  const state = [await stateOfAccounts(workspace), runs.join(), from, until].join(' ')
  const kept = { name: tenant, state }
  if (callsBy.has(catalog, kept)) return callsBy.get(catalog, kept, () => readDays(workspace, { from, until }))
  const read = await readDays(workspace, { from, until })
  // Kept once it is there: whoever goes away breaks off their own reading, and nobody else's.
  if (read.calls.length <= KEPT_CALLS_MAX) await callsBy.get(catalog, kept, async () => read)
  return read
}

async function readDays(workspace: Workspace, days: Days): Promise<BillableCalls> {
  const [result] = await collect(streamInScratch(workspace, (held) => readIn(held.workspace, held.scratch, days)))
  if (result === undefined) throw new Error('calls are read once')
  return result
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}

async function* readIn(workspace: Workspace, scratch: string, { from, until }: Days): AsyncGenerator<BillableCalls> {
  const accounts = await readAccountFacts(workspace)
  // A month's cost is shared over all calls of the month.
  const months = [...monthsIn({ startOn: from, endOn: until })]
  const whole = { from: months[0]?.startOn ?? from, until: months.at(-1)?.endOn ?? until }
  const byProject = new Map<string, BillableCall[]>()
  let context: { readonly owners: CallOwners; readonly costs: Awaited<ReturnType<typeof readServiceCosts>> } | null =
    null
  for await (const calls of readCalls(workspace, { scratch, accounts, ...whole })) {
    context ??= {
      owners: await readCallOwners(workspace, { scratch, accounts }),
      costs: await readServiceCosts(workspace, { scratch, months }),
    }
    const { owners, costs } = context
    const costOf = costs.share(calls)
    for (const [index, call] of calls.entries()) {
      if (call.startedOn < from || call.startedOn >= until) continue
      const billed = billCall(call, {
        parts: owners.partsOf(call),
        owners,
        costs: costOf[index] ?? null,
        currency: accounts.currencyOf(call.account),
      })
      for (const one of billed) {
        const known = byProject.get(one.part.project)
        if (known) known.push(one)
        else byProject.set(one.part.project, [one])
      }
    }
  }
  const owners = context?.owners ?? (await readCallOwners(workspace, { scratch, accounts }))
  const openMonths = context?.costs.openMonths ?? []
  yield { calls: inOrder(byProject), owners, openMonths }
}

/** By project, then by time. Nobody else is answered meanwhile: of half a million calls few are compared by their texts. */
function inOrder(byProject: ReadonlyMap<string, BillableCall[]>): BillableCall[] {
  const projects = [...byProject].sort(([one], [other]) => compareBytes(one, other))
  for (const [, calls] of projects)
    calls.sort(
      (a, b) =>
        a.call.startMicros - b.call.startMicros ||
        compareBytes(a.call.service, b.call.service) ||
        compareBytes(a.call.firstId, b.call.firstId),
    )
  return projects.flatMap(([, calls]) => calls)
}

type Billing = {
  readonly parts: ReadonlyArray<CallPart>
  readonly owners: CallOwners
  readonly costs: CallCosts | null
  readonly currency: string | null
}

function billCall(call: Call, { parts, owners, costs, currency }: Billing): BillableCall[] {
  const divide = (total: bigint) =>
    parts.length === 1
      ? [total]
      : divideByLargestRemainder(
          total,
          parts.map(({ sharePpm, person, costCentre, project }) => ({
            weight: BigInt(sharePpm),
            tieBreak: [person, costCentre, project].join('\u0000'),
          })),
        )
  const seconds = divide(BigInt(call.seconds)).map(Number)
  const costParts = [...(costs ?? [])].map(([code, total]) => [code, divide(total)] as const)
  return parts.map((part, index) => {
    const project = owners.projects.projectOn(part.project, call.startedOn)
    const own = seconds[index] as number
    const billed = billableSeconds(own, project?.incrementMinutes ?? INCREMENT_MINUTES)
    const rate = project?.rate ?? ''
    return {
      call,
      part,
      client: project?.client ?? owners.projects.newest(part.project)?.client ?? '',
      month: monthNameOf(call.startedOn),
      personName: owners.nameOf(part.person),
      seconds: own,
      billableSeconds: billed,
      rate,
      currency: rate === '' || currency === null ? '' : currency,
      amountMinor: rate === '' || currency === null ? null : amountOfTime(billed, { ratePerHour: rate, currency }),
      costs: costs && new Map(costParts.map(([code, divided]) => [code, divided[index] as bigint])),
    }
  })
}

function noCurrency(project: string, account: string): Refusal {
  return new Refusal(
    'bad-configuration',
    `The rate of project ${project} has no currency: account ${account} has none.`,
    {
      hint: `Give account ${account}, or one above it, a currency: in accounts.csv, or with a document of kind Account.`,
    },
  )
}
