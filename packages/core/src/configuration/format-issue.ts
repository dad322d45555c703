// What a schema found wrong with a document, in words for whoever wrote the document.

import type { z } from 'zod'

type Issue = z.core.$ZodIssue

/** One sentence that begins with where it stands: `components[1].cap: is under the floor of 25.00`. */
export function formatIssue(issue: Issue): string {
  return `${formatPath(issue.path)}: ${wordingOf(issue)}`
}

/** `components[1].cap`; `document` for the whole of it. */
function formatPath(path: ReadonlyArray<PropertyKey>): string {
  const where = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return where.replace(/^\./, '') || 'document'
}

/** A schema's own words come first: those of zod begin with Invalid or Unrecognized. */
function wordingOf(issue: Issue): string {
  if (!/^(?:Invalid|Unrecognized)\b/.test(issue.message)) return issue.message
  switch (issue.code) {
    case 'unrecognized_keys':
      return `has no key ${issue.keys.map((key) => `"${key}"`).join(', ')}`
    case 'invalid_value':
      return issue.values.length === 1
        ? `must be ${String(issue.values[0])}`
        : `must be one of ${issue.values.map((value) => (value === '' ? '""' : String(value))).join(', ')}`
    case 'invalid_type':
      return issue.message.endsWith('received undefined') ? 'must be given' : `must be ${articleOf(issue.expected)}`
    case 'invalid_union':
      return unionWording(issue)
    default:
      return issue.message
  }
}

/** A union without wording of its own says what is wrong with its first branch. */
function unionWording(issue: Extract<Issue, { code: 'invalid_union' }>): string {
  const first = issue.errors[0]?.[0]
  return first ? wordingOf(first) : issue.message
}

function articleOf(expected: string): string {
  if (expected === 'string') return 'text (in quotes where it looks like a number)'
  return expected === 'array' ? 'a list' : expected === 'object' || expected === 'record' ? 'a set of keys' : expected
}
