// `kind: Product` and `kind: ServiceType` (spec, share plans, "Words" and "Configuration").

import { z } from 'zod'
import { type Product, RECURRING_TIMES, type ServiceType } from '../catalogue.ts'
import { writtenId, writtenPrice } from './written-usage.ts'

export const serviceTypeDocument = z.strictObject({
  kind: z.literal('ServiceType'),
  id: writtenId,
  name: z.string().optional(),
})
export type ServiceTypeDocument = z.infer<typeof serviceTypeDocument>

export const productDocument = z.strictObject({
  kind: z.literal('Product'),
  id: writtenId,
  name: z.string().optional(),
  'service-type': writtenId,
  'rate-plan': writtenId.optional(),
  buckets: z.array(writtenId).min(1).optional(),
  recurring: z.strictObject({ amount: writtenPrice, in: z.enum(RECURRING_TIMES).default('advance') }).optional(),
  minimum: writtenPrice.optional(),
})
export type ProductDocument = z.infer<typeof productDocument>

export function toServiceType({ id, name }: ServiceTypeDocument): ServiceType {
  return { serviceType: id, name: name ?? '' }
}

export function toProduct(document: ProductDocument): Product {
  const { id, name, buckets, recurring, minimum } = document
  return {
    product: id,
    name: name ?? '',
    serviceType: document['service-type'],
    ratePlan: document['rate-plan'] ?? '',
    buckets: buckets ?? [],
    recurring: recurring === undefined ? null : { amount: String(recurring.amount), in: recurring.in },
    ...(minimum === undefined ? {} : { minimum: String(minimum) }),
  }
}

export function issuesOfProduct({ buckets }: ProductDocument): ReadonlyArray<string> {
  const listed = buckets ?? []
  return listed
    .filter((id, at) => listed.indexOf(id) !== at)
    .map((id) => `buckets: names ${id} twice; a service has a bucket once`)
}
