// Fits a table to a width: first details are left out, then texts wrap at words. Numbers and ids are never cut.
import type { ReportColumn } from '@spillway/core'

export type FittedColumns = {
  readonly shown: ReadonlyArray<{ readonly index: number; readonly width: number }>
  /** Left out, in order. */
  readonly hidden: ReadonlyArray<number>
}

type Widths = {
  readonly index: number
  readonly most: number
  /** Reads well: details give way to it. */
  readonly good: number
  readonly least: number
  readonly isDetail: boolean
  readonly isRepeated: boolean
}

/** A text may be broken inside a word that is longer than this: no id is, a path may be. */
const WORD_MAX = 24
const GOOD_TEXT_WIDTH = 28

export function fitColumns({
  columns,
  rows,
  width,
  gap,
}: {
  readonly columns: ReadonlyArray<ReportColumn>
  readonly rows: ReadonlyArray<ReadonlyArray<string>>
  readonly width: number
  readonly gap: number
}): FittedColumns {
  const wanted = columns
    .map((column, index): Widths => {
      const cells = rows.map((row) => row[index] ?? '')
      const most = longest([column.title, ...cells])
      const words = [column.title, ...cells.flatMap((cell) => cell.split(' '))]
      const least = column.kind === 'text' || column.kind === 'flags' ? Math.min(longest(words), WORD_MAX) : most
      const good = Math.max(least, Math.min(most, GOOD_TEXT_WIDTH))
      const { isDetail = false, isRepeated = false } = column
      return { index, most, good, least, isDetail, isRepeated }
    })
    // Scaled usage says its unit in the cell; a column without a single cell says nothing.
    .filter(({ index }) => columns[index]?.key !== 'unit' || !columns.some(({ kind }) => kind === 'usage'))
    .filter(({ index }) => rows.length === 0 || rows.some((row) => row[index] !== ''))
  const shown = [...wanted]
  const hidden: number[] = []
  const total = (of: (widths: Widths) => number) =>
    shown.reduce((sum, widths) => sum + of(widths), gap * (shown.length - 1))
  while (total(({ good }) => good) > width) {
    const detail = shown.findIndex(({ isDetail }) => isDetail)
    const next = detail === -1 ? shown.findIndex(({ isRepeated }) => isRepeated) : detail
    if (next === -1) break
    hidden.push(...shown.splice(next, 1).map(({ index }) => index))
  }
  return { shown: share(shown, width - total(({ least }) => least)), hidden }
}

/** What is left of the width goes to the columns that want more, the ones that want least of it first. */
function share(shown: ReadonlyArray<Widths>, room: number): FittedColumns['shown'] {
  const given = new Map(shown.map(({ index, least }) => [index, least]))
  let left = Math.max(0, room)
  const wanting = shown.filter(({ most, least }) => most > least).sort((a, b) => a.most - a.least - (b.most - b.least))
  for (const [position, { index, most, least }] of wanting.entries()) {
    const part = Math.min(most - least, Math.floor(left / (wanting.length - position)))
    given.set(index, least + part)
    left -= part
  }
  return shown.map(({ index, least }) => ({ index, width: given.get(index) ?? least }))
}

function longest(texts: ReadonlyArray<string>): number {
  return texts.reduce((most, { length }) => Math.max(most, length), 0)
}
