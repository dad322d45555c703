// What befalls a table before it is written: its cells, columns and rows. Each change keeps it a table.
import type { Random } from '../generators/random.ts'
import type { Grid } from '../variants.ts'
import { hostileCell, kindOfCell } from './hostile-cells.ts'

type Rows = string[][]
type Table = { header: string[]; rows: Rows }
type Change = (table: Table, random: Random) => void

const at = (list: ReadonlyArray<unknown>, random: Random) => random.integer(0, Math.max(0, list.length - 1))

function everyRow(table: Table, change: (cells: string[]) => void): void {
  change(table.header)
  table.rows.forEach(change)
}

function someRow(table: Table, random: Random, change: (cells: string[], index: number) => void): void {
  const index = at(table.rows, random)
  const cells = table.rows[index]
  if (cells) change(cells, index)
}

const CHANGES: Readonly<Record<string, Change>> = {
  'hostile cells': (table, random) => {
    for (let count = random.integer(1, 5); count > 0; count -= 1)
      someRow(table, random, (cells) => {
        const column = at(cells, random)
        cells[column] = hostileCell(cells[column] ?? '', random)
      })
  },
  'a hostile column': (table, random) => {
    const column = at(table.header, random)
    for (const cells of table.rows) if (random.chance(0.5)) cells[column] = hostileCell(cells[column] ?? '', random)
  },
  'a figure changed': (table, random) =>
    someRow(table, random, (cells) => {
      const numbers = cells.flatMap((cell, column) => (kindOfCell(cell) === 'number' ? [column] : []))
      const column = numbers[at(numbers, random)]
      if (column !== undefined)
        cells[column] = (cells[column] as string).replace(/\d/, () => String(random.integer(0, 9)))
    }),
  'a column dropped': (table, random) => {
    const column = at(table.header, random)
    everyRow(table, (cells) => cells.splice(column, 1))
  },
  'a column twice': (table, random) => {
    const [from, to] = [at(table.header, random), at(table.header, random)]
    everyRow(table, (cells) => cells.splice(to, 0, cells[from] ?? ''))
  },
  'a column twice with other cells': (table, random) => {
    const column = at(table.header, random)
    table.header.push(table.header[column] ?? '')
    for (const cells of table.rows) cells.push(hostileCell(cells[column] ?? '', random))
  },
  'a column renamed': (table, random) => {
    const column = at(table.header, random)
    const name = table.header[column] ?? ''
    table.header[column] = random.pick([
      '',
      name.toUpperCase(),
      `${name} `,
      name.slice(1),
      `${name}\u200b`,
      name.replaceAll(' ', '\u00a0'),
      '__proto__',
      '=1+1',
      'x'.repeat(3000),
    ])
  },
  'columns in another order': (table, random) => {
    const order = random.shuffled(table.header.map((_, column) => column))
    everyRow(table, (cells) => cells.splice(0, order.length, ...order.map((column) => cells[column] ?? '')))
  },
  'names of two columns exchanged': ({ header }, random) => {
    const [one, other] = [at(header, random), at(header, random)]
    ;[header[one], header[other]] = [header[other] ?? '', header[one] ?? '']
  },
  'a row shifted': (table, random) =>
    someRow(table, random, (cells) => {
      if (random.chance(0.5)) cells.splice(at(cells, random), 0, '')
      else cells.splice(at(cells, random), 1)
    }),
  'a row twice': (table, random) => someRow(table, random, (cells, index) => table.rows.splice(index, 0, [...cells])),
  'a row torn in two': (table, random) =>
    someRow(table, random, (cells, index) => table.rows.splice(index + 1, 0, cells.splice(at(cells, random)))),
  'two rows in one': (table, random) =>
    someRow(table, random, (cells, index) => cells.push(...(table.rows.splice(index + 1, 1)[0] ?? []))),
  'the header again': (table, random) => table.rows.splice(at(table.rows, random), 0, [...table.header]),
  'a row of totals': (table, random) => {
    const word = random.pick(['Total', 'Grand total', 'Summe', ''])
    table.rows.push(
      table.header.map((_, column) =>
        column === 0 ? word : kindOfCell(table.rows[0]?.[column] ?? '') === 'number' ? '1,234.56' : '',
      ),
    )
  },
  'sections exchanged': (table, random) => {
    table.rows.push(...table.rows.splice(0, at(table.rows, random)))
  },
  'rows in another order': (table, random) => {
    table.rows = random.shuffled(table.rows)
  },
  'a row lost': (table, random) => table.rows.splice(at(table.rows, random), 1),
  'a row of nothing': (table, random) => someRow(table, random, (cells) => cells.fill('')),
  'a row beyond all columns': (table, random) =>
    someRow(table, random, (cells) => cells.push(...Array.from({ length: 2500 }, () => 'x'))),
  'a preamble': (table) => {
    table.rows.unshift([...table.header])
    table.header.fill('')
    table.header[0] = 'Report of all charges'
  },
  'no rows': (table) => table.rows.splice(0),
}

const TABLE_CHANGES = Object.keys(CHANGES)

/** One to three changes, and their names. */
export function damageTable(
  grid: Grid,
  random: Random,
): { readonly grid: Grid; readonly changes: ReadonlyArray<string> } {
  const table: Table = { header: [...grid.header], rows: grid.rows.map((cells) => [...cells]) }
  const changes = Array.from({ length: random.pick([1, 1, 1, 2, 3]) }, () => random.pick(TABLE_CHANGES))
  for (const name of changes) (CHANGES[name] as Change)(table, random)
  return { grid: table, changes }
}

type TextChange = (text: string, random: Random) => string

const lineStart = (text: string, random: Random) => text.indexOf('\n', random.integer(0, text.length)) + 1

/** What befalls the text that a table was written as. */
const TEXT_CHANGES: Readonly<Record<string, TextChange>> = {
  'another delimiter midway': (text, random) => {
    const from = lineStart(text, random)
    return text.slice(0, from) + text.slice(from).replaceAll(/[,;\t|]/g, random.pick([',', ';', '\t', '|', '\u001f']))
  },
  'a quote too many': (text, random) => {
    const from = random.integer(0, text.length)
    return `${text.slice(0, from)}"${text.slice(from)}`
  },
  'a quote that never closes': (text, random) => {
    const from = lineStart(text, random)
    return `${text.slice(0, from)}"${text.slice(from)}`
  },
  'quotes strewn in': (text, random) => text.replace(/[,;\t]/g, (mark) => (random.chance(0.01) ? `"${mark}` : mark)),
  'line ends mixed': (text, random) =>
    text.replace(/\n/g, () => random.pick(['\n', '\r\n', '\r', '\n\n', '\u2028', '\v'])),
  'a mark midway': (text, random) => {
    const from = lineStart(text, random)
    return `${text.slice(0, from)}\ufeff${text.slice(from)}`
  },
  'a NUL midway': (text, random) => {
    const from = random.integer(0, text.length)
    return `${text.slice(0, from)}\u0000${text.slice(from)}`
  },
  'an end cut off': (text, random) => text.slice(0, random.integer(0, text.length)),
  'a line torn': (text, random) => {
    const from = random.integer(0, text.length)
    return `${text.slice(0, from)}\n${text.slice(from)}`
  },
  'all of it twice': (text) => text + text,
}

export function damageText(text: string, random: Random): { readonly text: string; readonly change: string } {
  const change = random.pick(Object.keys(TEXT_CHANGES))
  return { text: (TEXT_CHANGES[change] as TextChange)(text, random), change }
}
