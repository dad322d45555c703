// The facts that a segment becomes, once all that stands around it is known.
import type { Charge, ExtraColumns, Usage } from '@spillway/core'
import { classifyItem, type ItemWords } from './charge-rules.ts'
import type { Bill } from './invoice-heading.ts'
import type { SegmentReading } from './segment-reading.ts'
import type { Used } from './usage-segments.ts'

/** What is gathered of a line item after its own segment. */
export type Item = { readonly descriptions: string[]; service: string; code: string }

export type Money = {
  readonly minor: bigint | null
  readonly description?: string
  readonly product?: string
  /** The element with the quantity; its unit stands in the next one. */
  readonly quantity?: number
}
/** What the levels above a segment say. */
export type Above = { readonly service: string; readonly extra: ExtraColumns }

export function chargeOf(
  reading: SegmentReading,
  {
    minor,
    bill,
    name,
    own,
    above,
    ...money
  }: Money & { minor: bigint; bill: Bill; name: string; own: Item | null; above: Above },
): Charge {
  const product = money.product ?? productOf(reading)
  const description = own ? own.descriptions.join(', ') : (money.description ?? '')
  const service = own?.service || above.service
  const words: ItemWords = {
    segment: reading.id === 'BAL' ? 'SAC' : (reading.id as ItemWords['segment']),
    text: `${product} ${description}`,
    isCredit: minor < 0n,
    hasService: service !== '',
  }
  const { category, usageType } = classifyItem(words)
  return {
    fact: 'charge',
    ...bill,
    line: name,
    service,
    pool: '',
    category,
    usageType,
    product,
    description: description || product,
    amountMinor: minor,
    quantity: money.quantity === undefined ? '' : reading.element(money.quantity),
    unit: money.quantity === undefined ? '' : reading.element(money.quantity + 1),
    extra: { ...above.extra, ...(own?.code ? { 'accounting code': own.code } : {}), ...reading.foreign },
  }
}

/** The first product of a line item: pairs of qualifier and id from IT106 and SLN09 on; '' where there is none. */
function productOf(reading: SegmentReading): string {
  const first = reading.id === 'IT1' ? 6 : reading.id === 'SLN' ? 9 : 0
  if (first === 0) return ''
  for (let at = first; at < first + 20; at += 2) if (reading.element(at + 1) !== '') return reading.element(at + 1)
  return ''
}

export function usageOf(
  reading: SegmentReading,
  { used, bill, name, above }: { used: Used; bill: Bill; name: string; above: Above },
): Usage {
  const charged = reading.id === 'TCD' ? reading.element(13) || reading.element(12) : reading.element(8)
  return {
    fact: 'usage',
    source: bill.vendor,
    id: `${used.view}:${bill.invoice}:${name}`,
    account: bill.account,
    service: above.service,
    isWallTime: true,
    timeBand: '',
    network: '',
    accountCode: '',
    app: '',
    pool: '',
    participants: null,
    cycleOn: bill.periodStartOn,
    ...used,
    extra: { ...above.extra, ...(charged ? { amount: charged } : {}), ...reading.foreign },
  }
}
