// A statement as a document of pdfmake: what stands where on the paper. The first page answers how much, since when and
// why; the pages after it prove it line by line. Adds nothing up: every figure is the statement's own.
import type { Statement } from '@spillway/core'
import type { Content, createPdf } from 'pdfmake'
import { chargeTable } from './charge-table.ts'
import { monthText } from './month-text.ts'
import type { PaperText } from './paper-text.ts'
import { drawMonths } from './statement-chart.ts'
import { contentWidth, FONT, FONT_SIZE, MARGIN, PAPERS, type Paper, STYLES } from './statement-style.ts'
import { moversTable, totalsTable, usageTable } from './statement-summary.ts'

type DocumentDefinition = Parameters<typeof createPdf>[0]
export type StatementPaper = { readonly paper: Paper; readonly text: PaperText }

export function statementDocument(statement: Statement, { paper, text }: StatementPaper): DocumentDefinition {
  const { heading, owner } = statement
  const title = titleOf(statement, text)
  const month = monthText(heading.period.name)
  const { width, height } = PAPERS[paper]
  return {
    pageSize: { width, height },
    pageMargins: [MARGIN.side, MARGIN.top, MARGIN.side, MARGIN.bottom],
    defaultStyle: { font: FONT, fontSize: FONT_SIZE, lineHeight: 1.15 },
    styles: STYLES,
    info: {
      title: `${title}, ${month}`,
      author: text.of(heading.company),
      subject: `Statement of run ${heading.run}`,
      creator: 'Spillway',
      producer: 'Spillway',
      creationDate: new Date(heading.closedAt),
    },
    header: (page) =>
      runningHeader({ isFirst: page === 1, kind: KIND_TITLE[owner.kind], title, month, statement, paper, text }),
    footer: (page, pages) => runningFooter({ page, pages, statement }),
    content: [
      headingBlock(statement, { title, month, paper, text }),
      totalsTable(statement, { width: contentWidth(paper) }),
      { text: coverText(statement), style: 'quiet', margin: [0, 5, 0, 0] },
      ...statement.sections.flatMap((section) => sectionSummary(statement, { section, paper, text })),
      ...usageTable(statement, { width: contentWidth(paper) }),
      ...statement.sections.flatMap((section) => chargeTable(section, { width: contentWidth(paper), text })),
    ],
  }
}

const KIND_TITLE = { 'cost-centre': 'Cost centre statement', person: 'Statement of a person' } as const
/** What stands on the right of the heading and of the running header; the left has a width of its own, for long names. */
const SIDE_WIDTH = 170
const GAP = 16
const TITLE_MAX = 70
/** Cost centres that the heading names; a path or a person with more is rare. */
const CENTRES_MAX = 8

function titleOf({ owner }: Statement, text: PaperText): string {
  if (owner.key === '') return 'Unassigned'
  return text.of(owner.name === '' ? owner.key : owner.name)
}

function cut(title: string): string {
  const characters = [...title]
  return characters.length > TITLE_MAX ? `${characters.slice(0, TITLE_MAX - 1).join('')}…` : title
}

function headingBlock(
  { owner, heading }: Statement,
  { title, month, paper, text }: StatementPaper & { readonly title: string; readonly month: string },
): Content {
  const key = text.of(owner.key)
  const centres = owner.costCentres
    .slice(0, CENTRES_MAX)
    .map((centre) => text.of(centre.name === '' ? centre.key : `${centre.key} ${centre.name}`))
  if (owner.costCentres.length > CENTRES_MAX) centres.push('…')
  const lines =
    owner.kind === 'person'
      ? [
          owner.key === '' ? 'Services that nobody is assigned to' : `Employee ${key}`,
          centres.length > 0 ? `Cost centre ${centres.join(', ')}` : '',
        ]
      : [
          owner.key === ''
            ? 'What no cost centre owns'
            : `Cost centre ${key}${owner.glCode === '' ? '' : `, GL code ${text.of(owner.glCode)}`}`,
          centres.length > 0 ? `In ${centres.join(' › ')}` : '',
        ]
  const state = heading.isPublished ? 'Published' : 'DRAFT: not published, may change'
  return {
    margin: [0, 0, 0, 12],
    columns: [
      {
        width: contentWidth(paper) - SIDE_WIDTH - GAP,
        stack: [{ text: title, style: 'name' }, ...lines.filter((line) => line !== '').map((line) => ({ text: line }))],
      },
      {
        width: SIDE_WIDTH,
        stack: [
          { text: month, style: 'month', margin: [0, 5, 0, 0] },
          { text: state, alignment: 'right', bold: !heading.isPublished },
        ],
      },
    ],
    columnGap: GAP,
  }
}

/** What the paper covers, said on the paper: a reader must be able to add statements up. */
function coverText({ owner }: Statement): string {
  const views = 'Actual is what the vendors put here, adjusted what the policies put here.'
  if (owner.kind === 'person')
    return `${views} All statements of persons, with that of what is unassigned, sum to the month.`
  if (owner.key === '') return `${views} All statements of cost centres, with this one, sum to the month.`
  return `${views} This statement covers the cost centre's own charges; cost centres below it have statements of their own.`
}

function sectionSummary(
  statement: Statement,
  { section, paper, text }: StatementPaper & { readonly section: Statement['sections'][number] },
): Content[] {
  const width = contentWidth(paper)
  return [
    {
      unbreakable: true,
      stack: [
        { text: `Thirteen months in ${section.currency}`, style: 'heading' },
        // The legend stands on the line of the heading.
        { stack: drawMonths({ section, width }), margin: [0, -15, 0, 0] },
      ],
    },
    ...moversTable(statement, { section, width, text }),
  ]
}

type Running = {
  readonly isFirst: boolean
  readonly kind: string
  readonly title: string
  readonly month: string
  readonly statement: Statement
  readonly paper: Paper
  readonly text: PaperText
}

function runningHeader({ isFirst, kind, title, month, statement: { heading, owner }, paper, text }: Running): Content {
  const left = isFirst
    ? text.of(heading.company)
    : cut(owner.name === '' || owner.key === '' ? title : `${title} (${text.of(owner.key)})`)
  const draft = heading.isPublished ? '' : 'DRAFT · '
  return {
    margin: [MARGIN.side, 26, MARGIN.side, 0],
    columns: [
      { width: contentWidth(paper) - SIDE_WIDTH - GAP, text: left === '' ? ' ' : left, bold: true },
      { width: SIDE_WIDTH, text: isFirst ? kind : `${draft}${month}`, alignment: 'right' },
    ],
    columnGap: GAP,
  }
}

function runningFooter({
  page,
  pages,
  statement: { heading },
}: {
  page: number
  pages: number
  statement: Statement
}): Content {
  return {
    margin: [MARGIN.side, 18, MARGIN.side, 0],
    columns: [
      { width: '*', text: `Run ${heading.run}, closed ${heading.closedAt.slice(0, 10)}`, style: 'quiet' },
      { width: 'auto', text: `Page ${page} of ${pages}`, alignment: 'right' },
    ],
  }
}
