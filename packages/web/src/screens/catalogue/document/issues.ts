// What is wrong with a document that is being edited, as the server finds it without saving anything.
import { ApiProblem } from '@spillway/server/client'
import { client } from '../../../api/client.ts'
import { type Body, sayPath } from './body.ts'

export type Issue = {
  /** `buckets[0].tiers[1].size`; '' for the document as a whole. */
  readonly path: string
  /** What is wrong there, without the place. */
  readonly message: string
}

export type Checked = { readonly issues: ReadonlyArray<Issue>; readonly name: string }

/** @throws whatever hinders the check itself. */
export async function checkDocument(body: Body, signal?: AbortSignal): Promise<Checked> {
  const files = [{ name: 'form', text: JSON.stringify(body) }]
  const { documents, issues } = await client.ask('checkConfiguration', { body: { files }, signal })
  return { issues: issues.map(toIssue), name: documents[0]?.name ?? '' }
}

/** Of a refusal to save; none of anything else. */
export function issuesOf(error: unknown): ReadonlyArray<Issue> {
  if (!(error instanceof ApiProblem) || error.code !== 'bad-configuration') return []
  return error.issues.map(({ path, message }) => toIssue({ path: typeof path === 'string' ? path : '', message }))
}

/** The place is said beside the message, and not in it. */
function toIssue({ path, message }: Issue): Issue {
  const said = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message
  return { path, message: said.startsWith('is , ') ? 'must be given' : said }
}

/** One sentence with its place, as a list of all of them says it. */
export function sayIssue({ path, message }: Issue): string {
  return path === '' ? message.replace(/^document: /, '') : `${capital(sayPath(path))}: ${message}`
}

const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
