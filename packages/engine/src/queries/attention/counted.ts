// `1 invoice does`, `3 invoices do`: how items of the list count.

export function countedAs(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`
}
