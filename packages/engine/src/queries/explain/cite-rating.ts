// What a service that we sell was rated and billed in a period, and what became of its events one by one: which bucket, tier
// or rate took each part. Amounts are those of the run; of an event, exact before it was summed and rounded with others.
import { formatAmount, minorDigitsOf, type Rational, type TracedPart } from '@spillway/core'
import { inputsOf } from '../../catalog/run-record.ts'
import { pinned } from '../../stages/allocate/period-scope.ts'
import { traceService } from '../../stages/rate/trace-service.ts'
import type { Row } from '../../warehouse/warehouse.ts'
import { citeRow, type ExplainScope } from './explain-scope.ts'
import type { RatedExplanation, TracedPartText } from './explanation.ts'

/** null where the run rated nothing of the service. */
export async function citeRating(scope: ExplainScope): Promise<RatedExplanation | null> {
  const { period, run, service } = scope
  if (inputsOf(run).rating === undefined) return null
  const { warehouse, tenant } = period
  const of = { tenant, run: run.id, service }
  // One row per row of `report usage`.
  const rows = await warehouse.rows<RatedRow>(
    `SELECT account, usage_class, bucket, tier, billed_to, currency, quantity_base, amount_minor FROM rated
     WHERE tenant = $tenant AND run = $run AND service = $service ORDER BY ALL`,
    of,
  )
  // One row per line of a bill that is no usage.
  const charges = await warehouse.rows<ChargeRow>(
    `SELECT number, account, kind, about, currency, amount_minor FROM customer_bill_line
     WHERE tenant = $tenant AND run = $run AND service = $service AND kind <> 'usage' ORDER BY ALL`,
    of,
  )
  const { count, events } = await traceService(period, { run: run.id, service, eventsMax: scope.linesMax })
  if (rows.length + charges.length + count === 0) return null
  const places = await placesOf(scope)
  const currency = rows[0]?.currency ?? charges[0]?.currency ?? ''
  return {
    rows: rows.map((row) => ({
      account: row.account,
      usageClass: row.usage_class,
      bucket: row.bucket,
      tier: row.tier,
      billedTo: row.billed_to,
      currency: row.currency,
      quantityBase: row.quantity_base,
      amountMinor: row.amount_minor,
    })),
    charges: charges.map(({ number, account, kind, about, currency, amount_minor }) => {
      return { bill: number, account, kind, about, currency, amountMinor: amount_minor }
    }),
    eventCount: count,
    events: events.map(({ source, id, usageClass, billedBase, parts }) => {
      const place = places.get(JSON.stringify([source, id]))
      return {
        at: place ? citeRow(scope, place) : null,
        startedAt: place?.started_at ?? '',
        id,
        usageClass,
        quantityBase: place?.quantity_base ?? billedBase,
        billedBase,
        parts: parts.map((part) => partText(part, currency)),
      }
    }),
  }
}

type RatedRow = Row & {
  account: string
  usage_class: string
  bucket: string
  tier: number
  billed_to: string
  currency: string
  quantity_base: bigint
  amount_minor: bigint
}
type ChargeRow = Row & {
  number: string
  account: string
  kind: string
  about: string
  currency: string
  amount_minor: bigint
}
type PlaceRow = Row & {
  doc: number
  line: number
  source: string
  id: string
  started_at: string
  quantity_base: bigint
}

/** One entry per event of the service, by source and id. */
async function placesOf({ period, service }: ExplainScope): Promise<ReadonlyMap<string, PlaceRow>> {
  const rows = await period.warehouse.rows<PlaceRow>(
    `SELECT u.doc, u.line, u.source, u.id, strftime(u.started_at, '%Y-%m-%dT%H:%M:%S') AS started_at, u.quantity_base
     FROM usage AS u WHERE ${pinned(period, 'u')} AND u.service = $service`,
    { tenant: period.tenant, service },
  )
  return new Map(rows.map((row) => [JSON.stringify([row.source, row.id]), row]))
}

function partText(
  { bucket, tier, holder, quantityBase, rate, costMinor }: TracedPart,
  currency: string,
): TracedPartText {
  const name =
    holder === null ? '' : holder.on === 'share-plan' ? holder.plan : holder.on === 'service' ? holder.service : ''
  const price = rate === null ? '' : [`${rate.price} per ${rate.per.text}`, ...extras(rate)].join(', ')
  return {
    bucket,
    tier,
    on: holder?.on ?? '',
    holder: name,
    holderAccount: holder?.account ?? '',
    quantityBase,
    price,
    cost: costMinor === null ? '' : exactText(costMinor, currency),
  }
}

function extras({ increment, minimum, connection }: NonNullable<TracedPart['rate']>): string[] {
  return [
    ...(increment === null ? [] : [`increment ${increment.text}`]),
    ...(minimum === null ? [] : [`minimum ${minimum}`]),
    ...(connection === null ? [] : [`connection ${connection}`]),
  ]
}

const PLACES_MAX = 12

/** Major units: a decimal where it is a finite one, else minor units as a fraction (`1/3 minor units`). */
function exactText({ numerator, denominator }: Rational, currency: string): string {
  if (denominator === 1n) return formatAmount(numerator, currency)
  for (let places = 1; places <= PLACES_MAX; places += 1) {
    const scale = 10n ** BigInt(places)
    if (scale % denominator !== 0n) continue
    const digits = places + minorDigitsOf(currency)
    const text = (numerator * (scale / denominator)).toString().padStart(digits + 1, '0')
    return `${text.slice(0, -digits)}.${text.slice(-digits)}`
  }
  return `${numerator}/${denominator} minor units`
}
