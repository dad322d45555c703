// Answers that came within the page: what every screen would ask for first.
import type { Operation } from '@spillway/server/client'
import { keyOf, queries } from './use-ask.ts'

type FirstAnswer = { readonly operation: Operation; readonly question: object; readonly answer: unknown }

/** As if they had just been asked for; a page without them asks. */
export function keepFirstAnswers(): void {
  const text = document.getElementById('first-answers')?.textContent
  if (!text) return
  for (const { operation, question, answer } of JSON.parse(text) as ReadonlyArray<FirstAnswer>)
    queries.setQueryData(keyOf(operation, question), answer)
}
