/** Where a fact or a problem stands in what was imported. `line` counts from 1 and is the first line of the record. */
export type SourcePlace = {
  readonly file: string
  /** The member of an archive, '' where the file is no archive. */
  readonly member?: string
  readonly sheet?: string
  readonly line?: number
  readonly column?: string
}

/** `bills.zip!detail.txt:12 (Cost)`, as printed and as `explain` cites it. */
export function formatPlace(place: SourcePlace): string {
  const member = place.member ? `!${place.member}` : ''
  const sheet = place.sheet ? `#${place.sheet}` : ''
  const line = place.line === undefined ? '' : `:${place.line}`
  const column = place.column ? ` (${place.column})` : ''
  return `${place.file}${member}${sheet}${line}${column}`
}
