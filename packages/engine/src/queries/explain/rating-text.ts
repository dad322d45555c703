// How parts of usage are said: by which document, at which price, and as a formula that a calculator and `evaluateFormula`
// agree with. Exact values only; nothing is rounded here but what a formula says is rounded.
import { type FlatCharge, formatAmount, minorDigitsOf, type Rational, type TracedPart } from '@spillway/core'
import type { ConfigurationDocument } from '../../catalog/configuration.ts'
import type { Replay } from '../../stages/rate/replay.ts'
import type { TracedPartText } from './explanation.ts'

type Versions = ReadonlyMap<string, number>
/** A provider's documents are tens of thousands, and a page names a dozen of them: made once of a list that is kept. */
const versionsBy = new WeakMap<ReadonlyArray<ConfigurationDocument>, Versions>()

function versionsOf(configuration: ReadonlyArray<ConfigurationDocument>): Versions {
  const known = versionsBy.get(configuration)
  if (known !== undefined) return known
  const versions = new Map(configuration.map(({ kind, name, version }) => [`${kind}/${name}`, version]))
  versionsBy.set(configuration, versions)
  return versions
}

/** Names the version of a document that a run pinned: `SharePlan/fleet v2`. */
export class RuleNames {
  readonly #configuration: ReadonlyArray<ConfigurationDocument>

  constructor(configuration: ReadonlyArray<ConfigurationDocument>) {
    this.#configuration = configuration
  }

  /** '' for an empty name. */
  of(kind: string, name: string): string {
    if (name === '') return ''
    const version = versionsOf(this.#configuration).get(`${kind}/${name}`)
    return version === undefined ? `${kind}/${name}` : `${kind}/${name} v${version}`
  }
}

export type PartSaid = {
  readonly index: Replay['index']
  readonly rules: RuleNames
  readonly product: string
}

/** `currency` is that of the account that is billed. */
export function partText(part: TracedPart, { index, rules, product }: PartSaid): TracedPartText {
  const { bucket, tier, holder, quantityBase, billedTo, billedOn, costMinor } = part
  const { currency } = index.account(billedTo)
  const inBucket =
    holder === null ? '' : holder.on === 'share-plan' ? holder.plan : holder.on === 'service' ? holder.service : ''
  const ratePlan = index.catalogue.products.get(product)?.ratePlan ?? ''
  const rule =
    holder === null
      ? rules.of('RatePlan', part.rate === null ? '' : ratePlan)
      : holder.on === 'share-plan'
        ? rules.of('SharePlan', holder.plan)
        : rules.of('Bucket', bucket)
  const terms = termsOf([part])
  return {
    bucket,
    tier,
    on: holder?.on ?? '',
    holder: inBucket,
    holderAccount: holder?.account ?? '',
    rule,
    quantityBase,
    price: priceText(part),
    formula: costMinor === null ? '' : terms.join(' + '),
    cost: costMinor === null ? '' : exactText(costMinor, currency),
    currency,
    bill: `${billedTo}-${billedOn}`,
  }
}

/** '' where units are free, or nothing prices them. */
export function priceText({ price, rate }: TracedPart): string {
  if (price === null) return ''
  const extras =
    rate === null
      ? []
      : [
          ...(rate.increment === null ? [] : [`increment ${rate.increment.text}`]),
          ...(rate.minimum === null ? [] : [`minimum ${rate.minimum}`]),
          ...(rate.connection === null ? [] : [`connection ${rate.connection}`]),
        ]
  return [`${price.amount} per ${price.per.text}`, ...extras].join(', ')
}

/** What parts and flat charges come to, rounded once, as a row of usage is; '' where nothing is priced. */
export function rowFormula(
  parts: ReadonlyArray<TracedPart>,
  { flats, currency }: { readonly flats: ReadonlyArray<FlatCharge>; readonly currency: string },
): string {
  const terms = [...termsOf(parts), ...flats.map(({ amountMinor }) => formatAmount(amountMinor, currency))]
  return terms.length === 0 ? '' : `round(${terms.join(' + ')}, ${formatAmount(1n, currency)})`
}

/** `0.10 * 20000000 / 1000000`, `3 * 0.02`: one term for each price, then minimums and connection fees by number of events. */
function termsOf(parts: ReadonlyArray<TracedPart>): string[] {
  const byUnit = new Map<string, { amount: string; perBase: bigint; quantityBase: bigint }>()
  const byEvent = new Map<string, number>()
  const count = (amount: string | null | undefined) => {
    if (amount !== null && amount !== undefined) byEvent.set(amount, (byEvent.get(amount) ?? 0) + 1)
  }
  for (const { price, rate, isMinimum, quantityBase } of parts) {
    if (price === null) continue
    count(rate?.connection)
    if (isMinimum) {
      count(rate?.minimum)
      continue
    }
    const key = `${price.amount} ${price.per.base}`
    const known = byUnit.get(key) ?? { amount: price.amount, perBase: price.per.base, quantityBase: 0n }
    byUnit.set(key, { ...known, quantityBase: known.quantityBase + quantityBase })
  }
  return [
    ...[...byUnit.values()].map(
      ({ amount, perBase, quantityBase }) => `${amount} * ${quantityBase}${perBase === 1n ? '' : ` / ${perBase}`}`,
    ),
    ...[...byEvent].map(([amount, events]) => `${events} * ${amount}`),
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
