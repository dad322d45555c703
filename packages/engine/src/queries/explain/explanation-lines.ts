// An explanation as plain lines for a terminal: no colours, no wrapping. Every formula stands on a line of its own with
// the amount that it gives, every source row on a line that begins with its place.
import { daysIn, formatAmount, formatUsage, type UsageType } from '@spillway/core'
import { assignmentLines } from './assignment-lines.ts'
import type {
  ChargeLine,
  CitedCharges,
  CitedUsage,
  ComponentExplanation,
  Explanation,
  UsageLine,
} from './explanation.ts'
import { counted, formatChange, formatMoney, joined, padder, rangeText } from './line-text.ts'
import { ratingLines } from './rating-lines.ts'

export function explanationLines(explanation: Explanation): string[] {
  const { run, runState } = explanation
  return [
    ...headlines(explanation),
    `Run ${run}, ${runState}.`,
    ...explanation.components.flatMap((component) => ['', ...componentLines(component)]),
    ...explanation.retained.flatMap((retained) => ['', ...retainedLines(retained, explanation)]),
    ...(explanation.rated === null ? [] : ['', ...ratingLines(explanation.rated)]),
    '',
    ...assignmentLines(explanation),
  ]
}

/** One line per currency. */
function headlines({ service, period, totals, rated }: Explanation): string[] {
  if (totals.length === 0 && rated !== null) return [`No vendor billed ${service} in ${period}; it is sold by us.`]
  if (totals.length === 0) return [`${service} carries nothing in ${period}.`]
  return totals.map(({ currency, actualMinor, adjustedMinor, differenceMinor }) => {
    const carries = `${service} carries ${formatMoney(adjustedMinor, currency)} ${currency} of ${period}`
    if (differenceMinor === 0n) return `${carries}, as ${rated === null ? 'the vendor billed it' : 'it was billed'}.`
    const change = formatChange(differenceMinor, currency)
    const billed = formatMoney(actualMinor, currency)
    const before = rated === null ? `the vendor put ${billed} there` : `${billed} was billed`
    return `${carries} (${before}: ${change}).`
  })
}

function componentLines(component: ComponentExplanation): string[] {
  const { sentence, formula, adjustedMinor, currency, charges, usage, usageType } = component
  const money = formatMoney(charges.amountMinor, currency)
  const own = charges.ownCount === 0 ? 'none of them its own' : `${charges.ownCount} of them its own`
  return [
    titleOf(component),
    `  ${sentence}`,
    `  ${formula} = ${formatAmount(adjustedMinor, currency)}`,
    `  charges: ${money} ${currency} on ${counted(charges.count, 'line')}, ${own}`,
    ...chargeLines(charges, currency),
    ...(usage === null ? [] : usageLines(usage, usageType)),
    ...membershipLines(component),
    ...notes(component),
  ]
}

/** `P-100 · access · prorated by domestic, floor 25.00 (policy field-data v2)` */
function titleOf({ pool, component, policy, method, basis, limits, window }: ComponentExplanation): string {
  const rule = [
    `${method === 'follow' ? 'following what was shared' : method}${basis === '' ? '' : ` by ${basis} usage`}`,
    ...(limits.floor === null ? [] : [`floor ${limits.floor}`]),
    ...(limits.cap === null ? [] : [`cap ${limits.cap}`]),
  ]
  const named = policy.version === null ? `default policy ${policy.name}` : `policy ${policy.name} v${policy.version}`
  const days = window.isPart ? ` · from ${window.startOn} until ${window.endOn}` : ''
  return `${pool} · ${component}${days} · ${rule.join(', ')} (${named})`
}

