// A bill as PDF: who bills whom, what for and how much, then every section. Any number of pages, each with what is carried over
// it and its number of how many. The same bill is the same bytes on every machine and day.
import { addDays, type Bill, type BillHeading } from '@spillway/core'
import type { Content, createPdf, TableCell } from 'pdfmake'
import { amountText } from './amount-text.ts'
import { type LedgerPage, type LedgerRow, ledgerRows, PAPER_LIMITS, type PaperLimits, toPages } from './bill-ledger.ts'
import { cutToWidth } from './cut-text.ts'
import type { EncodedStatement } from './encode-statement.ts'
import { loadPdfmake } from './load-pdfmake.ts'
import { type Logo, readLogo } from './logo.ts'
import { type PaperText, paperText } from './paper-text.ts'
import { contentWidth, FONT, FONT_SIZE, MARGIN, PAPERS, type Paper, STYLES } from './statement-style.ts'

type DocumentDefinition = Parameters<typeof createPdf>[0]

export type BillPaper = {
  readonly paper: Paper
  /** The bytes of the account's picture, where it has one. */
  readonly logo?: Uint8Array | undefined
  /** Lower in tests. */
  readonly limits?: PaperLimits | undefined
}

/** @throws Refusal `bad-configuration` for a logo that is no small, whole PNG or JPEG. */
export async function encodeBillPdf(bill: Bill, options: BillPaper): Promise<EncodedStatement> {
  const { pdfmake, characters } = await loadPdfmake()
  const text = paperText(characters)
  const logo = options.logo && readLogo(options.logo)
  const rows = await ledgerRows(bill, options.limits ?? PAPER_LIMITS)
  const definition = documentOf(bill, { ...options, text, logo, rows })
  return { bytes: await pdfmake.createPdf(definition).getBuffer(), missingCharacters: text.missing() }
}

type DocumentOf = {
  readonly paper: Paper
  readonly text: PaperText
  readonly logo: Logo | undefined
  readonly rows: ReadonlyArray<LedgerRow>
}

const ROW_HEIGHT = 13
const ROW_PADDING = 1.8
const HEADING_HEIGHT = 204
const LOGO_FIT: [number, number] = [150, 54]
/** Rows that a page could have had more: type is measured by the library, rows are counted here. */
const SPARE_ROWS = 2

function documentOf(bill: Bill, { paper, text, logo, rows }: DocumentOf): DocumentDefinition {
  const { heading } = bill
  const { width, height } = PAPERS[paper]
  const room = height - MARGIN.top - MARGIN.bottom
  const pages = toPages(rows, {
    first: Math.floor((room - HEADING_HEIGHT) / ROW_HEIGHT) - SPARE_ROWS,
    other: Math.floor(room / ROW_HEIGHT) - SPARE_ROWS,
    currency: heading.currency,
  })
  const title = `Bill ${text.of(heading.number)}`
  return {
    pageSize: { width, height },
    pageMargins: [MARGIN.side, MARGIN.top, MARGIN.side, MARGIN.bottom],
    defaultStyle: { font: FONT, fontSize: FONT_SIZE, lineHeight: 1.15 },
    styles: STYLES,
    info: {
      title,
      author: text.of(heading.provider),
      subject: `Run ${heading.run}`,
      ...{ creator: 'Spillway', producer: 'Spillway', creationDate: new Date(heading.closedAt) },
    },
    header: (page) => runningHeader(heading, { isFirst: page === 1, title, text }),
    footer: (page, count) => runningFooter(heading, { page, count }),
    content: [
      headingBlock(bill, { paper, text, logo }),
      ...pages.map((page, index) => pageTable(page, { paper, text, isFirst: index === 0 })),
    ],
  }
}

const STATE_TEXT = { draft: 'DRAFT: not published, may change', issued: '', void: 'VOID' } as const

