// What a passcode may be (spec, accounts, "Accounts and sub-accounts"): 6 to 12 digits that nobody would try first. Knows no
// randomness and keeps no code: digits come from the caller, and what is wrong with a code is said without the code.

export const PASSCODE_LENGTH_MIN = 6
export const PASSCODE_LENGTH_MAX = 12
/** Of a code that is generated: ten thousand sub-accounts take one number in ten thousand of eight digits. */
export const PASSCODE_LENGTH_DEFAULT = 8

/** Three digits that are the same, or that count up or down, are where a guess begins. */
const RUN_MAX = 2

export type PasscodeFault = 'not-digits' | 'length' | 'repeated' | 'sequential'

export const PASSCODE_FAULT_WORDS: Readonly<Record<PasscodeFault, string>> = {
  'not-digits': 'it must be digits alone',
  length: `it must have ${PASSCODE_LENGTH_MIN} to ${PASSCODE_LENGTH_MAX} digits`,
  repeated: 'it repeats a digit, or a group of digits',
  sequential: 'it counts up or down',
}

/**
 * The first rule that a code breaks; null where it breaks none. Three equal digits in a row are repeated, as is a code
 * that is one group of digits again and again (121212, 482482); three in order, up or down, are sequential (789, 210;
 * after 9 comes 0).
 */
export function passcodeFault(code: string): PasscodeFault | null {
  if (!/^[0-9]*$/.test(code)) return 'not-digits'
  if (code.length < PASSCODE_LENGTH_MIN || code.length > PASSCODE_LENGTH_MAX) return 'length'
  if (isGroupRepeated(code) || longestRun(code, 0) > RUN_MAX) return 'repeated'
  return longestRun(code, 1) > RUN_MAX || longestRun(code, 9) > RUN_MAX ? 'sequential' : null
}

/** Digits that follow each other by one step (0 the same, 1 up, 9 down), the most of them in a row. */
function longestRun(code: string, step: number): number {
  let [longest, run] = [1, 1]
  for (let at = 1; at < code.length; at += 1) {
    const isNext = (code.charCodeAt(at) - code.charCodeAt(at - 1) + 10) % 10 === step
    run = isNext ? run + 1 : 1
    longest = Math.max(longest, run)
  }
  return longest
}

function isGroupRepeated(code: string): boolean {
  return /^(\d{1,4})\1+$/.test(code) || /^(\d{5,6})\1$/.test(code)
}

/**
 * A code without a fault, of digits that `randomDigit` gives (0 to 9, each as likely). Codes with a fault are thrown away
 * whole, so that those that are left stay equally likely.
 */
export function makePasscode(length: number, randomDigit: () => number): string {
  for (;;) {
    const code = Array.from({ length }, () => String(randomDigit())).join('')
    if (passcodeFault(code) === null) return code
  }
}

/** `4821 7390`, for a person to read out; groups of three or four. */
export function spacedPasscode(code: string): string {
  const group = code.length % 4 === 0 || code.length % 3 !== 0 ? 4 : 3
  return code.replace(new RegExp(`(\\d{${group}})(?=\\d)`, 'g'), '$1 ')
}
