// What no fact may hold, whatever file it came from: what a warehouse cannot store, a day that is none, text that is none.
import { type Fact, parseLocalDate } from '@spillway/core'

const INT64_MAX = 2n ** 63n - 1n

export function faultsOfFact(fact: Fact): string[] {
  const faults: string[] = []
  for (const [name, value] of Object.entries(fact)) {
    if (name === 'extra') continue
    if (typeof value === 'bigint' && (value > INT64_MAX || value < -INT64_MAX)) faults.push(`${name} is beyond 64 bits`)
    if (typeof value === 'number' && !Number.isSafeInteger(value)) faults.push(`${name} is ${value}`)
    if (typeof value === 'string') faults.push(...faultsOfText(name, value))
    if (value === undefined) faults.push(`${name} is undefined`)
  }
  for (const [name, value] of Object.entries(fact.extra))
    if (typeof value !== 'string') faults.push(`extra column ${name} is no text`)
  return faults
}

function faultsOfText(name: string, value: string): string[] {
  const isDay = name.endsWith('On') || name === 'from' || name === 'to'
  if (isDay && parseLocalDate(value) === null) return [`${name} is no day: ${value.slice(0, 40)}`]
  // Would be stored as another character.
  if (/[\ud800-\udfff]/.test(value.replace(/[\ud800-\udbff][\udc00-\udfff]/g, '')))
    return [`${name} holds half a character`]
  return []
}
