// `kind: RatePlan` (spec, share plans, "Rate plan"): prices by usage class, increments, peak hours.

import { z } from 'zod'
import { writtenDay } from '../../configuration/written.ts'
import { invariant } from '../../invariant.ts'
import { baseUnitOf, type UsageType } from '../../quantity/unit.ts'
import { parseLocalDate } from '../../time/local-date.ts'
import type { Increment, PeakHours, PeakSpan, Rate, RatePlan } from '../rate-plan.ts'
import {
  classMatchDocument,
  issuesOfQuantity,
  quantityOf,
  readQuantity,
  toClassMatch,
  writtenId,
  writtenPrice,
  writtenQuantity,
} from './written-usage.ts'

const rateDocument = z.strictObject({
  ...classMatchDocument.shape,
  product: writtenId.optional(),
  price: writtenPrice,
  per: writtenQuantity,
  increment: z.union([z.string(), z.number()]).optional(),
  minimum: writtenPrice.optional(),
  connection: writtenPrice.optional(),
})
type RateDocument = z.infer<typeof rateDocument>

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
const dayPattern = DAYS.join('|')
const DAY_KEY = new RegExp(`^(${dayPattern})(?:-(${dayPattern}))?$`)
const HOURS = /^([01]\d|2[0-3]):([0-5]\d)-(?:([01]\d|2[0-3]):([0-5]\d)|(24):(00))$/

const writtenHours = z
  .string({ error: 'must be hours such as 07:00-19:00' })
  .regex(HOURS, { error: 'must be hours such as 07:00-19:00' })
const peakDocument = z
  .object({ holidays: z.array(writtenDay).optional() })
  .catchall(z.union([writtenHours, z.array(writtenHours).min(1)]))
  .refine((peak) => dayKeysOf(peak).length > 0, { error: 'must name days, such as mon-fri: 07:00-19:00' })
  .refine((peak) => dayKeysOf(peak).every((key) => DAY_KEY.test(key)), {
    error: `may name only days (${DAYS.join(', ')}), ranges of them such as mon-fri, and holidays`,
  })

export const ratePlanDocument = z.strictObject({
  kind: z.literal('RatePlan'),
  id: writtenId,
  name: z.string().optional(),
  rates: z.array(rateDocument).min(1, { error: 'must have at least one rate' }),
  peak: peakDocument.optional(),
})
export type RatePlanDocument = z.infer<typeof ratePlanDocument>

export function issuesOfRatePlan({ rates, peak }: RatePlanDocument): ReadonlyArray<string> {
  const issues = rates.flatMap((rate, at) => issuesOfRate(rate).map((issue) => `rates[${at}].${issue}`))
  const spans = peak === undefined ? [] : spansOf(peak)
  for (const [at, span] of spans.entries()) {
    const other = spans.findIndex(
      (one) => one.weekday === span.weekday && one.fromMinute < span.untilMinute && span.fromMinute < one.untilMinute,
    )
    if (other < at) issues.push(`peak: says twice that ${DAYS[span.weekday - 1]} has peak hours at the same time`)
  }
  return [...new Set(issues)]
}

function issuesOfRate(rate: RateDocument): ReadonlyArray<string> {
  const usageType = rate['usage-type']
  const per = issuesOfQuantity('per', rate.per, usageType)
  if (per.length === 0 && quantityOf(rate.per, usageType).base === 0n)
    return ['per: must be more than nothing', ...issuesOfIncrement(rate, usageType)]
  return [...per, ...issuesOfIncrement(rate, usageType)]
}

function issuesOfIncrement({ increment }: RateDocument, usageType: UsageType): ReadonlyArray<string> {
  if (increment === undefined || readIncrement(String(increment), usageType) !== null) return []
  const example = baseUnitOf(usageType) === 's' ? '60/60 or 6 s' : 'a block such as 1 kB'
  return [`increment: is ${increment}; write ${example}`]
}

/** `60/60` and `30/6` in seconds; a quantity is a block; null where it is none or nothing. */
function readIncrement(text: string, usageType: UsageType): Increment | null {
  const blocks = /^(\d{1,9})\/(\d{1,9})$/.exec(text)
  if (blocks) {
    const [firstBase, followingBase] = [BigInt(blocks[1] as string), BigInt(blocks[2] as string)]
    const isRight = baseUnitOf(usageType) === 's' && firstBase > 0n && followingBase > 0n
    return isRight ? { text, firstBase, followingBase } : null
  }
  const reading = readQuantity(text, usageType)
  if (!reading.ok || reading.quantity.base === 0n) return null
  return { text, firstBase: reading.quantity.base, followingBase: reading.quantity.base }
}

/** Of a document without issues. */
export function toRatePlan({ id, name, rates, peak }: RatePlanDocument): RatePlan {
  return {
    ratePlan: id,
    name: name ?? '',
    rates: rates.map(toRate),
    peak: peak === undefined ? null : toPeakHours(peak),
  }
}

function toRate(rate: RateDocument): Rate {
  const usageType = rate['usage-type']
  const written = (price: string | number | undefined) => (price === undefined ? null : String(price))
  return {
    match: toClassMatch(rate),
    product: rate.product ?? '',
    price: String(rate.price),
    per: quantityOf(rate.per, usageType),
    increment: rate.increment === undefined ? null : readIncrement(String(rate.increment), usageType),
    minimum: written(rate.minimum),
    connection: written(rate.connection),
  }
}

type PeakDocument = z.infer<typeof peakDocument>

function dayKeysOf(peak: object): string[] {
  return Object.keys(peak).filter((key) => key !== 'holidays')
}

function toPeakHours(peak: PeakDocument): PeakHours {
  const holidays = (peak.holidays ?? []).map((text) => {
    const day = parseLocalDate(text)
    invariant(day, 'a holiday of a checked document is a date', { text })
    return day
  })
  return { spans: spansOf(peak), holidays }
}

/** Hours that end at or before their beginning run over midnight into the next day. */
function spansOf(peak: PeakDocument): PeakSpan[] {
  return dayKeysOf(peak).flatMap((key) => {
    const written = peak[key] as string | string[]
    return weekdaysOf(key).flatMap((weekday) =>
      (typeof written === 'string' ? [written] : written).flatMap((hours) => spanOf(weekday, hours)),
    )
  })
}

const MINUTES_PER_DAY = 1440

function spanOf(weekday: number, hours: string): PeakSpan[] {
  const [from, until] = hours.split('-').map((clock) => {
    const [hour, minute] = clock.split(':').map(Number)
    return (hour as number) * 60 + (minute as number)
  }) as [number, number]
  if (from < until) return [{ weekday, fromMinute: from, untilMinute: until }]
  const evening = { weekday, fromMinute: from, untilMinute: MINUTES_PER_DAY }
  return until === 0 ? [evening] : [evening, { weekday: (weekday % 7) + 1, fromMinute: 0, untilMinute: until }]
}

/** ISO weekdays of `mon-fri` or `sat`; `sat-mon` runs over the end of the week. */
function weekdaysOf(key: string): number[] {
  const [, first = '', last = first] = DAY_KEY.exec(key) ?? []
  const names: ReadonlyArray<string> = DAYS
  const [from, until] = [names.indexOf(first), names.indexOf(last)]
  const count = ((until - from + 7) % 7) + 1
  return Array.from({ length: count }, (_, at) => ((from + at) % 7) + 1)
}
