// JSON Schemas of the documents that the engine reads, for editors. Made from the schemas that validate: they cannot differ.
import { allocationPolicyDocument } from '@spillway/core'
import { z } from 'zod'
import { poolDocument } from '../stages/allocate/pool-document.ts'

const DRAFT = { target: 'draft-2020-12', io: 'input' } as const

/** By kind; JSON Schema 2020-12. */
export const CONFIGURATION_SCHEMAS: Readonly<Record<string, () => unknown>> = {
  AllocationPolicy: () => z.toJSONSchema(allocationPolicyDocument, DRAFT),
  Pool: () => z.toJSONSchema(poolDocument, DRAFT),
}
