// What British call records have in common: how dates, times and numbers are written, and where a call goes.
import { type LocalDate, localDateOf, type Zone } from '@spillway/core'
import { readTimeOfDay } from './written-values.ts'

/** `02/03/2026` is 2 March; `02/03/26`, `20260302` and `2026-03-02` are read too. */
export function readUkDate(text: string): LocalDate | null {
  const slashed = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})$/.exec(text)
  if (slashed) {
    const year = (slashed[3] as string).length === 2 ? `20${slashed[3]}` : slashed[3]
    return localDateOf(Number(year), Number(slashed[2]), Number(slashed[1]))
  }
  const iso = /^(\d{4})-?(\d{2})-?(\d{2})$/.exec(text)
  return iso ? localDateOf(Number(iso[1]), Number(iso[2]), Number(iso[3])) : null
}

/** Wall-clock microseconds of a day and a time of that day; null where the time is none. */
export function wallInstant(day: LocalDate, time: string): number | null {
  const digits = /^(\d{2})(\d{2})(\d{2})$/.exec(time)
  const read = readTimeOfDay(digits ? digits.slice(1).join(':') : time)
  return read === null ? null : Date.parse(`${day}T${read}Z`) * 1000
}

/** The dialled number without what people put in for reading. */
export function readDialled(text: string): string {
  return text.replace(/[\s()-]/g, '')
}

/** '' where the number does not say: without a prefix it may be of any country. */
export function zoneOfDialled(number: string): Zone | '' {
  if (/^(\+|00)44/.test(number)) return 'domestic'
  if (/^(\+|00)\d/.test(number)) return 'international'
  return /^(0[1-9]|44|1\d{2,5}$)/.test(number) ? 'domestic' : ''
}

/** What these files say of no call. */
export const UNSAID_OF_CALLS = {
  fact: 'usage',
  isWallTime: true,
  endedAt: null,
  network: '',
  app: '',
  participants: null,
  view: 'itemised',
} as const
