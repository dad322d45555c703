// The `Source` document: how a delimited file or a sheet that no format knows is read into facts. This schema is what
// editors complete from; rules between its parts are held by check-source.
import { z } from 'zod'
import { FACT_KINDS } from './fact-columns.ts'

const text = z.string().min(1).max(500)
const column = text.describe('A column of the file, by its title; case, blanks and punctuation do not matter.')
const pattern = z.string().min(1).max(200).describe('A JavaScript regular expression.')

const condition = z
  .union([
    z.string(),
    z.array(z.string()).min(1),
    z.strictObject({ pattern }),
    z.strictObject({ empty: z.boolean() }),
    z.strictObject({ not: z.union([z.string(), z.array(z.string()).min(1), z.strictObject({ pattern })]) }),
  ])
  .describe('A value, several values, a pattern, `empty: true`, or `not:` a value; values are compared without case.')
const conditions = z.record(column, condition).describe('All of them must hold.')

const shift = z
  .strictObject({ days: z.int().min(-400).max(400).optional(), months: z.int().min(-24).max(24).optional() })
  .describe('Moves a date: the days first, then the months.')

const steps = {
  blank: z.array(z.string()).min(1).optional().describe('Values that mean "not given", such as N/A or 0.'),
  pattern: pattern.optional().describe('Takes the first group of the match, or the whole match.'),
  digits: z
    .literal(true)
    .optional()
    .describe('Keeps the digits of a telephone number alone: 0171 / 100-200 is 0171100200.'),
  map: z.record(z.string(), z.string()).optional().describe("The file's words and the canonical ones."),
  otherwise: z
    .string()
    .optional()
    .describe('The value where neither map nor pattern fits; without it that is a problem.'),
  sign: z.literal('flip').optional().describe('The file writes charges as negative.'),
  format: text.optional().describe('The date format of this field, where it is not that of the file.'),
  end: z.enum(['inclusive', 'exclusive']).optional(),
  shift: shift.optional(),
  duration: z.enum(['h:mm:ss', 'hhmmss']).optional().describe('The cell is a duration; the number is its seconds.'),
}

const field = z.union([
  column,
  z.strictObject({ value: z.string().describe('The same for every row.') }),
  z.strictObject({ column, ...steps }),
  z.strictObject({ template: text.describe('Text with {Column} in it, such as {Account}-{Invoice date}.'), ...steps }),
])

const emission = z.strictObject({
  fact: z.enum(FACT_KINDS as [string, ...string[]]),
  when: conditions.optional(),
  'skip-zero': z.boolean().optional().describe('No fact where the amount, total or quantity is 0.'),
  'skip-blank': z.boolean().optional().describe('No fact where the cell of the amount, total or quantity is blank.'),
  fields: z
    .record(z.string(), field)
    .describe('Canonical columns and where each comes from; before those of all facts.'),
})

export const sourceSchema = z
  .strictObject({
    kind: z.literal('Source'),
    name: z
      .string()
      .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'write it in lower case with hyphens, such as acme-phones')
      .max(60),
    describes: text.optional(),
    recognise: z
      .strictObject({ columns: z.array(column).min(1) })
      .optional()
      .describe('A table with all these columns is this source; default: every column that the mapping reads.'),
    file: z
      .strictObject({
        encoding: text.optional(),
        delimiter: z.string().min(1).max(3).optional().describe('One character, or `tab`.'),
        'header-row': z.int().min(1).max(1000).optional(),
        'skip-rows': z.int().min(0).max(1000).optional(),
        sheet: text.optional(),
        columns: z.array(text).min(1).optional().describe('The titles of a file without a header.'),
      })
      .optional(),
    numbers: z
      .strictObject({
        decimal: z.enum(['.', ',']).optional(),
        thousands: z.enum([',', '.', ' ', "'"]).optional(),
        negative: z
          .array(z.enum(['minus', 'parentheses', 'trailing-minus', 'cr-suffix']))
          .min(1)
          .optional(),
        'currency-signs': z.array(z.string().min(1).max(5)).min(1).optional(),
      })
      .optional(),
    dates: z
      .strictObject({ format: text.optional(), end: z.enum(['inclusive', 'exclusive']).optional() })
      .optional()
      .describe('Tokens: YYYY YY MMM MM M DD D HH H hh h mm ss A; default YYYY-MM-DD, and ends are exclusive.'),
    'time-zone': text
      .optional()
      .describe("IANA zone of the file's times; without it they are in the account's own zone."),
    period: z.literal('issued').optional().describe('Its bills belong to the month of issue.'),
    'entry-codes': z
      .array(column)
      .optional()
      .describe(
        'Columns that hold passcodes of sub-accounts: each becomes the user id, or is removed. Default for usage: columns called passcode, PIN, entry code and the like; [] for none.',
      ),
    informational: z
      .array(column)
      .min(1)
      .optional()
      .describe('Columns that are shown and never counted, such as unit prices.'),
    ignore: z
      .array(z.strictObject({ when: conditions, because: text }))
      .min(1)
      .optional()
      .describe('Rows that are no facts, such as totals; each is counted as accepted.'),
    fields: z
      .record(z.string(), field)
      .optional()
      .describe('Canonical columns that come from the same place in every fact that has them.'),
    emit: z.array(emission).min(1).describe('The facts of one row; a row may be several.'),
  })
  .describe('How a file that no built-in format knows is read into facts.')

export type SourceDocument = z.infer<typeof sourceSchema>
export type SourceField = z.infer<typeof field>
export type SourceConditions = z.infer<typeof conditions>
export type SourceCondition = z.infer<typeof condition>
export type SourceEmission = z.infer<typeof emission>

/** JSON Schema (2020-12) of the document, for editors. */
export function sourceJsonSchema(): Record<string, unknown> {
  return z.toJSONSchema(sourceSchema, { target: 'draft-2020-12' }) as Record<string, unknown>
}