/** The list, and what is left out of it. */
function chargeLines({ count, amountMinor, lines }: CitedCharges, currency: string): string[] {
  const places = padder(lines.map(({ at }) => at.place))
  const amounts = padder(
    lines.map((line) => formatMoney(line.billedMinor, currency)),
    'left',
  )
  const shown = lines.map((line) => {
    const words = [line.isOwn ? '(own)' : line.service, line.category, line.usageType, line.product, line.description]
    return `    ${places(line.at.place)}  ${amounts(formatMoney(line.billedMinor, currency))}  ${joined(words)}${partOf(line, currency)}`
  })
  if (lines.length === count) return shown
  let left = amountMinor
  for (const { countedMinor } of lines) left -= countedMinor
  return [...shown, `    … ${counted(count - lines.length, 'more line')}, ${formatMoney(left, currency)} ${currency}`]
}

function partOf({ billedMinor, countedMinor }: ChargeLine, currency: string): string {
  return billedMinor === countedMinor ? '' : ` (of which ${formatMoney(countedMinor, currency)} here)`
}

function usageLines(usage: CitedUsage, usageType: UsageType): string[] {
  const { count, quantityBase, lines, poolCount, poolQuantityBase } = usage
  const total = (base: bigint) => withBase(base, usageType)
  const all = `of ${total(poolQuantityBase)} in ${counted(poolCount, 'row')} of the pool`
  const head =
    count === 0 ? `  usage: none, ${all}` : `  usage: ${total(quantityBase)} in ${counted(count, 'row')}, ${all}`
  const places = padder(lines.map(({ at }) => at.place))
  const shown = lines.map((line) => {
    const words = [line.startedAt.replace('T00:00:00', ''), line.zone, line.timeBand, line.network]
    return `    ${places(line.at.place)}  ${writtenQuantity(line, usageType)}  ${joined(words)}`
  })
  if (lines.length === count) return [head, ...shown]
  let left = quantityBase
  for (const line of lines) left -= line.quantityBase
  return [head, ...shown, `    … ${counted(count - lines.length, 'more row')}, ${total(left)}`]
}

/** As the row says it; the base units where the row had no text of its own. */
function writtenQuantity({ quantity, unit, quantityBase }: UsageLine, usageType: UsageType): string {
  return quantity === '' ? formatUsage(quantityBase, usageType) : joined([quantity, unit])
}

/** `200 GB (200000000000 B)`, so that the number is found in the formula. */
function withBase(base: bigint, usageType: UsageType): string {
  const short = formatUsage(base, usageType)
  const [, unit] = short.split(' ')
  const isBase = unit === undefined || ['B', 's', 'Bh'].includes(unit)
  return isBase ? short : `${short} (${base})`
}

function membershipLines({ membership, days, window, contributionBase, usageType }: ComponentExplanation): string[] {
  if (membership.length === 0) return []
  const contribution = contributionBase === 0n ? '' : `, contributing ${withBase(contributionBase, usageType)}`
  const counting = days > 1 ? ` on ${days} of ${daysIn(window)} days` : ''
  return [
    `  member${counting}${contribution}:`,
    ...membership.map((line) => {
      const place = [line.at?.place, line.configuration].filter((part) => part !== undefined && part !== '').join(', ')
      return `    ${joined([place, line.contribution, line.unit, rangeText(line)])}`
    }),
  ]
}

function notes({ flags, leftover, currency }: ComponentExplanation): string[] {
  const taken = leftover.tookOne ? 'one of them here' : 'none of them here'
  const units = counted(leftover.units, 'leftover unit')
  return [
    ...(leftover.units === 0
      ? []
      : [`  rounding: ${units} of ${leftover.unit} ${currency} to the largest fractions, ${taken}`]),
    ...(flags.length === 0 ? [] : [`  flags: ${flags.join(' ')}`]),
  ]
}

function retainedLines(
  { currency, ...charges }: Explanation['retained'][number],
  { rated }: Pick<Explanation, 'rated'>,
): string[] {
  const money = `${formatMoney(charges.amountMinor, currency)} ${currency}`
  return [
    `Stays where ${rated === null ? 'the vendor put it' : 'it was billed'}: ${money} on ${counted(charges.count, 'line')}`,
    ...chargeLines(charges, currency),
  ]
}
