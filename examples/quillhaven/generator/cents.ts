// Money of the example: bigint cents, and the ways in which its vendors write them.

export function sumCents(amounts: Iterable<bigint>): bigint {
  let sum = 0n
  for (const amount of amounts) sum += amount
  return sum
}

/** `-1250n` is `-12.50`. */
export function plainText(cents: bigint): string {
  const digits = (cents < 0n ? -cents : cents).toString().padStart(3, '0')
  return `${cents < 0n ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

/** `123450n` is `1,234.50`, `-1000n` is `(10.00)`; with `sign`, `$1,234.50` and `($10.00)`. */
export function americanText(cents: bigint, sign = ''): string {
  const [whole = '', fraction = ''] = plainText(cents < 0n ? -cents : cents).split('.')
  const text = `${sign}${grouped(whole, ',')}.${fraction}`
  return cents < 0n ? `(${text})` : text
}

/** `123450n` is `1.234,50`, `-1000n` is `-10,00`. */
export function germanText(cents: bigint): string {
  const [whole = '', fraction = ''] = plainText(cents < 0n ? -cents : cents).split('.')
  return `${cents < 0n ? '-' : ''}${grouped(whole, '.')},${fraction}`
}

export function grouped(digits: string, separator: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, separator)
}

/** A part in ten-thousandths, rounded half up: 7.25 % is 725. */
export function taxOf(cents: bigint, tenThousandths: bigint): bigint {
  return (cents * tenThousandths + 5000n) / 10000n
}
