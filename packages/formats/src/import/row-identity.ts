// Names rows that have no number of their own by what they say: the same row has the same name in a corrected file that
// inserts, removes or moves other rows. Identical rows are told apart by how many stood before them.
import { createHash } from 'node:crypto'

const SEPARATOR = '\u001f'
const SLOTS_AT_FIRST = 1 << 12

/**
 * Counts rows by content. A row takes 12 bytes of a table that is at most half full, whatever its length, so a million
 * rows cost about 50 MB at most. Where two contents share their 48 bits the count goes on, so names stay unique.
 */
export class RowIdentity {
  private keys = new Float64Array(SLOTS_AT_FIRST)
  private counts = new Uint32Array(SLOTS_AT_FIRST)
  private size = 0

  /** `3f0a9c21d4be.1` for the first row with these cells, `.2` for the next one. */
  nameOf(cells: ReadonlyArray<string>): string {
    const digest = contentName(cells)
    return `${digest}.${this.count(Number.parseInt(digest, 16) + 1)}`
  }

  private count(key: number): number {
    if (this.size * 2 >= this.keys.length) this.grow()
    const slot = slotOf(this.keys, key)
    if (this.keys[slot] === 0) {
      this.keys[slot] = key
      this.size += 1
    }
    const next = (this.counts[slot] as number) + 1
    this.counts[slot] = next
    return next
  }

  private grow(): void {
    const [oldKeys, oldCounts] = [this.keys, this.counts]
    this.keys = new Float64Array(oldKeys.length * 2)
    this.counts = new Uint32Array(oldKeys.length * 2)
    oldKeys.forEach((key, index) => {
      if (key === 0) return
      const slot = slotOf(this.keys, key)
      this.keys[slot] = key
      this.counts[slot] = oldCounts[index] as number
    })
  }
}

/** `3f0a9c21d4be`: the same for every row with these cells, for rows of which an identical one is a repetition. */
export function contentName(cells: ReadonlyArray<string>): string {
  return createHash('sha256').update(cells.join(SEPARATOR)).digest('hex').slice(0, 12)
}

/** The slot that holds the key, or the empty one where it belongs; 0 marks an empty slot. */
function slotOf(keys: Float64Array, key: number): number {
  let slot = key % keys.length
  while (keys[slot] !== 0 && keys[slot] !== key) slot = (slot + 1) % keys.length
  return slot
}
