// JSON Schemas of the documents that the engine reads, for editors. Made from the schemas that validate: they cannot differ.
import {
  allocationPolicyDocument,
  bridgeDocument,
  CATALOGUE_DOCUMENTS,
  journalDocument,
  PROJECT_DOCUMENTS,
  subAccountDocument,
} from '@spillway/core'
import { z } from 'zod'
import { poolDocument } from '../stages/allocate/pool-document.ts'

const DRAFT = { target: 'draft-2020-12', io: 'input' } as const

/** By kind; JSON Schema 2020-12. */
export const CONFIGURATION_SCHEMAS: Readonly<Record<string, () => unknown>> = {
  AllocationPolicy: () => z.toJSONSchema(allocationPolicyDocument, DRAFT),
  Bridge: () => z.toJSONSchema(bridgeDocument, DRAFT),
  Journal: () => z.toJSONSchema(journalDocument, DRAFT),
  ...Object.fromEntries(
    Object.entries(CATALOGUE_DOCUMENTS).map(([kind, schema]) => [kind, () => z.toJSONSchema(schema, DRAFT)]),
  ),
  ...Object.fromEntries(
    Object.entries(PROJECT_DOCUMENTS).map(([kind, schema]) => [kind, () => z.toJSONSchema(schema, DRAFT)]),
  ),
  Pool: () => z.toJSONSchema(poolDocument, DRAFT),
  SubAccount: () => z.toJSONSchema(subAccountDocument, DRAFT),
}
