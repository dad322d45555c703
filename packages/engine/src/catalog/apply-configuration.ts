// YAML documents in and out of the catalog (spec, import, "Configuration"). All documents of a command are saved or none,
// and everything that is wrong with any of them is said at once. What is exported applies again as unchanged.
import {
  type AllocationPolicy,
  CATALOGUE_KINDS,
  type ClaimedPool,
  catalogueDocumentName,
  issuesOfBridgeDocument,
  issuesOfCatalogueDocument,
  issuesOfSubAccountDocument,
  PROJECT_KINDS,
  parseAllocationPolicy,
  parseJournalDocument,
  policiesThatClash,
  Refusal,
  subAccountDocumentName,
} from '@spillway/core'
import { stringify } from 'yaml'
import { parsePoolDocument } from '../stages/allocate/pool-document.ts'
import { BRIDGE, SUB_ACCOUNT } from '../sub-accounts/load-sub-accounts.ts'
import { issuesOfSubAccountChange } from '../sub-accounts/sub-account-references.ts'
import { liveDocuments, liveDocumentsCte } from '../warehouse/live-documents.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { loadConfiguration, type NewDocument, type SavedDocument, saveConfigurations } from './configuration.ts'
import { type DocumentName, requireConfiguration } from './delete-configuration.ts'
import { parseDocuments } from './parse-documents.ts'
import { issuesOfChange } from './provider-catalogue.ts'

/** A kind of document and what is wrong with one: sentences that begin with where it stands; none where it is right. */
export type ConfigurationKind = {
  readonly kind: string
  readonly issuesOf: (document: unknown) => ReadonlyArray<string>
  /** What a document without issues is saved under; its `name` where this is not given. */
  readonly nameOf?: (document: unknown) => string
}

export type ConfigurationFile = { readonly name: string; readonly text: string }

export type ConfigurationIssue = {
  readonly file: string
  /** Counted from 1 in its file. */
  readonly document: number
  /** `components[1].cap: is under the floor of 25.00`. */
  readonly message: string
}

/** An issue with the place of its message apart: `components[1].cap`; '' for the document as a whole. */
export type PlacedIssue = ConfigurationIssue & { readonly path: string }

export type ApplyOptions = {
  readonly files: ReadonlyArray<ConfigurationFile>
  /** Kinds that others know how to read, such as `Source`; beside {@link ENGINE_KINDS}. */
  readonly kinds?: ReadonlyArray<ConfigurationKind>
  /** Validates alone. */
  readonly dryRun?: boolean
}

/** Kinds that the engine reads itself. */
export const ENGINE_KINDS: ReadonlyArray<ConfigurationKind> = [
  {
    kind: 'AllocationPolicy',
    issuesOf: (document) => {
      const reading = parseAllocationPolicy(document)
      return reading.ok ? [] : reading.issues
    },
  },
  {
    kind: 'Journal',
    issuesOf: (document) => {
      const reading = parseJournalDocument(document)
      return reading.ok ? [] : reading.issues
    },
  },
  {
    kind: 'Pool',
    issuesOf: (document) => {
      const reading = parsePoolDocument(document)
      return reading.ok ? [] : reading.issues
    },
  },
  {
    kind: BRIDGE,
    issuesOf: issuesOfBridgeDocument,
  },
  {
    kind: SUB_ACCOUNT,
    issuesOf: issuesOfSubAccountDocument,
    nameOf: subAccountDocumentName,
  },
  ...PROJECT_KINDS,
  ...CATALOGUE_KINDS.map((kind) => ({
    kind,
    issuesOf: (body: unknown) => issuesOfCatalogueDocument({ kind, body }),
    nameOf: (body: unknown) => catalogueDocumentName(kind, body),
  })),
]

type NamedDocument = {
  readonly kind: string
  readonly name: string
  readonly body: unknown
  readonly file: string
  readonly document: number
}

/**
 * Saves every document of the files as the next version of its kind and name, or as unchanged.
 *
 * @throws Refusal `bad-configuration` with `facts.issues` ({@link ConfigurationIssue}); nothing is saved then.
 */
export async function applyConfiguration(workspace: Workspace, options: ApplyOptions): Promise<SavedDocument[]> {
  const kinds = [...ENGINE_KINDS, ...(options.kinds ?? [])]
  const issues: ConfigurationIssue[] = []
  const documents = options.files.flatMap((file) => readDocuments(file, kinds, issues))
  issues.push(...repeatedNames(documents))
  if (issues.length === 0)
    issues.push(...(await clashes(workspace, documents)), ...(await broken(workspace, documents)))
  if (issues.length > 0) throw refuse(issues)
  if (options.dryRun) return previewOf(workspace, documents)
  return saveConfigurations(workspace, documents)
}

