// Shares every segment's charges over its participants: SQL hands over one row per participant and one per charged
// service, core decides, and the decisions go back as rows. At most one segment is in memory.
import {
  type AllocationRow,
  allocatePool,
  daysIn,
  type MeasuredParticipant,
  type PoolCharge,
  type Problem,
  problem,
  TAXES_COMPONENT,
} from '@spillway/core'
import type { Cell, RowWriter } from '../../warehouse/warehouse.ts'
import { readTimelines, type ServiceHistory } from '../roll-up/read-timelines.ts'
import { GroupDivider, storeGroups } from './group-divider.ts'
import { componentNames, type PlannedSegment } from './match-components.ts'
import { make, type PeriodScope, step } from './period-scope.ts'
import { BasisColumns } from './pool-usage.ts'
import { alongside, bySegment } from './segment-batches.ts'
import { NO_SERVICE } from './service-keys.ts'

const SHARE_COLUMNS = `segment_no INTEGER, component_no INTEGER, currency_no INTEGER, service_no INTEGER, actual_minor BIGINT,
  adjusted_minor BIGINT, weight VARCHAR, share VARCHAR, floor_minor BIGINT, flags_no INTEGER, usage_base BIGINT,
  contribution_base BIGINT, days INTEGER, method_no INTEGER, formula VARCHAR`
const SHARE_NAMES = SHARE_COLUMNS.split(',').map((column) => column.trim().split(' ')[0] as string)

/**
 * Makes `share`, one row per segment, component, currency and service (see ALLOCATION in schema.ts; flags and
 * method as numbers of `share_word`, the currency as one of `currency_key`), and `cell`, one row
 * per charge group and service of the components that have several groups (see group-divider.ts).
 * Returns `negative-usage` for each pool and service.
 */
