// What a service that we sell was rated, as plain lines: each line of a bill with the rows of `report usage` behind it and the
// formula that gives its amount; then its events with the parts that buckets, tiers and rates took.
import { formatUsage, type UsageType } from '@spillway/core'
import type { OtherChargeText, RatedExplanation, RatedRowText, TracedPartText } from './explanation.ts'
import { counted, formatMoney, joined } from './line-text.ts'

export function ratingLines({ rows, charges, eventCount, events }: RatedExplanation): string[] {
  const more = eventCount - events.length
  return [
    'Sold and rated:',
    ...usageLines(rows),
    ...charges.flatMap(chargeLines),
    `  events: ${counted(eventCount, 'event')} in the order of drawing`,
    ...events.flatMap(({ at, id, startedAt, usageClass, quantityBase, billedBase, parts }) => [
      `    ${joined([at?.place ?? id, startedAt, usageClass, usageText(quantityBase, usageClass)])}${
        billedBase === quantityBase ? '' : `, billed as ${usageText(billedBase, usageClass)}`
      }`,
      ...parts.map((part) => `      ${partLine(part, usageClass)}`),
    ]),
    ...(more > 0 ? [`    … ${counted(more, 'more event')}`] : []),
  ]
}

/** Below each line of a bill the rows that sum to it. */
function usageLines(rows: ReadonlyArray<RatedRowText>): string[] {
  const bills = new Map<string, RatedRowText[]>()
  for (const row of rows) {
    const key = JSON.stringify([row.bill, row.account, row.usageClass, row.plan, row.currency])
    bills.set(key, [...(bills.get(key) ?? []), row])
  }
  return [...bills.values()].flatMap((list) => {
    const [{ bill, account, usageClass, plan, currency }] = list as [RatedRowText]
    const total = list.reduce((sum, { amountMinor }) => sum + amountMinor, 0n)
    const about = plan === '' ? usageClass : `${usageClass}, ${plan}`
    const head = `  ${account}  usage (${about})  ${formatMoney(total, currency)} ${currency} on bill ${bill}`
    return [head, ...list.flatMap(rowLines)]
  })
}

function rowLines(row: RatedRowText): string[] {
  const { usageClass, bucket, tier, currency, quantityBase, amountMinor, eventCount, rules, prices, flats, formula } =
    row
  const place = bucket === '' ? 'out of bucket' : `from ${bucket}, tier ${tier}`
  const price = prices.length === 0 ? '' : ` at ${prices.join(' or ')}`
  const said = rules.length === 0 ? '' : ` (${rules.join(', ')})`
  const amount = formatMoney(amountMinor, currency)
  return [
    `    ${usageText(quantityBase, usageClass)} of ${counted(eventCount, 'event')} ${place}${price}${said}: ${amount}`,
    ...flats.map(
      (flat) => `      flat ${formatMoney(flat.amountMinor, currency)}: the tier was reached at ${flat.reachedAt}`,
    ),
    ...(formula === '' ? [] : [`      ${formula} = ${amount}`]),
  ]
}

function chargeLines(charge: OtherChargeText): string[] {
  const { bill, account, kind, about, currency, amountMinor, rule, sentence, formula, late, lateCount } = charge
  const amount = formatMoney(amountMinor, currency)
  const more = lateCount - late.length
  return [
    `  ${account}  ${kind} (${about})  ${amount} ${currency} on bill ${bill}`,
    `    ${sentence}${rule === '' ? '' : ` (${rule})`}`,
    ...(formula === '' ? [] : [`      ${formula} = ${amount}`]),
    ...(lateCount === 0 ? [] : [`    came late, of services that share its buckets: ${counted(lateCount, 'event')}`]),
    ...late.map(({ at, service, startedAt, usageType, quantityBase }) => {
      return `      ${at.place}  ${startedAt}  ${service}  ${formatUsage(quantityBase, usageType)}`
    }),
    ...(more > 0 ? [`      … ${counted(more, 'more event')}`] : []),
  ]
}

/** `10 MB from fleet-data, tier 1 (share-plan fleet of U, SharePlan/fleet v2): 0.00`. */
export function partLine(part: TracedPartText, usageClass: string): string {
  const { bucket, tier, on, holder, holderAccount, rule, quantityBase, price, formula, cost, currency } = part
  const used = usageText(quantityBase, usageClass)
  const amount = cost === '' ? 'nothing prices it' : `${formula === '' ? '' : `${formula} = `}${cost} ${currency}`
  if (bucket !== '') {
    const where = joined([on, holder, holder === '' ? holderAccount : `of ${holderAccount}`])
    const at = price === '' ? '' : ` at ${price}`
    return `${used} from ${bucket}, tier ${tier} (${where}, ${rule})${at}: ${amount}`
  }
  return price === ''
    ? `${used} out of bucket, which nothing prices`
    : `${used} out of bucket at ${price} (${rule}): ${amount}`
}

function usageText(base: bigint, usageClass: string): string {
  return formatUsage(base, usageClass.split('/')[0] as UsageType)
}
