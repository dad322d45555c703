// Reads what each service of a run carries into memory, a batch at a time, so that nobody who asks meanwhile waits for long.
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { type Amounts, inFewBits, isSummable } from './amounts.ts'
import { inOrderOf, startsOf } from './number-order.ts'
import { type PackedTexts, TextPacker } from './packed-texts.ts'
import type { NumberedRun, RunNames } from './run-names.ts'
import { ServiceSums } from './service-sums.ts'

type ServicesOf = NumberedRun & {
  readonly names: RunNames
  /** Of other runs: what is the same in one of them is not kept twice. */
  readonly others?: ReadonlyArray<ServiceSums>
}

/** A currency's place is one byte. */
const CURRENCIES_MAX = 256

/**
 * null where two services have one name, or where amounts are beyond what is added here.
 */
export async function readServiceSums(
  warehouse: Pick<Warehouse, 'row' | 'streamTyped'>,
  { tenant, run, runNo, names, others = [] }: ServicesOf,
): Promise<ServiceSums | null> {
  if ((names.get('currency')?.texts.length ?? 0) > CURRENCIES_MAX) return null
  const { count, lowest, furthest } = await warehouse.row<{
    count: bigint
    lowest: number | null
    furthest: bigint | null
  }>(
    `SELECT count(*) AS count, min(service_no) AS lowest, sum(greatest(abs(actual_minor), abs(adjusted_minor))) AS furthest
     FROM carried_row_stored WHERE run_no = ${runNo}`,
  )
  if (lowest === null || !isSummable(1, furthest ?? 0n)) return null
  const named = await readServices(warehouse, runNo)
  if (!named || Number(count) === 0) return null
  const ranked = `(SELECT sort_no, (dense_rank() OVER (ORDER BY currency) - 1)::INTEGER AS currency_no FROM run_charge_kind
    WHERE tenant = $tenant AND run = $run)`
  const parts: Batch[] = []
  const firstOwner = names.firsts.owner_no
  // One row per service, currency and owner.
  for await (const { columns } of warehouse.streamTyped(
    `SELECT service_no, currency_no, owner_no, sum(actual_minor)::BIGINT, sum(adjusted_minor)::BIGINT
     FROM carried_row_stored JOIN ${ranked} USING (sort_no) WHERE run_no = ${runNo}
     GROUP BY ALL ORDER BY service_no, currency_no, owner_no`,
    { tenant, run },
  )) {
    const [service, currency, owner, actual, adjusted] = columns as [
      Int32Array,
      Int32Array,
      Int32Array,
      ...BigInt64Array[],
    ]
    if (!actual || !adjusted) return null
    // Copied: a batch is gone with the next.
    parts.push({
      service: service.slice(),
      currency: new Uint8Array(currency),
      owner: owner.slice(),
      actual: actual.slice(),
      adjusted: adjusted.slice(),
    })
  }
  const rows = joined(parts)
  if (!replaceNumbers(rows.service, (number) => named.places[number] ?? -1)) return null
  if (!replaceNumbers(rows.owner, (number) => number - firstOwner)) return null
  const like = others.find(({ texts, places }) => texts.isSameAs(named.services) && isSame(places, named.places))
  const kept = like ? { services: like.texts, places: like.places, isShared: true } : { ...named, isShared: false }
  return new ServiceSums({ names, ...kept, ...(named.isInOrder ? rows : byPlace(rows)) })
}

const isSame = (one: Int32Array, other: Int32Array) =>
  one.length === other.length && one.every((number, at) => number === other[at])

/** False where one is no place. */
function replaceNumbers(numbers: Int32Array, placeOf: (number: number) => number): boolean {
  let isPlaced = true
  for (let row = 0; row < numbers.length; row += 1) {
    const place = placeOf(numbers[row] as number)
    numbers[row] = place
    isPlaced &&= place >= 0
  }
  return isPlaced
}

type Batch = {
  readonly service: Int32Array
  readonly currency: Uint8Array
  readonly owner: Int32Array
  readonly actual: BigInt64Array
  readonly adjusted: BigInt64Array
}

