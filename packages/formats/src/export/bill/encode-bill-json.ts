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
        text += `${calls === 0 ? '' : ','}\n   ${JSON.stringify(callJson(call, texts))}`
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

function callJson(call: BillCall, texts: CallTexts): object {
  return {
    ...{ start: call.start, seconds: call.seconds, participants: call.participants, account_code: call.accountCode },
    ...{ account: call.account, service: call.service, call: call.call, usage_class: call.usageClass },
    quantity_base: String(call.quantityBase),
    quantity: texts.quantity(call),
    amount: texts.amount(call),
  }
}

/** Most calls are as long and cost as much as others: a text is made once, and looked up for millions. */
class CallTexts {
  readonly #currency: string
  readonly #amounts = new Map<bigint, string>()
  readonly #quantities = new Map<string, Map<bigint, string>>()

  constructor(currency: string) {
    this.#currency = currency
  }

  amount({ amountMinor }: BillCall): string {
    return knownOr(this.#amounts, amountMinor, () => formatAmount(amountMinor, this.#currency))
  }

  quantity({ usageClass, quantityBase }: BillCall): string {
    const ofClass = this.#quantities.get(usageClass) ?? new Map<bigint, string>()
    this.#quantities.set(usageClass, ofClass)
    return knownOr(ofClass, quantityBase, () => formatUsage(quantityBase, usageClass.split('/')[0] as UsageType))
  }
}

/** So many texts are kept, so that a bill of millions of lengths stays within bounds. */
const KEPT_MAX = 100_000

function knownOr(known: Map<bigint, string>, key: bigint, make: () => string): string {
  const found = known.get(key)
  if (found !== undefined) return found
  const made = make()
  if (known.size < KEPT_MAX) known.set(key, made)
  return made
}
