// The lines of a statement in one currency: a header that is repeated on every page, rows that are never torn, a subtotal
// below each service with several lines, the total at the end.
import type { ActualAndAdjusted, StatementLine, StatementSection, StatementService } from '@spillway/core'
import type { Content, TableCell } from 'pdfmake'
import { amountText } from './amount-text.ts'
import type { PaperText } from './paper-text.ts'
import { serviceCell } from './service-cell.ts'
import { amountColumns, rowsLayout } from './statement-style.ts'

const HEADER_ROWS = 2

type ChargeOptions = { readonly width: number; readonly text: PaperText }

export function chargeTable(section: StatementSection, { width, text }: ChargeOptions): Content[] {
  const { currency, services } = section
  const amounts = (of: ActualAndAdjusted) =>
    [of.actualMinor, of.adjustedMinor, of.adjustedMinor - of.actualMinor].map((minor) => amountText(minor, currency))
  const total = amounts(section)
  const { fontSize, widths } = amountColumns({
    // Subtotals and lines of either sign can be longer than the total.
    columns: columnsOf([section, ...services, ...services.flatMap(({ lines }) => lines)].map(amounts)),
    widthMin: 58,
    room: width * 0.45,
  })
  const texts = width - widths.reduce((sum, one) => sum + one, 0) - 5 * 10
  const [vendor, category] = [texts * 0.22, texts * 0.34]
  const body: TableCell[][] = []
  const groupStarts = new Set<number>()
  for (const service of services) {
    groupStarts.add(body.length + HEADER_ROWS)
    body.push(...serviceRows(service, { amounts, fontSize, text }))
  }
  return [
    {
      table: {
        headerRows: HEADER_ROWS,
        dontBreakRows: true,
        keepWithHeaderRows: 1,
        widths: [texts - vendor - category, vendor, category, ...widths],
        body: [
          // In the table, so that it is never left behind at the foot of a page, and is repeated with the header.
          [{ text: `Charges in ${currency}`, style: 'heading', colSpan: 6 }, '', '', '', '', ''],
          [
            ...['Service', 'Vendor', 'Category'].map((title) => ({ text: title, style: 'head' })),
            ...['Actual', 'Adjusted', 'Difference'].map((title) => ({
              text: title,
              style: 'head',
              alignment: 'right' as const,
            })),
          ],
          ...body,
          boldRow(`Total ${currency}`, { amounts: total, fontSize }),
        ],
      },
      layout: rowsLayout({ headerRows: HEADER_ROWS, groupStarts, totalRow: body.length + HEADER_ROWS }),
    },
  ]
}

/** Cells row by row as cells column by column. */
function columnsOf(rows: ReadonlyArray<ReadonlyArray<string>>): string[][] {
  return [0, 1, 2].map((column) => rows.map((row) => row[column] ?? ''))
}

type RowOptions = {
  readonly amounts: (of: ActualAndAdjusted) => string[]
  readonly fontSize: number
  readonly text: PaperText
}

function serviceRows(service: StatementService, { amounts, fontSize, text }: RowOptions): TableCell[][] {
  const rows = service.lines.map((line, index): TableCell[] => [
    index === 0 ? serviceCell({ ...service, text }) : { text: shortened(keyText(service, text)), style: 'quiet' },
    { text: text.of(line.vendor) },
    { text: text.of(categoryText(line)) },
    ...amounts(line).map((amount) => ({ text: amount, fontSize, alignment: 'right' as const })),
  ])
  if (rows.length < 2) return rows
  return [...rows, boldRow(`Subtotal ${keyText(service, text)}`, { amounts: amounts(service), fontSize })]
}

const KEY_MAX = 28

function shortened(key: string): string {
  return key.length > KEY_MAX ? `${key.slice(0, KEY_MAX - 1)}…` : key
}

/** On every line, in grey, so that a line on the next page says whose it is. */
function keyText({ service }: StatementService, text: PaperText): string {
  return service === '' ? 'no service' : text.of(service)
}

function boldRow(
  title: string,
  { amounts, fontSize }: { readonly amounts: ReadonlyArray<string>; readonly fontSize: number },
): TableCell[] {
  return [
    { text: title, bold: true, colSpan: 3 },
    '',
    '',
    ...amounts.map((amount) => ({ text: amount, bold: true, fontSize, alignment: 'right' as const })),
  ]
}

/** `overage · data`, `access · data, unallocated`. */
function categoryText({ category, usageType, flag }: StatementLine): string {
  return `${[category, usageType].filter((word) => word !== '').join(' · ')}${flag === '' ? '' : `, ${flag}`}`
}
