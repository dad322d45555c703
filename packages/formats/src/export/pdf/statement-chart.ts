// Thirteen months as bars: adjusted filled, actual beside it as an outline, so that a black and white copy says the same. A
// month that was not closed is a gap with a dash. Shapes are vectors and words are text of the page: an SVG would open the
// font anew for every word in it. Draws figures alone; nothing from outside stands in it.
import { chartScale, formatAmount, groupDigits, minorDigitsOf, positionOn, type StatementSection } from '@spillway/core'
import type { Content } from 'pdfmake'
import { monthAbbreviation } from './month-text.ts'

/** Points from the top of the legend. */
const PLOT = { top: 22, bottom: 102 }
const BELOW = 22
const FONT_SIZE = 7
/** From the top of a line of text to the middle of its digits. */
const MIDDLE = 4.4
/** Of the labels of the axis. */
const CHARACTER_WIDTH = 3.95
const INK = '#1a1a1a'
const FAINT = '#cfcfcf'
const PAPER = '#ffffff'

type Shape = Extract<Content, { canvas: unknown }>['canvas'][number]
type Chart = { readonly section: StatementSection; readonly width: number }
type Drawing = { readonly shapes: Shape[]; readonly words: Content[] }

/** What stands in a stack, `width` points wide; the legend is its first line. */
export function drawMonths({ section, width }: Chart): Content[] {
  const { months, currency } = section
  const amounts = months.flatMap(({ amounts: both }) => (both ? [both.actualMinor, both.adjustedMinor] : []))
  const scale = chartScale(amounts, { steps: 4 })
  const heightOf = (minor: bigint) => PLOT.bottom - positionOn(scale, minor) * (PLOT.bottom - PLOT.top)
  const ticks = scale.ticksMinor.map((tick) => tickText(tick, currency))
  const axis = 8 + CHARACTER_WIDTH * Math.max(9, ...ticks.map((text) => text.length))
  const drawing: Drawing = { shapes: [], words: [] }
  drawLegend(drawing, { section, width })
  for (const [index, tick] of scale.ticksMinor.entries()) {
    const y = heightOf(tick)
    const isZero = tick === 0n
    drawing.shapes.push(line({ x1: axis, x2: width, y, ink: isZero ? INK : FAINT, thick: isZero ? 0.8 : 0.4 }))
    drawing.words.push(words({ x: 0, y: y - MIDDLE, width: axis - 5, text: ticks[index] ?? '', alignment: 'right' }))
  }
  const slot = (width - axis) / months.length
  for (const [index, { period, amounts: both }] of months.entries()) {
    const left = axis + index * slot
    const isLast = index === months.length - 1
    const label = { x: left, width: slot, alignment: 'center', bold: isLast } as const
    drawing.words.push(words({ ...label, y: PLOT.bottom + 4, text: monthAbbreviation(period) }))
    if (index === 0 || isLast || period.endsWith('-01'))
      drawing.words.push(words({ ...label, y: PLOT.bottom + 12, text: period.slice(0, 4) }))
    if (!both) {
      drawing.words.push(words({ ...label, y: heightOf(0n) - 10, text: '–' }))
      continue
    }
    const zero = heightOf(0n)
    drawing.shapes.push(
      ...bar({ x: left + slot * 0.16, width: slot * 0.4, from: zero, to: heightOf(both.adjustedMinor), fill: INK }),
      ...bar({ x: left + slot * 0.58, width: slot * 0.24, from: zero, to: heightOf(both.actualMinor), fill: PAPER }),
    )
  }
  return [...drawing.words, { canvas: drawing.shapes, margin: [0, 0, 0, BELOW] }]
}

function drawLegend({ shapes, words: said }: Drawing, { section, width }: Chart): void {
  const hasGap = section.months.some(({ amounts }) => amounts === null)
  const left = width - (hasGap ? 184 : 94)
  shapes.push(...bar({ x: left, width: 9, from: 9, to: 2, fill: INK }))
  shapes.push(...bar({ x: left + 58, width: 9, from: 9, to: 2, fill: PAPER }))
  said.push(words({ x: left + 13, y: 1.2, width: 44, text: 'Adjusted', alignment: 'left' }))
  said.push(words({ x: left + 71, y: 1.2, width: 30, text: 'Actual', alignment: 'left' }))
  if (hasGap) said.push(words({ x: width - 80, y: 1.2, width: 80, text: '–  month not closed', alignment: 'right' }))
}

/** Whole units where a step is whole; the steps of the axis are round, so nothing is cut that is not zero. */
function tickText(tick: bigint, currency: string): string {
  const unit = 10n ** BigInt(minorDigitsOf(currency))
  const text = formatAmount(tick, currency)
  return groupDigits(tick % unit === 0n && text.includes('.') ? text.slice(0, text.indexOf('.')) : text)
}

type Bar = {
  readonly x: number
  readonly width: number
  readonly from: number
  readonly to: number
  readonly fill: string
}

/** Nothing at all where there is nothing: the zero line stands for it. */
function bar({ x, width, from, to, fill }: Bar): Shape[] {
  const h = Math.abs(from - to)
  if (h < 0.05) return []
  return [{ type: 'rect', x, y: Math.min(from, to), w: width, h, color: fill, lineColor: INK, lineWidth: 0.6 }]
}

type Line = {
  readonly x1: number
  readonly x2: number
  readonly y: number
  readonly ink: string
  readonly thick: number
}

function line({ x1, x2, y, ink, thick }: Line): Shape {
  return { type: 'line', x1, x2, y1: y, y2: y, lineColor: ink, lineWidth: thick }
}

type Words = {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly text: string
  readonly alignment: 'left' | 'center' | 'right'
  readonly bold?: boolean
}

/** Text at a place of the chart; it takes no room of the page. */
function words({ x, y, width, text, alignment, bold = false }: Words): Content {
  return { relativePosition: { x, y }, columns: [{ width, text, alignment, bold, fontSize: FONT_SIZE }] }
}
