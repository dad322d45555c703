// The tables of a statement's first page: totals in both views, what moved, and what was used.
import {
  baseUnitOf,
  formatUsage,
  type Mover,
  type Statement,
  type StatementSection,
  type UsageType,
} from '@spillway/core'
import type { Content, TableCell } from 'pdfmake'
import { amountText } from './amount-text.ts'
import { monthAbbreviation, monthText } from './month-text.ts'
import type { PaperText } from './paper-text.ts'
import { serviceCell } from './service-cell.ts'
import { amountColumns, FONT_SIZE, fittingSize, rowsLayout } from './statement-style.ts'

/** More rows than this may go over a page. */
const TOGETHER_MAX = 24

const right = (text: string, fontSize = FONT_SIZE): TableCell => ({ text, fontSize, alignment: 'right' })
const head = (text: string): TableCell => ({ text, style: 'head' })
const headRight = (text: string): TableCell => ({ text, style: 'head', alignment: 'right' })

/** One row per currency; they are never added to each other. */
export function totalsTable({ sections, heading }: Statement, { width }: { readonly width: number }): Content {
  if (sections.length === 0) return { text: `No charges in ${monthText(heading.period.name)}.`, bold: true }
  const before = sections[0]?.months.at(-2)?.period ?? ''
  const rows = sections.map(totalTexts)
  const first = 40
  const rest = (width - first - 10 * 5) / 5
  const fontSize = fittingSize(rows.flat(), { width: rest, fontSize: 12 })
  return {
    table: {
      headerRows: 1,
      dontBreakRows: true,
      widths: [first, rest, rest, rest, rest, rest],
      body: [
        [
          head('Currency'),
          headRight('Actual'),
          headRight('Adjusted'),
          headRight('Difference'),
          headRight(`Adjusted ${monthAbbreviation(before)} ${before.slice(0, 4)}`),
          headRight('Change'),
        ],
        ...sections.map(({ currency }, index): TableCell[] => [
          { text: currency, fontSize, bold: true },
          ...(rows[index] ?? []).map((text, column) => ({
            text,
            alignment: 'right' as const,
            fontSize: /\d/.test(text) ? fontSize : FONT_SIZE,
            bold: column === ADJUSTED,
          })),
        ]),
      ],
    },
    layout: rowsLayout({ groupStarts: new Set() }),
  }
}

const ADJUSTED = 1

/** Actual, adjusted, their difference, adjusted of the month before, and the change since. */
function totalTexts({ currency, actualMinor, adjustedMinor, months }: StatementSection): string[] {
  const earlier = months.at(-2)?.amounts?.adjustedMinor
  const text = (minor: bigint) => amountText(minor, currency)
  const now = [actualMinor, adjustedMinor, adjustedMinor - actualMinor].map(text)
  return [...now, ...(earlier === undefined ? ['not closed', ''] : [earlier, adjustedMinor - earlier].map(text))]
}

/** The largest changes of adjusted, or why they are not known. */
export function moversTable(
  { heading }: Statement,
  { section, width, text }: { readonly section: StatementSection; readonly width: number; readonly text: PaperText },
): Content[] {
  const { movers, currency, months } = section
  const earlier = monthText(months.at(-2)?.period ?? '')
  const title: Content = { text: `Largest changes since ${earlier}, ${currency} adjusted`, style: 'heading' }
  if (movers === null) return [together([title, { text: `${earlier} has not been closed.` }])]
  if (movers.length === 0) return [together([title, { text: 'Nothing changed.' }])]
  const amounts = movers.map((mover) =>
    [mover.beforeMinor, mover.nowMinor, mover.changeMinor].map((minor) => amountText(minor, currency)),
  )
  const { fontSize, widths } = amountColumns({
    columns: [0, 1, 2].map((column) => amounts.map((row) => row[column] ?? '')),
    widthMin: 72,
    room: width * 0.6,
  })
  const rows = movers.map((mover, index): TableCell[] => [
    serviceCell({ service: mover.key, name: mover.name, note: noteOf(mover), text }),
    ...(amounts[index] ?? []).map((amount) => right(amount, fontSize)),
  ])
  return [
    together([
      title,
      {
        table: {
          headerRows: 1,
          dontBreakRows: true,
          widths: [width - widths.reduce((sum, one) => sum + one, 0) - 3 * 10, ...widths],
          body: [
            [head('Service'), ...[earlier, monthText(heading.period.name)].map(headRight), headRight('Change')],
            ...rows,
          ],
        },
        layout: rowsLayout(),
      },
    ]),
  ]
}

function noteOf({ hasStarted, hasEnded }: Mover): string {
  return hasStarted ? 'new' : hasEnded ? 'ended' : ''
}

/** On one page, heading and all: for what is short. */
function together(stack: Content[]): Content {
  return { unbreakable: true, stack }
}

/** Exact: 63646n of voice is `1,060 min 46 s`; what is not time stands in the largest unit that it fills. */
function quantityText(base: bigint, usageType: UsageType): string {
  const magnitude = base < 0n ? -base : base
  const rest = magnitude % 60n
  if (baseUnitOf(usageType) !== 's' || rest === 0n || magnitude < 60n) return formatUsage(base, usageType)
  return `${base < 0n ? '-' : ''}${formatUsage(magnitude - rest, usageType)} ${rest} s`
}

/** What was used, by class. */
export function usageTable({ usage }: Statement, { width }: { readonly width: number }): Content[] {
  if (usage.length === 0) return []
  const rows = usage.map(({ usageClass, usageType, quantityBase, services }): TableCell[] => [
    { text: usageClass.split('/').join(' · ') },
    right(String(services)),
    right(quantityText(quantityBase, usageType)),
  ])
  const table: Content[] = [
    { text: 'Usage', style: 'heading' },
    {
      table: {
        headerRows: 1,
        dontBreakRows: true,
        keepWithHeaderRows: 1,
        widths: [width - 60 - 120 - 20, 60, 120],
        body: [[head('Class'), headRight('Services'), headRight('Quantity')], ...rows],
      },
      layout: rowsLayout(),
    },
  ]
  return rows.length > TOGETHER_MAX ? table : [together(table)]
}
