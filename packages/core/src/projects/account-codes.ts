// Codes that are dialled per call for a matter, client or project (spec, accounts, "Simultaneous use"), and what a master
// account asks of them: `kind: AccountCodes`. A call without a valid code is listed, and billed all the same.
import { z } from 'zod'
import { formatIssue } from '../configuration/format-issue.ts'
import { writtenId } from '../rating/documents/written-usage.ts'

const CODE = /^\d{1,20}$/

const writtenCode = z
  .string({ error: 'must be text in quotes, such as "004711", so that no zero is lost' })
  .regex(CODE, { error: 'must be 1 to 20 digits' })

/** The shape of the document, for a JSON Schema. */
export const accountCodesDocument = z
  .strictObject({
    kind: z.literal('AccountCodes'),
    account: writtenId.describe('The master account; the accounts below it follow it unless they have their own.'),
    required: z.boolean().default(false).describe('A call without a code is listed as uncoded.'),
    valid: z
      .union(
        [
          z.literal('projects'),
          z.array(
            z.union([
              writtenCode,
              z.strictObject({ code: writtenCode, project: writtenId, name: z.string().optional() }),
            ]),
          ),
        ],
        { error: 'must be projects, or a list of codes: 1 to 20 digits each, in quotes' },
      )
      .optional()
      .describe('The codes that there are; `projects`: the ids of projects in force. Left out, every code is valid.'),
  })
  .superRefine(({ valid }, context) => {
    if (!Array.isArray(valid)) return
    const codes = valid.map((one) => (typeof one === 'string' ? one : one.code))
    for (const code of new Set(codes.filter((code, index) => codes.indexOf(code) !== index)))
      context.addIssue({ code: 'custom', path: ['valid'], message: `has the code ${code} twice` })
  })

export type AccountCodes = {
  readonly account: string
  readonly isRequired: boolean
  /** Codes and the project that each stands for, '' for the one whose id it is; null where every code is valid. */
  readonly valid: 'projects' | ReadonlyMap<string, string> | null
}

/** What is wrong with one document; none where it is right. */
export function issuesOfAccountCodes(body: unknown): ReadonlyArray<string> {
  const reading = accountCodesDocument.safeParse(body)
  return reading.success ? [] : reading.error.issues.map(formatIssue)
}

/** null for a document with issues. */
export function toAccountCodes(body: unknown): AccountCodes | null {
  const reading = accountCodesDocument.safeParse(body)
  if (!reading.success) return null
  const { account, required, valid } = reading.data
  if (!Array.isArray(valid)) return { account, isRequired: required, valid: valid ?? null }
  const projects = valid.map((one): [string, string] => (typeof one === 'string' ? [one, ''] : [one.code, one.project]))
  return { account, isRequired: required, valid: new Map(projects) }
}

/** Why a call's code does not count: none was dialled, it is no 1 to 20 digits, or it is not among the valid ones. */
export type CodeFault = 'missing' | 'not-digits' | 'not-valid'

export type DialledCode = {
  /** '' where none was dialled. */
  readonly code: string
  /** What the call's account asks; null where it asks nothing. */
  readonly rules: AccountCodes | null
  /** Whether a project of this id is in force on the day of the call. */
  readonly isProject: (id: string) => boolean
}

/** null where there is nothing to list. Where the account asks nothing, any code and none will do. */
export function faultOfCode({ code, rules, isProject }: DialledCode): CodeFault | null {
  if (rules === null) return null
  if (code === '') return rules.isRequired ? 'missing' : null
  if (!CODE.test(code)) return 'not-digits'
  if (rules.valid === null) return null
  if (rules.valid === 'projects') return isProject(code) ? null : 'not-valid'
  return rules.valid.has(code) ? null : 'not-valid'
}

/** The project that a code stands for: the one that the list names, else the one whose id it is; '' for none in force. */
export function projectOfCode({ code, rules, isProject }: DialledCode): string {
  if (code === '' || (rules !== null && faultOfCode({ code, rules, isProject }) !== null)) return ''
  const listed = rules?.valid instanceof Map ? rules.valid.get(code) : undefined
  const project = listed === undefined || listed === '' ? code : listed
  return isProject(project) ? project : ''
}
