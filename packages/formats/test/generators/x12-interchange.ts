// An X12 interchange with 811s as senders write them: any delimiters, any codes of levels, accounts in the heading or in a
// level, taxes in cents or as decimals; it foots, or differs by what is planted, and says what and where.
import { Random } from './random.ts'

export type GeneratedInterchange = {
  readonly text: string
  readonly segments: number
  /** Minor units by invoice, as TDS says. */
  readonly totals: ReadonlyMap<string, number>
  readonly voiceSeconds: number
  readonly planted: { readonly invoice: string; readonly differenceMinor: number } | null
  /** Numbers of the segments that cannot be read, and what they charge. */
  readonly unreadable: ReadonlyArray<{
    readonly segment: number
    readonly minor: number
    readonly isAmountKnown: boolean
  }>
}

type Options = {
  readonly seed: number
  /** A total that leaves the allowances out, or another difference. */
  readonly plantDifference?: boolean
  readonly unreadableRows?: number
}

type Segment = { readonly elements: string[]; readonly minor: number | null }
type Delimiters = {
  readonly element: string
  readonly component: string
  readonly end: string
  readonly breaks: string
}

const DELIMITERS: ReadonlyArray<Omit<Delimiters, 'breaks'>> = [
  { element: '*', component: ':', end: '~' },
  { element: '|', component: '>', end: '~' },
  { element: '\u001d', component: '\u001f', end: '\u001c' },
  { element: '+', component: ':', end: "'" },
  { element: '*', component: '>', end: '\n' },
  { element: '\t', component: '<', end: '\r' },
  { element: '^', component: '\\', end: '!' },
]
/** Codes of the account's level and of a service's level. */
const LEVEL_CODES = [
  ['A', 'B'],
  ['BL', 'SP'],
  ['1', '8'],
  ['4', '5'],
  ['AC', '9'],
] as const
const PLANS = ['BUSINESS UNLIMITED PLUS', '5GB TABLET', 'NATIONWIDE TALK 450', 'PLAN']
const ITEMS = ['Total Mobile Protection', 'FED UNIVERSAL SERVICE CHARGE', 'DATA OVERAGE', 'NAME']

type Style = {
  readonly codes: readonly [string, string]
  readonly isTaxDecimal: boolean
  readonly accountIn: 'heading' | 'level' | 'payer'
  readonly serviceReference: 'MN' | '12' | 'SI'
}

export function generateInterchange({
  seed,
  plantDifference = false,
  unreadableRows = 0,
}: Options): GeneratedInterchange {
  const random = new Random(seed)
  const style: Style = {
    codes: random.pick(LEVEL_CODES),
    isTaxDecimal: random.chance(0.5),
    accountIn: random.pick(['heading', 'level', 'payer'] as const),
    serviceReference: random.pick(['MN', '12', 'SI'] as const),
  }
  const state = { voiceSeconds: 0 }
  const sets = Array.from({ length: random.integer(1, 3) }, (_, at) => makeSet(random, { at, style, state }))
  const totals = new Map(sets.map(({ invoice, totalMinor }) => [invoice, totalMinor]))
  let planted: GeneratedInterchange['planted'] = null
  if (plantDifference) {
    const set = random.pick(sets)
    const differenceMinor = random.pick([1, -1]) * random.integer(1, 50_000)
    planted = { invoice: set.invoice, differenceMinor }
    totals.set(set.invoice, set.totalMinor - differenceMinor)
  }
  const segments = envelope(random, sets, totals)
  const unreadable = spoil(random, segments, unreadableRows)
  const delimiters = { ...random.pick(DELIMITERS), breaks: random.pick(['', '\n', '\r\n', '\n\n']) }
  return {
    text: write(random, { segments, delimiters, isBroken: random.chance(0.5) }),
    segments: segments.length,
    totals,
    voiceSeconds: state.voiceSeconds,
    planted,
    unreadable,
  }
}

type Set = { readonly invoice: string; readonly totalMinor: number; readonly body: Segment[]; readonly items: number }

function makeSet(
  random: Random,
  { at, style, state }: { at: number; style: Style; state: { voiceSeconds: number } },
): Set {
  const invoice = `INV-${at + 1}`
  const account = `ACC-${at + 1}`
  const body: Segment[] = []
  const say = (...elements: string[]) => body.push({ elements, minor: null })
  const bill = (minor: number, ...elements: string[]) => body.push({ elements, minor })
  say('BIG', '20260401', invoice)
  say('N1', 'RE', random.pick(['Verizon Wireless', 'Windstream', 'AT&T MOBILITY']))
  if (style.accountIn === 'payer') say('N1', 'BT', 'ACME CORP', '91', account)
  if (style.accountIn === 'heading') say('REF', random.pick(['9V', 'AN']), account)
  const [start, end] = random.chance(0.2) ? ['151', '150'] : ['150', '151']
  // Of a date alone nobody can tell that it was swapped.
  const isAlone = random.chance(0.2)
  if (!isAlone) say('DTM', start, '20260301')
  say('DTM', isAlone ? '151' : end, '20260331')
  say('HL', '1', '', style.codes[0])
  if (style.accountIn === 'level') say('REF', '9V', account)
  if (random.chance(0.4))
    bill(-700, 'SAC', 'A', 'F050', '', '', '700', '', '', '', '', '', '', '', '', '', 'LOYALTY CREDIT')
  const services = random.integer(1, 5)
  let items = 0
  for (let number = 0; number < services; number += 1) {
    say('HL', String(number + 2), '1', style.codes[1])
    const telephone = `55500${at}${String(1000 + number)}`
    if (style.serviceReference === 'SI') say('SI', 'TI', 'TN', telephone)
    else say('REF', style.serviceReference, telephone)
    if (random.chance(0.4)) say('PID', 'F', '', '', '', 'PHONE 15')
    items += makeItems(random, { say, bill, style })
    if (random.chance(0.5)) state.voiceSeconds += makeCalls(random, say)
  }
  if (random.chance(0.5)) {
    const minor = random.integer(1, 900)
    const text = style.isTaxDecimal ? decimal(minor) : String(minor)
    bill(minor, 'TXI', 'ST', text)
  }
  return { invoice, totalMinor: body.reduce((sum, { minor }) => sum + (minor ?? 0), 0), body, items }
}

