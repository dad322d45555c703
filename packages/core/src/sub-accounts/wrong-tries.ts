// When too many wrong passcodes lock a user id or a caller (spec, accounts): ten, and fifteen minutes. The instants come
// from the caller of these functions; where the counts are kept is theirs too.

export const WRONG_TRIES_MAX = 10
export const LOCK_SECONDS = 15 * 60

/** Of one user id or one caller. Instants are milliseconds since 1970. */
export type WrongTries = { readonly count: number; readonly lastAt: number; readonly lockedUntil: number | null }

export const NO_WRONG_TRIES: WrongTries = { count: 0, lastAt: 0, lockedUntil: null }

export function isLocked({ lockedUntil }: WrongTries, now: number): boolean {
  return lockedUntil !== null && now < lockedUntil
}

/**
 * The count after one more wrong try. Tries are forgotten when a quarter of an hour passed without one, and when a lock
 * ends; a try while locked neither counts nor makes the lock longer.
 */
export function afterWrongTry(tries: WrongTries, now: number): WrongTries {
  if (isLocked(tries, now)) return tries
  const isForgotten = tries.lockedUntil !== null || now - tries.lastAt >= LOCK_SECONDS * 1000
  const count = (isForgotten ? 0 : tries.count) + 1
  return { count, lastAt: now, lockedUntil: count >= WRONG_TRIES_MAX ? now + LOCK_SECONDS * 1000 : null }
}
