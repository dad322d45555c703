// What every service used, day by day, in whole bytes or texts: a quiet August, a warm September in which the lorries report
// often, and an October of cameras in the stores and of a firmware that 52 meters load four days long.
import { Random } from './random.ts'
import type { SoldService } from './services.ts'

export type Use = {
  readonly service: string
  readonly id: string
  /** UTC, in seconds since the epoch. */
  readonly atSeconds: number
  readonly usageType: 'data' | 'messaging'
  readonly zone: 'domestic' | 'roaming' | 'international'
  /** Bytes or texts. */
  readonly quantity: number
}

export type Season = {
  readonly month: string
  /** Half-open days. */
  readonly startOn: string
  readonly endOn: string
  /** Per cent of an ordinary day. */
  readonly percent: number
}

const DAY_SECONDS = 86_400
const secondsOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 1000
const dateOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 10)

/** The days of a season on which a service is in force. */
function daysOf({ from, to }: SoldService, { startOn, endOn }: Season): string[] {
  const days: string[] = []
  for (let at = secondsOf(startOn); at < secondsOf(endOn); at += DAY_SECONDS) {
    const day = dateOf(at)
    if (day >= from && (to === '' || day < to)) days.push(day)
  }
  return days
}

type DayOfUse = { readonly service: string; readonly day: string; readonly random: Random }

/** Devices report by day, so that a day is the same day in the zone of every account. */
function use(
  { service, day, random }: DayOfUse,
  { quantity, ...rest }: Partial<Use> & { readonly quantity: number },
): Use {
  const atSeconds = secondsOf(day) + random.int(9 * 3600, 17 * 3600)
  const id = `${service}-${day.slice(5).replace('-', '')}`
  return { service, id, atSeconds, usageType: 'data', zone: 'domestic', quantity, ...rest }
}

const KB = 1000
const FIRMWARE_DAYS = ['2026-10-06', '2026-10-07', '2026-10-08', '2026-10-09']
/** A meter that reports every minute from this day on, because somebody left it in test mode. */
const CHATTY = { service: 'MTR-2013', from: '2026-09-10' }

/** One report a day; a meter talks in whole kilobytes. */
export function meterUses(service: SoldService, season: Season): Use[] {
  return daysOf(service, season).map((day) => {
    const random = new Random(`meter/${service.service}/${day}`)
    const report = Math.floor((random.int(550, 950) * season.percent) / 100)
    const firmware = FIRMWARE_DAYS.includes(day) ? 3_600 : 0
    const test = service.service === CHATTY.service && day >= CHATTY.from ? random.int(4_200, 5_100) : 0
    return use({ service: service.service, day, random }, { quantity: (report + firmware + test) * KB })
  })
}

/** Data every day, a fifth of it abroad; a text when a door stands open or a compartment gets warm. */
export function trackerUses(service: SoldService, season: Season): Use[] {
  const isLite = service.product === 'tracker-lite'
  return daysOf(service, season).flatMap((day) => {
    const random = new Random(`tracker/${service.service}/${day}`)
    const kilobytes = Math.floor((random.int(900, 1_700) * season.percent) / (isLite ? 430 : 100))
    const isAbroad = random.isOneIn(5)
    const of = { service: service.service, day, random }
    const data = use(of, { quantity: kilobytes * KB, zone: isAbroad ? 'roaming' : 'domestic' })
    if (random.int(1, 1_000) > season.percent) return [data]
    const text = use(of, { quantity: 1, usageType: 'messaging', zone: isAbroad ? 'international' : 'domestic' })
    return [data, { ...text, id: `${text.id}-T` }]
  })
}

/** Tills and, in the stores with cameras, pictures; to the byte. */
export function gatewayUses(service: SoldService, season: Season): Use[] {
  const isPro = service.product === 'gateway-pro'
  return daysOf(service, season).map((day) => {
    const random = new Random(`gateway/${service.service}/${day}`)
    const bytes = isPro ? random.int(27_000_000, 41_000_000) : random.int(9_000_000, 19_000_000)
    return use({ service: service.service, day, random }, { quantity: Math.floor((bytes * season.percent) / 100) })
  })
}

/** Only on days on which the line of a store is down; one store's was cut for two days in October. */
export function backupUses(service: SoldService, season: Season): Use[] {
  return daysOf(service, season).flatMap((day) => {
    const random = new Random(`backup/${service.service}/${day}`)
    const isCut = service.service === 'HS0003' && (day === '2026-10-13' || day === '2026-10-14')
    if (!isCut && !random.isOneIn(6)) return []
    const quantity = isCut ? random.int(150_000_000, 180_000_000) : random.int(4_000_000, 19_000_000)
    return [use({ service: service.service, day, random }, { quantity })]
  })
}
