// Where a hint names a command that a screen has too, the screen is named first, with what to press there. Hints are written for the
// command line, by which everything can be done; here is the one list of what the screens can do instead.
import type { ScreenSearch } from '../app/search.ts'

export type HintPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'command'; readonly command: string }
  | {
      readonly kind: 'screen'
      readonly label: string
      readonly to: string
      readonly search: ScreenSearch
      /** What is pressed there, as it is called; where it is left out, looking is enough. */
      readonly press?: string
      readonly command: string
    }

type Place = { readonly label: string; readonly to: string; readonly press?: string; readonly search?: ScreenSearch }

const ofRuns = (press: string): Place => ({ label: 'Runs', to: '/runs', press })
const SHARE_PLANS: Place = { label: 'Share plans', to: '/share-plans' }
const SUB_ACCOUNTS: Place = { label: 'Sub-accounts', to: '/sub-accounts' }

/** By the first words of the command; null where the screens have not this of it. */
const PLACES: Readonly<Record<string, Place | null>> = {
  'report imports': { label: 'Imports', to: '/bills/imports' },
  'report quarantine': { label: 'Quarantine', to: '/bills', search: { tab: 'quarantine' } },
  'report reconciliation': { label: 'Bills', to: '/bills' },
  'report problems': { label: 'Runs', to: '/runs' },
  'report runs': { label: 'Runs', to: '/runs' },
  'report pools': { label: 'Pools', to: '/pools' },
  'report buckets': SHARE_PLANS,
  'report accounts': { label: 'Accounts', to: '/accounts' },
  'report balances': { label: 'Accounts', to: '/accounts' },
  'report bills': { label: 'Our bills', to: '/customer-bills' },
  'report charges': { label: 'Explore', to: '/explore' },
  'bill void': { label: 'Our bills', to: '/customer-bills', press: 'Take back' },
  'bill reissue': { label: 'Our bills', to: '/customer-bills', press: 'Issue again' },
  'sub-account requests': { label: 'Requests', to: '/sub-accounts', search: { tab: 'requests' } },
  'sub-account rotate --all --new-key': null,
  'sub-account rotate': { ...SUB_ACCOUNTS, press: 'Passcodes' },
  'sub-account show': SUB_ACCOUNTS,
  close: ofRuns('Close'),
  publish: ofRuns('Publish'),
  reopen: ofRuns('Reopen'),
  accept: { label: 'Bills', to: '/bills', press: 'Accept' },
}

const COMMAND = /`spillway ([^`]+)`/
/** The longest first. */
const KEYS = Object.keys(PLACES).sort((one, other) => other.length - one.length)

export function hintParts(hint: string): ReadonlyArray<HintPart> {
  const found = COMMAND.exec(hint)
  if (!found) return hint === '' ? [] : [{ kind: 'text', text: hint }]
  const before = hint.slice(0, found.index)
  const rest = hintParts(hint.slice(found.index + found[0].length))
  const part = partOf(found[1] ?? '')
  return [...(before === '' ? [] : [{ kind: 'text', text: leadingTo(part, before) } as const]), part, ...rest]
}

function partOf(words: string): HintPart {
  const command = `spillway ${words}`
  const key = KEYS.find((one) => words === one || words.startsWith(`${one} `))
  const place = key === undefined ? undefined : PLACES[key]
  if (!place) return { kind: 'command', command }
  const { label, to, press } = place
  const search = { ...searchOf(words, to), ...place.search }
  return { kind: 'screen', label, to, search, ...(press === undefined ? {} : { press }), command }
}

/** The month and the rows that the command names. */
function searchOf(words: string, to: string): ScreenSearch {
  const [period] = /\b\d{4}-(?:0[1-9]|1[0-2])\b/.exec(words) ?? []
  const by = / --by ([a-z-]+)/.exec(words)?.[1]
  return {
    ...(period === undefined ? {} : to === '/runs' ? { chosen: period } : { period }),
    ...(by === undefined ? {} : { by }),
  }
}

/** A command is run, and lists with it; a button is pressed, and things are listed under a screen. */
function leadingTo(part: HintPart, before: string): string {
  if (part.kind !== 'screen') return before
  if (part.press === undefined) return before.replace(/ with $/, ' under ').replace(/(^|\. )See $/, '$1See under ')
  return before.replace(/(^|\. )Run $/, '$1Press ').replace(/ with $/, ' by ')
}
