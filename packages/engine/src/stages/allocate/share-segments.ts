// Shares every segment's charges over its participants: SQL hands over one row per participant and one per charged
// service, core decides, and the decisions go back as rows. At most one segment is in memory. Components without a cap or
// weights of their own, which are nearly all, go as columns of numbers; the others as the objects that core explains.
import {
  type AllocationFlag,
  type ComponentColumns,
  daysIn,
  limitsOf,
  type PolicyComponent,
  type PoolComponentResult,
  type Problem,
  problem,
  type SettledColumns,
  settleColumns,
} from '@spillway/core'
import { safeNumbers } from '../../warehouse/column-buffer.ts'
import { flagBit } from '../../warehouse/result-tables.ts'
import { type ComponentKey, GroupDivider, isAsBilled, storeGroups } from './group-divider.ts'
import { type Billed, ChargeLayer } from './lay-charges.ts'
import { componentNames, type PlannedSegment } from './match-components.ts'
import { type PeriodScope, step } from './period-scope.ts'
import { BasisColumns } from './pool-usage.ts'
import { alongside, bySegment, type SegmentColumns } from './segment-columns.ts'
import { allocateInWords, billedSql, PARTICIPANT, participantsSql, readCurrencies } from './segment-rows.ts'
import { NO_SERVICE } from './service-keys.ts'
import { ShareWriter } from './share-writer.ts'
import { type WeightedLookup, weightedServices } from './weighted-services.ts'

/**
 * Makes `allocation_row`, `run_part` and `run_weight` (result-tables.ts), `part_key` (the segment, component and currency of
 * each part), and `cell` and `kept` (group-divider.ts). Returns `negative-usage` for each pool and service.
 */
export async function shareSegments(scope: PeriodScope, planned: ReadonlyArray<PlannedSegment>): Promise<Problem[]> {
  const { scratch, warehouse } = scope
  const bases = new BasisColumns(planned.map(({ policy }) => policy))
  const byNumber = new Map(planned.map((segment) => [segment.segmentNo, segment]))
  const total = planned.filter(({ hasCharges }) => hasCharges).length
  const divider = await GroupDivider.open(scope, await storeGroups(scope))
  const sharer = new SegmentSharer({
    bases,
    divider,
    writer: await ShareWriter.open(scope),
    weighted: await weightedServices(scope, planned),
    names: await namesOfWeighted(scope, planned),
    currencies: await readCurrencies(scope),
  })
  const segments = alongside(
    bySegment(warehouse.streamNumbers(billedSql(scratch))),
    bySegment(
      warehouse.streamNumbers(participantsSql(scratch, bases, `IN (SELECT segment_no FROM ${scratch}.charge_group)`)),
    ),
  )
  let done = 0
  for await (const { lead, follow } of segments) {
    sharer.share(byNumber.get(lead.segmentNo) as PlannedSegment, lead, follow)
    done += 1
    if (done % 256 === 0) step(scope, { stage: 'allocate', done, total })
  }
  await sharer.close()
  step(scope, { stage: 'allocate', done: total, total })
  return negativeProblems(scope, sharer.negative)
}

/** Names of the participants whose policy weighs services by their ids. */
async function namesOfWeighted(
  { warehouse, scratch }: PeriodScope,
  planned: ReadonlyArray<PlannedSegment>,
): Promise<ReadonlyMap<number, string>> {
  const wanted = planned.filter(({ policy, hasCharges }) => {
    return hasCharges && policy.components.some(({ weights }) => weights !== null)
  })
  const names = new Map<number, string>()
  if (wanted.length === 0) return names
  for await (const rows of warehouse.stream<{ service_no: number; service: string }>(
    `SELECT DISTINCT k.service_no, k.service FROM ${scratch}.participant JOIN ${scratch}.service_key AS k USING (service_no)
     WHERE segment_no IN (${wanted.map(({ segmentNo }) => segmentNo).join(', ')})`,
  ))
    for (const { service_no, service } of rows) names.set(service_no, service)
  return names
}

type NegativeUsage = { readonly pool: string; readonly serviceNo: number; readonly usageBase: bigint }

async function negativeProblems(
  { warehouse, scratch }: PeriodScope,
  negative: ReadonlyArray<NegativeUsage>,
): Promise<Problem[]> {
  if (negative.length === 0) return []
  const numbers = [...new Set(negative.map(({ serviceNo }) => serviceNo))]
  const rows = await warehouse.rows<{ service_no: number; service: string }>(
    `SELECT service_no, service FROM ${scratch}.service_key WHERE service_no IN (${numbers.join(', ')})`,
  )
  const names = new Map(rows.map(({ service_no, service }) => [service_no, service]))
  return negative.map(({ pool, serviceNo, usageBase }) =>
    problem('negative-usage', { pool, service: names.get(serviceNo) as string, usage: usageBase.toString() }),
  )
}

