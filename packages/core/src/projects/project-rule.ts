// `kind: ProjectRule`: the project of calls that neither a code, nor an owner, nor an assignment gives one (spec, accounts,
// "Projects and billable time"). Rules are asked in their order, ties by name; the first that matches gives the project.
import { z } from 'zod'
import { formatIssue } from '../configuration/format-issue.ts'
import { writtenDay, writtenText } from '../configuration/written.ts'
import { compareBytes } from '../money/largest-remainder.ts'
import type { LocalDate } from '../time/local-date.ts'

const words = z.array(writtenText).min(1, { error: 'must name at least one' })

const whenDocument = z
  .strictObject({
    account: words.optional(),
    service: words.optional().describe('User ids, or services of any other kind.'),
    person: words.optional().describe('Employee numbers of who has the service.'),
    'cost-centre': words.optional(),
    'peer-begins': words.optional().describe('What the number at the other end of a leg begins with.'),
    'participant-contains': words.optional().describe('A part of a participant’s name, in any case of letters.'),
    source: words.optional(),
  })
  .refine((when) => Object.keys(when).length > 0, { error: 'must say what the rule is about' })

/** The shape of the document, for a JSON Schema. */
export const projectRuleDocument = z.strictObject({
  kind: z.literal('ProjectRule'),
  name: writtenText,
  order: z.int({ error: 'must be a whole number' }).default(100).describe('Smaller numbers are asked first.'),
  when: whenDocument.describe('Every key must match; of the words of a key one.'),
  project: writtenText,
  from: writtenDay.optional(),
  until: writtenDay.optional().describe('Exclusive.'),
})

/** What a rule may ask of a call. `peers` and `participants` are those of its legs. */
export type RuledCall = {
  readonly account: string
  readonly service: string
  readonly source: string
  readonly person: string
  readonly costCentre: string
  readonly peers: ReadonlyArray<string>
  readonly participants: ReadonlyArray<string>
  readonly on: LocalDate
}

export type ProjectRule = {
  readonly name: string
  readonly project: string
  readonly matches: (call: RuledCall) => boolean
}

/** What is wrong with one document; none where it is right. */
export function issuesOfProjectRule(body: unknown): ReadonlyArray<string> {
  const reading = projectRuleDocument.safeParse(body)
  if (!reading.success) return reading.error.issues.map(formatIssue)
  const { from, until } = reading.data
  return from !== undefined && until !== undefined && until <= from ? [`until: is not after ${from}`] : []
}

/** The rules in the order in which they are asked; documents with issues are left out. */
export function readProjectRules(bodies: Iterable<unknown>): ReadonlyArray<ProjectRule> {
  const rules = [...bodies].flatMap((body) => {
    const reading = projectRuleDocument.safeParse(body)
    return reading.success ? [reading.data] : []
  })
  return rules
    .sort((a, b) => a.order - b.order || compareBytes(a.name, b.name))
    .map(({ name, project, when, from = '', until = '9999-99-99' }) => ({
      name,
      project,
      matches: (call) => call.on >= from && call.on < until && isMet(when, call),
    }))
}

function isMet(when: z.infer<typeof whenDocument>, call: RuledCall): boolean {
  const isOneOf = (wanted: ReadonlyArray<string> | undefined, value: string) => wanted?.includes(value) ?? true
  const isAnyOf = (
    wanted: ReadonlyArray<string> | undefined,
    values: ReadonlyArray<string>,
    isLike: (value: string, word: string) => boolean,
  ) => wanted?.some((word) => values.some((value) => isLike(value, word))) ?? true
  return (
    isOneOf(when.account, call.account) &&
    isOneOf(when.service, call.service) &&
    isOneOf(when.person, call.person) &&
    isOneOf(when['cost-centre'], call.costCentre) &&
    isOneOf(when.source, call.source) &&
    isAnyOf(when['peer-begins'], call.peers, (peer, word) => peer.startsWith(word)) &&
    isAnyOf(when['participant-contains'], call.participants, (name, word) =>
      name.toLowerCase().includes(word.toLowerCase()),
    )
  )
}
