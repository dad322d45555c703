// Asterisk's Master.csv: calls answered and not, passed on, from anonymous callers, in 16, 18 or 21 columns; or with some
// rows that cannot be read, of which it says where.
import { Random } from './random.ts'

export type GeneratedAsteriskCalls = {
  readonly text: string
  readonly calls: number
  /** Of the rows that can be read. */
  readonly answered: number
  readonly seconds: number
  readonly unreadableLines: ReadonlyArray<number>
}

const UNANSWERED = ['NO ANSWER', 'BUSY', 'FAILED', 'CONGESTION']
const [START, DURATION, DISPOSITION] = [9, 12, 14]
const SPOILT = [
  [START, '2026-02-31 09:00:00'],
  [START, ''],
  [DURATION, 'a while'],
  [DISPOSITION, 'ANSWERED?'],
] as const

export function generateAsteriskCalls({
  seed,
  unreadableRows = 0,
}: {
  readonly seed: number
  readonly unreadableRows?: number
}): GeneratedAsteriskCalls {
  const random = new Random(seed)
  const columns = random.pick([16, 18, 18, 21])
  const count = random.integer(6, 40)
  // The first lines tell what file it is.
  const later = Array.from({ length: count - 1 }, (_, at) => at + 1)
  const spoilt = new Set(random.shuffled(later).slice(0, unreadableRows))
  let [answered, seconds] = [0, 0]
  const lines = Array.from({ length: count }, (_, at) => {
    const call = callOf(random, at)
    const cells = [...call.cells]
    if (spoilt.has(at)) {
      const [column, cell] = random.pick(SPOILT)
      cells[column] = cell
    } else if (call.isAnswered) {
      answered += 1
      seconds += call.seconds
    }
    const text = cells.slice(0, columns).map((cell, column) => written(cell, column))
    return `${text.join()}\n`
  })
  const unreadableLines = [...spoilt].map((at) => at + 1).sort((a, b) => a - b)
  return { text: lines.join(''), calls: count, answered, seconds, unreadableLines }
}

/** Asterisk quotes all but the two numbers of seconds. */
function written(cell: string, column: number): string {
  return (column === 12 || column === 13) && /^\d+$/.test(cell) ? cell : `"${cell.replaceAll('"', '""')}"`
}

function callOf(random: Random, at: number) {
  const isAnswered = random.chance(0.7)
  const seconds = isAnswered ? random.integer(0, 50) : 0
  const [day, minute] = [String(1 + (at % 28)).padStart(2, '0'), String(random.integer(0, 58)).padStart(2, '0')]
  const time = (second: number) => `2026-03-${day} 09:${minute}:${String(second).padStart(2, '0')}`
  const src = random.pick(['1001', '1002', '+442071234567', ''])
  const cells = [
    random.pick(['SALES', 'IT', '']),
    src,
    random.pick(['442071234567', 's', '*97']),
    'default',
    random.pick([`"Alice" <${src}>`, src]),
    `SIP/100${random.integer(1, 3)}-${at.toString(16).padStart(8, '0')}`,
    isAnswered ? `SIP/trunk-${at.toString(16).padStart(8, '0')}` : '',
    'Dial',
    'SIP/trunk/442071234567,30',
    time(0),
    isAnswered ? time(5) : '',
    time(5 + seconds),
    String(seconds + 5),
    String(seconds),
    isAnswered ? 'ANSWERED' : random.pick(UNANSWERED),
    random.pick(['DOCUMENTATION', 'BILLING', 'OMIT']),
    // A channel that is passed on keeps its id.
    `1772442900.${at - (at % 2)}`,
    random.pick(['', 'a note, "quoted"']),
    '',
    `1772442900.${at}`,
    String(at),
  ]
  return { cells, isAnswered, seconds }
}