/**
 * The policies of files that are to be tried and not saved.
 *
 * @throws Refusal `bad-configuration` for anything that is no readable AllocationPolicy.
 */
export function readPolicies(files: ReadonlyArray<ConfigurationFile>): AllocationPolicy[] {
  const kinds = ENGINE_KINDS.filter(({ kind }) => kind === 'AllocationPolicy')
  const issues: ConfigurationIssue[] = []
  const documents = files.flatMap((file) => readDocuments(file, kinds, issues))
  if (issues.length > 0) throw refuse(issues)
  return documents.flatMap(({ body }) => {
    const reading = parseAllocationPolicy(body)
    return reading.ok ? [reading.policy] : []
  })
}

/**
 * The documents of files that are to be tried and not saved, each right by itself and named once.
 *
 * @throws Refusal `bad-configuration` also for a kind that is not among `kinds`.
 */
export function readDocumentsOf(
  files: ReadonlyArray<ConfigurationFile>,
  kinds: ReadonlyArray<ConfigurationKind>,
): NewDocument[] {
  const issues: ConfigurationIssue[] = []
  const documents = files.flatMap((file) => readDocuments(file, kinds, issues))
  issues.push(...repeatedNames(documents))
  if (issues.length > 0) throw refuse(issues, 'These documents cannot be tried.')
  return documents.map(({ kind, name, body }) => ({ kind, name, body }))
}

function readDocuments(
  { name: file, text }: ConfigurationFile,
  kinds: ReadonlyArray<ConfigurationKind>,
  issues: ConfigurationIssue[],
): NamedDocument[] {
  const found: NamedDocument[] = []
  let isEmpty = true
  for (const { document, ...parsed } of parseDocuments(text)) {
    const place = { file, document }
    if (!parsed.isEmpty) isEmpty = false
    if ('fault' in parsed) {
      issues.push({ ...place, message: parsed.fault })
      continue
    }
    const { body } = parsed
    if (body === null) continue
    const messages = issuesOf(body, kinds)
    for (const message of messages) issues.push({ ...place, message })
    if (messages.length === 0) found.push({ ...nameOf(body as { kind: string; name: string }, kinds), body, ...place })
  }
  if (isEmpty) issues.push({ file, document: 1, message: 'document: the file holds no document' })
  return found.map(({ kind, name, body, document }) => ({ kind, name, body, file, document }))
}

function issuesOf(body: unknown, kinds: ReadonlyArray<ConfigurationKind>): ReadonlyArray<string> {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return ['document: must be a set of keys']
  const { kind, name } = body as { kind?: unknown; name?: unknown }
  const known = kinds.find((candidate) => candidate.kind === kind)
  if (!known)
    return [`kind: ${kind === undefined ? 'must be' : `is ${String(kind)}; it must be`} one of ${kindList(kinds)}`]
  const issues = known.issuesOf(body)
  if (known.nameOf || issues.length > 0 || (typeof name === 'string' && name !== '')) return issues
  return ['name: must be given as text']
}

function nameOf(body: { kind: string; name: string }, kinds: ReadonlyArray<ConfigurationKind>) {
  const known = kinds.find(({ kind }) => kind === body.kind)
  return { kind: body.kind, name: known?.nameOf ? known.nameOf(body) : body.name }
}

const kindList = (kinds: ReadonlyArray<ConfigurationKind>) =>
  kinds
    .map(({ kind }) => kind)
    .sort()
    .join(', ')

function repeatedNames(documents: ReadonlyArray<NamedDocument>): ConfigurationIssue[] {
  const seen = new Map<string, NamedDocument>()
  return documents.flatMap((document) => {
    const key = `${document.kind}/${document.name}`
    const earlier = seen.get(key)
    seen.set(key, document)
    if (!earlier) return []
    const message = `name: ${key} stands in ${earlier.file}, document ${earlier.document}, already`
    return [{ file: document.file, document: document.document, message }]
  })
}

/** Policies that would claim one pool twice, among all that would then be in force. */
async function clashes(workspace: Workspace, documents: ReadonlyArray<NamedDocument>): Promise<ConfigurationIssue[]> {
  const inForce = new Map(
    (await loadConfiguration(workspace)).map((saved) => [`${saved.kind}/${saved.name}`, saved.body]),
  )
  for (const { kind, name, body } of documents) inForce.set(`${kind}/${name}`, body)
  const bodies = [...inForce.values()]
  const policies = bodies.flatMap((body) => {
    const reading = isKind(body, 'AllocationPolicy') ? parseAllocationPolicy(body) : null
    return reading?.ok ? [reading.policy] : []
  })
  const pools = await knownPools(workspace, bodies)
  return policiesThatClash(policies, pools).map(({ pool, first, second }) => {
    const blamed = documents.find(({ kind, name }) => kind === 'AllocationPolicy' && [first, second].includes(name))
    const { file, document } = blamed ?? (documents[0] as NamedDocument)
    return { file, document, message: `applies-to: the pool ${pool} is claimed by both ${first} and ${second}` }
  })
}

