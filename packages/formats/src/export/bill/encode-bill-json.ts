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
  let sections = 0
  let calls = 0
  for await (const piece of pieces) {
    if (piece.kind === 'calls') {
      let text = ''
      for (const call of piece.calls) {
        text += `${calls === 0 ? '' : ','}\n   ${JSON.stringify(callJson(call, currency))}`
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

function callJson(call: BillCall, currency: string): object {
  return {
    ...{ start: call.start, seconds: call.seconds, participants: call.participants, account_code: call.accountCode },
    ...{ account: call.account, service: call.service, call: call.call, usage_class: call.usageClass },
    quantity_base: String(call.quantityBase),
    quantity: formatUsage(call.quantityBase, call.usageClass.split('/')[0] as UsageType),
    amount: formatAmount(call.amountMinor, currency),
  }
}
