// Which usage type each bucket of a run counts, by the configuration that the run read: what a quantity needs to be read.
import { baseUnitOf, readCatalogue, type UsageType } from '@spillway/core'
import { loadConfigurationVersion } from '../catalog/configuration.ts'
import { isCatalogueKind } from '../catalog/provider-catalogue.ts'
import { inputsOf } from '../catalog/run-record.ts'
import type { RunTable } from '../catalog/tables.ts'
import type { Row } from '../warehouse/warehouse.ts'
import type { ScopedWorkspace } from '../workspace/scope.ts'

/** By the id of the bucket. */
export async function bucketUsageTypes(
  workspace: ScopedWorkspace,
  run: RunTable,
): Promise<ReadonlyMap<string, UsageType>> {
  const read = inputsOf(run).configuration.flatMap(({ kind, ...one }) =>
    isCatalogueKind(kind) ? [{ kind, ...one }] : [],
  )
  const documents = await Promise.all(
    read.map(async (one) => ({ kind: one.kind, body: (await loadConfigurationVersion(workspace, one))?.body })),
  )
  const { buckets, sharePlans } = readCatalogue(documents).catalogue
  const all = [...buckets.values(), ...[...sharePlans.values()].flatMap((plan) => plan.buckets)]
  return new Map(all.flatMap(({ bucket, accepts: [first] }) => (first ? [[bucket, first.usageType] as const] : [])))
}

/** Rows with a `bucket`, each with its `usage_type` and the `unit` of that; '' for a bucket that the run did not read. */
export async function* withUsageType(
  batches: AsyncIterable<ReadonlyArray<Row>>,
  types: ReadonlyMap<string, UsageType>,
): AsyncGenerator<ReadonlyArray<Row>> {
  for await (const batch of batches)
    yield batch.map((row) => ({ ...row, ...usageCells(types.get(String(row.bucket))) }))
}

/** The cells that say what a quantity of a bucket is. */
export function usageCells(usageType: UsageType | undefined): { readonly usage_type: string; readonly unit: string } {
  return { usage_type: usageType ?? '', unit: usageType === undefined ? '' : baseUnitOf(usageType) }
}
