// A bill as one JSON document: the heading, then the sections, each with its lines and calls. Amounts and base units are texts:
// JSON numbers are floating point.
import {
  type Bill,
  type BillAmounts,
  type BillCall,
  type BillHeading,
  type BillSection,
  formatAmount,
  formatUsage,
  type UsageType,
} from '@spillway/core'
import { sectionKey } from './bill-rows.ts'

export async function* encodeBillJson({ heading, amounts, pieces }: Bill): AsyncGenerator<string> {
  const { currency } = heading
  yield `{\n${membersOf({ ...headingJson(heading), ...amountsJson(amounts, currency) })},\n "by_section": [`
  const texts = new CallTexts(currency)
  let sections = 0
  let calls = 0
  for await (const piece of pieces) {
    if (piece.kind === 'calls') {
      let text = ''
      for (const call of piece.calls) {
        text += `${calls === 0 ? '' : ','}\n   ${callText(call, texts)}`
        calls += 1
      }
      yield text
      continue
    }
    const end = sections === 0 ? '' : `${calls === 0 ? '' : '\n  '}]},`
    const body = JSON.stringify(sectionJson(piece.section, currency))
    yield `${end}\n  ${body.slice(0, -1)},"calls":[`
    sections += 1
    calls = 0
  }
  const end = sections === 0 ? '' : `${calls === 0 ? '' : '\n  '}]}\n `
  yield `${end}]\n}\n`
}

function membersOf(members: object): string {
  return Object.entries(members)
    .map(([key, value]) => ` ${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(',\n')
}

function headingJson(heading: BillHeading): object {
  const { number, state, provider, account, name, address, from, until, currency, totalMinor, sections, run } = heading
  return {
    bill: number,
    state,
    ...(heading.replaces === '' ? {} : { replaces: heading.replaces }),
    ...(state === 'void' ? { replaced_by: heading.replacedBy, void_reason: heading.voidReason } : {}),
    issued_at: heading.issuedAt,
    ...{ provider, account, name, address, from, until, time_zone: heading.timeZone, run },
    ...{ currency, total: formatAmount(totalMinor, currency), sections },
  }
}

function amountsJson({ recurring, usage, minimum, adjustment }: BillAmounts, currency: string) {
  const money = (minor: bigint) => formatAmount(minor, currency)
  return {
    amounts: {
      ...{ recurring: money(recurring), usage: money(usage) },
      ...{ minimum: money(minimum), adjustment: money(adjustment) },
    },
  }
}

function sectionJson(section: BillSection, currency: string): object {
  const money = (minor: bigint) => formatAmount(minor, currency)
  const { name, subtotalMinor, amounts, usage, lines, partsOfCalls } = section
  return {
    ...{ section: sectionKey(section), name, subtotal: money(subtotalMinor), ...amountsJson(amounts, currency) },
    usage: usage.map(({ usageClass, usageType, quantityBase, amountMinor }) => ({
      usage_class: usageClass,
      quantity_base: quantityBase === null ? null : String(quantityBase),
      quantity: quantityBase === null ? null : formatUsage(quantityBase, usageType),
      amount: money(amountMinor),
    })),
    lines: lines.map(({ kind, about, account, service, amountMinor }) => ({
      ...{ charge: kind, about, account, service, amount: money(amountMinor) },
    })),
    parts_of_calls: { calls: partsOfCalls.calls, amount: money(partsOfCalls.amountMinor) },
  }
}

/** As JSON.stringify writes it, which for millions of objects takes three times as long. */
function callText(call: BillCall, texts: CallTexts): string {
  const code = quoted(call.accountCode)
  const counts = `"seconds":${call.seconds},"participants":${call.participants},"account_code":${code}`
  const of = `${texts.holder(call)},"call":${quoted(call.call)},${texts.quantity(call)}`
  // An instant has nothing in it that JSON writes in another way.
  return `{"start":"${call.start}",${counts},${of},"amount":"${texts.amount(call)}"}`
}

function quoted(text: string): string {
  return text === '' || PLAIN.test(text) ? `"${text}"` : JSON.stringify(text)
}

/** What JSON writes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/

/** Most calls are as long and cost as much as others: a text is made once, and looked up for millions. */
class CallTexts {
  readonly #amounts: KnownTexts
  readonly #quantities = new Map<string, KnownTexts>()
  #held = { account: '', service: '', text: '' }

  constructor(currency: string) {
    this.#amounts = new KnownTexts((minor) => formatAmount(minor, currency))
  }

  holder({ account, service }: BillCall): string {
    const held = this.#held
    if (held.text !== '' && held.account === account && held.service === service) return held.text
    this.#held = { account, service, text: `"account":${quoted(account)},"service":${quoted(service)}` }
    return this.#held.text
  }

  amount({ amountMinor }: BillCall): string {
    return this.#amounts.of(amountMinor)
  }

  /** With the class that it is of. */
  quantity({ usageClass, quantityBase }: BillCall): string {
    const known = this.#quantities.get(usageClass) ?? new KnownTexts((base) => quantityText(base, usageClass))
    this.#quantities.set(usageClass, known)
    return known.of(quantityBase)
  }
}

function quantityText(base: bigint, usageClass: string): string {
  const usage = formatUsage(base, usageClass.split('/')[0] as UsageType)
  return `"usage_class":${quoted(usageClass)},"quantity_base":"${base}","quantity":${quoted(usage)}`
}

/** Texts of whole numbers. So many are kept that a bill of millions of lengths stays within bounds. */
class KnownTexts {
  readonly #make: (number: bigint) => string
  readonly #known = new Array<string | undefined>(KEPT_MAX)

  constructor(make: (number: bigint) => string) {
    this.#make = make
  }

  of(number: bigint): string {
    const index = Number(number)
    if (index < 0 || index >= KEPT_MAX) return this.#make(number)
    const known = this.#known[index] ?? this.#make(number)
    this.#known[index] = known
    return known
  }
}

const KEPT_MAX = 65_536
