// Text as a cell of a workbook holds it: what XML cannot carry is escaped, what is longer than a cell says that it was cut.

/** What a cell of a spreadsheet holds at most. */
export const CELL_LENGTH_MAX = 32_767

/** Control characters but tab and line feed, halves of a pair, what Unicode never assigns; and what looks like an escape. */
const ESCAPED = /[^\P{Cc}\t\n]|\p{Cs}|[\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)/gu

/**
 * Escapes by ECMA-376, 22.9.2.19 (ST_Xstring): U+0007 is `_x0007_`, and a text that holds `_x0007_` itself is
 * `_x005F_x0007_`. Excel and LibreOffice show what was meant; no character is lost.
 */
export function escapeSheetText(text: string): string {
  return text.replace(ESCAPED, (character) => {
    const code = character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')
    return `_x${code}_`
  })
}

/**
 * A text of more than 32,767 characters cannot be a cell: Excel calls the file damaged. It is cut, and its end says so with
 * the length that it had; CSV has all of it.
 */
export function fitCell(text: string): string {
  if (text.length <= CELL_LENGTH_MAX) return text
  const note = ` … [cut from ${text.length} characters: write CSV to have all]`
  const kept = text.slice(0, CELL_LENGTH_MAX - note.length)
  return `${/[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept}${note}`
}
