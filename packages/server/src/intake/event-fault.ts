// What is wrong with the envelope of an event (CloudEvents 1.0). Written by hand, because every event passes through it; what its
// `data` means is judged by the import.

export type EventFault = { readonly at: string; readonly message: string }

const NONE: ReadonlyArray<EventFault> = []
const REQUIRED = ['id', 'source', 'type', 'time'] as const
const NAME = /^[a-z0-9]+$/
const TIME = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-]\d\d:\d\d)$/

/** `accounts`: those of which the sender may send events; null for all. */
export function faultsOf(event: unknown, accounts: ReadonlySet<string> | null): ReadonlyArray<EventFault> {
  if (!isObject(event)) return [{ at: '', message: 'an event is an object' }]
  let faults: EventFault[] | null = null
  const say = (at: string, message: string) => {
    faults ??= []
    faults.push({ at, message })
  }
  if (event.specversion !== '1.0') say('specversion', 'must be "1.0"')
  for (const name of REQUIRED) {
    const value = event[name]
    if (typeof value !== 'string' || value === '') say(name, 'must be a text that is not empty')
    else if (name === 'time' && !TIME.test(value)) say('time', 'must be a time with an offset or Z (RFC 3339)')
  }
  for (const name in event) {
    if (name === 'data') continue
    if (!NAME.test(name)) say(name, 'a name of an attribute is of lower-case letters and digits')
    else if (name === 'data_base64' || typeof event[name] === 'object')
      say(name, 'an attribute is a text, a number or a boolean')
  }
  const { data } = event
  if (!isObject(data)) say('data', 'must be an object that says what was used')
  else if (accounts !== null && !(typeof data.account === 'string' && accounts.has(data.account)))
    say('data.account', 'must be an account whose events you may send')
  return faults ?? NONE
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
