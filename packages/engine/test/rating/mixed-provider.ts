// A provider with one of everything that usage is drawn from: own, account and parent's buckets, a share plan with tiers, a
// flat charge and limits for two accounts under one usage invoicer, increments, minimum and connection; and its services.
import { type CatalogueKind, catalogueDocumentName } from '@spillway/core'
import { parseAllDocuments } from 'yaml'
import { saveConfiguration } from '../../src/catalog/configuration.ts'
import type { Workspace } from '../../src/workspace/workspace.ts'

export const MIXED_PROVIDER = `
{ kind: Account, id: P, currency: USD }
---
{ kind: Account, id: U, currency: USD, parent: P }
---
{ kind: Account, id: V, currency: USD, parent: P, usage-invoicer: U }
---
kind: RatePlan
id: standard
rates:
  - { usage-type: data, price: 0.10, per: 1 MB, increment: 1 MB }
  - { usage-type: voice, price: 0.05, per: 1 min, increment: 60/60, minimum: 0.12, connection: 0.02 }
---
{ kind: Bucket, id: own-20, accepts: [{ usage-type: data }], amount: 20 MB, life: recurring-rollover, periods: 1 }
---
{ kind: Bucket, id: on-u, accepts: [{ usage-type: data }], amount: 15 MB, life: recurring, on: { account: U } }
---
kind: Bucket
id: shared-p
accepts: [{ usage-type: data }, { usage-type: data, zone: roaming }]
amount: 30 MB
life: recurring
on: { account: P, shared-to-children: true }
---
{ kind: Product, id: sim, service-type: cellular, rate-plan: standard, buckets: [own-20], recurring: { amount: 3.10, in: advance } }
---
{ kind: Product, id: meter, service-type: meter, rate-plan: standard }
---
kind: SharePlan
id: fleet
name: Fleet
active: true
share-level: usage-invoicer
participating: [{ product: sim }, { product: meter }]
buckets:
  - id: fleet-data
    accepts: [{ usage-type: data }]
    type: fixed
    life: recurring
    limits: { meter: 40 MB }
    tiers: [{ size: 60 MB }, { size: 30 MB, flat: 5.00 }, { size: 20 MB, rate: 0.02, per: 1 MB }]
---
{ kind: AccountSharePlan, account: U, plan: fleet, from: 2026-10-01 }
`

export const MIXED_SERVICES = `| service | product | account | from_on |
| A | sim | U | 2026-10-01 |
| B | sim | V | 2026-10-01 |
| M | meter | U | 2026-10-01 |`

export async function applyDocuments(workspace: Workspace, yaml: string): Promise<void> {
  for (const document of parseAllDocuments(yaml)) {
    const body = document.toJS() as { kind: CatalogueKind }
    await saveConfiguration(workspace, { kind: body.kind, name: catalogueDocumentName(body.kind, body), body })
  }
}
