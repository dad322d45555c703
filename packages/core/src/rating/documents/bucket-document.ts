// `kind: Bucket` and `kind: BaseBucket` (spec, share plans, "Words" and "Configuration").

import { z } from 'zod'
import { type BaseBucket, type Bucket, DEFAULT_PRIORITY } from '../bucket.ts'
import type { ClassMatch } from '../usage-class.ts'
import {
  acceptsDocument,
  commonUsageType,
  issuesOfLife,
  issuesOfQuantity,
  lifeKeys,
  quantityOf,
  toClassMatch,
  toLife,
  writtenId,
  writtenQuantity,
} from './written-usage.ts'

export const baseBucketDocument = z.strictObject({
  kind: z.literal('BaseBucket'),
  id: writtenId,
  name: z.string().optional(),
  accepts: acceptsDocument,
})
export type BaseBucketDocument = z.infer<typeof baseBucketDocument>

export const bucketDocument = z.strictObject({
  kind: z.literal('Bucket'),
  id: writtenId,
  name: z.string().optional(),
  base: writtenId.optional(),
  accepts: acceptsDocument.optional(),
  amount: writtenQuantity,
  ...lifeKeys,
  priority: z.int({ error: 'must be a whole number' }).optional(),
  on: z.strictObject({ account: writtenId, 'shared-to-children': z.boolean().default(false) }).optional(),
})
export type BucketDocument = z.infer<typeof bucketDocument>

/** Anything that names its classes or a base bucket. */
export type WithClasses = Pick<BucketDocument, 'base' | 'accepts'>

/** The classes of a bucket, those of its base where it names one; null where it names both, neither, or a base that is not. */
export function classesOf(
  { base, accepts }: WithClasses,
  bases: ReadonlyMap<string, BaseBucket>,
): ReadonlyArray<ClassMatch> | null {
  if ((base === undefined) === (accepts === undefined)) return null
  return accepts?.map(toClassMatch) ?? bases.get(base as string)?.accepts ?? null
}

/** What hinders {@link classesOf}, and classes of several units. */
export function issuesOfClasses(document: WithClasses, bases: ReadonlyMap<string, BaseBucket>): ReadonlyArray<string> {
  const { base, accepts } = document
  if (base !== undefined && accepts !== undefined) return ['accepts: stands beside base; name one of the two']
  if (base === undefined && accepts === undefined) return ['accepts: must be given, or base']
  const classes = classesOf(document, bases)
  if (classes === null) return [`base: there is no BaseBucket ${base}`]
  return commonUsageType(classes) === null
    ? ['accepts: names usage types of different units, which no one bucket can count']
    : []
}

export function issuesOfBaseBucket({ accepts }: BaseBucketDocument): ReadonlyArray<string> {
  return issuesOfClasses({ accepts }, new Map())
}

export function issuesOfBucket(
  document: BucketDocument,
  bases: ReadonlyMap<string, BaseBucket>,
): ReadonlyArray<string> {
  const issues = [...issuesOfClasses(document, bases), ...issuesOfLife(document)]
  const classes = classesOf(document, bases)
  const usageType = classes && commonUsageType(classes)
  if (!usageType) return issues
  return [
    ...issues,
    ...issuesOfQuantity('amount', document.amount, usageType),
    ...issuesOfQuantity('at-most', document['at-most'], usageType),
  ]
}

export function toBaseBucket({ id, name, accepts }: BaseBucketDocument): BaseBucket {
  return { baseBucket: id, name: name ?? '', accepts: accepts.map(toClassMatch) }
}

/** null for a document with issues. */
export function toBucket(document: BucketDocument, bases: ReadonlyMap<string, BaseBucket>): Bucket | null {
  const accepts = classesOf(document, bases)
  const usageType = accepts && commonUsageType(accepts)
  if (!usageType || issuesOfBucket(document, bases).length > 0) return null
  const { id, name, base, amount, priority, on } = document
  return {
    bucket: id,
    name: name ?? '',
    base: base ?? '',
    accepts,
    amount: quantityOf(amount, usageType),
    life: toLife(document, usageType),
    priority: priority ?? DEFAULT_PRIORITY,
    on: on === undefined ? null : { account: on.account, isSharedToChildren: on['shared-to-children'] },
  }
}
