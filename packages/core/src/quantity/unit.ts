// Units of usage and their exact conversion to the base unit of a usage type (spec, money and units, "Quantities").

export const USAGE_TYPES = ['voice', 'data', 'messaging', 'conference', 'storage', 'app', 'event'] as const
export type UsageType = (typeof USAGE_TYPES)[number]

type Dimension = 'bytes' | 'seconds' | 'count' | 'byte-hours'

/** One dimension per usage type, so that a sum over a usage type never adds seconds to messages. App use counts uses. */
const DIMENSION_OF_TYPE: Record<UsageType, Dimension> = {
  voice: 'seconds',
  conference: 'seconds',
  data: 'bytes',
  messaging: 'count',
  event: 'count',
  storage: 'byte-hours',
  app: 'count',
}

/** Each unit's size in base units. Decimal prefixes are powers of 1000, binary ones of 1024; case matters. */
const UNITS: Readonly<Record<string, { dimension: Dimension; size: bigint }>> = {
  B: { dimension: 'bytes', size: 1n },
  kB: { dimension: 'bytes', size: 1000n },
  MB: { dimension: 'bytes', size: 1000n ** 2n },
  GB: { dimension: 'bytes', size: 1000n ** 3n },
  TB: { dimension: 'bytes', size: 1000n ** 4n },
  KiB: { dimension: 'bytes', size: 1024n },
  MiB: { dimension: 'bytes', size: 1024n ** 2n },
  GiB: { dimension: 'bytes', size: 1024n ** 3n },
  TiB: { dimension: 'bytes', size: 1024n ** 4n },
  s: { dimension: 'seconds', size: 1n },
  min: { dimension: 'seconds', size: 60n },
  h: { dimension: 'seconds', size: 3600n },
  count: { dimension: 'count', size: 1n },
  Bh: { dimension: 'byte-hours', size: 1n },
  kBh: { dimension: 'byte-hours', size: 1000n },
  MBh: { dimension: 'byte-hours', size: 1000n ** 2n },
  GBh: { dimension: 'byte-hours', size: 1000n ** 3n },
  TBh: { dimension: 'byte-hours', size: 1000n ** 4n },
}

export const UNIT_NAMES: ReadonlyArray<string> = Object.keys(UNITS)

export type QuantityReading =
  | { readonly ok: true; readonly base: bigint }
  | { readonly ok: false; readonly reason: 'unreadable' | 'unknown-unit' | 'unit-of-other-type' | 'too-large' }

/** A signed 64-bit integer column holds it. */
const BASE_MAX = 2n ** 63n - 1n

/**
 * Turns a decimal text and a unit into base units of the usage type; what does not land on a whole base unit is rounded
 * up, away from zero for a correction (-1.5 B is -2 B), so that a correction takes back exactly what it corrects.
 *
 * `1.5`, `min`, voice is 90n; `3.5`, `GiB`, data is 3758096384n.
 */
export function toBaseUnits(text: string, unit: string, usageType: UsageType): QuantityReading {
  const known = KNOWN_UNITS.get(unit)
  if (!known) return { ok: false, reason: 'unknown-unit' }
  if (DIMENSION_OF_TYPE[usageType] !== known.dimension) return { ok: false, reason: 'unit-of-other-type' }
  const small = smallBaseUnits(text, known.smallSize)
  if (small !== null) return { ok: true, base: small }
  const match = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?$/.exec(text)
  if (!match) return { ok: false, reason: 'unreadable' }
  const fraction = match[3] ?? ''
  const scale = 10n ** BigInt(fraction.length)
  const numerator = BigInt(`${match[2]}${fraction}`) * known.size
  const magnitude = (numerator + scale - 1n) / scale
  if (magnitude > BASE_MAX) return { ok: false, reason: 'too-large' }
  return { ok: true, base: match[1] === '-' ? -magnitude : magnitude }
}

/** The same for a plain number of at most ten characters whose every step stays a safe integer; null for any other text. */
function smallBaseUnits(text: string, size: number): bigint | null {
  const { length } = text
  if (length === 0 || length > 10) return null
  let digits = 0
  let scale = 0
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at)
    if (code >= 0x30 && code <= 0x39) {
      digits = digits * 10 + code - 0x30
      scale *= 10
    } else if (code === POINT && scale === 0 && at > 0 && at < length - 1) scale = 1
    else return null
  }
  if (scale === 0) scale = 1
  const numerator = digits * size
  if (!Number.isSafeInteger(numerator)) return null
  const rest = numerator % scale
  return BigInt((numerator - rest) / scale + (rest === 0 ? 0 : 1))
}

const POINT = 0x2e

const SMALL_SIZE_MAX = 2n ** 31n

/** `smallSize` is NaN where the unit is too large for numbers. */
const KNOWN_UNITS: ReadonlyMap<string, { dimension: Dimension; size: bigint; smallSize: number }> = new Map(
  Object.entries(UNITS).map(([name, { dimension, size }]) => [
    name,
    { dimension, size, smallSize: size > SMALL_SIZE_MAX ? Number.NaN : Number(size) },
  ]),
)

const BASE_UNIT: Record<Dimension, string> = { bytes: 'B', seconds: 's', count: 'count', 'byte-hours': 'Bh' }

/** The base unit's name: `B`, `s`, `count` or `Bh`. */
export function baseUnitOf(usageType: UsageType): string {
  return BASE_UNIT[DIMENSION_OF_TYPE[usageType]]
}

/** The units in which people read a usage type, the largest first, each with its size in base units; none for counts. */
const READABLE_UNITS: Record<Dimension, ReadonlyArray<string>> = {
  bytes: ['TB', 'GB', 'MB', 'kB'],
  seconds: ['min'],
  count: [],
  'byte-hours': ['GBh', 'MBh', 'kBh'],
}

/** `[['TB', 1000000000000n], ['GB', …], …]` for data, `[['min', 60n]]` for voice, `[]` for messaging. */
export function readableUnitsOf(usageType: UsageType): ReadonlyArray<readonly [unit: string, size: bigint]> {
  return READABLE_UNITS[DIMENSION_OF_TYPE[usageType]].map((unit) => [unit, (UNITS[unit] as { size: bigint }).size])
}
