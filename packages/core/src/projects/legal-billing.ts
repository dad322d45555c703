// `kind: LegalBilling`: what an electronic invoice of the legal trade says beside its lines. Whose ids these are: the law firm
// has its own and its matters', the client those of the firm's matters in its system.
import { z } from 'zod'
import { formatIssue } from '../configuration/format-issue.ts'
import { writtenText } from '../configuration/written.ts'

const ASCII = /^[\x20-\x7e]+$/

/** Text of a LEDES field that must reach the other side as it is: printable ASCII without what ends fields and lines. */
const fieldText = (most: number) =>
  z
    .string({ error: 'must be text (in quotes where it looks like a number)' })
    .min(1, { error: 'must not be empty' })
    .max(most, { error: `has more than ${most} characters, which is the most that LEDES 1998B holds` })
    .refine((text) => ASCII.test(text), { error: 'must be printable ASCII' })
    .refine((text) => !/[|[\]]/.test(text), { error: 'must not have | [ or ]' })

const timekeeper = z.strictObject({
  person: writtenText.describe('Employee number.'),
  id: fieldText(20),
  name: fieldText(30).describe('Surname first: Quill, Ada.'),
  classification: fieldText(10).describe('As the client has them, such as PT partner, AS associate, PL paralegal.'),
})

const matter = z.strictObject({
  project: writtenText,
  'client-matter-id': fieldText(20).optional().describe('Of the client; or given with --matter.'),
  'law-firm-matter-id': fieldText(20).optional().describe('The id of the project where it is left out.'),
  'task-code': fieldText(20).optional(),
  'activity-code': fieldText(20).optional(),
})

/** The shape of the document, for a JSON Schema. */
export const legalBillingDocument = z
  .strictObject({
    kind: z.literal('LegalBilling'),
    name: writtenText,
    'law-firm-id': fieldText(20).describe('The federal tax id, where the firm has one.'),
    description: z.string().optional().describe('Of every invoice.'),
    'task-code': fieldText(20).optional().describe('Of time, where the matter has none: a UTBMS code.'),
    'activity-code': fieldText(20).optional(),
    'expense-code': fieldText(20).default('E105').describe('Of costs of calls: a UTBMS code; E105 is telephone.'),
    clients: z.array(z.strictObject({ client: writtenText, 'client-id': fieldText(20) })).default([]),
    matters: z.array(matter).default([]),
    timekeepers: z.array(timekeeper).default([]),
  })
  .superRefine(({ clients, matters, timekeepers }, context) => {
    const refuse = (what: string, ids: ReadonlyArray<string>) => {
      for (const id of new Set(ids.filter((one, index) => ids.indexOf(one) !== index)))
        context.addIssue({ code: 'custom', path: [what], message: `has ${id} twice` })
    }
    refuse(
      'clients',
      clients.map(({ client }) => client),
    )
    refuse(
      'matters',
      matters.map(({ project }) => project),
    )
    refuse(
      'timekeepers',
      timekeepers.map(({ person }) => person),
    )
  })
export type LegalBilling = z.infer<typeof legalBillingDocument>

/** What is wrong with one document; none where it is right. */
export function issuesOfLegalBilling(body: unknown): ReadonlyArray<string> {
  const reading = legalBillingDocument.safeParse(body)
  return reading.success ? [] : reading.error.issues.map(formatIssue)
}

/** null for a document with issues. */
export function toLegalBilling(body: unknown): LegalBilling | null {
  const reading = legalBillingDocument.safeParse(body)
  return reading.success ? reading.data : null
}
