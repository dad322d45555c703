// Which formats a table that none of them claims is nearest to, by the titles that they know their tables by.
import { normaliseName } from '../intake/column-lookup.ts'

type Format = { readonly name: string; readonly describes: string; readonly columns?: ReadonlyArray<string> }

export type NearFormat = {
  readonly format: string
  readonly describes: string
  /** Titles that the table has, of so many. */
  readonly matched: number
  readonly of: number
  readonly missing: string[]
}

const SHOWN = 5

/** The best first; none that shares no title. */
export function nearestFormats(titles: ReadonlyArray<string>, formats: ReadonlyArray<Format>): NearFormat[] {
  const names = new Set(titles.map(normaliseName))
  return formats
    .flatMap(({ name, describes, columns = [] }) => {
      const missing = columns.filter((title) => !names.has(normaliseName(title)))
      const matched = columns.length - missing.length
      return matched === 0 ? [] : [{ format: name, describes, matched, of: columns.length, missing }]
    })
    .sort((a, b) => b.matched / b.of - a.matched / a.of || b.matched - a.matched || (a.format < b.format ? -1 : 1))
    .slice(0, SHOWN)
}
