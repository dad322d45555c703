// Rows to text: comma, semicolon and tab, with the quoting that each vendor of the example uses.

export type Cell = string | number
type Rows = ReadonlyArray<ReadonlyArray<Cell>>

/** RFC 4180 with the given delimiter; a cell is quoted where it must be. Lines end LF. */
export function delimited(header: ReadonlyArray<string>, rows: Rows, delimiter = ','): string {
  const quote = (cell: Cell) => {
    const text = String(cell)
    return text.includes(delimiter) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
  }
  return [header, ...rows].map((row) => `${row.map(quote).join(delimiter)}\n`).join('')
}

/** As the raw data download has it: byte-order mark, header ending CRLF, rows ending LF, given cells quoted. */
export function rawDownload(header: ReadonlyArray<string>, rows: Rows): string {
  return `\uFEFF${header.join('\t')}\r\n${rows.map((row) => `${row.join('\t')}\n`).join('')}`
}

export function quoted(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}