function joined(parts: ReadonlyArray<Batch>) {
  const count = parts.reduce((sum, { service }) => sum + service.length, 0)
  const service = new Int32Array(count)
  const currency = new Uint8Array(count)
  const owner = new Int32Array(count)
  const [actual, adjusted] = [new BigInt64Array(count), new BigInt64Array(count)]
  let at = 0
  for (const part of parts) {
    service.set(part.service, at)
    currency.set(part.currency, at)
    owner.set(part.owner, at)
    actual.set(part.actual, at)
    adjusted.set(part.adjusted, at)
    at += part.service.length
  }
  return { service, currency, owner, actual: inFewBits(actual), adjusted: inFewBits(adjusted) }
}

type Rows = ReturnType<typeof joined>

/** In the order of services: those that had no place in the inventory are numbered after all others. */
function byPlace({ service, currency, owner, actual, adjusted }: Rows): Rows {
  const order = inOrderOf(service, startsOf(service))
  return {
    service: order.map((row) => service[row] as number),
    currency: Uint8Array.from(order, (row) => currency[row] as number),
    owner: order.map((row) => owner[row] as number),
    actual: inOrder(actual, order),
    adjusted: inOrder(adjusted, order),
  }
}

function inOrder(amounts: Amounts, order: Int32Array): Amounts {
  if (amounts instanceof Int32Array) return order.map((row) => amounts[row] as number)
  return BigInt64Array.from(order, (row) => amounts[row] as bigint)
}

type NamedServices = {
  readonly services: PackedTexts
  readonly places: Int32Array
  /** Whether numbers are in the order of names. */
  readonly isInOrder: boolean
}

/** null where two services have one name or number, or numbers are not those of places. */
async function readServices(
  warehouse: Pick<Warehouse, 'row' | 'streamTyped'>,
  runNo: number,
): Promise<NamedServices | null> {
  const { lowest, highest, number } = await warehouse.row<{
    lowest: number | null
    highest: number | null
    number: bigint
  }>(
    `SELECT min(service_no) AS lowest, max(service_no) AS highest, count(*) AS number FROM run_service_stored WHERE run_no = ${runNo}`,
  )
  if (lowest === null || highest === null || lowest < 0 || highest > 2 * Number(number)) return null
  const services = await readInOrder(warehouse, { runNo, first: lowest })
  if (services === null) return readByName(warehouse, { runNo, highest })
  const places = new Int32Array(highest + 1)
  for (let number = 0; number <= highest; number += 1) places[number] = Math.max(-1, number - lowest)
  return { services, places, isInOrder: true }
}

/** Between names that are handed over as one text. */
const SEPARATOR = 31

/**
 * Names of services that are numbered in their order, a thousand as one text, because each alone takes longer than all else that
 * is done with it; null where they are numbered otherwise, or a name has the separator in it.
 */
async function readInOrder(
  warehouse: Pick<Warehouse, 'streamTyped'>,
  { runNo, first }: { readonly runNo: number; readonly first: number },
): Promise<PackedTexts | null> {
  const packer = new TextPacker()
  let next = first
  for await (const { count, columns } of warehouse.streamTyped(
    `SELECT min(service_no), max(service_no), string_agg(service, chr(${SEPARATOR}) ORDER BY service_no)
     FROM run_service_stored WHERE run_no = ${runNo} GROUP BY service_no // 1024 ORDER BY 1`,
  )) {
    const [lowest, highest, texts] = columns as [Int32Array, Int32Array, string[]]
    for (let row = 0; row < count; row += 1) {
      const names = (texts[row] as string).split(String.fromCharCode(SEPARATOR))
      if (lowest[row] !== next || names.length !== (highest[row] as number) - next + 1) return null
      for (const name of names) if (!packer.append(name)) return null
      if (!packer.isInOrder) return null
      next += names.length
    }
  }
  return packer.packed()
}

async function readByName(
  warehouse: Pick<Warehouse, 'streamTyped'>,
  { runNo, highest }: { readonly runNo: number; readonly highest: number },
): Promise<NamedServices | null> {
  const packer = new TextPacker()
  const places = new Int32Array(highest + 1).fill(-1)
  for await (const { count, columns } of warehouse.streamTyped(
    `SELECT service_no, service FROM run_service_stored WHERE run_no = ${runNo} ORDER BY service`,
  )) {
    const [numbers, texts] = columns as [Int32Array, string[]]
    for (let row = 0; row < count; row += 1) {
      const [number, text] = [numbers[row] as number, texts[row] as string]
      if (places[number] !== -1) return null
      places[number] = packer.count
      if (!packer.append(text) || !packer.isInOrder) return null
    }
  }
  return { services: packer.packed(), places, isInOrder: false }
}
