// Events of metering as CloudEvents, in every way in which a quantity can be said: one on each line, or in a list; or with
// some that cannot be read, of which it says where.
import { Random } from './random.ts'

export type GeneratedEvents = {
  readonly text: string
  readonly events: number
  /** Base units by usage type, of the events that can be read. */
  readonly used: Readonly<Record<string, bigint>>
  readonly unreadableLines: ReadonlyArray<number>
}

type Said = { readonly type: string; readonly data: string; readonly base: bigint }

/** The data as text: figures that no JavaScript number holds are among them. */
function saidUse(random: Random): Said {
  const whole = random.integer(0, 2_000_000)
  const bytes = 9_007_199_254_740_993n + BigInt(whole)
  return random.pick<Said>([
    { type: 'data', data: `"bytes":${bytes}`, base: bytes },
    { type: 'data', data: `"class":"data","kb":"${whole}"`, base: BigInt(whole) * 1000n },
    { type: 'data', data: `"usage_type":"data","quantity":${whole}.5,"unit":"kB"`, base: BigInt(whole) * 1000n + 500n },
    {
      type: 'data',
      data: `"usage_type":"data","value":${whole}e3,"unit":"B","zone":"roaming"`,
      base: BigInt(whole) * 1000n,
    },
    {
      type: 'voice',
      data: `"usage_type":"voice","duration":${whole % 5000},"peer":"+4420"`,
      base: BigInt(whole % 5000),
    },
    { type: 'voice', data: `"usage_type":"voice","minutes":${whole % 90}.25`, base: BigInt((whole % 90) * 60 + 15) },
    {
      type: 'messaging',
      data: `"usage_type":"messaging","count":${whole % 9},"peer":"a, \\"b\\"\\n"`,
      base: BigInt(whole % 9),
    },
  ])
}

const SPOILT: ReadonlyArray<(event: string) => string> = [
  (event) => event.replace('"1.0"', '"0.3"'),
  (event) => event.replace('Z"', '"'),
  (event) => event.replace('"data":{', '"data":{"kib":"a few",'),
  (event) => event.replace('"data":{', '"id":"twice","data":{'),
  (event) => event.replace(/}}$/, '},}'),
]

export function generateCloudEvents({
  seed,
  unreadableRows = 0,
}: {
  readonly seed: number
  readonly unreadableRows?: number
}): GeneratedEvents {
  const random = new Random(seed)
  const isList = random.chance(0.4)
  const used: Record<string, bigint> = { data: 0n, voice: 0n, messaging: 0n }
  const count = random.integer(6, 40)
  const spoilt = new Set(random.shuffled(Array.from({ length: count }, (_, at) => at)).slice(0, unreadableRows))
  const events = Array.from({ length: count }, (_, at) => {
    const use = saidUse(random)
    const day = String(random.integer(1, 28)).padStart(2, '0')
    const type = random.pick([`com.acme.usage.${use.type}`, `${use.type}.v2`, use.type])
    const extension = random.chance(0.3) ? `,"region":"${random.pick(['eu', 'us'])}"` : ''
    const event = `{"specversion":"1.0","type":"${type}","source":"/g/${at % 3}","id":"${at}","subject":"SIM-${at % 7}","time":"2026-03-${day}T08:00:00Z"${extension},"data":{${use.data}}}`
    if (spoilt.has(at)) return random.pick(SPOILT)(event)
    used[use.type] = (used[use.type] as bigint) + use.base
    return event
  })
  const text = isList
    ? `[${events.join(random.pick([',', ',\n  ', ' , ']))}]`
    : events.map((event) => `${event}\n`).join('')
  return { text, events: count, used, unreadableLines: [...spoilt].map((at) => at + 1).sort((a, b) => a - b) }
}