export async function shareSegments(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<Problem[]> {
  const { scratch, warehouse } = scope
  const groups = await storeGroups(scope)
  await warehouse.run(`CREATE TABLE ${scratch}.share (${SHARE_COLUMNS})`)
  const bases = new BasisColumns(planned.map(({ policy }) => policy))
  const weighted = await weightedServices(scope, planned)
  const byNumber = new Map(planned.map((segment) => [segment.segmentNo, segment]))
  const total = planned.filter(({ hasCharges }) => hasCharges).length
  const problems: Problem[] = []
  const divider = await GroupDivider.open(scope, groups)
  const writer = await warehouse.writer('share', SHARE_NAMES, scratch)
  const currencies = await storeCurrencies(scope)
  const currencyNumbers = new Map([...currencies].map(([number, currency]) => [currency, number]))
  const words = new WordNumbers()
  const segments = alongside(
    bySegment(warehouse.streamColumns(billedSql(scratch))),
    bySegment(warehouse.streamColumns(participantsSql(scratch, bases))),
  )
  let done = 0
  for await (const { segmentNo, lead, follow } of segments) {
    const segment = byNumber.get(segmentNo) as PlannedSegment
    const columns = segment.policy.components.map(({ basis }) => 5 + bases.names.indexOf(bases.columnOf(basis)))
    const participants = follow.map((row) => toParticipant(row, columns, weighted))
    const services = new SegmentServices(lead, follow)
    problems.push(
      ...shareSegment({
        ...{ segment, participants, writer, divider, words },
        charges: lead.map((row) => toCharge(row, { segment, services, currencies })),
        currencyNoOf: (currency) => currencyNumbers.get(currency) as number,
        numberOf: services.numberOf,
      }),
    )
    done += 1
    if (done % 256 === 0) step(scope, { stage: 'allocate', done, total })
  }
  writer.close()
  divider.close()
  await words.store(scope)
  step(scope, { stage: 'allocate', done: total, total })
  return problems
}

/** Makes `currency_key`: one row per currency. */
async function storeCurrencies(scope: PeriodScope): Promise<ReadonlyMap<number, string>> {
  await make(scope, 'currency_key', `SELECT DISTINCT currency_no, currency FROM ${scope.scratch}.charge_kind`)
  const rows = await scope.warehouse.rows<{ currency_no: number; currency: string }>(
    `SELECT currency_no, currency FROM ${scope.scratch}.currency_key`,
  )
  return new Map(rows.map(({ currency_no, currency }) => [currency_no, currency]))
}

/** Numbers for the few texts that many rows have. */
class WordNumbers {
  readonly #numbers = new Map<string, number>()

  numberOf(word: string): number {
    let number = this.#numbers.get(word)
    if (number === undefined) {
      number = this.#numbers.size
      this.#numbers.set(word, number)
    }
    return number
  }

  /** Makes `share_word`. */
  async store({ warehouse, scratch }: PeriodScope): Promise<void> {
    await warehouse.run(`CREATE TABLE ${scratch}.share_word (word_no INTEGER, word VARCHAR)`)
    const writer = await warehouse.writer('share_word', ['word_no', 'word'], scratch)
    for (const [word, number] of this.#numbers) writer.append([number, word])
    writer.close()
  }
}

/** Names by number and numbers by name, of the services that a segment's charges and participants name. */
class SegmentServices {
  readonly #numbers = new Map<string, number>([['', NO_SERVICE]])
  readonly #names = new Map<number, string>([[NO_SERVICE, '']])

  constructor(lead: ReadonlyArray<ReadonlyArray<Cell>>, follow: ReadonlyArray<ReadonlyArray<Cell>>) {
    for (const row of follow) this.#add(row[4] as number, row[1] as string)
    for (const row of lead) if (row[3] !== null) this.#add(row[5] as number, row[3] as string)
  }

  #add(number: number, name: string): void {
    this.#numbers.set(name, number)
    this.#names.set(number, name)
  }

  readonly numberOf = (name: string): number => this.#numbers.get(name) as number
  readonly nameOf = (number: number): string => this.#names.get(number) as string
}

/** One row per segment, component, currency and service that charges stand on; named only where it does not participate. */
function billedSql(scratch: string): string {
  return `SELECT b.segment_no, b.component_no, b.currency_no, k.service, b.actual_minor, b.service_no
    FROM (SELECT p.segment_no, p.component_no, h.currency_no, p.service_no, sum(p.amount_minor)::BIGINT AS actual_minor
      FROM ${scratch}.piece_row AS p JOIN ${scratch}.charge_kind AS h USING (kind_no)
      WHERE p.segment_no IS NOT NULL GROUP BY ALL) AS b
    LEFT JOIN ${scratch}.participant AS t ON t.segment_no = b.segment_no AND t.service_no = b.service_no
    LEFT JOIN ${scratch}.service_key AS k ON k.service_no = CASE WHEN t.service_no IS NULL THEN b.service_no END
    ORDER BY b.segment_no`
}

/** One row per segment with charges and participant, with its usage in every basis. */
function participantsSql(scratch: string, bases: BasisColumns): string {
  const names = bases.names.map((name) => `coalesce(u.${name}, 0)::BIGINT AS ${name}`)
  const sums = bases.names.length === 0 ? '' : `, ${bases.sumsSql()}`
  return `SELECT ${['t.segment_no', 't.service', 't.days', 't.contribution_base', 't.service_no', ...names].join(', ')}
    FROM ${scratch}.participant AS t
    SEMI JOIN (SELECT DISTINCT segment_no FROM ${scratch}.piece_row) AS q ON q.segment_no = t.segment_no
    LEFT JOIN (SELECT p.segment_no, r.service_no${sums} FROM ${scratch}.pool_usage_row AS p
      JOIN ${scratch}.usage_row AS r USING (usage_no) JOIN ${scratch}.usage_class USING (class_no)
      GROUP BY p.segment_no, r.service_no) AS u
      ON u.segment_no = t.segment_no AND u.service_no = t.service_no
    ORDER BY t.segment_no`
}

function toParticipant(
  row: ReadonlyArray<Cell>,
  columns: ReadonlyArray<number>,
  weighted: WeightedLookup,
): MeasuredParticipant {
  const [segmentNo, service, memberDays, contributionBase] = row as [number, string, number, bigint]
  return {
    service,
    memberDays,
    contributionBase,
    usageBase: columns.map((column) => row[column] as bigint),
    ...weighted(segmentNo, service),
  }
}

function toCharge(
  row: ReadonlyArray<Cell>,
  {
    segment: { policy },
    services,
    currencies,
  }: {
    readonly segment: PlannedSegment
    readonly services: SegmentServices
    readonly currencies: ReadonlyMap<number, string>
  },
): PoolCharge {
  const [, componentNo, currencyNo, , actualMinor, serviceNo] = row as [number, number, number, null, bigint, number]
  const component = componentNo === policy.components.length ? TAXES_COMPONENT : componentNo
  return {
    component,
    currency: currencies.get(currencyNo) as string,
    service: services.nameOf(serviceNo),
    actualMinor,
  }
}

type SegmentWork = {
  readonly segment: PlannedSegment
  readonly participants: ReadonlyArray<MeasuredParticipant>
  readonly charges: ReadonlyArray<PoolCharge>
  readonly writer: RowWriter
  readonly divider: GroupDivider
  readonly words: WordNumbers
  readonly currencyNoOf: (currency: string) => number
  readonly numberOf: (service: string) => number
}

function shareSegment(work: SegmentWork): Problem[] {
  const { segment, participants, charges, writer, divider, words, currencyNoOf, numberOf } = work
  const { segmentNo, pool, policy } = segment
  const { components, negativeUsage } = allocatePool({
    policy,
    windowDays: daysIn(segment),
    allowanceBase: pool.allowanceBase,
    participants,
    charges,
  })
  const names = componentNames(policy)
  for (const { component, currency, method, rows } of components) {
    // Taxes that follow come last, also where a component of the policy has the same name.
    const componentNo = method === 'follow' ? policy.components.length : names.indexOf(component)
    const currencyNo = currencyNoOf(currency)
    const methodNo = words.numberOf(method)
    for (const row of rows) {
      const flagsNo = words.numberOf(row.flags.join(' '))
      const serviceNo = numberOf(row.service)
      writer.append(toCells({ segmentNo, componentNo, currencyNo, serviceNo, flagsNo, methodNo, row }))
    }
    divider.divide({ segmentNo, componentNo, currencyNo, rows, numberOf })
  }
  return negativeUsage.map(({ service, usageBase }) =>
    problem('negative-usage', { pool: pool.pool, service, usage: usageBase.toString() }),
  )
}

type RowNumbers = Readonly<
  Record<'segmentNo' | 'componentNo' | 'currencyNo' | 'serviceNo' | 'flagsNo' | 'methodNo', number>
>

function toCells({ row, ...numbers }: RowNumbers & { readonly row: AllocationRow }): Cell[] {
  return [
    numbers.segmentNo,
    numbers.componentNo,
    numbers.currencyNo,
    numbers.serviceNo,
    row.actualMinor,
    row.adjustedMinor,
    row.weight,
    row.share,
    row.floorMinor,
    numbers.flagsNo,
    row.usageBase,
    row.contributionBase,
    row.days,
    numbers.methodNo,
    row.formula,
  ]
}

type WeightedLookup = (segmentNo: number, service: string) => Pick<MeasuredParticipant, 'costCentres' | 'serviceType'>

const NOT_WEIGHTED = { costCentres: [], serviceType: '' }

/** What services are assigned to on their last day, for the segments whose policy weighs by it. */
async function weightedServices(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<WeightedLookup> {
  const wanted = planned.filter(({ policy, hasCharges }) => {
    return hasCharges && policy.components.some(({ weights }) => weights !== null && weights.by !== 'services')
  })
  if (wanted.length === 0) return () => NOT_WEIGHTED
  const of = `FROM ${scope.scratch}.participant WHERE segment_no IN (${wanted.map(({ segmentNo }) => segmentNo).join(', ')})`
  const { histories } = await readTimelines(scope, `SELECT service ${of}`)
  const lastDays = new Map<string, string>()
  for await (const rows of scope.warehouse.stream<{ segment_no: number; service: string; last_on: string }>(
    `SELECT segment_no, service, until_on - 1 AS last_on ${of}`,
  ))
    for (const { segment_no, service, last_on } of rows) lastDays.set(`${segment_no} ${service}`, last_on)
  return (segmentNo, service) => {
    const history = histories.get(service)
    const lastOn = lastDays.get(`${segmentNo} ${service}`)
    return history === undefined || lastOn === undefined ? NOT_WEIGHTED : assignedOn(history, lastOn)
  }
}

function assignedOn({ rows, timeline }: ServiceHistory, on: string) {
  const span = timeline.spans.find(({ start, end }) => start <= on && on < end)
  const row = rows.find(({ from, to }) => (from === null || from <= on) && (to === null || on < to))
  return { costCentres: span?.pieces.map(({ costCentre }) => costCentre) ?? [], serviceType: row?.serviceType ?? '' }
}
