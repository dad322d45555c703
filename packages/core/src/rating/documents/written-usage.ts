// The cells that only the provider's documents have: quantities with their unit, moments, usage classes, lives of buckets.

import { z } from 'zod'
import { writtenDecimal, writtenText } from '../../configuration/written.ts'
import { parseTimestamp } from '../../facts/read-timestamp.ts'
import { NETWORKS, TIME_BANDS, ZONES } from '../../facts/words.ts'
import { invariant } from '../../invariant.ts'
import { baseUnitOf, toBaseUnits, USAGE_TYPES, type UsageType } from '../../quantity/unit.ts'
import { parseLocalDate } from '../../time/local-date.ts'
import { BUCKET_LIVES, type BucketLife } from '../bucket.ts'
import type { Moment } from '../moment.ts'
import type { Quantity } from '../quantity-said.ts'
import type { ClassMatch } from '../usage-class.ts'

const QUANTITY = /^(\d+(?:\.\d+)?)(?: ?([A-Za-z]+))?$/

/** `100 MB`, `90 min`; of what is only counted, a plain number. */
export const writtenQuantity = z
  .union([z.string(), z.number()], { error: 'must be a quantity such as 100 MB' })
  .refine((value) => QUANTITY.test(String(value)), { error: 'must be a quantity such as 100 MB' })
export type WrittenQuantity = z.infer<typeof writtenQuantity>

/** An instant with its offset, or a local day. */
export const writtenMoment = z.string({ error: 'must be an instant or a date' }).superRefine((value, context) => {
  if (readMoment(value) !== null) return
  const message = `is ${value}; write an instant with its offset, such as 2026-10-15T12:00:00Z, or a date`
  context.addIssue({ code: 'custom', message })
})

export const classMatchDocument = z.strictObject({
  'usage-type': z.enum(USAGE_TYPES),
  zone: z.enum(ZONES).optional(),
  'time-band': z.enum(TIME_BANDS).optional(),
  network: z.enum(NETWORKS).optional(),
})
export type ClassMatchDocument = z.infer<typeof classMatchDocument>

export const acceptsDocument = z.array(classMatchDocument).min(1, { error: 'must name at least one usage class' })

/** Keys of a bucket that say how long it lives. */
export const lifeKeys = {
  life: z.enum(BUCKET_LIVES),
  from: writtenMoment.optional(),
  until: writtenMoment.optional(),
  periods: z.int({ error: 'must be a whole number' }).positive({ error: 'must be at least 1' }).optional(),
  'at-most': writtenQuantity.optional(),
}
export type LifeDocument = z.infer<z.ZodObject<typeof lifeKeys>>

export const writtenId = writtenText.refine((id) => id.trim() === id, { error: 'must not begin or end with a blank' })

/** An amount of money; which currency it is in, and so how many decimals it may have, the account says. */
export const writtenPrice = writtenDecimal.refine((value) => (String(value).split('.')[1] ?? '').length <= PLACES_MAX, {
  error: 'has more than 9 decimals',
})
const PLACES_MAX = 9

export type QuantityReading =
  | { readonly ok: true; readonly quantity: Quantity }
  | { readonly ok: false; readonly message: string }

/** `100 MB` of data is 100000000 bytes; `3` messages need no unit. The message follows the name of the key. */
export function readQuantity(written: WrittenQuantity, usageType: UsageType): QuantityReading {
  const text = String(written)
  const [, digits = '', unit = baseUnitOf(usageType)] = QUANTITY.exec(text) ?? []
  const hasUnit = /[A-Za-z]$/.test(text)
  if (!hasUnit && baseUnitOf(usageType) !== 'count')
    return { ok: false, message: `is ${text} without a unit; write it as 100 ${baseUnitOf(usageType)}` }
  const reading = toBaseUnits(digits, unit, usageType)
  if (reading.ok) return { ok: true, quantity: { text, base: reading.base } }
  const why = reading.reason === 'too-large' ? 'is more than can be counted' : `is no quantity of ${usageType}`
  return { ok: false, message: `is ${text}, which ${why}` }
}

