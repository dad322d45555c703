// What stands in the address beside the path: enough to show the same view to somebody else, or after the back button. Texts alone;
// a list is the same name several times.

export type View = 'actual' | 'adjusted'

export type ScreenSearch = {
  /** A month such as 2026-10; the newest closed one if left out. */
  readonly period?: string | undefined
  readonly view?: View | undefined
  /** What one row is about. */
  readonly by?: string | undefined
  /** Filters, `dimension=key`. */
  readonly where?: ReadonlyArray<string> | undefined
  /** A column, `-column` the other way. */
  readonly sort?: string | undefined
  /** What is searched for in a list. */
  readonly q?: string | undefined
  readonly tab?: string | undefined
  /** Of what is chosen: which of its tabs. */
  readonly panel?: string | undefined
  /** The service whose figure is explained beside the screen, or the usage event. */
  readonly explain?: string | undefined
  readonly event?: string | undefined
  /** Of the event, where several sources have its id. */
  readonly source?: string | undefined
  /** Of a list and a panel beside it: what is chosen. */
  readonly chosen?: string | undefined
  /** A second month or run, to compare. */
  readonly since?: string | undefined
  readonly from?: string | undefined
  readonly until?: string | undefined
  /** An instant, of what is left then. */
  readonly at?: string | undefined
  readonly of?: string | undefined
  readonly chart?: string | undefined
  readonly key?: string | undefined
}

const LISTS: ReadonlySet<string> = new Set(['where'])

export function parseSearch(text: string): Record<string, unknown> {
  const found: Record<string, unknown> = {}
  const given = new URLSearchParams(text)
  for (const name of new Set(given.keys()))
    found[name] = LISTS.has(name) ? given.getAll(name) : (given.get(name) ?? undefined)
  return found
}

export function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).flatMap(([name, value]) => {
    if (value === undefined || value === null || value === '') return []
    return Array.isArray(value) ? value.map((one) => [name, String(one)]) : [[name, String(value)]]
  })
  const text = new URLSearchParams(pairs as string[][]).toString()
  return text === '' ? '' : `?${text}`
}

/** Of an address that somebody typed: what is no such thing is left out. */
export function readSearch(given: Record<string, unknown>): ScreenSearch {
  const { view, period, where, ...rest } = given
  const texts = Object.fromEntries(Object.entries(rest).filter(([, value]) => typeof value === 'string'))
  return {
    ...texts,
    ...(view === 'actual' || view === 'adjusted' ? { view } : {}),
    ...(typeof period === 'string' && /^\d{4}-(?:0[1-9]|1[0-2])$/.test(period) ? { period } : {}),
    ...(Array.isArray(where) && where.length > 0 ? { where: where.map(String) } : {}),
  }
}