type SharerParts = {
  readonly bases: BasisColumns
  readonly divider: GroupDivider
  readonly writer: ShareWriter
  readonly weighted: WeightedLookup
  readonly names: ReadonlyMap<number, string>
  readonly currencies: ReadonlyMap<number, string>
}

class SegmentSharer {
  readonly negative: NegativeUsage[] = []
  readonly #parts: SharerParts
  readonly #layer = new ChargeLayer()

  constructor(parts: SharerParts) {
    this.#parts = parts
  }

  async close(): Promise<void> {
    this.#parts.divider.close()
    await this.#parts.writer.close()
  }

  share(segment: PlannedSegment, billed: SegmentColumns, participants: SegmentColumns): void {
    if (!this.#shareColumns(segment, billed, participants)) this.#shareInWords(segment, billed, participants)
  }

  /** False where any component of the segment needs the other way; nothing is written then. */
  #shareColumns(segment: PlannedSegment, billed: SegmentColumns, participants: SegmentColumns): boolean {
    const { policy } = segment
    const { count } = participants
    if (count === 0) return false
    const charges = this.#layer.lay(segment, billed, participants)
    const contributionBase = safeNumbers(participants.columns[PARTICIPANT.contribution] as BigInt64Array, count)
    if (charges === null || contributionBase === null) return false
    const currencyCount = new Set(charges.map(({ currencyNo }) => currencyNo)).size
    const usages = new Map<number, Float64Array>()
    const settled: SettledColumns[] = []
    for (const { componentNo, currencyNo, charged } of charges) {
      const component = policy.components[componentNo] as PolicyComponent
      const usageBase = usages.get(componentNo) ?? safeNumbers(this.#usageOf(component, participants), count)
      if (usageBase === null) return false
      usages.set(componentNo, usageBase)
      const currency = this.#parts.currencies.get(currencyNo) as string
      const columns = settleColumns({
        ...{ method: component.method, whenNoUsage: component.whenNoUsage, unused: component.unused },
        ...limitsOf({ policy, component, currency, currencyCount }),
        ...{ charged, count, usageBase, contributionBase },
        days: participants.columns[PARTICIPANT.days] as Int32Array,
        periodDays: component.partialPeriod === 'full' ? 1 : daysIn(segment),
        allowanceBase: segment.pool.allowanceBase,
      } satisfies ComponentColumns)
      if (columns === null) return false
      settled.push(columns)
    }
    for (const [index, one] of charges.entries())
      this.#writeColumns(segment, one, {
        settled: settled[index] as SettledColumns,
        participants,
        contributionBase,
        usageBase: usages.get(one.componentNo) as Float64Array,
      })
    this.#noteNegative(segment, participants, usages)
    return true
  }

  #usageOf({ basis }: PolicyComponent, { columns }: SegmentColumns): BigInt64Array {
    const { bases } = this.#parts
    return columns[PARTICIPANT.bases + bases.names.indexOf(bases.columnOf(basis))] as BigInt64Array
  }

  #writeColumns(
    segment: PlannedSegment,
    billed: Billed,
    shared: {
      readonly settled: SettledColumns
      readonly participants: SegmentColumns
      readonly contributionBase: Float64Array
      readonly usageBase: Float64Array
    },
  ): void {
    const { writer, divider } = this.#parts
    const { settled, participants, contributionBase, usageBase } = shared
    const { componentNo, currencyNo, onParticipants, otherNos, onOthers } = billed
    const { count } = participants
    const { adjustedMinor, weights, floorMinor, flag, hasUnused, weightTotal } = settled
    const component = segment.policy.components[componentNo] as PolicyComponent
    const serviceNos = participants.columns[PARTICIPANT.service] as Int32Array
    const flagsNo = flag === '' ? 0 : flagBit(flag)
    const key: ComponentKey = { segmentNo: segment.segmentNo, componentNo, currencyNo }
    const part = writer.part({
      segment,
      key,
      currency: this.#parts.currencies.get(currencyNo) as string,
      method: component.method,
      weightTotal,
    })
    const days = component.partialPeriod === 'full' ? 1 : (participants.columns[PARTICIPANT.days] as Int32Array)
    writer.rows(part, count, {
      ...{ serviceNo: serviceNos, flagsNo, actualMinor: onParticipants, adjustedMinor, weight: weights, floorMinor },
      ...{ usageBase, contributionBase, days },
    })
    if (hasUnused)
      writer.rows(part, 1, {
        ...{ ...NOBODY, serviceNo: NO_SERVICE, flagsNo: flagBit('unused') },
        ...{ adjustedMinor: adjustedMinor.subarray(count), weight: weights.subarray(count) },
      })
    const others = { ...NOBODY, serviceNo: otherNos, flagsNo: flagBit('non-participant'), actualMinor: onOthers }
    writer.rows(part, otherNos.length, others)
    if (!hasUnused && otherNos.length === 0 && areSame(onParticipants, adjustedMinor)) {
      divider.keep(key)
      return
    }
    if (!divider.hasSeveral(key)) return
    const carriers = Array.from({ length: count + (hasUnused ? 1 : 0) }, (_, index) => ({
      serviceNo: index < count ? (serviceNos[index] as number) : NO_SERVICE,
      flagsNo: index < count ? 0 : flagBit('unused'),
      adjustedMinor: BigInt(adjustedMinor[index] as number),
    }))
    divider.divide(key, carriers)
  }

  #noteNegative(
    segment: PlannedSegment,
    participants: SegmentColumns,
    usages: ReadonlyMap<number, Float64Array>,
  ): void {
    const seen = new Set<string>()
    for (const usageBase of usages.values())
      for (let row = 0; row < participants.count; row += 1) {
        const usage = usageBase[row] as number
        if (usage >= 0) continue
        const serviceNo = participants.columns[PARTICIPANT.service]?.[row] as number
        const key = `${usage} ${serviceNo}`
        if (seen.has(key)) continue
        seen.add(key)
        this.negative.push({ pool: segment.pool.pool, serviceNo, usageBase: BigInt(usage) })
      }
  }

  /** Names stand for the order alone where no policy weighs by them: numbers of one length then do as well. */
  #shareInWords(segment: PlannedSegment, billed: SegmentColumns, participants: SegmentColumns): void {
    const { bases, currencies, weighted, writer, divider } = this.#parts
    const numbers = new Map<string, number>([['', NO_SERVICE]])
    const isWeighted = segment.policy.components.some(({ weights }) => weights !== null)
    const members = new Set(
      participants.columns[PARTICIPANT.service]?.subarray(0, participants.count) as Int32Array | undefined,
    )
    const nameOf = (serviceNo: number) => {
      const order = String(serviceNo).padStart(10, '0')
      const name = !isWeighted
        ? order
        : members.has(serviceNo)
          ? (this.#parts.names.get(serviceNo) as string)
          : `${AFTER_ALL}${order}`
      numbers.set(name, serviceNo)
      return name
    }
    const { components, negativeUsage } = allocateInWords({
      segment,
      billed,
      participants,
      bases,
      currencies,
      weighted,
      nameOf,
    })
    const currencyNos = new Map([...currencies].map(([number, currency]) => [currency, number]))
    const names = componentNames(segment.policy)
    for (const result of components) {
      // Taxes that follow come last, also where a component of the policy has the same name.
      const isTaxes = result.method === 'follow'
      const componentNo = isTaxes ? segment.policy.components.length : names.indexOf(result.component)
      const key = { segmentNo: segment.segmentNo, componentNo, currencyNo: currencyNos.get(result.currency) as number }
      writer.result({ segment, key, result, numberOf: (name) => numbers.get(name) as number })
      divideResult({ divider, key, result, numbers })
    }
    for (const { service, usageBase } of negativeUsage)
      this.negative.push({ pool: segment.pool.pool, serviceNo: numbers.get(service) as number, usageBase })
  }
}

