// What takes longest of what a screen asks, asked for while the browser still reads the app: the app finds the answer there, or on its
// way. Only what follows from the address alone and is worth it stands here; whatever else is asked by the app as ever.
import type { FirstAnswer } from './first-answers.ts'

const PERIOD = /^\d{4}-(?:0[1-9]|1[0-2])$/

/** Links for the page: questions as the app asks them, letter for letter, or the browser asks twice. */
export function earlyLinks(address: URL, answers: ReadonlyArray<FirstAnswer>): string {
  const asked = address.searchParams.get('period') ?? ''
  const period = PERIOD.test(asked) ? asked : newestOf(answers)
  if (period === undefined) return ''
  // A request of the app sends what is same-origin, as this form of the attribute does.
  return earlyQuestions(address, period)
    .map((path) => `<link rel="preload" as="fetch" crossorigin href="${path.replaceAll('&', '&amp;')}">`)
    .join('')
}

function earlyQuestions({ pathname, searchParams }: URL, period: string): string[] {
  const questions: string[] = []
  const explained = searchParams.get('explain') ?? ''
  if (isPart(explained) && !searchParams.has('event'))
    questions.push(`/v1/explain/${encodeURIComponent(explained)}?${new URLSearchParams({ period, lines: '12' })}`)
  const pool = decoded(/^\/pools\/([^/]+)$/.exec(pathname)?.[1])
  if (pool !== '' && searchParams.get('tab') === 'usage')
    questions.push(`/v1/reports/pool-days?${new URLSearchParams({ period, pool, limit: '1000' })}`)
  return questions
}

/** No part of a path leads elsewhere. */
const isPart = (text: string) => text !== '' && text !== '.' && text !== '..'

/** '' for what is no text. */
function decoded(part = ''): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return ''
  }
}

function newestOf(answers: ReadonlyArray<FirstAnswer>): string | undefined {
  const found = answers.find(({ operation }) => operation === 'listPeriods')
  return (found?.answer as { readonly items: ReadonlyArray<{ readonly period: string }> } | undefined)?.items[0]?.period
}
