// The conferences of one user id as columns, taken in and swept; then those of the next.
import { findStretches, invariant, type LocalDate, type Stretch, startOfDay } from '@spillway/core'
import type { AccountClock } from '../calls/account-facts.ts'
import type { WrittenConflict } from './conflict-writer.ts'

type SweepOptions = {
  /** By number of zone. */
  readonly clocks: ReadonlyArray<AccountClock>
  /** Local days. */
  readonly from: LocalDate
  readonly until: LocalDate
}

/** Times are microseconds as stored: of the wall clock in the zone, or of UTC. `conferences`: their numbers, in two words each. */
export type SweptColumns = {
  readonly started: Int32Array
  readonly ended: Int32Array
  readonly conferences: Int32Array
}

const WORD = 2 ** 32
const FIRST_SIZE = 1024

export class UserSweep {
  readonly #clocks: ReadonlyArray<AccountClock>
  readonly #windows: ReadonlyArray<readonly [number, number]>
  #count = 0
  #zoneNo = 0
  #started = new Float64Array(FIRST_SIZE)
  #ended = new Float64Array(FIRST_SIZE)
  #conferences = new Int32Array(2 * FIRST_SIZE)

  constructor({ clocks, from, until }: SweepOptions) {
    this.#clocks = clocks
    this.#windows = clocks.map(({ timeZone }) => [startOfDay(from, timeZone), startOfDay(until, timeZone)])
  }

  /** Takes the rows `from` to `until` of columns of BIGINT, as pairs of words, the lower one first. */
  add({ started, ended, conferences }: SweptColumns, { from, until, zoneNo }: SweptRows): void {
    this.#zoneNo = zoneNo
    this.#makeRoom(this.#count + until - from)
    for (let row = from; row < until; row += 1) {
      const at = this.#count
      this.#started[at] = microsOf(started, row)
      this.#ended[at] = microsOf(ended, row)
      this.#conferences[2 * at] = conferences[2 * row] as number
      this.#conferences[2 * at + 1] = conferences[2 * row + 1] as number
      this.#count += 1
    }
  }

  clear(): void {
    this.#count = 0
  }

  /** When the conflicts are that begin in the window. */
  stretches(): Stretch[] {
    const count = this.#count
    if (count < 2) return []
    const clock = this.#clocks[this.#zoneNo]
    const window = this.#windows[this.#zoneNo]
    invariant(clock && window, 'a user id has an account with a clock', { zoneNo: this.#zoneNo })
    const starts = new Float64Array(count)
    const ends = new Float64Array(count)
    let lasting = 0
    for (let index = 0; index < count; index += 1) {
      const start = this.#instantAt(this.#started, index, clock)
      const end = this.#instantAt(this.#ended, index, clock)
      // Where clocks are set back, an end may be told before its start: that has no length.
      if (start >= end) continue
      starts[lasting] = start
      ends[lasting] = end
      lasting += 1
    }
    return findStretches({ starts: starts.subarray(0, lasting).sort(), ends: ends.subarray(0, lasting).sort() }).filter(
      ({ fromMicros }) => fromMicros >= window[0] && fromMicros < window[1],
    )
  }

  /** Who is in the stretches: what went on while one of them did. */
  conflicts(): WrittenConflict[] {
    const found = this.stretches().map((stretch) => ({ ...stretch, calls: [] as WrittenConflict['calls'][number][] }))
    if (found.length === 0) return []
    const clock = this.#clocks[this.#zoneNo] as AccountClock
    for (let index = 0; index < this.#count; index += 1) {
      const start = this.#instantAt(this.#started, index, clock)
      const end = this.#instantAt(this.#ended, index, clock)
      if (start >= end) continue
      for (let at = firstEndingAfter(found, start); at < found.length; at += 1) {
        const conflict = found[at]
        if (conflict === undefined || conflict.fromMicros >= end) break
        conflict.calls.push({
          conferenceNo: this.#numberAt(index),
          started: this.#started[index] as number,
          ended: this.#ended[index] as number,
        })
      }
    }
    return found
  }

  #instantAt(times: Float64Array, index: number, clock: AccountClock): number {
    const isWallTime = ((this.#conferences[2 * index] as number) & 1) === 1
    return clock.instantOf(times[index] as number, { isWallTime })
  }

  #numberAt(index: number): bigint {
    const low = BigInt((this.#conferences[2 * index] as number) >>> 0)
    return (BigInt(this.#conferences[2 * index + 1] as number) << 32n) | low
  }

  #makeRoom(count: number): void {
    if (count <= this.#started.length) return
    const size = Math.max(count, 2 * this.#started.length)
    const grown = <T extends Float64Array | Int32Array>(made: T, known: T): T => {
      made.set(known)
      return made
    }
    this.#started = grown(new Float64Array(size), this.#started)
    this.#ended = grown(new Float64Array(size), this.#ended)
    this.#conferences = grown(new Int32Array(2 * size), this.#conferences)
  }
}

export type SweptRows = { readonly from: number; readonly until: number; readonly zoneNo: number }

/** A BIGINT that is a safe integer, without an object for it. */
function microsOf(words: Int32Array, row: number): number {
  return (words[2 * row + 1] as number) * WORD + ((words[2 * row] as number) >>> 0)
}

/** The place of the first stretch that ends after an instant; stretches do not overlap. */
function firstEndingAfter(stretches: ReadonlyArray<Stretch>, instant: number): number {
  let [low, high] = [0, stretches.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((stretches[middle] as Stretch).untilMicros > instant) high = middle
    else low = middle + 1
  }
  return low
}
