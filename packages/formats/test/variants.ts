// The same table written in the ways that files come: encodings, line ends, delimiters, orders of columns.

export type Grid = { readonly header: ReadonlyArray<string>; readonly rows: ReadonlyArray<ReadonlyArray<string>> }

export type Writing = { readonly delimiter?: string; readonly lineEnds?: ReadonlyArray<string> }

/** Line ends are taken in turn. A cell is quoted where it must be, and where blanks stand at its ends. */
export function writeGrid(grid: Grid, { delimiter = ',', lineEnds = ['\n'] }: Writing = {}): string {
  return [grid.header, ...grid.rows]
    .map(
      (cells, index) =>
        cells.map((cell) => quoted(cell, delimiter)).join(delimiter) + lineEnds[index % lineEnds.length],
    )
    .join('')
}

function quoted(cell: string, delimiter: string): string {
  const mustBe = cell.includes(delimiter) || /["\r\n]/.test(cell) || cell.trim() !== cell
  return mustBe ? `"${cell.replaceAll('"', '""')}"` : cell
}

type IsSectionHeader = ((cells: ReadonlyArray<string>) => boolean) | undefined

/** Columns in another order, the same on every run; in each section in another one. */
export function shuffleColumns(grid: Grid, isSectionHeader?: IsSectionHeader): Grid {
  const orderOf = (section: number) =>
    grid.header
      .map((_, index) => index)
      .sort((a, b) => ((a * 7919) % 31) - ((b * 7919) % 31) || b - a)
      .map((_, index, order) => order[(index + section) % order.length] as number)
  let section = 0
  const arrange = (cells: ReadonlyArray<string>) => {
    if (isSectionHeader?.(cells)) section += 1
    return orderOf(section).map((index) => cells[index] ?? '')
  }
  return { header: arrange(grid.header), rows: grid.rows.map(arrange) }
}

export function addColumn(
  grid: Grid,
  { title, cell, isSectionHeader }: { title: string; cell: string; isSectionHeader?: IsSectionHeader },
): Grid {
  const rows = grid.rows.map((cells) => [isSectionHeader?.(cells) ? title : cell, ...cells])
  return { header: [title, ...grid.header], rows }
}

export function toUtf16(text: string, { isBigEndian }: { isBigEndian: boolean }): Buffer {
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le')
  return isBigEndian ? bytes.swap16() : bytes
}

/** From 0x80 on; a blank where Windows-1252 has no character. */
const CP1252 = new Map([...'€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ'].map((unit, index) => [unit, 0x80 + index]))

/** null where the text has a character that Windows-1252 has not. */
export function toWindows1252(text: string): Buffer | null {
  const bytes: number[] = []
  for (const unit of text) {
    const code = unit.codePointAt(0) as number
    const byte = code < 0x80 || (code >= 0xa0 && code < 0x100) ? code : CP1252.get(unit)
    if (byte === undefined) return null
    bytes.push(byte)
  }
  return Buffer.from(bytes)
}

/** A small generator of numbers in [0, 1) that gives the same ones for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
