import { expect, it } from 'vitest'
import { type CatalogueDocument, readCatalogue } from '../rating/documents/read-catalogue.ts'
import { chargeOfBillLine } from './bill-line.ts'

const rates = (...types: string[]) =>
  types.map((type) => ({ 'usage-type': type, price: 1, per: type === 'data' ? '1 MB' : '1 min' }))
const DOCUMENTS: ReadonlyArray<{ kind: CatalogueDocument['kind'] } & Record<string, unknown>> = [
  { kind: 'RatePlan', id: 'both', rates: rates('data', 'voice') },
  { kind: 'RatePlan', id: 'data', rates: rates('data') },
  { kind: 'Bucket', id: 'talk', accepts: [{ 'usage-type': 'voice' }], amount: '1 min', life: 'recurring' },
  { kind: 'Product', id: 'sim', 'service-type': 't', 'rate-plan': 'data' },
  { kind: 'Product', id: 'phone', 'service-type': 't', 'rate-plan': 'both' },
  { kind: 'Product', id: 'hybrid', 'service-type': 't', 'rate-plan': 'data', buckets: ['talk'] },
  { kind: 'Product', id: 'fleet-plan', 'service-type': 'plan' },
  {
    ...{
      kind: 'SharePlan',
      id: 'fleet',
      name: 'Fleet',
      'selling-product': 'fleet-plan',
      participating: [{ product: 'sim' }],
    },
    buckets: [
      { id: 'b', accepts: [{ 'usage-type': 'data' }], type: 'fixed', life: 'recurring', tiers: [{ size: '1 MB' }] },
    ],
  },
]
const { catalogue, issues } = readCatalogue(DOCUMENTS.map((body) => ({ kind: body.kind, body })))

it.each([
  ['usage', 'data/domestic', 'overage data '],
  ['usage', 'data', 'overage data '],
  ['usage', 'voice/roaming/peak/on-net', 'roaming voice '],
  ['usage', 'voice/international', 'international voice '],
  ['recurring', 'sim', 'access data sim'],
  ['recurring', 'phone', 'access  phone'],
  ['recurring', 'hybrid', 'access  hybrid'],
  ['recurring', 'fleet-plan', 'bulk data fleet-plan'],
  ['minimum', 'sim', 'other data sim'],
  ['minimum', '', 'other  '],
  ['adjustment', '2026-10-01', 'other  '],
] as const)('takes a line of %s for %s as a charge: %s', (kind, about, expected) => {
  expect(issues).toEqual([])
  const { category, usageType, product } = chargeOfBillLine({ kind, about }, catalogue)
  expect(`${category} ${usageType} ${product}`).toBe(expected)
})
