// Thirteen months as bars: adjusted filled, actual beside it as an outline, so that a black and white copy says the same. A
// month that was not closed is a gap with a dash. Draws figures alone; nothing from outside stands in it.
import { chartScale, formatAmount, groupDigits, minorDigitsOf, positionOn, type StatementSection } from '@spillway/core'
import { monthAbbreviation } from './month-text.ts'

const HEIGHT = 124
const PLOT = { top: 22, bottom: 102 }
/** Of the labels of the axis, in points. */
const CHARACTER_WIDTH = 3.95
const FONT_SIZE = 7
const INK = '#1a1a1a'
const FAINT = '#cfcfcf'

type Bars = { readonly section: StatementSection; readonly width: number }

/** An SVG of `width` points. */
export function drawMonths({ section, width }: Bars): string {
  const amounts = section.months.flatMap(({ amounts: both }) => (both ? [both.actualMinor, both.adjustedMinor] : []))
  const scale = chartScale(amounts, { steps: 4 })
  const heightOf = (minor: bigint) => PLOT.bottom - positionOn(scale, minor) * (PLOT.bottom - PLOT.top)
  const ticks = scale.ticksMinor.map((tick) => tickText(tick, section.currency))
  const axis = 8 + CHARACTER_WIDTH * Math.max(9, ...ticks.map((text) => text.length))
  const parts = [legend({ section, width })]
  for (const [index, tick] of scale.ticksMinor.entries()) {
    const y = heightOf(tick)
    parts.push(line({ x1: axis, x2: width, y, ink: tick === 0n ? INK : FAINT, thick: tick === 0n ? 0.8 : 0.4 }))
    parts.push(words({ x: axis - 5, y: y + 2.5, text: ticks[index] ?? '', anchor: 'end' }))
  }
  const slot = (width - axis) / section.months.length
  for (const [index, { period, amounts: both }] of section.months.entries()) {
    const left = axis + index * slot
    const isLast = index === section.months.length - 1
    parts.push(
      monthLabel({ period, middle: left + slot / 2, isLast, showsYear: index === 0 || period.endsWith('-01') }),
    )
    if (!both) {
      parts.push(words({ x: left + slot / 2, y: heightOf(0n) - 3, text: '–', anchor: 'middle' }))
      continue
    }
    parts.push(
      bar({
        x: left + slot * 0.16,
        width: slot * 0.4,
        from: heightOf(0n),
        to: heightOf(both.adjustedMinor),
        fill: INK,
      }),
      bar({
        x: left + slot * 0.6,
        width: slot * 0.24,
        from: heightOf(0n),
        to: heightOf(both.actualMinor),
        fill: '#ffffff',
      }),
    )
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${number(width)}" height="${HEIGHT}" viewBox="0 0 ${number(width)} ${HEIGHT}">${parts.join('')}</svg>`
}

function legend({ section, width }: Bars): string {
  const hasGap = section.months.some(({ amounts }) => amounts === null)
  const left = width - (hasGap ? 196 : 98)
  return [
    bar({ x: left, width: 9, from: 9, to: 2, fill: INK }),
    words({ x: left + 13, y: 8.5, text: 'Adjusted', anchor: 'start' }),
    bar({ x: left + 58, width: 9, from: 9, to: 2, fill: '#ffffff' }),
    words({ x: left + 71, y: 8.5, text: 'Actual', anchor: 'start' }),
    hasGap ? words({ x: width, y: 8.5, text: '–  month not closed', anchor: 'end' }) : '',
  ].join('')
}

/** Whole units where all steps are whole; amounts of the axis are round, so nothing is cut that is not zero. */
function tickText(tick: bigint, currency: string): string {
  const unit = 10n ** BigInt(minorDigitsOf(currency))
  const text = formatAmount(tick, currency)
  return groupDigits(tick % unit === 0n && text.includes('.') ? text.slice(0, text.indexOf('.')) : text)
}

type MonthLabel = {
  readonly period: string
  readonly middle: number
  readonly isLast: boolean
  readonly showsYear: boolean
}

function monthLabel({ period, middle, isLast, showsYear }: MonthLabel): string {
  const name = monthAbbreviation(period)
  const month = words({ x: middle, y: PLOT.bottom + 11, text: name, anchor: 'middle', isBold: isLast })
  if (!showsYear && !isLast) return month
  return month + words({ x: middle, y: PLOT.bottom + 20, text: period.slice(0, 4), anchor: 'middle', isBold: isLast })
}

type Bar = {
  readonly x: number
  readonly width: number
  readonly from: number
  readonly to: number
  readonly fill: string
}

/** Nothing at all where there is nothing: the zero line stands for it. */
function bar({ x, width, from, to, fill }: Bar): string {
  const height = Math.abs(from - to)
  if (height < 0.05) return ''
  return `<rect x="${number(x)}" y="${number(Math.min(from, to))}" width="${number(width)}" height="${number(height)}" fill="${fill}" stroke="${INK}" stroke-width="0.6"/>`
}

type Line = {
  readonly x1: number
  readonly x2: number
  readonly y: number
  readonly ink: string
  readonly thick: number
}

function line({ x1, x2, y, ink, thick }: Line): string {
  return `<line x1="${number(x1)}" y1="${number(y)}" x2="${number(x2)}" y2="${number(y)}" stroke="${ink}" stroke-width="${thick}"/>`
}

type Words = {
  readonly x: number
  readonly y: number
  readonly text: string
  readonly anchor: 'start' | 'middle' | 'end'
  readonly isBold?: boolean
}

function words({ x, y, text, anchor, isBold = false }: Words): string {
  const weight = isBold ? ' font-weight="bold"' : ''
  return `<text x="${number(x)}" y="${number(y)}" font-family="Roboto" font-size="${FONT_SIZE}" fill="${INK}" text-anchor="${anchor}"${weight}>${text}</text>`
}

const number = (value: number) => String(Math.round(value * 100) / 100)
