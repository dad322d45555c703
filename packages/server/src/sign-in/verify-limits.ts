// How often one token may ask whose passcode it is. The lock after ten wrong tries is the engine's and outlives a restart; this
// one holds a stolen token back, which could name another caller every time.
import { Refusal } from '@spillway/core'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

const MINUTE = 60

export class VerifyLimits {
  readonly #asked = new RateLimiterMemory({ keyPrefix: 'asked', points: 600, duration: MINUTE })
  readonly #refused = new RateLimiterMemory({
    ...{ keyPrefix: 'refused', points: 300, duration: 15 * MINUTE, blockDuration: 15 * MINUTE },
  })

  /** Counts it before it is asked, as asked and as refused. @throws Refusal `too-many`. */
  async count(token: string): Promise<void> {
    await consume(this.#asked, token)
    await consume(this.#refused, token)
  }

  /** Takes back that it was refused. */
  async forgive(token: string): Promise<void> {
    await this.#refused.reward(token, 1)
  }
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error
    throw new Refusal('too-many', 'This token asks for too many passcodes, or for too many wrong ones.', {
      hint: 'Wait until it is unlocked.',
      facts: { retryAfterSeconds: Math.ceil(error.msBeforeNext / 1000) },
    })
  }
}
