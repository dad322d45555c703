// Reads the configuration document `kind: Pool`: a pool by its properties, whose members are found by a rule, listed, or
// both. Says everything that is wrong with it at once; which services it has is found out at a close.
import {
  formatIssue,
  NETWORKS,
  POOL_MODELS,
  parseLocalDate,
  TIME_BANDS,
  toBaseUnits,
  USAGE_TYPES,
  ZONES,
} from '@spillway/core'
import { z } from 'zod'

const text = z.string().min(1)
const decimal = z.union([z.string(), z.number()]).transform(String)
const day = z.string().refine((value) => parseLocalDate(value) !== null, { error: 'is no date such as 2026-10-01' })
const contribution = { contribution: decimal.optional(), unit: text.optional() }

/** The shape of the document, for a JSON Schema. `contribution` and `unit` of `rule` are those of every member it finds. */
export const poolDocument = z
  .strictObject({
    kind: z.literal('Pool'),
    name: text,
    description: z.string().optional(),
    vendor: text.optional(),
    account: text.optional(),
    model: z.enum(POOL_MODELS),
    'usage-type': z.enum(USAGE_TYPES),
    allowance: decimal.optional(),
    unit: text.optional(),
    'max-members': z.int().positive().optional(),
    zone: z.enum(ZONES).optional(),
    'time-band': z.enum(TIME_BANDS).optional(),
    network: z.enum(NETWORKS).optional(),
    rule: z
      .strictObject({
        vendor: text.optional(),
        account: text.optional(),
        product: text.optional(),
        'service-type': text.optional(),
        ...contribution,
      })
      .refine(
        (rule) => [rule.vendor, rule.account, rule.product, rule['service-type']].some((word) => word !== undefined),
        { error: 'must name a vendor, an account, a product or a service-type' },
      )
      .optional(),
    members: z
      .array(z.strictObject({ service: text, ...contribution, from: day.optional(), to: day.optional() }))
      .min(1)
      .optional(),
  })
  .superRefine((pool, context) => {
    const quantities = [{ contribution: pool.allowance, unit: pool.unit }, pool.rule ?? {}, ...(pool.members ?? [])]
    for (const { contribution: quantity, unit } of quantities) {
      if (quantity === undefined || toBaseUnits(quantity, unit ?? '', pool['usage-type']).ok) continue
      const message = `${quantity} ${unit ?? ''} is no quantity of ${pool['usage-type']}`
      context.addIssue({ code: 'custom', message })
    }
    for (const { service, from, to } of pool.members ?? [])
      if (from !== undefined && to !== undefined && to <= from)
        context.addIssue({ code: 'custom', message: `the membership of ${service} ends before it begins` })
  })
export type PoolDocument = z.infer<typeof poolDocument>

export type PoolReading =
  | { readonly ok: true; readonly pool: PoolDocument }
  | { readonly ok: false; readonly issues: ReadonlyArray<string> }

/** Reads a document as parsed from YAML; each issue is one sentence that begins with where it stands. */
export function parsePoolDocument(document: unknown): PoolReading {
  const reading = poolDocument.safeParse(document)
  if (reading.success) return { ok: true, pool: reading.data }
  return { ok: false, issues: reading.error.issues.map(formatIssue) }
}
