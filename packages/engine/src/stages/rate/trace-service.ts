// Follows the events of one service through the buckets once more, for whoever asks what became of them: the groups of the
// service are drawn again from what the run pinned. Changes nothing, and stores nothing.

import { Calendars, formatUsageClass, type TracedPart, traceUsage, type UsageColumns } from '@spillway/core'
import { liveDocumentsCte } from '../../warehouse/live-documents.ts'
import { make, type PeriodScope } from '../allocate/period-scope.ts'
import { groupInputs, toColumns } from './rate-groups.ts'
import { ratingGroups } from './rating-groups.ts'
import { type RatingState, readState } from './rating-state.ts'
import { readSoldServices } from './read-sold-services.ts'
import { readSoldUsage } from './sold-usage.ts'

export type TracedEvent = {
  readonly source: string
  readonly id: string
  readonly account: string
  /** Settled, as every report writes it. */
  readonly usageClass: string
  readonly billedBase: bigint
  readonly parts: ReadonlyArray<TracedPart>
}

export type TracedService = {
  /** Of the time that the run drew down. */
  readonly count: number
  /** The first of them in the order of drawing. */
  readonly events: ReadonlyArray<TracedEvent>
}

/** `scope` is that of a stored run, with what it took over; its scratch database gets tables of its own. */
export async function traceService(
  scope: PeriodScope,
  { run, service, eventsMax }: { readonly run: string; readonly service: string; readonly eventsMax: number },
): Promise<TracedService> {
  const opening = await readState(scope.warehouse, { tenant: scope.tenant, run, place: 'opening' })
  return scope.warehouse.withScratch((scratch) => trace({ ...scope, scratch }, { opening, service, eventsMax }))
}

type Wanted = { readonly opening: RatingState; readonly service: string; readonly eventsMax: number }

async function trace(scope: PeriodScope, { opening, service, eventsMax }: Wanted): Promise<TracedService> {
  await make(scope, 'live_document', `WITH ${liveDocumentsCte(scope.documents)} SELECT doc FROM live_document`)
  const { index, services } = await readSoldServices(scope, opening)
  const of = { index, calendars: new Calendars(), month: scope.period, opening }
  const groups = ratingGroups(of, services)
  if (groups.length === 0) return { count: 0, events: [] }
  const usage = await readSoldUsage(scope, { ...of, groups })
  const inputOf = groupInputs({ ...of, groups, usage })
  let count = 0
  const events: TracedEvent[] = []
  for (const group of groups) {
    if (!group.services.some((row) => row.service === service)) continue
    const order = `FROM (${usage.events}) WHERE group_no = ${group.number} ORDER BY start_micros, source, id`
    const parameters = { tenant: scope.tenant }
    const batches: UsageColumns[] = []
    const numbers = scope.warehouse.streamNumbers(
      `SELECT group_no, row_no, class_no, start_micros, billed_base ${order}`,
      parameters,
    )
    for await (const batch of numbers) batches.push(toColumns(batch.columns, { from: 0, until: batch.count }))
    // One row per event of the service, by its position in the order of drawing.
    const own = await scope.warehouse.rows<OwnEvent>(
      `SELECT position, row_no, class_no, billed_base, source, id
       FROM (SELECT (row_number() OVER (ORDER BY start_micros, source, id) - 1)::INTEGER AS position, *
         FROM (${usage.events}) WHERE group_no = ${group.number})
       WHERE row_no IN (${rowsOf(group.services, service).join(', ')}) ORDER BY position`,
      parameters,
    )
    count += own.length
    const wanted = new Map(own.slice(0, Math.max(0, eventsMax - events.length)).map((one) => [one.position, one]))
    const parts = traceUsage(inputOf(group), batches, (event) => wanted.has(event))
    for (const [position, { row_no, class_no, billed_base, source, id }] of wanted)
      events.push({
        source,
        id,
        account: group.services[row_no]?.account ?? '',
        usageClass: classText(usage.classes[class_no]),
        billedBase: BigInt(billed_base),
        parts: parts.filter(({ event }) => event === position),
      })
  }
  return { count, events }
}

type OwnEvent = {
  readonly position: number
  readonly row_no: number
  readonly class_no: number
  readonly billed_base: bigint
  readonly source: string
  readonly id: string
}

function rowsOf(services: ReadonlyArray<{ readonly service: string }>, wanted: string): number[] {
  return services.flatMap(({ service }, row) => (service === wanted ? [row] : []))
}

function classText(usageClass: Parameters<typeof formatUsageClass>[0] | undefined): string {
  return usageClass === undefined ? '' : formatUsageClass(usageClass).replaceAll(' ', '/')
}
