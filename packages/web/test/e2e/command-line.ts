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

/** `12.00 USD` for every amount of what a command prints as JSON, and for the sum of each column of a list by currency. */
export async function amountsPrinted(directory: string, args: ReadonlyArray<string>): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const answer: unknown = JSON.parse(await printed(directory, [...args, '--format', 'json']))
  collect(answer, { currency: '', found })
  return found
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
  const own = 'currency' in value && typeof value.currency === 'string' ? value.currency : currency
  for (const one of Object.values(value)) collect(one, { currency: own, found })
}

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