type Making = {
  readonly say: (...elements: string[]) => void
  readonly bill: (minor: number, ...elements: string[]) => void
  readonly style: Style
}

function makeItems(random: Random, { say, bill, style }: Making): number {
  const items = random.integer(1, 3)
  for (let count = 0; count < items; count += 1) {
    const [quantity, minor] = [random.integer(1, 3), random.integer(0, 20_000)]
    bill(quantity * minor, 'IT1', '', String(quantity), 'EA', decimal(minor), '', 'VP', random.pick(PLANS))
    if (random.chance(0.5)) say('PID', 'F', '', '', '', random.pick(PLANS))
    if (random.chance(0.3)) say('SLN', '1', '', 'I', '1', 'EA', '9.99')
  }
  if (random.chance(0.6)) {
    const minor = random.integer(1, 5000)
    bill(minor, ...`SAC*C*F305***${minor}**********${random.pick(ITEMS)}`.split('*'))
  }
  if (random.chance(0.3)) {
    const minor = random.integer(1, 5000)
    bill(-minor, ...`ITA*A******${random.chance(0.3) ? '-' : ''}${minor}******DISCOUNT`.split('*'))
  }
  if (random.chance(0.7)) {
    const minor = random.integer(1, 900)
    bill(minor, 'TXI', 'ST', style.isTaxDecimal ? decimal(minor) : String(minor))
  }
  return items
}

function makeCalls(random: Random, say: Making['say']): number {
  let seconds = 0
  for (let calls = random.integer(1, 4); calls > 0; calls -= 1) {
    const [minutes, rest] = [random.integer(0, 60), random.integer(0, 59)]
    seconds += minutes * 60 + rest
    const duration = [String(minutes), String(rest)]
    say(
      'TCD',
      String(calls),
      '20260305',
      random.pick(['0915', '091500']),
      'TN',
      '2145550000',
      'TX',
      '',
      '',
      '',
      ...duration,
      '0.0123',
    )
  }
  return seconds
}

/** Zeros at the end may be dropped, as the standard's decimal numbers are; one point is always left for a reader to see. */
function decimal(minor: number): string {
  const digits = String(minor).padStart(3, '0')
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`
}

function envelope(random: Random, sets: ReadonlyArray<Set>, totals: ReadonlyMap<string, number>): Segment[] {
  const plain = (...elements: string[]): Segment => ({ elements, minor: null })
  const isa = ['ISA', '00', ' '.repeat(10), '00', ' '.repeat(10), 'ZZ', 'CARRIER'.padEnd(15), 'ZZ', 'ACME'.padEnd(15)]
  const segments = [plain(...isa, '260401', '0930', 'U', '00401', '000000001', '0', 'P', 'COMPONENT')]
  segments.push(plain('GS', 'CI', 'CARRIER', 'ACME', '20260401', '0930', '1', 'X', '004010'))
  sets.forEach(({ invoice, body, items }, at) => {
    const control = String(at + 1).padStart(4, '0')
    segments.push(plain('ST', '811', control), ...body)
    segments.push(plain('TDS', String(totals.get(invoice))))
    const hasCount = random.chance(0.5)
    if (hasCount) segments.push(plain('CTT', String(items)))
    segments.push(plain('SE', String(body.length + 3 + (hasCount ? 1 : 0)), control))
  })
  segments.push(plain('GE', String(sets.length), '1'), plain('IEA', '1', '000000001'))
  return segments
}

function spoil(random: Random, segments: Segment[], count: number): GeneratedInterchange['unreadable'] {
  const charging = segments.flatMap(({ minor }, index) => (minor === null ? [] : [index]))
  const chosen = random.shuffled(charging).slice(0, count)
  return chosen
    .map((index) => {
      const { elements, minor } = segments[index] as Segment
      const at = { IT1: 4, SAC: 5, ITA: 7, TXI: 2 }[elements[0] as string] as number
      elements[at] = random.pick(['1O.00', '12.3456', '--5', ''].slice(0, elements[0] === 'IT1' ? 3 : 4))
      return { segment: index + 1, minor: minor as number, isAmountKnown: false }
    })
    .sort((a, b) => a.segment - b.segment)
}

function write(
  random: Random,
  { segments, delimiters, isBroken }: { segments: Segment[]; delimiters: Delimiters; isBroken: boolean },
): string {
  const { element, component, end } = delimiters
  const breaks = isBroken && !'\r\n'.includes(end) ? delimiters.breaks : ''
  const start = random.pick(['', '\ufeff', '\n  ', '\ufeff\r\n'])
  const texts = segments.map(({ elements }) =>
    elements.map((text) => (text === 'COMPONENT' ? component : text)).join(element),
  )
  return `${start}${texts.map((text) => `${text}${end}${breaks}`).join('')}`
}
