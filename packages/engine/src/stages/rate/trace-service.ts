// Follows the events of one service, or one event, through the buckets once more, for whoever asks what became of them: the
// groups of the service are drawn again from what the run pinned.

import { type FlatCharge, type TracedPart, UsageTrace } from '@spillway/core'
import { literal } from '../../warehouse/sql-literal.ts'
import type { RatingGroup } from './rating-groups.ts'
import { type PlacedEvent, placedEvents, type Replay, readGroups } from './replay.ts'

export type TracedEvent = {
  readonly source: string
  readonly id: string
  readonly startMicros: number
  readonly account: string
  /** Of the service, then. */
  readonly product: string
  /** Settled, as every report writes it. */
  readonly usageClass: string
  readonly billedBase: bigint
  /** In the order of drawing; they sum to what was billed. */
  readonly parts: ReadonlyArray<TracedPart>
}

export type TracedService = {
  /** Of the time that the run drew down, in the order of drawing. */
  readonly events: ReadonlyArray<TracedEvent>
  /** Those that the service's events caused. */
  readonly flats: ReadonlyArray<FlatCharge>
}

/** The replay holds the groups of the service, or more. */
export async function traceService(replay: Replay, service: string): Promise<TracedService> {
  const groups = replay.groups.filter((group) => group.services.some((row) => row.service === service))
  const wanted = await replayEvents(replay, groups, (group) => ({
    where: `row_no IN (${rowsOf(group, service).join(', ')})`,
    isWanted: ({ row }) => group.services[row]?.service === service,
  }))
  return { ...wanted, flats: wanted.flats.filter((flat) => flat.service === service) }
}

/** null where the run did not draw it: it is not of its time, of no service that is sold, or nothing. */
export async function traceEvent(
  replay: Replay,
  { source, id, service }: { readonly source: string; readonly id: string; readonly service: string },
): Promise<{
  readonly event: TracedEvent
  readonly group: RatingGroup
  readonly flats: TracedService['flats']
} | null> {
  for (const group of replay.groups) {
    if (!group.services.some((row) => row.service === service)) continue
    const where = `source = ${literal(source)} AND id = ${literal(id)}`
    const placed = await placedEvents(replay, { groups: [group], where })
    const [one] = placed
    if (one === undefined) continue
    const { events, flats } = await follow(replay, { group, placed, isWanted: (part) => part.event === one.position })
    const [event] = events
    if (event === undefined) continue
    const own = flats.filter((flat) => flat.service === service && flat.reachedAtMicros === one.startMicros)
    return { event, group, flats: own }
  }
  return null
}

type Wanted = {
  readonly where: string
  readonly isWanted: (part: { readonly event: number; readonly row: number }) => boolean
}

async function replayEvents(
  replay: Replay,
  groups: ReadonlyArray<RatingGroup>,
  wantedOf: (group: RatingGroup) => Wanted,
): Promise<TracedService> {
  const events: TracedEvent[] = []
  const flats: FlatCharge[] = []
  for (const group of groups) {
    const { where, isWanted } = wantedOf(group)
    const placed = await placedEvents(replay, { groups: [group], where })
    const found = await follow(replay, { group, placed, isWanted })
    for (const event of found.events) events.push(event)
    for (const flat of found.flats) flats.push(flat)
  }
  return { events, flats }
}

type Followed = {
  readonly group: RatingGroup
  readonly placed: ReadonlyArray<PlacedEvent>
  readonly isWanted: Wanted['isWanted']
}

async function follow(replay: Replay, { group, placed, isWanted }: Followed): Promise<TracedService> {
  const partsOf = new Map<number, TracedPart[]>()
  let flats: TracedService['flats'] = []
  const begin = () => new UsageTrace(replay.inputOf(group), isWanted)
  for await (const { result } of readGroups(replay, { groups: [group], begin })) {
    flats = result.flats
    for (const part of result.parts) {
      const list = partsOf.get(part.event)
      if (list) list.push(part)
      else partsOf.set(part.event, [part])
    }
  }
  const events = placed.map(({ position, rowNo, classNo, startMicros, billedBase, source, id }) => ({
    source,
    id,
    startMicros,
    account: group.services[rowNo]?.account ?? '',
    product: group.services[rowNo]?.product ?? '',
    usageClass: replay.classText(classNo),
    billedBase,
    parts: partsOf.get(position) ?? [],
  }))
  return { events, flats }
}

function rowsOf({ services }: RatingGroup, wanted: string): number[] {
  return services.flatMap(({ service }, row) => (service === wanted ? [row] : []))
}
