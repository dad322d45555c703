// Which rows of a long table stand in the page, and how much room is left above and below them. All rows have one height, so that
// any place is found without having seen the rows before it. Browsers draw nothing taller than some millions of pixels: a table
// that would be taller is drawn shorter, its scrollbar stands for all rows all the same, and a small movement moves by pixels.

/** A third of what browsers draw at a zoom of 400 per cent on a screen of two dots a pixel, where zooming out of sight would begin. */
export const DRAWN_HEIGHT_MAX = 4_000_000
/** Moved by no more than so many heights of what is in sight, rows move by as much as the bar: by a wheel or a key, not by the bar itself. */
const SMALL_STEP_VIEWS = 4

export type TableExtent = {
  readonly rowCount: number
  /** Pixels, as all that follow. */
  readonly rowHeight: number
  /** Of what is in sight. */
  readonly viewHeight: number
  /** Rows out of sight that are in the page all the same, on either side. */
  readonly around: number
}

/** Where a table has been scrolled to. */
export type ScrollPlace = {
  /** Where the scrollbar is: what the browser says. */
  readonly bar: number
  /** What is hidden above, were all rows drawn; the same as `bar` where they are. */
  readonly top: number
}

/** Rows from `first` until before `end`, and the room above and below them. */
export type RowWindow = {
  readonly first: number
  readonly end: number
  readonly before: number
  readonly after: number
}

export const AT_START: ScrollPlace = { bar: 0, top: 0 }

/** The place that the scrollbar's place alone stands for. */
export function placeAt(bar: number, extent: TableExtent): ScrollPlace {
  const { barMax, topMax } = reachOf(extent)
  if (barMax === topMax) return { bar, top: bar }
  return { bar, top: within(bar / barMax, 1) * topMax }
}

/** Where rows are once the scrollbar has come to `bar`: by a small step as far away as the bar, by a great one where the bar says. */
export function placeAfter(place: ScrollPlace, bar: number, extent: TableExtent): ScrollPlace {
  const { barMax, topMax } = reachOf(extent)
  const step = bar - place.bar
  const isEnd = bar <= 0 || bar >= barMax - 1
  if (barMax === topMax || isEnd || Math.abs(step) > SMALL_STEP_VIEWS * extent.viewHeight) return placeAt(bar, extent)
  return { bar, top: within(place.top + step, topMax) }
}

/** The same rows, with the scrollbar where it would be had it been dragged there: small steps lead it astray. */
export function atRest(place: ScrollPlace, extent: TableExtent): ScrollPlace {
  const { barMax, topMax } = reachOf(extent)
  return barMax === topMax ? place : { bar: (place.top / topMax) * barMax, top: place.top }
}

/** Begins and ends at every so many rows, so that most small steps change nothing. */
export function windowAt({ bar, top }: ScrollPlace, extent: TableExtent): RowWindow {
  const { rowCount, rowHeight, viewHeight, around } = extent
  const drawn = drawnHeight(extent)
  // In pixels of what is drawn, rows stand so much lower than they would were all drawn; higher where it is negative.
  const lower = bar - top
  const every = Math.max(1, Math.floor(around / 2))
  // At the ends of what is drawn, a row that has room in part is drawn whole.
  const fitsFrom = Math.max(0, Math.floor(-lower / rowHeight))
  const fitsUntil = Math.min(rowCount, Math.ceil((drawn - lower) / rowHeight))
  const firstInSight = Math.min(Math.floor(top / rowHeight), rowCount)
  const lastInSight = Math.ceil((top + viewHeight) / rowHeight)
  const first = Math.max(fitsFrom, Math.floor((firstInSight - around) / every) * every)
  const end = Math.max(first, Math.min(fitsUntil, Math.ceil((lastInSight + around) / every) * every))
  const before = Math.max(0, first * rowHeight + lower)
  return { first, end, before, after: Math.max(0, drawn - before - (end - first) * rowHeight) }
}

const drawnHeight = ({ rowCount, rowHeight }: TableExtent) => Math.min(rowCount * rowHeight, DRAWN_HEIGHT_MAX)

function reachOf(extent: TableExtent): { readonly barMax: number; readonly topMax: number } {
  const { rowCount, rowHeight, viewHeight } = extent
  return {
    barMax: Math.max(0, drawnHeight(extent) - viewHeight),
    topMax: Math.max(0, rowCount * rowHeight - viewHeight),
  }
}

const within = (value: number, max: number) => Math.min(max, Math.max(0, value))
