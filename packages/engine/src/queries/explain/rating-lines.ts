// What a service that we sell was rated, as plain lines: the rows of `report usage`, other charges, and events with the parts
// that buckets, tiers and rates took.
import { formatUsage, type UsageType } from '@spillway/core'
import type { RatedExplanation, TracedPartText } from './explanation.ts'
import { counted, formatMoney, joined } from './line-text.ts'

export function ratingLines({ rows, charges, eventCount, events }: RatedExplanation): string[] {
  const more = eventCount - events.length
  return [
    'Sold and rated:',
    ...rows.map((row) => {
      const place = row.bucket === '' ? 'out of bucket' : `${row.bucket}, tier ${row.tier}`
      const used = usageText(row.quantityBase, row.usageClass)
      const on = `on the bill of ${row.billedTo}`
      return `  ${row.account}  ${row.usageClass}  ${used}  ${place}  ${formatMoney(row.amountMinor, row.currency)} ${row.currency} ${on}`
    }),
    ...charges.map(({ bill, account, kind, about, currency, amountMinor }) => {
      return `  ${account}  ${kind} (${about})  ${formatMoney(amountMinor, currency)} ${currency} on bill ${bill}`
    }),
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

function partLine(
  { bucket, tier, on, holder, holderAccount, quantityBase, price, cost }: TracedPartText,
  usageClass: string,
) {
  const used = usageText(quantityBase, usageClass)
  if (bucket !== '')
    return `${used} from ${bucket}, tier ${tier} (${joined([on, holder])} of ${holderAccount}): ${cost}`
  return price === '' ? `${used} out of bucket, which nothing prices` : `${used} out of bucket at ${price}: ${cost}`
}

function usageText(base: bigint, usageClass: string): string {
  return formatUsage(base, usageClass.split('/')[0] as UsageType)
}
