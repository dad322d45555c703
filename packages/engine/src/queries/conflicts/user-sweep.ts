// The conferences of one user id, taken in and swept; then those of the next.
import { findConflicts, invariant, type LocalDate, startOfDay } from '@spillway/core'
import type { AccountClock } from '../calls/account-facts.ts'
import type { WrittenConflict } from './conflict-writer.ts'

/** Times are microseconds as stored: of the wall clock in the zone, or of UTC. */
export type SweptConference = {
  readonly conferenceNo: bigint
  readonly started: number
  readonly ended: number
  readonly isWallTime: boolean
  readonly zoneNo: number
}

type SweepOptions = {
  /** By number of zone. */
  readonly clocks: ReadonlyArray<AccountClock>
  /** Local days. */
  readonly from: LocalDate
  readonly until: LocalDate
}

export class UserSweep {
  readonly #clocks: ReadonlyArray<AccountClock>
  readonly #windows: ReadonlyArray<readonly [number, number]>
  #conferences: SweptConference[] = []

  constructor({ clocks, from, until }: SweepOptions) {
    this.#clocks = clocks
    this.#windows = clocks.map(({ timeZone }) => [startOfDay(from, timeZone), startOfDay(until, timeZone)])
  }

  add(conference: SweptConference): void {
    this.#conferences.push(conference)
  }

  clear(): void {
    this.#conferences = []
  }

  /** Those that begin in the window. */
  conflicts(): WrittenConflict[] {
    const conferences = this.#conferences
    const [first] = conferences
    if (first === undefined || conferences.length === 1) return []
    const clock = this.#clocks[first.zoneNo]
    const window = this.#windows[first.zoneNo]
    invariant(clock && window, 'a user id has an account with a clock', { zoneNo: first.zoneNo })
    const startMicros = conferences.map(({ started, isWallTime }) => clock.instantOf(started, { isWallTime }))
    // Where clocks are set back, an end may be told before its start.
    const endMicros = conferences.map(({ ended, isWallTime }, index) =>
      Math.max(startMicros[index] as number, clock.instantOf(ended, { isWallTime })),
    )
    return findConflicts({ count: conferences.length, startMicros, endMicros })
      .filter(({ fromMicros }) => fromMicros >= window[0] && fromMicros < window[1])
      .map(({ members, ...conflict }) => ({
        ...conflict,
        calls: members.map((member) => conferences[member] as SweptConference),
      }))
  }
}
