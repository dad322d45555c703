// Which columns of a file hold entry codes, passcodes, passwords or PINs, as far as their titles tell.
import { normaliseName } from '../intake/column-lookup.ts'

const CODE_WORDS = /code(?!c)|pass|pwd|secret|kennwort|contrasena|senha|^pin|pin$|pin(number|nr|no|digits)/

/** Names of codes that open nothing. */
const OTHER_CODES =
  /^(bill(ing)?|account|acct|project|client(billing)?|matter|cost(cent(er|re))?|charge|product|item|rate|tariff|plan|currency|tax|gl|department|dept|division|region|country|area|city|postal|post|zip|site|language|reason|status|result|error|release|disconnect|termination|cause|service|feature|vendor|state|org(anization|anisation)?)codes?\d*$/

const PIN = /\bpins?\b/i
const wordsOf = (title: string) => title.replace(/([a-z])([A-Z])/g, '$1 $2').replace(/[_\W]+/g, ' ')

/** Of a call record: any code that is not known to be another. Where it is not sure, it is one. */
export function isEntryCodeColumn(title: string): boolean {
  const name = normaliseName(title)
  if (OTHER_CODES.test(name)) return false
  return CODE_WORDS.test(name) || PIN.test(wordsOf(title))
}

const SURE_WORDS =
  /passcode|passwor|passwd|kennwort|contrasena|(entry|access|chair(person)?|host|moderator|leader|participant|guest|conference|meeting|security|dialin|join)(entry|access|pass)?code/

/** Of any file of usage: only what is called so. A bill has codes of many kinds, and they are facts. */
export function isCalledEntryCode(title: string): boolean {
  return SURE_WORDS.test(normaliseName(title)) || PIN.test(wordsOf(title))
}

const CHAIR = /chair|host|moderator|leader|organi[sz]er/

/** The columns in the order in which a call's sub-account is looked for: whoever holds the call, before who takes part. */
export function byHolder(header: ReadonlyArray<string>, columns: ReadonlyArray<number>): ReadonlyArray<number> {
  const isChair = (index: number) => CHAIR.test(normaliseName(header[index] ?? ''))
  return [...columns.filter(isChair), ...columns.filter((index) => !isChair(index))]
}
