// What the command line says, as the set of every amount that stands in it, for comparing a screen with.
import { Readable } from 'node:stream'
import { runCli, type Terminal } from '@spillway/cli'

/** The text that `spillway -C directory ARGS` prints. @throws where the command fails. */
export async function printed(directory: string, args: ReadonlyArray<string>): Promise<string> {
  let out = ''
  let said = ''
  const plain = (words: string | number) => String(words)
  const terminal: Terminal = {
    out: async (piece) => {
      out += piece
    },
    note: (piece) => {
      said += `${piece}\n`
    },
    draw: (piece) => {
      said += piece
    },
    isInteractive: false,
    showsProgress: false,
    width: 200,
    colours: new Proxy({} as Terminal['colours'], { get: () => plain }),
    now: () => new Date('2026-11-22T09:00:00Z'),
    who: 'tester',
    directory,
    signal: new AbortController().signal,
    input: Readable.from([]),
  }
  const code = await runCli(['-C', directory, ...args], terminal)
  if (code !== 0) throw new Error(`spillway ${args.join(' ')} ends with ${code}: ${said}`)
  return out
}

/** One object of what commands print: its words, and every amount in it as `12.00 USD`. */
export type PrintedRow = { readonly words: ReadonlyArray<string>; readonly amounts: ReadonlySet<string> }

export type Told = {
  /** `12.00 USD` for every amount, and for the sum of each column of a list by currency. */
  readonly amounts: ReadonlySet<string>
  readonly rows: ReadonlyArray<PrintedRow>
  /** Every number with a fraction, whatever it is of. */
  readonly numbers: ReadonlySet<string>
}

/** What `spillway -C directory COMMAND --format json` prints for each of the commands, for comparing a screen with. */
export async function toldBy(directory: string, commands: ReadonlyArray<ReadonlyArray<string>>): Promise<Told> {
  const amounts = new Set<string>()
  const rows: PrintedRow[] = []
  const numbers = new Set<string>()
  for (const command of commands) {
    const text = await printed(directory, [...command, '--format', 'json'])
    const answer: unknown = JSON.parse(text)
    collect(answer, { currency: '', found: amounts })
    rows.push(...rowsIn(answer, ''))
    for (const [number] of text.matchAll(/\d+\.\d+/g)) numbers.add(number)
  }
  return { amounts, rows, numbers }
}

export async function amountsPrinted(directory: string, args: ReadonlyArray<string>): Promise<ReadonlySet<string>> {
  return (await toldBy(directory, [args])).amounts
}

function rowsIn(value: unknown, currency: string): ReadonlyArray<PrintedRow> {
  if (typeof value !== 'object' || value === null) return []
  const own = currencyOf(value, currency)
  const within = Object.values(value).flatMap((one) => rowsIn(one, own))
  if (Array.isArray(value)) return within
  const amounts = new Set<string>()
  collect(value, { currency: own, found: amounts })
  const words = Object.entries(value).flatMap(([key, one]) =>
    typeof one === 'string' && one !== '' && key !== 'currency' && !isDecimal(one) ? [one, ...monthWords(one)] : [],
  )
  return [{ words, amounts }, ...within]
}

/** As tables and charts write a month in the locale of the tests. */
function monthWords(text: string): ReadonlyArray<string> {
  const day = /^\d{4}-\d{2}$/.test(text) ? new Date(`${text}-01T00:00:00Z`) : null
  if (day === null) return []
  const written = (month: 'long' | 'short', year: 'numeric' | '2-digit') =>
    new Intl.DateTimeFormat('en-GB', { month, year, timeZone: 'UTC' }).format(day)
  return [written('long', 'numeric'), written('short', '2-digit')]
}

type Collecting = { readonly currency: string; readonly found: Set<string> }

function collect(value: unknown, { currency, found }: Collecting): void {
  if (Array.isArray(value)) {
    for (const one of value) collect(one, { currency, found })
    for (const sum of sumsOf(value)) found.add(sum)
    return
  }
  if (typeof value === 'string') {
    if (isDecimal(value)) found.add(`${value} ${currency}`)
    // Such as `91.47 EUR, 267.28 GBP`.
    for (const [, amount, of] of value.matchAll(/(-?\d+(?:\.\d+)?) ([A-Z]{3})\b/g)) found.add(`${amount} ${of}`)
  }
  if (typeof value !== 'object' || value === null) return
  const own = currencyOf(value, currency)
  for (const one of Object.values(value)) collect(one, { currency: own, found })
}

const currencyOf = (value: object, around: string) =>
  'currency' in value && typeof value.currency === 'string' ? value.currency : around

const isDecimal = (text: string) => /^-?\d+(?:\.\d+)?$/.test(text)

/** By column and currency, added exactly: each column of a list keeps its number of decimals. */
function sumsOf(rows: ReadonlyArray<unknown>): ReadonlyArray<string> {
  const sums = new Map<string, { minor: bigint; digits: number; currency: string }>()
  for (const row of rows) {
    if (typeof row !== 'object' || row === null || !('currency' in row)) continue
    const currency = String(row.currency)
    for (const [key, value] of Object.entries(row)) {
      if (typeof value !== 'string' || !isDecimal(value)) continue
      const digits = value.split('.')[1]?.length ?? 0
      const sum = sums.get(`${key} ${currency}`) ?? { minor: 0n, digits, currency }
      sums.set(`${key} ${currency}`, { ...sum, minor: sum.minor + BigInt(value.replace('.', '')) })
    }
  }
  return [...sums.values()].map(({ minor, digits, currency }) => `${toText(minor, digits)} ${currency}`)
}

function toText(minor: bigint, digits: number): string {
  const sign = minor < 0n ? '-' : ''
  const text = (minor < 0n ? -minor : minor).toString().padStart(digits + 1, '0')
  return digits === 0 ? `${sign}${text}` : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`
}
