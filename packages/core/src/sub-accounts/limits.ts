// How far a sub-account is into its limits. What was used comes from the caller; money is in minor units of the currency of
// the master account, time in seconds.

import { formatAmount, parseAmount } from '../money/amount.ts'
import type { SubAccountLimits } from './sub-account.ts'

/** What is known of a sub-account's use in one billing period. */
export type SubAccountUse = {
  /** Of all participants together, as billed. */
  readonly usedSeconds: bigint
  readonly spentMinor: bigint
  /** At once in one call, the most. */
  readonly participantsMost: number
  readonly longestCallSeconds: bigint
}

export type LimitName = 'spend' | 'minutes' | 'participants' | 'call-minutes'

/** Texts as people read them: amounts with the decimals of the currency, minutes with two at most. */
export type LimitState = {
  readonly limit: LimitName
  readonly most: string
  readonly used: string
  /** Not below 0. */
  readonly left: string
  /** Nothing is left of the period; of one call: it was gone beyond. */
  readonly isReached: boolean
}

const SECONDS_PER_MINUTE = 60n

/** The limits that are set, in the order spend, minutes, participants, call-minutes. */
export function limitStates(
  limits: SubAccountLimits,
  use: SubAccountUse,
  { currency }: { readonly currency: string },
): ReadonlyArray<LimitState> {
  return measuredLimits(limits, use, currency).map(stateOf)
}

/** Per cent of a limit at which somebody is told, as of a bucket. */
const LIMIT_ALERT_PERCENT: ReadonlyArray<number> = [80, 90, 100]

export type LimitAlert = Pick<LimitState, 'limit' | 'most' | 'used'> & { readonly sharePercent: number }

/**
 * Every share that is reached, of each limit the smallest first. 100 is what `isReached` says: of one call, only what went
 * beyond.
 */
export function limitAlerts(
  limits: SubAccountLimits,
  use: SubAccountUse,
  { currency }: { readonly currency: string },
): ReadonlyArray<LimitAlert> {
  return measuredLimits(limits, use, currency).flatMap((measured) => {
    const { limit, most, used } = stateOf(measured)
    return LIMIT_ALERT_PERCENT.filter((percent) => hasReached(measured, percent)).map((sharePercent) => ({
      ...{ limit, most, used, sharePercent },
    }))
  })
}

function hasReached({ most, used, isReached }: Measured, percent: number): boolean {
  if (percent === 100) return isReached
  return most.units !== null && used * 100n >= most.units * BigInt(percent)
}

function measuredLimits(limits: SubAccountLimits, use: SubAccountUse, currency: string): Measured[] {
  const { spend, minutes, participants, callMinutes } = limits
  const found: Measured[] = []
  if (spend !== null) found.push(measuredSpend(spend, use.spentMinor, currency))
  if (minutes !== null) {
    const most = BigInt(minutes) * SECONDS_PER_MINUTE
    found.push(measuredOf('minutes', { most, used: use.usedSeconds, text: minutesText, isOfCall: false }))
  }
  if (participants !== null) {
    const [most, used] = [BigInt(participants), BigInt(use.participantsMost)]
    found.push(measuredOf('participants', { most, used, text: String, isOfCall: true }))
  }
  if (callMinutes !== null) {
    const most = BigInt(callMinutes) * SECONDS_PER_MINUTE
    found.push(measuredOf('call-minutes', { most, used: use.longestCallSeconds, text: minutesText, isOfCall: true }))
  }
  return found
}

/** Whether `verify` is to refuse: what is used up is of the period, and the sub-account is refused then. */
export function isUsedUp(limits: SubAccountLimits, states: ReadonlyArray<LimitState>): boolean {
  if (limits.atLimit !== 'refuse') return false
  return states.some(({ limit, isReached }) => isReached && (limit === 'spend' || limit === 'minutes'))
}

type Measured = {
  readonly limit: LimitName
  /** As it is written, where its units are not known. */
  readonly most: { readonly units: bigint | null; readonly text: string }
  readonly used: bigint
  readonly text: (value: bigint) => string
  readonly isReached: boolean
}

type Amounts = Pick<Measured, 'used' | 'text'> & { readonly most: bigint; readonly isOfCall: boolean }

function measuredOf(limit: LimitName, { most, used, text, isOfCall }: Amounts): Measured {
  return {
    ...{ limit, used, text, most: { units: most, text: text(most) } },
    isReached: isOfCall ? used > most : used >= most,
  }
}

function stateOf({ limit, most, used, text, isReached }: Measured): LimitState {
  const left = most.units === null ? '' : text(used < most.units ? most.units - used : NOTHING)
  return { limit, most: most.text, used: text(used), left, isReached }
}

const NOTHING = 0n

/** `12.5`: minutes of whole seconds, cut to hundredths, so that nothing is said to be left that is not. */
export function minutesText(seconds: bigint): string {
  const hundredths = (seconds * 100n) / SECONDS_PER_MINUTE
  const [whole, rest] = [hundredths / 100n, hundredths % 100n]
  if (rest === NOTHING) return String(whole)
  return `${whole}.${String(rest).padStart(2, '0').replace(/0$/, '')}`
}

/** A file may have changed the currency of the account since the limit was checked: then nobody knows what is left. */
function measuredSpend(spend: string, used: bigint, currency: string): Measured {
  const reading = currency === '' ? null : parseAmount(spend, currency)
  const text = (minor: bigint) => (currency === '' ? '' : formatAmount(minor, currency))
  if (reading?.ok) return measuredOf('spend', { most: reading.minor, used, text, isOfCall: false })
  return { limit: 'spend', most: { units: null, text: spend }, used, text, isReached: false }
}
