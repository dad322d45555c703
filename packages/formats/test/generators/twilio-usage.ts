// Pages of Twilio's usage records, of an account by category and of Super SIMs by day, with prices in fractions of a cent;
// or with some records that cannot be read, of which it says where.
import { Random } from './random.ts'

export type GeneratedRecords = {
  readonly text: string
  readonly records: number
  /** Base units by usage type and view, of the records that can be read. */
  readonly used: Readonly<Record<string, bigint>>
  readonly unreadableLines: ReadonlyArray<number>
}
type Options = { readonly seed: number; readonly unreadableRows?: number }
type Json = Readonly<Record<string, unknown>>
type Made = { readonly record: Json; readonly key: string; readonly base: bigint }

const CATEGORIES = [
  ['calls', 'voice class-summary'],
  ['calls-outbound', 'voice line-summary'],
  ['calls-inbound-tollfree', 'voice itemised'],
  ['sms', 'messaging class-summary'],
  ['mms', 'messaging class-summary'],
  ['sms-inbound', 'messaging line-summary'],
  ['mms-outbound-longcode', 'messaging itemised'],
  ['phonenumbers', ''],
  ['calls-recordings', ''],
  ['totalprice', ''],
] as const

export function generateAccountUsage({ seed, unreadableRows = 0 }: Options): GeneratedRecords {
  const random = new Random(seed)
  const accounts = Array.from({ length: random.integer(1, 3) }, (_, at) => `AC0${at}`)
  const day = String(random.integer(1, 28)).padStart(2, '0')
  const [startOn, lastOn] = random.pick([
    ['2026-02-01', '2026-02-28'],
    [`2026-03-${day}`, `2026-03-${day}`],
  ] as const)
  const made = accounts.flatMap((account) =>
    random.shuffled(CATEGORIES).map(([category, key]): Made => {
      const isVoice = key.startsWith('voice')
      const used = random.integer(0, 90_000)
      const record = {
        account_sid: account,
        category,
        count: String(random.integer(0, 900)),
        usage: key === '' && random.chance(0.5) ? '0' : String(used),
        usage_unit: isVoice ? 'minutes' : key === '' ? 'units' : random.pick(['messages', 'segments']),
        price: random.pick(['0.611', '0', '12.34567']),
        price_unit: 'usd',
        start_date: startOn,
        end_date: lastOn,
      }
      return { record, key, base: BigInt(used) * (isVoice ? 60n : 1n) }
    }),
  )
  return pageOf(random, {
    made,
    unreadableRows,
    spoilt: { start_date: '2026-02-30', usage: 'lots', usage_unit: 'calls' },
  })
}

export function generateSuperSimUsage({ seed, unreadableRows = 0 }: Options): GeneratedRecords {
  const random = new Random(seed)
  const sims = Array.from({ length: random.integer(2, 6) }, (_, at) => `HS0${at}`)
  const days = Array.from({ length: random.integer(1, 5) }, (_, at) => 27 + at)
  const made = sims.flatMap((sim) =>
    days.map((day): Made => {
      const [up, down] = [random.integer(0, 5_000_000), random.integer(0, 2 ** 40)]
      const record = {
        account_sid: 'AC00',
        sim_sid: sim,
        network_sid: random.pick([null, 'HW01']),
        iso_country: random.pick([null, 'GB', 'FR']),
        period: {
          start_time: `2026-03-${day}T00:00:00Z`,
          end_time: day === 31 ? '2026-04-01T00:00:00Z' : `2026-03-${day + 1}T00:00:00Z`,
        },
        data_upload: up,
        data_download: down,
        data_total: up + down,
        data_total_billed: random.pick(['0.4', '0', '0.00013']),
        billed_unit: 'USD',
      }
      return { record, key: 'data', base: BigInt(up + down) }
    }),
  )
  return pageOf(random, { made, unreadableRows, spoilt: { sim_sid: null, data_total: 'lots', period: {} } })
}

type Page = { readonly made: ReadonlyArray<Made>; readonly unreadableRows: number; readonly spoilt: Json }

function pageOf(random: Random, { made, unreadableRows, spoilt }: Page): GeneratedRecords {
  const counted = made.flatMap(({ key }, at) => (key === '' ? [] : [at]))
  // One can always be read: a page that has a column in none of its records is refused as a whole, not row by row.
  const chosen = new Set(random.shuffled(counted).slice(0, Math.min(unreadableRows, counted.length - 1)))
  const used: Record<string, bigint> = {}
  const records = made.map(({ record, key, base }, at) => {
    const member = random.pick(Object.keys(spoilt))
    if (chosen.has(at)) return { ...record, [member]: spoilt[member] }
    if (key !== '') used[key] = (used[key] ?? 0n) + base
    return record
  })
  const frame = random.chance(0.5)
    ? { page: 0, usage_records: records, next_page_uri: null }
    : { usage_records: records }
  const text = JSON.stringify(frame, null, random.pick([0, 2]))
  return {
    text,
    records: records.length,
    used,
    unreadableLines: [...chosen].map((at) => at + 1).sort((a, b) => a - b),
  }
}
