// Names for the sheets of a workbook: what a spreadsheet allows, and no two the same, whatever the keys are.

const LENGTH_MAX = 31

/** Gives each title a name of its own, in the order in which they are asked for. */
export class SheetNames {
  readonly #taken = new Set<string>(['history'])

  of(title: string): string {
    const plain = title.replace(/[[\]:*?/\\'\p{C}]/gu, '-').trim() || '-'
    for (let count = 1; ; count += 1) {
      const ending = count === 1 ? '' : ` (${count})`
      const name = `${cut(plain, LENGTH_MAX - ending.length)}${ending}`
      // Spreadsheets compare names without case.
      if (this.#taken.has(name.toLowerCase())) continue
      this.#taken.add(name.toLowerCase())
      return name
    }
  }
}

function cut(text: string, length: number): string {
  const kept = text.slice(0, length)
  return /[\ud800-\udbff]$/.test(kept) ? kept.slice(0, -1) : kept
}