function headingBlock(bill: Bill, { paper, text, logo }: Omit<DocumentOf, 'rows'>): Content {
  const { heading, amounts } = bill
  const half = contentWidth(paper) / 2 - 20
  const one = (line: string, fontSize = FONT_SIZE) => cutToWidth(text.of(line), { width: half, fontSize })
  const picture: Content[] = logo ? [{ image: logo.dataUrl, fit: LOGO_FIT, margin: [0, 0, 0, 6] }] : []
  const name = heading.name === '' ? heading.account : heading.name
  const money = (minor: bigint) => amountText(minor, heading.currency)
  const sums = [
    ['Recurring charges', amounts.recurring],
    ['Usage', amounts.usage],
    ['Minimums', amounts.minimum],
    ['Adjustments', amounts.adjustment],
  ] as const
  const facts = [
    ['Account', heading.account],
    ['Period', `${heading.from} to ${addDays(heading.until, -1)}`],
    ['Issued', heading.issuedAt === '' ? 'not yet' : heading.issuedAt.slice(0, 10)],
    ['Times in', heading.timeZone],
    ['Replaces', heading.replaces],
    ['Replaced by', heading.replacedBy],
  ].filter(([, value]) => value !== '')
  return {
    table: {
      widths: [half, 16, half],
      heights: [HEADING_HEIGHT - 12],
      body: [
        [
          {
            stack: [
              ...picture,
              { text: one(name, 13), fontSize: 13, bold: true },
              ...heading.address.map((line): Content => ({ text: one(line) })),
              ...(heading.state === 'issued'
                ? []
                : [
                    {
                      text: STATE_TEXT[heading.state],
                      bold: true,
                      margin: [0, 8, 0, 0] as [number, number, number, number],
                    },
                  ]),
              ...(heading.voidReason === '' ? [] : [{ text: one(heading.voidReason) }]),
            ],
          },
          '',
          {
            stack: [
              { text: one(`Bill ${heading.number}`, 13), fontSize: 13, bold: true },
              {
                table: { widths: [60, '*'], body: facts.map((row) => row.map((cell) => one(String(cell)))) },
                layout: 'noBorders',
              },
              {
                margin: [0, 8, 0, 0],
                table: {
                  widths: ['*', 'auto'],
                  body: [
                    ...sums.map(([title, minor]): TableCell[] => [title, { text: money(minor), alignment: 'right' }]),
                    [
                      { text: `Total ${heading.currency}`, bold: true, fontSize: 10.5 },
                      { text: money(heading.totalMinor), bold: true, fontSize: 10.5, alignment: 'right' },
                    ],
                  ],
                },
                layout: { hLineWidth: (row) => (row === sums.length ? 0.8 : 0), vLineWidth: () => 0 },
              },
            ],
          },
        ],
      ],
    },
    layout: 'noBorders',
  }
}

type PageOf = { readonly paper: Paper; readonly text: PaperText; readonly isFirst: boolean }

function pageTable(page: LedgerPage, { paper, text, isFirst }: PageOf): Content {
  const amounts = page.map(({ amount = '', inner = '' }) => Math.max(amount.length, inner.length))
  const amountWidth = Math.max(62, Math.ceil(Math.max(...amounts, 0) * 4.8))
  const widths = [52, 34, 66, amountWidth, amountWidth]
  const first = contentWidth(paper) - widths.reduce((sum, one) => sum + one, 0)
  const columns = [first, ...widths]
  return {
    ...(isFirst ? {} : { pageBreak: 'before' as const }),
    table: {
      widths: columns,
      heights: ROW_HEIGHT - ROW_PADDING,
      body: page.map((row) => cellsOf(row, { columns, text })),
    },
    layout: {
      hLineWidth: (line) => ruleAbove(page[line], page[line - 1]),
      hLineColor: (line) => (RULED.has(page[line]?.kind ?? 'line') ? '#000000' : '#bdbdbd'),
      vLineWidth: () => 0,
      paddingLeft: () => 0,
      paddingRight: () => 0,
      paddingTop: () => ROW_PADDING,
      paddingBottom: () => 0,
    },
  }
}

