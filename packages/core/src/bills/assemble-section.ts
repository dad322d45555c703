// A section of a bill from its lines: usage by class, what stands beside usage, and the subtotal.
import type { BillLineKind } from '../billing/bill-line.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import type { UsageType } from '../quantity/unit.ts'
import type { BillAmounts, BillOtherLine, BillSection, BillSectionTotal, BillUsage } from './bill.ts'

/** A line of a section, whatever share plan it is of. `about`: of usage its class, else as in {@link BillOtherLine}. */
export type PlacedLine = {
  readonly kind: BillLineKind
  readonly about: string
  readonly account: string
  readonly service: string
  readonly quantityBase: bigint | null
  readonly amountMinor: bigint
}

export const NO_AMOUNTS: BillAmounts = { recurring: 0n, usage: 0n, minimum: 0n, adjustment: 0n }

export function sumOf({ recurring, usage, minimum, adjustment }: BillAmounts): bigint {
  return recurring + usage + minimum + adjustment
}

export function addAmounts(left: BillAmounts, right: BillAmounts): BillAmounts {
  return {
    recurring: left.recurring + right.recurring,
    usage: left.usage + right.usage,
    minimum: left.minimum + right.minimum,
    adjustment: left.adjustment + right.adjustment,
  }
}

/** `total` says what the lines come to, and is kept. */
export function assembleSection(
  total: BillSectionTotal,
  { lines, partsOfCalls }: { readonly lines: ReadonlyArray<PlacedLine> } & Pick<BillSection, 'partsOfCalls'>,
): BillSection {
  const usage = new Map<string, BillUsage>()
  const others: BillOtherLine[] = []
  for (const { kind, about, account, service, quantityBase, amountMinor } of lines) {
    if (kind !== 'usage') {
      others.push({ kind, about, account, service, amountMinor })
      continue
    }
    const known = usage.get(about)
    usage.set(about, {
      usageClass: about,
      usageType: about.split('/')[0] as UsageType,
      quantityBase: known ? addKnown(known.quantityBase, quantityBase) : quantityBase,
      amountMinor: amountMinor + (known ? known.amountMinor : 0n),
    })
  }
  const byClass = [...usage.values()].sort((a, b) => compareBytes(a.usageClass, b.usageClass))
  return { ...total, usage: byClass, lines: others, partsOfCalls }
}

/** What is not known of one is not known of both. */
function addKnown(left: bigint | null, right: bigint | null): bigint | null {
  return left === null || right === null ? null : left + right
}
