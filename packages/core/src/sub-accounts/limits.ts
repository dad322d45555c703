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
  const { spend, minutes, participants, callMinutes } = limits
  const states: LimitState[] = []
  if (spend !== null) states.push(spendState(spend, use.spentMinor, currency))
  if (minutes !== null) {
    const most = BigInt(minutes) * SECONDS_PER_MINUTE
    const isReached = use.usedSeconds >= most
    states.push(stateOf('minutes', { most, used: use.usedSeconds, text: minutesText, isReached }))
  }
  if (participants !== null) {
    const [most, used] = [BigInt(participants), BigInt(use.participantsMost)]
    states.push(stateOf('participants', { most, used, text: String, isReached: used > most }))
  }
  if (callMinutes !== null) {
    const most = BigInt(callMinutes) * SECONDS_PER_MINUTE
    const isReached = use.longestCallSeconds > most
    states.push(stateOf('call-minutes', { most, used: use.longestCallSeconds, text: minutesText, isReached }))
  }
  return states
}

/** Whether `verify` is to refuse: what is used up is of the period, and the sub-account is refused then. */
export function isUsedUp(limits: SubAccountLimits, states: ReadonlyArray<LimitState>): boolean {
  if (limits.atLimit !== 'refuse') return false
  return states.some(({ limit, isReached }) => isReached && (limit === 'spend' || limit === 'minutes'))
}

type Measured = {
  readonly most: bigint
  readonly used: bigint
  readonly text: (value: bigint) => string
  readonly isReached: boolean
}

function stateOf(limit: LimitName, { most, used, text, isReached }: Measured): LimitState {
  const left = used < most ? most - used : NOTHING
  return { limit, most: text(most), used: text(used), left: text(left), isReached }
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
function spendState(spend: string, used: bigint, currency: string): LimitState {
  const reading = currency === '' ? null : parseAmount(spend, currency)
  const text = (minor: bigint) => (currency === '' ? '' : formatAmount(minor, currency))
  if (!reading?.ok) return { limit: 'spend', most: spend, used: text(used), left: '', isReached: false }
  return stateOf('spend', { most: reading.minor, used, text, isReached: used >= reading.minor })
}