const RULED: ReadonlySet<LedgerRow['kind']> = new Set(['total', 'title'])
const BOLD: ReadonlySet<LedgerRow['kind']> = new Set(['title', 'section', 'subtotal', 'total', 'carried'])

function ruleAbove(row: LedgerRow | undefined, before: LedgerRow | undefined): number {
  if (before?.kind === 'title' || row?.kind === 'total') return 0.8
  if (row?.kind === 'subtotal' || row?.kind === 'carried') return 0.35
  return 0
}

function cellsOf(
  row: LedgerRow,
  { columns, text }: { readonly columns: ReadonlyArray<number>; readonly text: PaperText },
): TableCell[] {
  const bold = BOLD.has(row.kind)
  const fontSize = row.kind === 'title' ? 9.5 : FONT_SIZE
  const style = {
    bold,
    fontSize,
    noWrap: true,
    ...(row.kind === 'note' ? { italics: true } : {}),
    ...(row.kind === 'head' ? { color: '#555555' } : {}),
  }
  const widthOf = (from: number, until: number) => columns.slice(from, until).reduce((sum, one) => sum + one, 0) - 6
  const cell = (value: string, from: number, until = from + 1): TableCell => {
    const shown = cutToWidth(text.of(value), {
      width: widthOf(from, until),
      fontSize: bold ? fontSize * 1.04 : fontSize,
    })
    return {
      ...style,
      text: shown,
      alignment: from === 0 ? 'left' : 'right',
      ...(until - from > 1 ? { colSpan: until - from } : {}),
    }
  }
  const amount = (value: string): TableCell => ({ ...style, text: value, alignment: 'right' })
  if (row.kind === 'head')
    return ['Calls', 'Duration', 'People', 'Code', '', ''].map((title, index) => cell(title, index))
  if (row.kind === 'call') {
    const { duration, people, code } = row.cells ?? { duration: '', people: '', code: '' }
    return [cell(row.text, 0), cell(duration, 1), cell(people, 2), cell(code, 3), '', amount(row.amount ?? '')]
  }
  if (row.quantity !== undefined)
    return [cell(row.text, 0, 2), '', cell(row.quantity, 2, 4), '', amount(row.inner ?? ''), amount(row.amount ?? '')]
  if (row.inner !== undefined) return [cell(row.text, 0, 4), '', '', '', amount(row.inner), amount(row.amount ?? '')]
  return [cell(row.text, 0, 5), '', '', '', '', amount(row.amount ?? '')]
}

function runningHeader(
  { provider, name, account, state }: BillHeading,
  { isFirst, title, text }: { readonly isFirst: boolean; readonly title: string; readonly text: PaperText },
): Content {
  const whose = text.of(
    isFirst ? provider : [provider, name === '' ? account : name].filter((one) => one !== '').join(' · '),
  )
  const mark = state === 'issued' ? '' : `${state.toUpperCase()} · `
  return {
    margin: [MARGIN.side, 26, MARGIN.side, 0],
    columns: [
      { width: '*', text: whose === '' ? ' ' : cutToWidth(whose, { width: 280, fontSize: FONT_SIZE }), bold: true },
      { width: 200, text: isFirst ? ' ' : `${mark}${title}`, alignment: 'right' },
    ],
  }
}

function runningFooter(
  { run, state }: BillHeading,
  { page, count }: { readonly page: number; readonly count: number },
): Content {
  return {
    margin: [MARGIN.side, 18, MARGIN.side, 0],
    columns: [
      { width: '*', text: `Run ${run}${state === 'issued' ? '' : `, ${state}`}`, style: 'quiet' },
      { width: 'auto', text: `Page ${page} of ${count}`, alignment: 'right' },
    ],
  }
}
