// Limits on guessing. Counts are in memory: one process holds the workspace, and who can restart it needs no guess.
import { Refusal } from '@spillway/core'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

const MINUTE = 60

/** Failures until a lock, in a window of seconds, and for how long it locks. */
const LIMITS = {
  /** One user from one address. */
  user: { points: 5, duration: 15 * MINUTE, blockDuration: 15 * MINUTE },
  /** One user from anywhere: more, so that a stranger cannot lock somebody out by five tries. */
  userAnywhere: { points: 50, duration: 60 * MINUTE, blockDuration: 15 * MINUTE },
  /** Every kind of credential from one address. */
  address: { points: 60, duration: 15 * MINUTE, blockDuration: 15 * MINUTE },
} as const
type LimitName = keyof typeof LIMITS

export type Attempt = { readonly address: string; readonly user?: string }

export class Attempts {
  readonly #limiters = Object.fromEntries(
    Object.entries(LIMITS).map(([name, limit]) => [name, new RateLimiterMemory({ keyPrefix: name, ...limit })]),
  ) as Readonly<Record<LimitName, RateLimiterMemory>>

  /** Counts one before it is tried, so that many at once do not slip through. @throws Refusal `too-many`. */
  async count(attempt: Attempt): Promise<void> {
    for (const [name, key] of keysOf(attempt)) await this.#consume(name, key)
  }

  /** Takes back what was counted: it was right. */
  async forgive(attempt: Attempt): Promise<void> {
    for (const [name, key] of keysOf(attempt)) {
      if (name === 'address') await this.#limiters.address.reward(key, 1)
      else await this.#limiters[name].delete(key)
    }
  }

  async #consume(name: LimitName, key: string): Promise<void> {
    try {
      await this.#limiters[name].consume(key)
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error
      throw new Refusal('too-many', 'Too many tries failed.', {
        hint: 'Wait until it is unlocked.',
        facts: { retryAfterSeconds: Math.ceil(error.msBeforeNext / 1000) },
      })
    }
  }
}

function keysOf({ address, user }: Attempt): ReadonlyArray<readonly [LimitName, string]> {
  const ofUser =
    user === undefined
      ? []
      : ([
          ['user', `${user} ${address}`],
          ['userAnywhere', user],
        ] as const)
  return [['address', address], ...ofUser]
}
