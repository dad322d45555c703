// `kind: SharePlan` and `kind: AccountSharePlan` (spec, share plans, "Share plan" and "Share plan bucket").

import { z } from 'zod'
import { invariant } from '../../invariant.ts'
import type { BaseBucket } from '../bucket.ts'
import {
  type AccountSharePlan,
  FREQUENCY_UNITS,
  type Participation,
  SHARE_LEVELS,
  type SharePlan,
} from '../share-plan.ts'
import { issuesOfShareBucket, shareBucketDocument, toShareBucket } from './share-bucket-document.ts'
import { formatMoment, isBackwards, readMoment, writtenId, writtenMoment } from './written-usage.ts'

const participationDocument = z.union(
  [z.strictObject({ product: writtenId }), z.strictObject({ 'service-type': writtenId })],
  { error: 'must name a product or a service-type, and one of the two' },
)

export const sharePlanDocument = z.strictObject({
  kind: z.literal('SharePlan'),
  id: writtenId,
  name: z.string().min(1, { error: 'must not be empty' }),
  description: z.string().optional(),
  active: z.boolean().default(false),
  'share-level': z.enum(SHARE_LEVELS).default('account'),
  'selling-product': writtenId.optional(),
  'usage-billing': z
    .strictObject({
      every: z.int({ error: 'must be a whole number' }).positive({ error: 'must be at least 1' }).default(1),
      unit: z.enum(FREQUENCY_UNITS),
    })
    .default({ every: 1, unit: 'month' }),
  'show-on-bills': z.boolean().default(true),
  participating: z.array(participationDocument).default([]),
  'prorate-contributions': z.boolean().default(false),
  buckets: z.array(shareBucketDocument).default([]),
})
export type SharePlanDocument = z.infer<typeof sharePlanDocument>

export const accountSharePlanDocument = z.strictObject({
  kind: z.literal('AccountSharePlan'),
  account: writtenId,
  plan: writtenId,
  from: writtenMoment,
  until: writtenMoment.optional(),
})
export type AccountSharePlanDocument = z.infer<typeof accountSharePlanDocument>

export function issuesOfSharePlan(
  document: SharePlanDocument,
  bases: ReadonlyMap<string, BaseBucket>,
): ReadonlyArray<string> {
  const { active, buckets } = document
  const issues: string[] = []
  if (active && buckets.length === 0)
    issues.push('active: a plan needs at least one bucket before it can become active')
  const participants = participationsOf(document)
  for (const [at, { by, id }] of participants.entries()) {
    const earlier = participants.findIndex((one) => one.id === id)
    if (earlier === at) continue
    const isSame = participants[earlier]?.by === by
    issues.push(
      isSame
        ? `participating[${at}]: ${by} ${id} is listed already`
        : `participating[${at}]: ${id} is both a product and a service type here; contributions could mean either`,
    )
  }
  for (const [at, bucket] of buckets.entries()) {
    const found = issuesOfShareBucket(bucket, { participants: participants.map(({ id }) => id), bases })
    issues.push(...found.map((issue) => `buckets[${at}].${issue}`))
    if (buckets.findIndex(({ id }) => id === bucket.id) < at)
      issues.push(`buckets[${at}].id: ${bucket.id} is the id of an earlier bucket`)
  }
  return issues
}

export function issuesOfAccountSharePlan({ from, until }: AccountSharePlanDocument): ReadonlyArray<string> {
  return until !== undefined && isBackwards(from, until)
    ? [`until: is ${until}, which is not after from (${from}); until is exclusive`]
    : []
}

function participationsOf({ participating }: SharePlanDocument): ReadonlyArray<Participation> {
  return participating.map((one) =>
    'product' in one ? { by: 'product', id: one.product } : { by: 'service-type', id: one['service-type'] },
  )
}

/** null for a document with issues. */
export function toSharePlan(document: SharePlanDocument, bases: ReadonlyMap<string, BaseBucket>): SharePlan | null {
  if (issuesOfSharePlan(document, bases).length > 0) return null
  return {
    plan: document.id,
    name: document.name,
    description: document.description ?? '',
    isActive: document.active,
    shareLevel: document['share-level'],
    sellingProduct: document['selling-product'] ?? '',
    usageBilling: document['usage-billing'],
    isShownOnBills: document['show-on-bills'],
    participating: participationsOf(document),
    isContributionProrated: document['prorate-contributions'],
    buckets: document.buckets.map((bucket) => toShareBucket(bucket, bases)),
  }
}

export function toAccountSharePlan({ account, plan, from, until }: AccountSharePlanDocument): AccountSharePlan {
  const start = readMoment(from)
  invariant(start, 'the moment of a checked document can be read', { from })
  return { account, plan, from: start, until: until === undefined ? null : readMoment(until) }
}

/** What it is saved under: a plan can be added to an account, cancelled and added again. */
export function accountSharePlanName({ account, plan, from }: Omit<AccountSharePlan, 'until'>): string {
  return `${account} ${plan} ${formatMoment(from)}`
}
