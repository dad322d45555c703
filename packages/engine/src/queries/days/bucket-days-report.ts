// `report bucket-days`: what was drawn from one bucket on each day of its period, beside its capacity, and when it ran out or
// will at the pace so far. Draws the groups that the bucket is in again: nothing of one day is stored.
import {
  addDays,
  type BucketDays,
  DrawDays,
  exhaustionOf,
  type IndexedCatalogue,
  type LocalDate,
  type Period,
  type Report,
  ZoneClock,
} from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import type { PeriodScope } from '../../stages/allocate/period-scope.ts'
import { holderName, instantText } from '../../stages/rate/history-rows.ts'
import type { RatingGroup } from '../../stages/rate/rating-groups.ts'
import { type Replay, readGroups, withReplay } from '../../stages/rate/replay.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { wholeWorkspaceOf } from '../../workspace/scopes.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { oneBatch, type ReportField, textField, toReportRows } from '../amount-cells.ts'
import { holdersOf, holdsBucket, unknownBucket } from '../bucket-draws-report.ts'
import { bucketUsageTypes, usageCells } from '../bucket-usage-types.ts'
import { currentRun } from '../current-run.ts'
import { pinnedScope } from '../pinned-scope.ts'
import { knownOf, type LastOf, lastKnown, whoMayBeLast } from './last-known.ts'

const detail = (field: ReportField): ReportField => ({ ...field, isDetail: true })
const usageField = (key: string, title: string): ReportField => ({ key, title, kind: 'usage' })

const FIELDS: ReadonlyArray<ReportField> = [
  textField('account', 'Account'),
  detail(textField('on', 'On')),
  textField('holder', 'Holder'),
  detail(textField('bucket', 'Bucket')),
  detail(textField('usage_type', 'Usage type')),
  detail(textField('unit', 'Unit')),
  detail(textField('start_at', 'From')),
  { key: 'day', title: 'Day', kind: 'date', isNullable: true },
  usageField('drawn', 'Drawn'),
  usageField('so_far', 'So far'),
  { ...usageField('capacity', 'Capacity'), isNullable: true },
  detail({ ...usageField('left', 'Left'), isNullable: true }),
  detail(textField('exhausted_at', 'Exhausted')),
  detail(textField('projected', 'Projected')),
]

export type BucketDaysOptions = {
  readonly period: Period
  readonly bucket: string
  /** Only where this account holds it. */
  readonly account?: string | undefined
}

/**
 * One row per holder, period of the bucket and day, in the time zone of the account that holds it; of days up to the last
 * that is known. What earlier runs drew of a period that was under way has a row without a day. `capacity` is of the first
 * tier with what rolled in.
 *
 * @throws Refusal `period-not-closed`, `not-found` for a bucket that the run does not know.
 */
export async function bucketDaysReport(
  scoped: ScopedWorkspace,
  { period, bucket, account }: BucketDaysOptions,
): Promise<Report> {
  const run = await currentRun(scoped, period)
  const types = await bucketUsageTypes(scoped, run)
  const usageType = types.get(bucket)
  if (usageType === undefined) throw unknownBucket({ bucket, known: [...types.keys()], period })
  const workspace = wholeWorkspaceOf(scoped)
  const isVisible = (id: string) => scoped.scope.rows === null || scoped.scope.rows.accounts.includes(id)
  const isAsked = (id: string) => isVisible(id) && (account === undefined || id === account)
  const rows = await readDays(workspace, { run, bucket, account, isAsked })
  const named = rows.map((row) => ({ ...row, ...usageCells(usageType) }))
  return {
    name: 'bucket-days',
    title: `${bucket} by day in ${period.name}`,
    columns: FIELDS,
    rows: toReportRows(oneBatch(named), FIELDS),
  }
}

type Reading = {
  readonly run: RunTable
  readonly bucket: string
  readonly account: string | undefined
  /** By the account that holds it. */
  readonly isAsked: (account: string) => boolean
}

