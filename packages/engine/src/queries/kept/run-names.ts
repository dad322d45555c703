// The names behind the numbers of a run, as places in lists of texts in order: so that rows are told apart, filtered and put in
// order by integers. Of what is carried, without services, of which there are a million.
import { compareBytes } from '@spillway/core'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { CARRIED_NAMES } from '../filter/stored-rows.ts'

/** `bill_no` and the like. */
export type RunNumber = (typeof CARRIED_NAMES)[number]['number']

export type NamedColumn = {
  /** The number of a row by which it has this column. */
  readonly number: RunNumber
  /** Place in `texts` by number, from the first of them on; -1 for a number that there is not. */
  readonly places: Int32Array
  /** In the order of their bytes, each once. */
  readonly texts: ReadonlyArray<string>
}

/** By column: `vendor`, `cost_centre` and so on. */
export type RunNames = {
  get(column: string): NamedColumn | undefined
  readonly columns: ReadonlyArray<NamedColumn>
  /** The first number of each kind, from which on they are counted; owners that were added have numbers below 0. */
  readonly firsts: Readonly<Record<RunNumber, number>>
  /** About what it takes in memory. */
  readonly byteLength: number
}

export type NumberedRun = { readonly tenant: string; readonly run: string; readonly runNo: number }

/** Between the first and the last number: numbers follow each other, and are no hashes of something. */
const NUMBERS_MAX = 5e6

/** null where a number has two names, or where numbers are no places. */
export async function readRunNames(
  warehouse: Pick<Warehouse, 'streamTyped'>,
  { tenant, run }: Pick<NumberedRun, 'tenant' | 'run'>,
): Promise<RunNames | null> {
  const found = new Map<string, NamedColumn>()
  const firsts = { bill_no: 0, sort_no: 0, owner_no: 0, name_no: 0 }
  for (const { table, number, columns } of CARRIED_NAMES) {
    const numbers: number[] = []
    const texts = columns.map((): string[] => [])
    const sql = `SELECT ${[number, ...columns].join(', ')} FROM ${table} WHERE tenant = $tenant AND run = $run`
    // One row per number.
    for await (const batch of warehouse.streamTyped(sql, { tenant, run })) {
      const [own, ...rest] = batch.columns
      for (let row = 0; row < batch.count; row += 1) {
        numbers.push(own?.[row] as number)
        for (let column = 0; column < rest.length; column += 1) texts[column]?.push(rest[column]?.[row] as string)
      }
    }
    const first = numbers.reduce((least, one) => Math.min(least, one), 0)
    const last = numbers.reduce((most, one) => Math.max(most, one), 0)
    if (new Set(numbers).size !== numbers.length || last - first > NUMBERS_MAX) return null
    firsts[number] = first
    for (const [at, column] of columns.entries())
      found.set(column, { number, ...inOrder({ numbers, texts: texts[at] ?? [], first, last }) })
  }
  const named = [...found.values()]
  return {
    get: (column) => found.get(column),
    columns: named,
    firsts,
    byteLength: named.reduce((sum, one) => sum + one.places.byteLength + one.texts.length * BYTES_PER_TEXT, 0),
  }
}

type Numbered = {
  readonly numbers: ReadonlyArray<number>
  readonly texts: ReadonlyArray<string>
  readonly first: number
  readonly last: number
}

function inOrder({ numbers, texts, first, last }: Numbered): Pick<NamedColumn, 'places' | 'texts'> {
  const distinct = [...new Set(texts)].sort(compareBytes)
  const placeOf = new Map(distinct.map((text, place) => [text, place]))
  const places = new Int32Array(last - first + 1).fill(-1)
  for (const [at, number] of numbers.entries()) places[number - first] = placeOf.get(texts[at] as string) as number
  return { places, texts: distinct }
}

/** Places of texts that are wanted, as marks by place. */
export function marksOf({ texts }: NamedColumn, wanted: ReadonlyArray<string>): Uint8Array {
  const marks = new Uint8Array(texts.length)
  const among = new Set(wanted)
  for (const [place, text] of texts.entries()) if (among.has(text)) marks[place] = 1
  return marks
}

const BYTES_PER_TEXT = 48
