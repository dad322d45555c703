// Which kinds of configuration document the examples in our documents may show, and what reads each of them. A kind whose
// reader is null is only read as YAML: give it its reader here as soon as there is one.
import {
  CATALOGUE_KINDS,
  issuesOfBridgeDocument,
  issuesOfCatalogueDocument,
  issuesOfSubAccountDocument,
  PROJECT_KINDS,
  parseAllocationPolicy,
  parseJournalDocument,
} from '@spillway/core'
import { parsePoolDocument } from '@spillway/engine'
import { checkSource } from '@spillway/formats'

/** What is wrong with a document (parsed YAML) as texts, [] where it is good; may also throw one error. */
export type KindReader = (document: unknown) => ReadonlyArray<string>

export const KIND_READERS: Readonly<Record<string, KindReader | null>> = {
  AllocationPolicy: (document) => {
    const reading = parseAllocationPolicy(document)
    return reading.ok ? [] : reading.issues
  },
  ...Object.fromEntries(
    CATALOGUE_KINDS.map((kind) => [kind, (body: unknown) => issuesOfCatalogueDocument({ kind, body })]),
  ),
  Bridge: issuesOfBridgeDocument,
  Journal: (document) => {
    const reading = parseJournalDocument(document)
    return reading.ok ? [] : reading.issues
  },
  ...Object.fromEntries(PROJECT_KINDS.map(({ kind, issuesOf }) => [kind, issuesOf])),
  Pool: (document) => {
    const reading = parsePoolDocument(document)
    return reading.ok ? [] : reading.issues
  },
  SubAccount: issuesOfSubAccountDocument,
  Source: (document) => {
    const check = checkSource(document)
    return check.ok ? [] : check.issues.map(({ path, message }) => `${path}: ${message}`)
  },
}
