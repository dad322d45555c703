import { describe, expect, it } from 'vitest'
import { afterWrongTry, isLocked, NO_WRONG_TRIES } from './wrong-tries.ts'

const MINUTE = 60_000
/** After wrong tries at these minutes. */
const after = (...minutes: ReadonlyArray<number>) =>
  minutes.reduce((tries, minute) => afterWrongTry(tries, minute * MINUTE), NO_WRONG_TRIES)
const tenFrom = (minute: number) => Array.from({ length: 10 }, (_, index) => minute + index)

describe('wrong tries', () => {
  it('lock with the tenth, for fifteen minutes', () => {
    expect(isLocked(after(...tenFrom(0).slice(1)), 10 * MINUTE)).toBe(false)
    const tries = after(...tenFrom(0))
    expect(isLocked(tries, 9 * MINUTE)).toBe(true)
    expect(isLocked(tries, 24 * MINUTE - 1)).toBe(true)
    expect(isLocked(tries, 24 * MINUTE)).toBe(false)
  })

  it('while locked neither count nor make the lock longer', () => {
    expect(after(...tenFrom(0), 10, 15, 23)).toEqual(after(...tenFrom(0)))
  })

  it('begin at one after a lock', () => expect(after(...tenFrom(0), 24)).toMatchObject({ count: 1, lockedUntil: null }))

  it('are forgotten when none came for fifteen minutes', () => {
    expect(after(...tenFrom(0).slice(1), 24).count).toBe(1)
    expect(after(...tenFrom(0).slice(1), 23).count).toBe(10)
  })
})
