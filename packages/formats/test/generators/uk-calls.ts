// Files of British call records: Gamma's daily and monthly ones, and BT's itemised bill, in varied columns and writings; or
// with some unreadable rows planted, of which it says where. They bear no total: what was used must come out exactly.
import { GAMMA_COLUMNS } from '../../src/import/gamma/gamma-calls.ts'
import type { Grid } from '../variants.ts'
import { Random } from './random.ts'
import type { Cells } from './verizon-file.ts'

export type GeneratedCalls = Grid & {
  readonly voiceSeconds: number
  readonly dataBytes: number
  readonly messages: number
  /** Lines of the rows that cannot be read, the header being line 1. */
  readonly unreadableLines: ReadonlyArray<number>
  /** Days on which calls were made, as YYYY-MM-DD. */
  readonly days: ReadonlyArray<string>
}
type Options = { readonly seed: number; readonly unreadableRows?: number }
type Call = {
  readonly cells: Cells
  readonly voiceSeconds: number
  readonly dataBytes: number
  readonly messages: number
  readonly day: string
}

const DIALLED = ['02079460000', '+442079460000', '07700900123', '0033123456789', '+33 1 2345 6789', '118500']
const price = (random: Random) => random.pick(['0.0238', '0', '1.5', '0.00125', '12.3400'])

/** `dayOfMonth` makes it a daily file; without one the calls lie anywhere in March 2026. */
export function generateGammaCalls({
  seed,
  unreadableRows = 0,
  dayOfMonth,
}: Options & { readonly dayOfMonth?: number }): GeneratedCalls {
  const random = new Random(seed)
  const calls = Array.from({ length: random.integer(8, 40) }, (_, at) =>
    gammaCall(random, { at, dayOfMonth: dayOfMonth ?? 1 + ((at * 7 + random.integer(0, 3)) % 31) }),
  )
  const names = GAMMA_COLUMNS.map(({ name }) => name as string)
  const kept = names.filter((name) => ALWAYS.includes(name) || random.chance(0.7))
  const spoilt = [
    ['Duration', 'a while'],
    ['Call Date', '31/02/2026'],
    ['Call Time', '25:00:00'],
    ['Salesprice', 'free'],
    ['Customer Identifier', ''],
  ] as const
  return gridOf(random, { calls, columns: kept, unreadableRows, spoilt })
}

const ALWAYS = [
  'Call Type',
  'Customer Identifier',
  'Non-Charged Party',
  'Call Date',
  'Call Time',
  'Duration',
  'Bytes Transmitted',
  'Bytes Received',
  'Salesprice',
  'Record ID',
]

function gammaCall(random: Random, { at, dayOfMonth }: { at: number; dayOfMonth: number }): Call {
  const kind = random.pick(['V', 'V', 'Z', 'G', 'S'])
  const seconds = kind === 'V' || kind === 'Z' ? random.integer(0, 9000) : 0
  const [sent, received] = kind === 'G' ? [random.integer(1, 10_000), random.integer(0, 9_000_000)] : [0, 0]
  const day = String(dayOfMonth).padStart(2, '0')
  return {
    cells: {
      'Call Type': kind,
      'Customer Identifier': random.pick(['02071234567', '0207 123 4568']),
      'Non-Charged Party': random.pick(DIALLED),
      'Call Date': `${day}/03/2026`,
      'Call Time': `09:15:${String(at % 60).padStart(2, '0')}`,
      Duration: kind === 'G' ? '1' : String(seconds),
      'Bytes Transmitted': sent === 0 ? '' : String(sent),
      'Bytes Received': kind === 'G' ? String(received) : '',
      Chargecode: 'UKN',
      'Time Band': random.pick(['1', '2', '3', '']),
      Salesprice: price(random),
      'Salesprice (Pre-Bundle)': random.pick(['', '0.0400']),
      'Record ID': random.chance(0.8) ? String(900_000 + at) : '',
      'Bundle Name': random.pick(['', 'UK 5000']),
    },
    voiceSeconds: seconds,
    dataBytes: sent + received,
    messages: kind === 'S' ? 1 : 0,
    day: `2026-03-${day}`,
  }
}

const BT_COLUMNS = [
  'Charge Code',
  'Installation No',
  'Line No',
  'Charge Card No',
  'Date',
  'Time',
  'Destination',
  'Called No',
  'Duration',
  'Txt Direct Rebate',
  'Cost',
]

export function generateBtBill({ seed, unreadableRows = 0 }: Options): GeneratedCalls {
  const random = new Random(seed)
  const calls = Array.from({ length: random.integer(8, 40) }, () => btCall(random))
  const columns = BT_COLUMNS.filter((name) => name !== 'Txt Direct Rebate' || random.chance(0.7))
  const spoilt = [
    ['Duration', '000171'],
    ['Date', '31/02/2026'],
    ['Time', '9 am sharp'],
    ['Cost', 'free'],
    ['Installation No', ''],
  ] as const
  return gridOf(random, { calls, columns, unreadableRows, spoilt })
}

function btCall(random: Random): Call {
  const [hours, minutes, seconds] = [random.integer(0, 3), random.integer(0, 59), random.integer(0, 59)]
  const day = String(random.integer(1, 28)).padStart(2, '0')
  const two = (value: number) => String(value).padStart(2, '0')
  const cells = {
    'Charge Code': random.pick(['N', 'L', 'M', 'I']),
    'Installation No': 'LO12345',
    'Line No': random.pick(['02071234567', '02071234568', '']),
    Date: `${day}/03/2026`,
    Time: random.pick(['09:15:00', '23:59:59', '091500']),
    Destination: 'LONDON, "CITY"',
    'Called No': random.pick(DIALLED),
    Duration: random.pick([two, two].map((write) => `${write(hours)}${two(minutes)}${two(seconds)}`)),
    Cost: price(random),
  }
  const voiceSeconds = hours * 3600 + minutes * 60 + seconds
  return { cells, voiceSeconds, dataBytes: 0, messages: 0, day: `2026-03-${day}` }
}

type Writing = {
  readonly calls: ReadonlyArray<Call>
  readonly columns: ReadonlyArray<string>
  readonly unreadableRows: number
  readonly spoilt: ReadonlyArray<readonly [string, string]>
}

function gridOf(random: Random, { calls, columns, unreadableRows, spoilt }: Writing): GeneratedCalls {
  const header = random.chance(0.5) ? random.shuffled(columns) : columns
  // Only rows whose duration is read can be spoilt by it.
  const voice = calls.flatMap(({ voiceSeconds }, at) => (voiceSeconds > 0 ? [at] : []))
  const chosen = new Set(random.shuffled(voice).slice(0, unreadableRows))
  const total = (pick: (call: Call) => number) =>
    calls.reduce((sum, call, at) => (chosen.has(at) ? sum : sum + pick(call)), 0)
  const rows = calls.map(({ cells }, at) => {
    const [column, value] = random.pick(spoilt)
    const all: Cells = chosen.has(at) ? { ...cells, [column]: value } : cells
    return header.map((name) => all[name] ?? '')
  })
  return {
    header,
    rows,
    voiceSeconds: total(({ voiceSeconds }) => voiceSeconds),
    dataBytes: total(({ dataBytes }) => dataBytes),
    messages: total(({ messages }) => messages),
    unreadableLines: [...chosen].map((at) => at + 2).sort((a, b) => a - b),
    days: [...new Set(calls.map(({ day }) => day))].sort(),
  }
}
