// The items of one line on a Verizon bill: what it was charged and what it used, by class. Overage of a share group is
// put where the vendor puts it: on a few lines, whoever caused it.
import { isActive, type Month } from './calendar.ts'
import { sumCents, taxOf } from './cents.ts'
import type { Line } from './line.ts'
import { at, Random } from './random.ts'
import {
  DATA_GIB_EACH,
  TABLET_GIB_EACH,
  TEXTS_EACH,
  V_DATA,
  V_TABLETS,
  V_TEXT,
  V_VOICE,
  VOICE_MINUTES_EACH,
} from './verizon-lines.ts'

/** The column of the summaries that an item's cost is added up in. */
export type ItemSum = 'account' | 'monthly' | 'usage' | 'equipment' | 'surcharge' | 'tax'

export type Item = {
  /** undefined: the account's own (N/A). */
  readonly line: Line | undefined
  readonly sum: ItemSum
  readonly category: string
  readonly description: string
  readonly share: string
  readonly allowance: string
  readonly used: string
  readonly billable: string
  readonly cents: bigint
}

/** What a line used in a month: minutes, messages, and data in KiB. */
export type Used = {
  readonly peak: number
  readonly mobileToMobile: number
  readonly night: number
  readonly texts: number
  readonly dataKib: number
}

const KIB_PER_GIB = 1_048_576
const OVERAGE = { minuteCents: 25n, gibCents: 800n, textCents: 5n } as const

export function usedBy(line: Line, month: Month): Used {
  const random = new Random(`use/${line.service}/${month.name}`)
  const scaled = (least: number, most: number) =>
    Math.floor((random.int(least, most) * line.appetite * month.season) / 10_000)
  const isPhone = line.deviceType === 'smartphone'
  return {
    peak: isPhone ? Math.min(scaled(180, 400), 2400) : 0,
    mobileToMobile: isPhone ? Math.min(scaled(20, 260), 1500) : 0,
    night: isPhone ? Math.min(scaled(0, 90), 600) : 0,
    texts: isPhone ? Math.min(scaled(40, 260), 1800) : 0,
    dataKib: scaled(isPhone ? 1_300_000 : 500_000, isPhone ? 5_750_000 : 2_900_000),
  }
}

const NO_USE = { allowance: '', used: '', billable: '' } as const
const PLANS: Readonly<Record<string, { description: string; cents: bigint }>> = {
  [V_VOICE]: { description: 'NATIONWIDE TALK 400 SHARE', cents: 2500n },
  [V_DATA]: { description: 'SMARTPHONE 5GB DATA SHARE', cents: 2000n },
  [V_TEXT]: { description: '250 MESSAGE BUNDLE SHARE', cents: 500n },
  [V_TABLETS]: { description: '2GB TABLET DATA SHARE', cents: 1500n },
}
const ADD_ON = { description: 'ADD A LINE TALK SHARE', cents: 999n }

/** Overage that the vendor put on lines, by share group and service: units billed and cents. */
export type Overage = ReadonlyMap<string, { readonly units: number; readonly cents: bigint }>

/** What each share group used over the sum of its contributions, on three of its lines. */
export function overageOf(lines: ReadonlyArray<Line>, month: Month): Overage {
  const placed = new Map<string, { units: number; cents: bigint }>()
  for (const pool of [V_VOICE, V_DATA, V_TEXT, V_TABLETS]) {
    const members = lines.filter((line) =>
      line.memberships.some((member) => member.pool === pool && isActive(member, month)),
    )
    const units = unitsOver(pool, members, month)
    if (units <= 0) continue
    const random = new Random(`overage/${pool}/${month.name}`)
    const unlucky = random.shuffled(members.filter((line) => usedUnits(pool, line, month) > 0)).slice(0, 3)
    const parts = [Math.floor(units / 2), Math.floor(units / 3)]
    parts.push(units - at(parts, 0) - at(parts, 1))
    unlucky.forEach((line, index) => {
      const part = at(parts, index)
      if (part > 0) placed.set(`${pool}/${line.service}`, { units: part, cents: BigInt(part) * unitPrice(pool) })
    })
  }
  return placed
}

