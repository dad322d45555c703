// Figures as the viewer reads them: their locale, their way to write a currency, their time zone. Amounts come as decimal texts and
// stay texts: a number would round them.
import { baseUnitOf, readableUnitsOf, USAGE_TYPES } from '@spillway/core'
import { createContext, use } from 'react'

export type FormatSettings = {
  /** undefined: the browser's. */
  readonly locale: string | undefined
  readonly timeZone: string | undefined
  readonly currencyDisplay: 'code' | 'symbol'
}

export const FormatContext = createContext<FormatSettings>({
  locale: undefined,
  timeZone: undefined,
  currencyDisplay: 'code',
})

export type Format = {
  /** `950.13` of USD as `USD 950.13`, or as the locale has it. */
  amount(text: string, currency: string): string
  /** Without its currency, where that stands beside. */
  figure(text: string): string
  count(value: number): string
  /** `0.790776384` as 79.1 %. */
  share(text: string): string
  /** A month, `2026-10` as October 2026. */
  period(text: string): string
  periodShort(text: string): string
  date(text: string): string
  /** An instant in the viewer's zone. */
  instant(text: string): string
  /** A time of day somewhere, `2026-10-05T10:00:00`: of no zone, so it is in the viewer's words and not in their zone. */
  wallTime(text: string): string
  /** Base units of a usage type: bytes, seconds, or pieces. */
  usage(text: string, usageType: string): string
  /** The same of a level in a chart, without a decimal that is zero: 1.5 GB, and 2 GB. */
  usageLevel(value: number, usageType: string): string
}

export function useFormat(): Format {
  return formatOf(use(FormatContext))
}

/** A table has hundreds of cells, and the formatters of a locale take a millisecond to make. */
const formats = new WeakMap<FormatSettings, Format>()

function formatOf(settings: FormatSettings): Format {
  return kept(formats, settings, () => makeFormat(settings))
}

export function makeFormat({ locale, timeZone, currencyDisplay }: FormatSettings): Format {
  const currencies = new Map<string, Intl.NumberFormat>()
  const number = (digits: number) =>
    new Intl.NumberFormat(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits })
  const figures = new Map<number, Intl.NumberFormat>()
  const figureOf = (digits: number) => kept(figures, digits, () => number(digits))
  const percent = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  })
  const month = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', timeZone: 'UTC' })
  const monthShort = new Intl.DateTimeFormat(locale, { year: '2-digit', month: 'short', timeZone: 'UTC' })
  const day = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone: 'UTC' })
  const moment = new Intl.DateTimeFormat(locale, {
    dateStyle: 'medium',
    timeStyle: 'short',
    ...(timeZone === undefined ? {} : { timeZone }),
  })
  const clock = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' })
  const currencyOf = (currency: string, digits: number) =>
    kept(
      currencies,
      `${currency} ${digits}`,
      () =>
        new Intl.NumberFormat(locale, {
          ...{ style: 'currency', currency, currencyDisplay },
          ...{ minimumFractionDigits: digits, maximumFractionDigits: digits },
        }),
    )
  const figure = (text: string) => {
    if (!isDecimal(text)) return text
    return figureOf(digitsOf(text)).format(text as Intl.StringNumericLiteral)
  }
  const onDay = (text: string, format: Intl.DateTimeFormat) => {
    const at = new Date(text.length === 7 ? `${text}-01T00:00:00Z` : `${text.slice(0, 10)}T00:00:00Z`)
    return Number.isNaN(at.valueOf()) ? text : format.format(at)
  }
  return {
    amount: (text, currency) => {
      if (!isDecimal(text)) return text
      if (!/^[A-Z]{3}$/.test(currency)) return `${figure(text)} ${currency}`.trim()
      return currencyOf(currency, digitsOf(text)).format(text as Intl.StringNumericLiteral)
    },
    figure,
    count: (value) => figureOf(0).format(value),
    share: (text) => (isDecimal(text) ? percent.format(text as Intl.StringNumericLiteral) : text),
    period: (text) => onDay(text, month),
    periodShort: (text) => onDay(text, monthShort),
    date: (text) => (/^\d{4}-\d\d-\d\d$/.test(text) ? onDay(text, day) : text),
    instant: (text) => {
      const at = new Date(text)
      return Number.isNaN(at.valueOf()) ? text : moment.format(at)
    },
    wallTime: (text) => {
      const at = new Date(`${text}Z`)
      return Number.isNaN(at.valueOf()) ? text : clock.format(at)
    },
    usage: (text, usageType) => usageText(text, { usageType, figureOf, decimals: 1 }),
    usageLevel: (value, usageType) =>
      usageText(String(Math.round(value)), { usageType, figureOf, decimals: 'where needed' }),
  }
}

type Keeping<K, V> = { get(key: K): V | undefined; set(key: K, value: V): unknown }

function kept<K, V>(map: Keeping<K, V>, key: K, make: () => V): V {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}

const isDecimal = (text: string) => /^-?\d+(?:\.\d+)?$/.test(text)
const digitsOf = (text: string) => Math.min(20, text.split('.')[1]?.length ?? 0)

/** Base units in the least unit that a person reads of a usage type: 60 of voice, which is counted in seconds. */
export function levelUnitOf(usageType: string): number {
  const known = typeOf(usageType)
  return known === undefined ? 1 : Number(readableUnitsOf(known).at(-1)?.[1] ?? 1n)
}

const typeOf = (usageType: string) => USAGE_TYPES.find((one) => one === usageType.split('/')[0])

/** To one decimal of the largest unit that it fills, half away from zero, as the command line draws it in a table. */
function usageText(
  text: string,
  {
    usageType,
    figureOf,
    decimals,
  }: { usageType: string; figureOf: (digits: number) => Intl.NumberFormat; decimals: 1 | 'where needed' },
): string {
  const known = typeOf(usageType)
  if (known === undefined || !/^-?\d+$/.test(text)) return text
  const base = BigInt(text)
  const magnitude = base < 0n ? -base : base
  const sign = base < 0n ? '-' : ''
  const scale = readableUnitsOf(known).find(([, size]) => magnitude >= size)
  const unit = baseUnitOf(known)
  if (!scale) return `${figureOf(0).format(base)}${unit === 'count' ? '' : ` ${unit}`}`
  const [name, size] = scale
  const tenths = (magnitude * 20n + size) / (size * 2n)
  const digits = decimals === 1 || tenths % 10n !== 0n ? 1 : 0
  return `${figureOf(digits).format(`${sign}${tenths / 10n}.${tenths % 10n}` as Intl.StringNumericLiteral)} ${name}`
}
