// An explanation as JSON: names in snake_case as in every file, amounts as decimal strings of their currency (`actual` for
// `actualMinor`), usage as strings of base units. Nothing is rounded, and no amount becomes a number.
import { formatAmount, invariant } from '@spillway/core'
import type { EventExplanation } from './event-explanation.ts'
import type { Explanation } from './explanation.ts'

export type JsonValue =
  | string
  | number
  | boolean
  | null
  | ReadonlyArray<JsonValue>
  | { readonly [key: string]: JsonValue }

/** For `JSON.stringify`. */
export function explanationJson(explanation: Explanation | EventExplanation): JsonValue {
  return toJson(explanation, null)
}

/** `currency`: of the nearest object above that names one. */
function toJson(value: unknown, currency: string | null): JsonValue {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map((entry) => toJson(entry, currency))
  if (typeof value !== 'object' || value === null) return value as JsonValue
  const own = 'currency' in value ? String(value.currency) : currency
  return Object.fromEntries(
    Object.entries(value).map(([key, cell]) => {
      if (!key.endsWith('Minor')) return [snakeCase(key), toJson(cell, own)]
      invariant(typeof cell === 'bigint' && own !== null, 'an amount stands under its currency', { key })
      return [snakeCase(key.slice(0, -'Minor'.length)), formatAmount(cell, own)]
    }),
  )
}

function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
