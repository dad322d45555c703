// What became of one event, as plain lines for a terminal: no colours, no wrapping.
import { formatUsage } from '@spillway/core'
import type { EventExplanation } from './event-explanation.ts'
import { counted, formatChange, formatMoney, joined } from './line-text.ts'
import { partLine } from './rating-lines.ts'

export function eventLines(explanation: EventExplanation): string[] {
  const { source, id, service, account, at, quantity, unit, quantityBase, usageType, usageClass } = explanation
  const { startedAt, billedBase, sentence, parts, flats } = explanation
  const written = quantity === '' ? formatUsage(quantityBase, usageType) : joined([quantity, unit])
  const billed =
    billedBase === null || billedBase === quantityBase ? '' : `, billed as ${formatUsage(billedBase, usageType)}`
  const bills = [...new Set(parts.map(({ bill }) => bill))]
  return [
    `Event ${id} of ${source}: ${service} of ${account} used ${formatUsage(quantityBase, usageType)}${billed} at ${startedAt}.`,
    `  ${at.place}  ${written}  ${usageClass === '' ? usageType : usageClass}`,
    '',
    sentence,
    ...parts.map((part) => `  ${partLine(part, usageClass)}`),
    ...flats.map(
      ({ bucket, tier, currency, amountMinor }) =>
        `  it reached tier ${tier} of ${bucket}, which charges a flat ${formatMoney(amountMinor, currency)} ${currency} once a period`,
    ),
    ...(bills.length === 0 || explanation.outcome === 'late' ? [] : [`  on bill ${bills.join(' and ')}`]),
    ...movedLines(explanation),
    ...otherLines(explanation),
  ]
}

function movedLines({ outcome, moved, run }: EventExplanation): string[] {
  if (outcome !== 'late') return []
  if (moved.length === 0) return [`  No amount moved: ${run} posted no adjustment for anyone who shares these buckets.`]
  return [
    `  Adjustments that ${run} posted, for all late usage of these buckets together:`,
    ...moved.map(({ account, service, billedTo, correctedOn, currency, amountMinor }) => {
      return `    ${service} of ${account}: ${formatChange(amountMinor, currency)} ${currency} for the period from ${correctedOn}, on the bill of ${billedTo}`
    }),
  ]
}

function otherLines({ conflicts, repeats }: EventExplanation): string[] {
  const rows = repeats.reduce((sum, { rowCount }) => sum + rowCount, 0)
  return [
    ...(conflicts.length === 0 ? [] : ['', 'Came again with other content, which counts nowhere:']),
    ...conflicts.map(({ place, raw }) => `  ${place}  ${raw}`),
    ...(rows === 0
      ? []
      : [
          '',
          `It counts once, however often it came: ${counted(rows, 'row')} of ${repeats.map(({ file }) => file).join(', ')} that repeated events held already ${rows === 1 ? 'was' : 'were'} dropped.`,
        ]),
  ]
}
