// Numbers of bills that stand in the place of others: `R100-2026-10-01`, then `R100-2026-10-01-R2`. None is used twice.
const REVISION = /-R(\d{1,9})$/

/** What the number of the so manieth bill ends with, from 2 on. */
export function billRevision(issue: number): string {
  return `-R${issue}`
}

/** How the number of a bill reads without its revision, and which it is. */
export function readBillNumber(number: string): { readonly base: string; readonly issue: number } {
  const found = REVISION.exec(number)
  return found ? { base: number.slice(0, found.index), issue: Number(found[1]) } : { base: number, issue: 1 }
}
