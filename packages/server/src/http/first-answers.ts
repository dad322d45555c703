// What every screen asks first, answered within the page: who one is, what one prefers, which months there are. Asked for by the app
// once it runs, each would be a round trip before anything is shown. The routes themselves answer, so that nothing else is told here
// than there.
import type { Context } from 'hono'
import type { Server, ServerEnv } from './environment.ts'

/** As the app asks them: another question has another answer, and is asked as ever. */
const FIRST_QUESTIONS = [
  { operation: 'getMe', question: {}, path: '/v1/me' },
  { operation: 'getPreferences', question: {}, path: '/v1/me/preferences' },
  {
    operation: 'listPeriods',
    question: { query: { sort: '-period', limit: 120 } },
    path: '/v1/periods?sort=-period&limit=120',
  },
] as const

export type FirstAnswer = { readonly operation: string; readonly question: object; readonly answer: unknown }

/** What this caller is refused is left out: the app asks for it itself, and is told why. */
export async function firstAnswers(app: Server['app'], c: Context<ServerEnv>): Promise<ReadonlyArray<FirstAnswer>> {
  const { origin } = new URL(c.req.url)
  const answered = FIRST_QUESTIONS.map(async ({ operation, question, path }) => {
    const answer = await app.fetch(new Request(`${origin}${path}`, { headers: c.req.raw.headers }), c.env)
    return answer.ok ? [{ operation, question, answer: (await answer.json()) as unknown }] : []
  })
  return (await Promise.all(answered)).flat()
}

/** A block of data, which no policy of a page runs. In its text nothing ends it. */
export const asDataBlock = (answers: ReadonlyArray<FirstAnswer>): string =>
  `<script type="application/json" id="first-answers">${JSON.stringify(answers).replaceAll('<', '\\u003c')}</script>`
