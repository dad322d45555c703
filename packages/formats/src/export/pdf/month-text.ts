// Months as people write them on paper.
const NAMES = 'January February March April May June July August September October November December'.split(' ')

/** `2026-10` is `October 2026`. */
export function monthText(period: string): string {
  return `${NAMES[Number(period.slice(5, 7)) - 1] ?? ''} ${period.slice(0, 4)}`
}

/** `2026-10` is `Oct`. */
export function monthAbbreviation(period: string): string {
  return (NAMES[Number(period.slice(5, 7)) - 1] ?? '').slice(0, 3)
}
