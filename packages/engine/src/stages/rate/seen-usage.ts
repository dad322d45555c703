// What usage there is near the time of a run, before anything is known of its services: classes as written, sources, and how its
// rows tell time.

import type { UsageClass } from '@spillway/core'
import { type PeriodScope, pinned, soldFacts } from '../allocate/period-scope.ts'
import type { RawClass } from './settle-classes.ts'

/** UTC microseconds, half-open. */
export type Window = { readonly fromMicros: number; readonly untilMicros: number }

export type UsageKind = { readonly source: string; readonly usageType: string; readonly isWallTime: boolean }

/** Wall times differ from instants by less than this. */
const MARGIN_MICROS = 86_400_000_000

/** Condition on rows of `usage AS u`, whose times may be wall times. */
export function nearSql({ fromMicros, untilMicros }: Window): string {
  return `u.started_at >= make_timestamp(${fromMicros - MARGIN_MICROS}) AND u.started_at < make_timestamp(${untilMicros + MARGIN_MICROS})`
}

export type SeenUsage = {
  readonly raw: ReadonlyArray<RawClass>
  readonly kinds: ReadonlyArray<UsageKind>
  readonly hasWallTimes: boolean
  readonly hasViews: boolean
  readonly hasNegative: boolean
  readonly eventsMax: number
}

type SeenRow = {
  usage_type: UsageClass['usageType']
  zone: UsageClass['zone']
  time_band: UsageClass['timeBand']
  network: UsageClass['network']
  source: string
  is_wall_time: boolean
  view: string
  is_negative: boolean
  events: bigint
}

export async function readSeen(scope: PeriodScope, near: string): Promise<SeenUsage> {
  // One row per class as written, source, and how its rows tell time and view: that many groups are found in half the time
  // that the same takes as sums over the classes.
  const rows = await scope.warehouse.rows<SeenRow>(
    `SELECT usage_type, zone, time_band, network, source, is_wall_time, view, quantity_base < 0 AS is_negative,
       count(*) AS events
     FROM ${soldFacts(scope, 'usage')} AS u WHERE ${pinned(scope, 'u')} AND ${near} GROUP BY ALL ORDER BY ALL`,
    { tenant: scope.tenant },
  )
  const classes = new Map<string, UsageClass>()
  const kinds = new Map<string, UsageKind>()
  for (const { usage_type: usageType, zone, time_band: timeBand, network, source, is_wall_time: isWallTime } of rows) {
    classes.set(JSON.stringify([usageType, zone, timeBand, network]), { usageType, zone, timeBand, network })
    kinds.set(JSON.stringify([source, usageType, isWallTime]), { source, usageType, isWallTime })
  }
  return {
    raw: [...classes.values()].map((usageClass, rawNo) => ({ rawNo, usageClass })),
    kinds: [...kinds.values()],
    hasWallTimes: rows.some(({ is_wall_time }) => is_wall_time),
    // Where all rows that say a view say the same, there is nothing to choose from.
    hasViews: new Set(rows.flatMap(({ view }) => (view === '' ? [] : [view]))).size > 1,
    hasNegative: rows.some(({ is_negative }) => is_negative),
    eventsMax: rows.reduce((sum, { events }) => sum + Number(events), 0),
  }
}
