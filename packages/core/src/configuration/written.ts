// The cells of a document that mean the same in every kind: text, decimals and days as YAML hands them over.

import { z } from 'zod'
import { parseDecimal } from '../allocation/rational.ts'
import { parseLocalDate } from '../time/local-date.ts'

/** A number of more digits may already have been changed by whoever read the YAML; quoted text has not. */
const SAFE_DIGITS = 15

export const writtenText = z.string().min(1, { error: 'must not be empty' })

/** A plain decimal that is not negative, as text or as a number that no reader of YAML can have changed. */
export const writtenDecimal = z
  .union([z.string(), z.number()], { error: 'must be a plain decimal' })
  .superRefine((value, context) => {
    const written = String(value)
    const read = parseDecimal(written)
    if (read === null) context.addIssue({ code: 'custom', message: `is ${written}, which is no plain decimal` })
    else if (read.numerator < 0n)
      context.addIssue({ code: 'custom', message: `is ${written} and must not be negative` })
    else if (typeof value === 'number' && written.replace(/\D/g, '').length > SAFE_DIGITS) {
      context.addIssue({ code: 'custom', message: `has more than ${SAFE_DIGITS} digits; write it in quotes` })
    }
  })

export const writtenDay = z.string({ error: 'must be a date such as 2026-10-01' }).superRefine((value, context) => {
  if (parseLocalDate(value) === null) {
    context.addIssue({ code: 'custom', message: `is ${value}, which is no date such as 2026-10-01` })
  }
})