/** After every id that a service can have. */
const AFTER_ALL = '\u{10FFFF}'

const NOBODY = {
  actualMinor: 0,
  adjustedMinor: 0,
  weight: 0,
  floorMinor: 0,
  usageBase: 0,
  contributionBase: 0,
  days: 0,
}

function areSame(left: Float64Array, right: Float64Array): boolean {
  for (let index = 0; index < left.length; index += 1) if (left[index] !== right[index]) return false
  return true
}

function divideResult({
  divider,
  key,
  result: { rows },
  numbers,
}: {
  readonly divider: GroupDivider
  readonly key: ComponentKey
  readonly result: PoolComponentResult
  readonly numbers: ReadonlyMap<string, number>
}): void {
  if (isAsBilled(rows)) {
    divider.keep(key)
    return
  }
  if (!divider.hasSeveral(key)) return
  const carriers = rows.filter(({ flags }) => !flags.includes('non-participant'))
  const nobody = (flags: ReadonlyArray<AllocationFlag>) =>
    flags.find((flag) => flag === 'unused' || flag === 'unallocated')
  divider.divide(
    key,
    carriers.map(({ service, flags, adjustedMinor }) => {
      const flag = nobody(flags)
      return {
        serviceNo: numbers.get(service) as number,
        flagsNo: flag === undefined ? 0 : flagBit(flag),
        adjustedMinor,
      }
    }),
  )
}
