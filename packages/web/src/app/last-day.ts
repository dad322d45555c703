/** Of days up to `end`, which is the day after: what a person calls the last one. */
export function lastDayBefore(end: string): string {
  const at = new Date(`${end}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() - 1)
  return at.toISOString().slice(0, 10)
}
