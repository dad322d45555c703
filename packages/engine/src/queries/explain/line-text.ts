// How amounts, counts and days are written in the printed lines of an explanation.
import { formatAmount, groupDigits } from '@spillway/core'

export function formatMoney(minor: bigint, currency: string): string {
  return groupDigits(formatAmount(minor, currency))
}

/** `+329.45`, `-0.01`, `0.00`. */
export function formatChange(minor: bigint, currency: string): string {
  return `${minor > 0n ? '+' : ''}${formatMoney(minor, currency)}`
}

/** `from 2026-10-01 until 2026-11-01`, '' for always; `until` is exclusive. */
export function rangeText({ from, to }: { readonly from: string | null; readonly to: string | null }): string {
  return joined([from === null ? '' : `from ${from}`, to === null ? '' : `until ${to}`])
}

export function joined(words: ReadonlyArray<string>): string {
  return words.filter((word) => word !== '').join(' ')
}

/** `1 line`, `100 lines`. */
export function counted(count: number, noun: string): string {
  return `${groupDigits(String(count))} ${noun}${count === 1 ? '' : 's'}`
}

export function padder(texts: ReadonlyArray<string>, side: 'left' | 'right' = 'right'): (text: string) => string {
  const width = texts.reduce((widest, { length }) => Math.max(widest, length), 0)
  return (text) => (side === 'left' ? text.padStart(width) : text.padEnd(width))
}