/** What the provider's documents would say of each other; blamed on the document itself where it is being applied. */
async function broken(
  workspace: Workspace,
  documents: ReadonlyArray<NamedDocument>,
): Promise<ReadonlyArray<ConfigurationIssue>> {
  const found = [
    ...(await issuesOfChange(workspace, { changed: documents })),
    ...(await issuesOfSubAccountChange(workspace, { changed: documents })),
  ]
  return found.map((issue) => {
    const own = documents.find(({ kind, name }) => kind === issue.kind && name === issue.name)
    const { file, document } = own ?? (documents[0] as NamedDocument)
    return { file, document, message: own ? issue.message : `${issue.kind} ${issue.name}: ${issue.message}` }
  })
}

const isKind = (body: unknown, kind: string) => (body as { kind?: unknown }).kind === kind

/** Pools of live files, and of documents, which replace those of the same id. */
async function knownPools(workspace: Workspace, bodies: ReadonlyArray<unknown>): Promise<ClaimedPool[]> {
  const documents = await liveDocuments(workspace)
  const rows = await workspace.warehouse.rows<{ pool: string; model: string; usage_type: string; vendor: string }>(
    `WITH ${liveDocumentsCte(documents)} SELECT pool, model, usage_type, vendor FROM pool
     WHERE tenant = $tenant AND doc IN (FROM live_document) ORDER BY doc, ordinal`,
    { tenant: workspace.tenant },
  )
  const pools = new Map<string, ClaimedPool>()
  for (const { pool, model, usage_type, vendor } of rows)
    pools.set(pool, { pool, vendor, model, usageType: usage_type } as ClaimedPool)
  for (const body of bodies) {
    const reading = isKind(body, 'Pool') ? parsePoolDocument(body) : null
    if (!reading?.ok) continue
    const { name, model, vendor } = reading.pool
    pools.set(name, { pool: name, model, usageType: reading.pool['usage-type'], vendor: vendor ?? '' })
  }
  return [...pools.values()]
}

/** `bucket[0].tiers: must be given` stands at `bucket[0].tiers`; a sentence about another document stands nowhere here. */
function placed(issue: ConfigurationIssue): PlacedIssue {
  const [, path = ''] = /^([A-Za-z][\w.[\]-]*): /.exec(issue.message) ?? []
  return { ...issue, path: path === 'document' ? '' : path }
}

function refuse(issues: ReadonlyArray<ConfigurationIssue>, what = 'Nothing was applied.'): Refusal {
  const lines = issues.map(({ file, document, message }) => `${file}, document ${document}: ${message}`)
  return new Refusal('bad-configuration', `${what} ${lines.join('\n')}`, {
    hint: 'Mend what is listed and try again.',
    facts: { issues: issues.map(placed) },
  })
}

async function previewOf(workspace: Workspace, documents: ReadonlyArray<NamedDocument>): Promise<SavedDocument[]> {
  const saved = new Map((await loadConfiguration(workspace)).map((one) => [`${one.kind}/${one.name}`, one]))
  return documents.map(({ kind, name, body }) => {
    const known = saved.get(`${kind}/${name}`)
    if (!known) return { kind, name, version: 1, outcome: 'created' }
    const isSame = JSON.stringify(known.body) === JSON.stringify(body)
    return {
      kind,
      name,
      version: isSame ? known.version : known.version + 1,
      outcome: isSame ? 'unchanged' : 'changed',
    }
  })
}

/** All documents in force (of one kind, where it is named) as one YAML text, ordered by kind and name. */
export async function exportConfiguration(
  workspace: Pick<Workspace, 'catalog' | 'tenant' | 'actor'>,
  kind?: string,
): Promise<string> {
  const documents = await loadConfiguration(workspace, kind)
  return documents.map(({ body }) => stringify(body, { version: '1.2', lineWidth: 120 })).join('---\n')
}

/**
 * One document in force as YAML.
 *
 * @throws Refusal `not-found`.
 */
export async function exportDocument(
  workspace: Pick<Workspace, 'catalog' | 'tenant' | 'actor'>,
  document: DocumentName,
): Promise<string> {
  const { body } = await requireConfiguration(workspace, document)
  return stringify(body, { version: '1.2', lineWidth: 120 })
}