/** `drawsAll`: all who hold the bucket are drawn, because it is not known who of them had the last event. */
async function readDays(
  workspace: Workspace,
  reading: Reading,
  drawsAll = reading.account === undefined,
): Promise<Row[]> {
  const { run, bucket, account, isAsked } = reading
  if (inputsOf(run).rating === undefined) return []
  const scope = await pinnedScope(workspace, { run, scratch: '' })
  const isWanted = (group: RatingGroup, index: IndexedCatalogue) => holdsBucket(index, { group, bucket })
  const known = knownOf(scope)
  let last: LastOf | null = null
  const near = async (index: IndexedCatalogue, own: PeriodScope) => {
    if (!drawsAll && account !== undefined) {
      if (known.has(bucket)) return { accounts: [account] }
      last = await whoMayBeLast(own, bucket)
      if (last !== null) return { accounts: [account, ...last.accounts] }
    }
    return holdersOf(index, bucket)
  }
  const of = { opening: { run: run.id }, kinds: 'draws', columns: 'events', near, isWanted } as const
  const rows = await withReplay(scope, of, async (replay) => {
    const knownUntilMicros = known.get(bucket) ?? (await lastKnown(replay))
    const isSure = last === null || (replay.usage !== null && knownUntilMicros >= last.othersUntilMicros)
    if (!isSure) return null
    known.set(bucket, knownUntilMicros)
    return daysOf(replay, { account, bucket, isAsked, knownUntilMicros })
  })
  return rows ?? readDays(workspace, reading, true)
}

type DaysOf = Omit<Reading, 'run'> & { readonly knownUntilMicros: number }

async function daysOf(replay: Replay, { account, bucket, isAsked, knownUntilMicros }: DaysOf): Promise<Row[]> {
  const groups = replay.groups.filter(
    ({ accounts }) => account === undefined || accounts.some((one) => one.account === account),
  )
  const days = new Days(replay)
  const watched = { isWanted: (one: string) => one === bucket, dayOf: days.dayOf }
  const begin = (group: RatingGroup) => new DrawDays(replay.inputOf(group), watched)
  const rows: Row[] = []
  for await (const { group, result } of readGroups(replay, { groups, begin }))
    for (const one of result)
      if (one.history.untilMicros > group.fromMicros && isAsked(one.history.holder.account))
        rows.push(...dayRows(one, { days, knownUntilMicros }))
  return rows
}

const QUARTER_MICROS = 900_000_000

/** Local days; no zone begins one but on a quarter of an hour, so that each quarter is asked for once. */
class Days {
  readonly #replay: Replay
  readonly #clocks = new Map<string, { readonly clock: ZoneClock; readonly days: Map<number, LocalDate> }>()

  constructor(replay: Replay) {
    this.#replay = replay
  }

  readonly dayOf = (account: string, micros: number): LocalDate => {
    const { timeZone } = this.#replay.index.account(account)
    let known = this.#clocks.get(timeZone)
    if (known === undefined) {
      known = { clock: new ZoneClock(timeZone), days: new Map() }
      this.#clocks.set(timeZone, known)
    }
    const quarter = Math.floor(micros / QUARTER_MICROS)
    const day = known.days.get(quarter) ?? known.clock.localDate(micros)
    known.days.set(quarter, day)
    return day
  }
}

type Of = { readonly days: Days; readonly knownUntilMicros: number }

function* dayRows({ history, beforeBase, drawnBase }: BucketDays, { days, knownUntilMicros }: Of): Generator<Row> {
  const { holder, bucket, startMicros, untilMicros, capacityBase } = history
  const { exhaustedAtMicros, isProjected } = exhaustionOf(history, knownUntilMicros)
  const name = holderName(holder)
  const common = {
    account: holder.account,
    on: holder.on,
    holder: name === '' ? holder.account : name,
    bucket,
    start_at: instantText(startMicros),
    capacity: String(capacityBase ?? ''),
    exhausted_at: exhaustedAtMicros === null ? '' : instantText(exhaustedAtMicros),
    projected: isProjected ? 'yes' : '',
  }
  let soFar = 0n
  const row = (day: string, drawn: bigint): Row => {
    soFar += drawn
    const left = capacityBase === null ? '' : String(capacityBase > soFar ? capacityBase - soFar : 0n)
    return { ...common, day, drawn, so_far: soFar, left }
  }
  if (beforeBase > 0n) yield row('', beforeBase)
  const drawnOn = [...drawnBase.keys()].sort()
  const [firstDrawn, lastDrawn] = [drawnOn[0] as LocalDate, drawnOn.at(-1) as LocalDate]
  const end = Math.min(knownUntilMicros, untilMicros) - 1
  const dayOf = (micros: number) => days.dayOf(holder.account, micros)
  // A bucket without beginning, or drawn in advance of its days, has those on which it was drawn.
  const first = beforeBase > 0n || !Number.isFinite(startMicros) ? firstDrawn : least(dayOf(startMicros), firstDrawn)
  const last = Number.isFinite(end) && dayOf(end) > lastDrawn ? dayOf(end) : lastDrawn
  for (let day = first; day <= last; day = addDays(day, 1)) yield row(day, drawnBase.get(day) ?? 0n)
}

const least = (a: LocalDate, b: LocalDate): LocalDate => (a < b ? a : b)
