// Which usage type each bucket of a run counts, by the configuration that the run read: what a quantity needs to be read.
import { baseUnitOf, catalogueOf, type UsageType } from '@spillway/core'
import type { ConfigurationDocument } from '../catalog/configuration.ts'
import { isWholeKept, pinnedConfiguration } from '../catalog/pinned-configuration.ts'
import { catalogueDocuments } from '../catalog/provider-catalogue.ts'
import type { RunTable } from '../catalog/tables.ts'
import { keptCatalogue } from '../stages/rate/pinned-catalogue.ts'
import type { Parameters } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'

type UsageTypes = ReadonlyMap<string, UsageType>

const KINDS: ReadonlySet<string> = new Set(['BaseBucket', 'Bucket', 'SharePlan'])
const isOfBuckets = (kind: string) => KINDS.has(kind)
/** By the documents of a run, which are kept while others of its reports are asked for. */
const typesOf = new WeakMap<ReadonlyArray<ConfigurationDocument>, UsageTypes>()

/**
 * By the id of the bucket. Tens of thousands of documents take a tenth of a second to read: where somebody drew what runs drew
 * before, the catalogue was made of them.
 */
export async function bucketUsageTypes(workspace: ScopedWorkspace, run: RunTable): Promise<UsageTypes> {
  const documents = await pinnedConfiguration(workspace, run, isWholeKept(workspace) ? undefined : isOfBuckets)
  const known = typesOf.get(documents)
  if (known !== undefined) return known
  const ofBuckets = () => catalogueOf(catalogueDocuments(documents.filter(({ kind }) => isOfBuckets(kind))))
  const { buckets, sharePlans } = (await keptCatalogue(documents)) ?? ofBuckets()
  const all = [...buckets.values(), ...[...sharePlans.values()].flatMap((plan) => plan.buckets)]
  const types = new Map(
    all.flatMap(({ bucket, accepts: [first] }) => (first ? [[bucket, first.usageType] as const] : [])),
  )
  typesOf.set(documents, types)
  return types
}

/** The cells that say what a quantity of a bucket is. */
export function usageCells(usageType: UsageType | undefined): { readonly usage_type: string; readonly unit: string } {
  return { usage_type: usageType ?? '', unit: usageType === undefined ? '' : baseUnitOf(usageType) }
}

/** Ids come in one text: as a list of thousands of literals they take longer to read than the rows. */
const LINE = 'chr(10)'

/** Common table expression `bucket_type`: of a bucket its usage type and the unit of that. It binds what {@link bucketTypeCells} has. */
export const BUCKET_TYPE = `bucket_type AS (SELECT unnest(string_split($buckets, ${LINE})) AS bucket,
  unnest(string_split($types, ${LINE})) AS usage_type, unnest(string_split($units, ${LINE})) AS unit)`

const typeCell = (cell: 'usage_type' | 'unit', bucket: string) =>
  `coalesce((SELECT t.${cell} FROM bucket_type AS t WHERE t.bucket = ${bucket}), '') AS ${cell}`

/** The columns `usage_type` and `unit` of a bucket, '' for one that the run did not read. */
export const typeCellsSql = (bucket: string) => `${typeCell('usage_type', bucket)}, ${typeCell('unit', bucket)}`

export function bucketTypeCells(types: ReadonlyMap<string, UsageType>): Parameters {
  const cells = [...types.values()].map(usageCells)
  return {
    buckets: [...types.keys()].join('\n'),
    types: cells.map(({ usage_type }) => usage_type).join('\n'),
    units: cells.map(({ unit }) => unit).join('\n'),
  }
}
