// The columns that stand before a file's own where its refused rows are written to be mended, and how a file of them is known.

/** Which import refused the row, where it stood, and why. */
export const REJECTS_COLUMNS = ['rejected_from', 'rejected_at', 'rejected_because'] as const

/** What a row is called whose cells are not known apart. */
export const WHOLE_ROW = 'row'

export type RejectsPositions = { readonly from: number; readonly at: number; readonly own: ReadonlyArray<number> }

/** Where the columns stand; null in any other table. */
export function rejectsPositions(header: ReadonlyArray<string>): RejectsPositions | null {
  const names = header.map((title) => title.trim().toLowerCase())
  const [from, at, because] = REJECTS_COLUMNS.map((name) => names.indexOf(name)) as [number, number, number]
  if (from === -1 || at === -1 || because === -1) return null
  return { from, at, own: header.flatMap((_, index) => ([from, at, because].includes(index) ? [] : [index])) }
}