function unitPrice(pool: string): bigint {
  if (pool === V_VOICE) return OVERAGE.minuteCents
  return pool === V_TEXT ? OVERAGE.textCents : OVERAGE.gibCents
}

function usedUnits(pool: string, line: Line, month: Month): number {
  const used = usedBy(line, month)
  if (pool === V_VOICE) return used.peak
  return pool === V_TEXT ? used.texts : used.dataKib
}

function unitsOver(pool: string, members: ReadonlyArray<Line>, month: Month): number {
  let [used, included] = [0, 0]
  for (const line of members) {
    used += usedUnits(pool, line, month)
    included += Number(line.memberships.find((member) => member.pool === pool)?.contribution)
  }
  const isData = pool === V_DATA || pool === V_TABLETS
  return isData ? Math.ceil(used / KIB_PER_GIB) - included : used - included
}

/** All items of one line, in the order of the bill. */
export function itemsOf(line: Line, month: Month, overage: Overage): Item[] {
  const plans = planItems(line, month)
  const usage = usageItems(line, month, overage)
  const equipment = equipmentItems(line, month)
  const base = sumCents([...plans, ...usage].map(({ cents }) => cents))
  const isPhone = line.deviceType === 'smartphone'
  return [
    ...plans,
    ...usage,
    ...equipment,
    item(line, {
      sum: 'surcharge',
      category: 'VZW Surcharges',
      description: 'REGULATORY CHARGE',
      cents: isPhone ? 231n : 102n,
    }),
    item(line, {
      sum: 'tax',
      category: 'Taxes Governmental Surcharges and Fees',
      description: 'STATE SALES TAX',
      cents: taxOf(base, 575n),
    }),
  ]
}

function item(
  line: Line | undefined,
  given: Partial<Item> & Pick<Item, 'sum' | 'category' | 'description' | 'cents'>,
): Item {
  return { line, share: '', ...NO_USE, ...given }
}

function planItems(line: Line, month: Month): Item[] {
  return line.memberships
    .filter((member) => isActive(member, month))
    .map(({ pool, contribution }) => {
      const plan = pool === V_VOICE && contribution === '0' ? ADD_ON : PLANS[pool]
      if (!plan) throw new Error(`no plan for ${pool}`)
      return item(line, { sum: 'monthly', category: 'Monthly Charges', ...plan, share: pool })
    })
}

function usageItems(line: Line, month: Month, overage: Overage): Item[] {
  const used = usedBy(line, month)
  const isIn = (pool: string) => line.memberships.some((member) => member.pool === pool && isActive(member, month))
  const over = (pool: string) => overage.get(`${pool}/${line.service}`)
  const row = (category: string, description: string, amounts: Partial<Item>) =>
    item(line, { sum: 'usage', category, description, billable: '0', cents: 0n, ...amounts })
  const billed = (pool: string) => ({ billable: String(over(pool)?.units ?? 0), cents: over(pool)?.cents ?? 0n })
  const items: Item[] = []
  if (line.deviceType === 'smartphone') {
    const shared = isIn(V_VOICE)
      ? { share: V_VOICE, allowance: String(VOICE_MINUTES_EACH), ...billed(V_VOICE) }
      : { allowance: 'unlimited' }
    items.push(row('Voice', 'PEAK MINUTES', { ...shared, used: String(used.peak) }))
    items.push(row('Voice', 'MOBILE TO MOBILE', { allowance: 'unlimited', used: String(used.mobileToMobile) }))
    items.push(row('Voice', 'NIGHT/WEEKEND', { allowance: 'unlimited', used: String(used.night) }))
    const texts = isIn(V_TEXT)
      ? { share: V_TEXT, allowance: String(TEXTS_EACH), ...billed(V_TEXT) }
      : { allowance: 'unlimited' }
    items.push(row('Messaging', 'TEXT, PICTURE AND VIDEO MESSAGES', { ...texts, used: String(used.texts) }))
  }
  const pool = line.deviceType === 'smartphone' ? V_DATA : V_TABLETS
  const gib = pool === V_DATA ? DATA_GIB_EACH : TABLET_GIB_EACH
  const inKib = isInKib(line)
  items.push(
    row('Data', inKib ? 'KILOBYTE USAGE' : 'GIGABYTE USAGE', {
      share: pool,
      allowance: inKib ? String(gib * KIB_PER_GIB) : `${gib}.000`,
      used: inKib ? String(used.dataKib) : gibText(used.dataKib),
      ...billed(pool),
      ...(inKib ? { billable: String(Number(billed(pool).billable) * KIB_PER_GIB) } : {}),
    }),
  )
  return [...items, ...abroadItems(line, month)]
}

