// Says in a sentence why a row carries what it carries, from the stored row, its formula and the other rows of its
// component. Computes no amount of its own: every number in the sentence is one that was stored or printed.

import { formatAmount } from '../money/amount.ts'
import type { AllocationRow } from './allocation-row.ts'
import { evaluateFormula } from './evaluate-formula.ts'
import type { AllocationMethod } from './policy.ts'
import { unitOf } from './write-formula.ts'

export type AllocationContext = {
  readonly row: AllocationRow
  /** All rows of the same pool, component and currency, `row` among them. */
  readonly rows: ReadonlyArray<AllocationRow>
  readonly pool: string
  readonly component: string
  readonly currency: string
  /** `follow` for the taxes of a policy with `taxes: follow`. */
  readonly method: AllocationMethod | 'follow'
  /** Writes a usage in base units where the weights are usage; their digits where it is left out. */
  readonly formatUsage?: (base: bigint) => string
}

/** What a formula of allocation is made of, as it was written; amounts and weights are texts. */
export type FormulaParts =
  | { readonly kind: 'amount' }
  | {
      readonly kind: 'share'
      /** Carried before the rest is shared; '' for nothing. */
      readonly before: string
      readonly rest: string
      readonly weight: string
      readonly total: string
      readonly hasUnit: boolean
    }

const WEIGHT = String.raw`\d+|\(\d+\/\d+\)`
const SHARE = new RegExp(
  String.raw`^(?:-\()?(floor\()?(?:(\d+(?:\.\d+)?) \+ )?(\([^()]+\)|[\d.]+) \* (${WEIGHT}) \/ (${WEIGHT})(?:, [\d.]+\))?( \+ [\d.]+)?\)?$`,
)

/** Takes a stored formula apart; a bare amount is kept as billed, held at a cap, or carried by nobody. */
export function readFormula(formula: string): FormulaParts {
  const match = SHARE.exec(formula)
  if (!match) return { kind: 'amount' }
  const [, , before = '', rest = '', weight = '', total = '', unit] = match
  return { kind: 'share', before, rest, weight, total, hasUnit: unit !== undefined }
}

/**
 * `card-01 carries 26.68 USD of the 3,000.00 USD of access in P-100: its floor of 25.00, and 1/299 of the remaining
 * 500.00 by usage, rounded up by one of 23 leftover units of 0.01.`
 */
export function describeAllocation(context: AllocationContext): string {
  const { row, pool, component, currency } = context
  const money = (minor: bigint) => `${groupDigits(formatAmount(minor, currency))} ${currency}`
  const charges = `the ${money(sumActual(context.rows))} of ${component} in ${pool}`
  const who = row.service === '' ? 'the account' : row.service
  if (row.flags.includes('non-participant')) {
    const carriers = context.rows.some((other) => other.flags.includes('unallocated'))
      ? 'no participant can carry them, so they stand as unallocated'
      : 'the participants carry them'
    return `${money(row.actualMinor)} of ${charges} were billed on ${who}, which is no participant: ${carriers}.`
  }
  if (row.flags.includes('unallocated')) {
    return `${money(row.adjustedMinor)} of ${charges} can be carried by no participant and stand as unallocated.`
  }
  const carried = row.flags.includes('unused')
    ? `Capacity that nobody used carries ${money(row.adjustedMinor)} of ${charges}`
    : `${who} carries ${money(row.adjustedMinor)} of ${charges}`
  return `${carried}: ${reasonOf(context)}.`
}

function reasonOf(context: AllocationContext): string {
  const { row, rows, currency } = context
  const parts = readFormula(row.formula)
  if (parts.kind === 'amount') {
    return rows.every(({ weight }) => weight === '0') ? 'what the vendor billed on it' : 'its cap'
  }
  const isCapBroken = row.flags.includes('cap-below-charge')
  const before = parts.before === '' ? '' : `its ${isCapBroken ? 'cap' : 'floor'} of ${groupDigits(parts.before)}, and `
  const restMinor = evaluateFormula(parts.rest, currency)
  const rest = restMinor === null ? parts.rest : groupDigits(formatAmount(restMinor, currency))
  const isWhole = before === '' && !parts.rest.startsWith('(')
  const of = isWhole ? 'it' : `the remaining ${rest}`
  if (parts.weight === parts.total) return `${before}all of ${of}${noteOf(row)}`
  const ground = groundOf(context)
  const share = `${weightsText(context, parts, ground)} of ${of}`
  const leftover = rows.filter((other) => sharesOf(other)?.hasUnit).length
  const units = leftover === 1 ? 'the one leftover unit' : `one of ${leftover} leftover units`
  const rounding = parts.hasUnit ? `, rounded up by ${units} of ${unitOf(currency)}` : ''
  return `${before}${share} ${ground}${rounding}${noteOf(row)}`
}

type ShareParts = Extract<FormulaParts, { kind: 'share' }>

function weightsText({ formatUsage }: AllocationContext, { weight, total }: ShareParts, ground: string): string {
  if (formatUsage === undefined || !ground.startsWith('by usage') || /\D/.test(weight + total))
    return `${groupDigits(weight)}/${groupDigits(total)}`
  return `${formatUsage(BigInt(weight))} / ${formatUsage(BigInt(total))}`
}

function sharesOf(row: AllocationRow) {
  const parts = readFormula(row.formula)
  return parts.kind === 'share' ? { ...parts, weight: parts.weight.replace(/[()]/g, '') } : null
}

/** The weights that were used say the ground, and not the method alone: a method may have fallen back. */
function groundOf({ row, rows, method }: AllocationContext): string {
  if (row.flags.includes('unused')) return 'that was there and not used'
  if (method === 'follow') return 'in proportion to what it carries of the charges that were shared'
  const isSharedBy = (weightOf: (row: AllocationRow) => bigint) =>
    rows.every((other) => {
      const parts = other.service === '' ? null : sharesOf(other)
      return parts === null || parts.weight === weightOf(other).toString()
    })
  if (isSharedBy(({ days }) => BigInt(days))) {
    return rows.every(({ service, days }) => service === '' || days === row.days || days === 0)
      ? 'in equal parts'
      : 'by days of membership'
  }
  if (method === 'weighted') return "by the policy's weights"
  const excessOf = ({ usageBase, contributionBase }: AllocationRow) => {
    const excess = (usageBase < 0n ? 0n : usageBase) - contributionBase
    return excess > 0n ? excess : 0n
  }
  return method === 'excess' && isSharedBy(excessOf) ? 'by usage over its own contribution' : 'by usage'
}

function noteOf(row: AllocationRow): string {
  if (row.flags.includes('floor-exceeds-charge')) return ' (the floors together exceed the charge)'
  return row.flags.includes('cap-below-charge') ? ' (the caps together are less than the charge)' : ''
}

/** `3000.00` is `3,000.00`. */
export function groupDigits(amount: string): string {
  return amount.replace(/^(\(?-?)(\d+)/, (_, before: string, digits: string) => {
    return `${before}${digits.replace(/\B(?=(?:\d{3})+$)/g, ',')}`
  })
}

function sumActual(rows: ReadonlyArray<AllocationRow>): bigint {
  let total = 0n
  for (const { actualMinor } of rows) total += actualMinor
  return total
}
