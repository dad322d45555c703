// Reads the configuration document `kind: Journal`: the GL codes and legal entities of the journal that finance loads.
// Says everything that is wrong with it at once. Whether the ledger knows a code nobody here can say.
import { z } from 'zod'
import { formatIssue } from '../configuration/format-issue.ts'
import { CREDIT_DIMENSIONS, DEBIT_DIMENSIONS, DEFAULT_JOURNAL_RULES, type JournalRules } from './journal-rules.ts'

const text = z.string({ error: 'must be text' }).min(1, { error: 'must not be empty' })
/** Unquoted digits are a number to YAML, which drops the zeros that a code begins with. */
const glCode = z
  .string({ error: 'must be text in quotes, such as "2100", so that no zero is lost' })
  .min(1, { error: 'must not be empty' })
const codes = {
  payable: glCode.optional(),
  suspense: glCode.optional(),
  tax: glCode.optional(),
  receivable: glCode.optional(),
  revenue: glCode.optional(),
}

/** The shape of the document, for a JSON Schema. What is left out is as in {@link DEFAULT_JOURNAL_RULES}. */
export const journalDocument = z
  .strictObject({
    kind: z.literal('Journal'),
    name: text,
    description: z.string().optional(),
    entity: text.optional(),
    ...codes,
    entities: z
      .array(z.strictObject({ entity: text, 'cost-centres': z.array(text).min(1), ...codes }))
      .min(1)
      .optional(),
    vendors: z
      .array(z.strictObject({ vendor: text, payable: glCode }))
      .min(1)
      .optional(),
    'debit-by': z.array(z.enum(DEBIT_DIMENSIONS)).optional(),
    'credit-by': z.array(z.enum(CREDIT_DIMENSIONS)).optional(),
  })
  .superRefine((document, context) => {
    const refuse = (message: string) => context.addIssue({ code: 'custom', message })
    const entities = document.entities ?? []
    for (const name of repeated(entities.map(({ entity }) => entity))) refuse(`the entity ${name} stands twice`)
    for (const name of repeated(entities.flatMap((entity) => entity['cost-centres'])))
      refuse(`the cost centre ${name} stands twice`)
    for (const name of repeated((document.vendors ?? []).map(({ vendor }) => vendor)))
      refuse(`the vendor ${name} stands twice`)
  })
type JournalDocument = z.infer<typeof journalDocument>

export type JournalReading =
  | { readonly ok: true; readonly rules: JournalRules }
  | { readonly ok: false; readonly issues: ReadonlyArray<string> }

/** Reads a document as parsed from YAML; each issue is one sentence that begins with where it stands. */
export function parseJournalDocument(document: unknown): JournalReading {
  const reading = journalDocument.safeParse(document)
  if (reading.success) return { ok: true, rules: toRules(reading.data) }
  return { ok: false, issues: reading.error.issues.map(formatIssue) }
}

function toRules(document: JournalDocument): JournalRules {
  return {
    entity: document.entity ?? DEFAULT_JOURNAL_RULES.entity,
    payable: document.payable ?? DEFAULT_JOURNAL_RULES.payable,
    suspense: document.suspense ?? DEFAULT_JOURNAL_RULES.suspense,
    tax: document.tax ?? DEFAULT_JOURNAL_RULES.tax,
    receivable: document.receivable ?? DEFAULT_JOURNAL_RULES.receivable,
    revenue: document.revenue ?? DEFAULT_JOURNAL_RULES.revenue,
    entities: (document.entities ?? []).map((entity) => ({
      entity: entity.entity,
      costCentres: entity['cost-centres'],
      payable: entity.payable ?? null,
      suspense: entity.suspense ?? null,
      tax: entity.tax ?? null,
      receivable: entity.receivable ?? null,
      revenue: entity.revenue ?? null,
    })),
    payableOfVendor: new Map((document.vendors ?? []).map(({ vendor, payable }) => [vendor, payable])),
    debitBy: document['debit-by'] ?? DEFAULT_JOURNAL_RULES.debitBy,
    creditBy: document['credit-by'] ?? DEFAULT_JOURNAL_RULES.creditBy,
  }
}

function repeated(names: ReadonlyArray<string>): ReadonlyArray<string> {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