/** Half of the lines are measured in kilobytes, the others in gigabytes. */
export function isInKib(line: Line): boolean {
  return Number(line.service.at(-1)) % 2 === 0
}

/** Three decimals, as the vendor prints gigabytes. */
export function gibText(kib: number): string {
  const thousandths = Math.floor((kib * 1000) / KIB_PER_GIB)
  return `${Math.floor(thousandths / 1000)}.${String(thousandths % 1000).padStart(3, '0')}`
}

/** A few calls abroad every month; a spike in Japan in June, and one of calls to Peru in September. */
function abroadItems(line: Line, month: Month): Item[] {
  if (line.deviceType !== 'smartphone') return []
  const random = new Random(`abroad/${line.service}/${month.name}`)
  const last = Number(line.service.slice(-3))
  const items: Item[] = []
  const roaming = (used: number, cents: bigint) =>
    item(line, {
      sum: 'usage',
      category: 'Roaming',
      description: 'ROAMING MINUTES JAPAN',
      used: String(used),
      billable: String(used),
      cents,
    })
  const calls = (used: number, cents: bigint) =>
    item(line, {
      sum: 'usage',
      category: 'International',
      description: 'INTERNATIONAL MINUTES',
      used: String(used),
      billable: String(used),
      cents,
    })
  if (month.name === '2026-06' && last === 592) items.push(roaming(231, 41349n))
  if (month.name === '2026-09' && last === 998) items.push(calls(196, 18620n))
  if (random.int(1, 30) === 1) {
    const minutes = random.int(3, 40)
    items.push(calls(minutes, BigInt(minutes) * 49n))
  }
  return items
}

function equipmentItems(line: Line, month: Month): Item[] {
  const payment = line.firstPayment + month.index
  if (line.instalmentCents === 0n || payment > 36) return []
  const agreement = 1_400_000 + Number(line.service.slice(-5))
  const description = `Device payment agreement ${agreement} - Payment ${payment} of 36`
  return [
    item(line, {
      sum: 'equipment',
      category: 'Equipment Charges',
      description,
      used: 'NA',
      cents: line.instalmentCents,
    }),
  ]
}

/** The account's own money: a promotion from November on, and a late fee once. */
export function accountItems(isPhones: boolean, month: Month): Item[] {
  const own = { sum: 'account', category: 'Additional Services', used: 'NA' } as const
  const items: Item[] = []
  if (isPhones && month.index > 0)
    items.push(item(undefined, { ...own, description: 'ACCOUNT LEVEL PROMO CREDIT', cents: -25000n }))
  if (!isPhones && month.index % 3 === 2)
    items.push(item(undefined, { ...own, description: 'LOYALTY CREDIT', cents: -1000n }))
  if (isPhones && month.name === '2026-02')
    items.push(item(undefined, { ...own, description: 'LATE PAYMENT CHARGE', cents: 4375n }))
  return items
}