/** A quantity that was read before, when its document was checked. */
export function quantityOf(written: WrittenQuantity, usageType: UsageType): Quantity {
  const reading = readQuantity(written, usageType)
  invariant(reading.ok, 'a quantity of a checked document can be read', { written, usageType })
  return reading.quantity
}

/** What is wrong with a quantity, after the name of its key. */
export function issuesOfQuantity(
  key: string,
  written: WrittenQuantity | undefined,
  usageType: UsageType,
): ReadonlyArray<string> {
  if (written === undefined) return []
  const reading = readQuantity(written, usageType)
  return reading.ok ? [] : [`${key}: ${reading.message}`]
}

/** null where it is neither an instant nor a date. */
export function readMoment(written: string): Moment | null {
  const on = parseLocalDate(written)
  if (on !== null) return { kind: 'date', on }
  const timestamp = parseTimestamp(written)
  return timestamp === null || timestamp.isWallTime ? null : { kind: 'instant', micros: timestamp.micros }
}

/** `2026-10-15`, or the instant in UTC: `2026-10-15T12:00:00Z`. */
export function formatMoment(moment: Moment): string {
  if (moment.kind === 'date') return moment.on
  const whole = new Date(Math.floor(moment.micros / MICROS_PER_SECOND) * 1000).toISOString().slice(0, 19)
  const micros = ((moment.micros % MICROS_PER_SECOND) + MICROS_PER_SECOND) % MICROS_PER_SECOND
  return micros === 0 ? `${whole}Z` : `${whole}.${String(micros).padStart(6, '0')}Z`
}

const MICROS_PER_SECOND = 1_000_000

export function toClassMatch(match: ClassMatchDocument): ClassMatch {
  return {
    usageType: match['usage-type'],
    zone: match.zone ?? null,
    timeBand: match['time-band'] ?? null,
    network: match.network ?? null,
  }
}

/** The one usage type by which quantities are read; null where types of several units stand together. */
export function commonUsageType(accepts: ReadonlyArray<ClassMatch>): UsageType | null {
  const [first] = accepts
  if (!first) return null
  return accepts.every(({ usageType }) => baseUnitOf(usageType) === baseUnitOf(first.usageType))
    ? first.usageType
    : null
}

/** What is wrong with the keys of a life, each under the key that it stands at. */
export function issuesOfLife(document: LifeDocument): ReadonlyArray<string> {
  const issues: string[] = []
  const { life, from, until, periods } = document
  if (life !== 'one-time' && (from !== undefined || until !== undefined))
    issues.push(`${from === undefined ? 'until' : 'from'}: needs life one-time, and the life is ${life}`)
  if (life !== 'recurring-rollover') {
    if (periods !== undefined) issues.push(`periods: needs life recurring-rollover, and the life is ${life}`)
    if (document['at-most'] !== undefined)
      issues.push(`at-most: needs life recurring-rollover, and the life is ${life}`)
  } else if (periods === undefined)
    issues.push('periods: must be given: into how many periods is the rest carried over?')
  if (from !== undefined && until !== undefined && isBackwards(from, until))
    issues.push(`until: is ${until}, which is not after from (${from}); until is exclusive`)
  return issues
}

/** Two dates or two instants that do not run forward; a date beside an instant depends on the account's zone. */
export function isBackwards(from: string, until: string): boolean {
  const [start, end] = [readMoment(from), readMoment(until)]
  if (start?.kind === 'instant' && end?.kind === 'instant') return end.micros <= start.micros
  return start?.kind === 'date' && end?.kind === 'date' && end.on <= start.on
}

/** Of a document that was checked. */
export function toLife(document: LifeDocument, usageType: UsageType): BucketLife {
  const moment = (text: string | undefined) => (text === undefined ? null : readMoment(text))
  switch (document.life) {
    case 'one-time':
      return { life: 'one-time', from: moment(document.from), until: moment(document.until) }
    case 'recurring':
      return { life: 'recurring' }
    case 'recurring-rollover': {
      const most = document['at-most']
      return {
        life: 'recurring-rollover',
        periods: document.periods as number,
        atMost: most === undefined ? null : quantityOf(most, usageType),
      }
    }
  }
}
