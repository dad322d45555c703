// The configuration of a preview: what the run read, with the documents that are tried in the place of those of their names,
// and what these name that the run did not know.
import { setImmediate } from 'node:timers/promises'
import { Refusal, readCatalogue } from '@spillway/core'
import { type ConfigurationFile, ENGINE_KINDS, readDocumentsOf } from '../../catalog/apply-configuration.ts'
import { type ConfigurationDocument, loadConfiguration, type NewDocument } from '../../catalog/configuration.ts'
import type { DocumentName } from '../../catalog/delete-configuration.ts'
import { accountsOfFiles, catalogueDocuments, isCatalogueKind } from '../../catalog/provider-catalogue.ts'
import type { Workspace } from '../../workspace/workspace.ts'
import { referencesOf } from '../uses/references-of.ts'

export type TriedConfiguration = {
  readonly configuration: ReadonlyArray<ConfigurationDocument>
  readonly documents: ReadonlyArray<DocumentName>
  readonly brought: ReadonlyArray<DocumentName>
}

/**
 * The documents of files that are to be tried and not saved.
 *
 * @throws Refusal `bad-configuration` for anything that is no readable document of the catalogue.
 */
export function readTried(files: ReadonlyArray<ConfigurationFile>): NewDocument[] {
  return readDocumentsOf(
    files,
    ENGINE_KINDS.filter(({ kind }) => isCatalogueKind(kind)),
  )
}

const keyOf = ({ kind, name }: DocumentName) => `${kind}/${name}`

/**
 * @throws Refusal `bad-configuration` for what would be wrong with the documents beside those of the run, and was not wrong
 * without them.
 */
export async function tryDocuments(
  workspace: Workspace,
  {
    pinned,
    tried,
  }: { readonly pinned: ReadonlyArray<ConfigurationDocument>; readonly tried: ReadonlyArray<NewDocument> },
): Promise<TriedConfiguration> {
  const after = new Map(pinned.map((one): [string, ConfigurationDocument] => [keyOf(one), one]))
  for (const { kind, name, body } of tried) after.set(keyOf({ kind, name }), { kind, name, body, ...NOT_SAVED })
  const inForce = new Map((await loadConfiguration(workspace)).map((one) => [keyOf(one), one]))
  const brought: ConfigurationDocument[] = []
  const waiting: Array<{ kind: string; body: unknown }> = [...tried]
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift())
    for (const reference of referencesOf(next)) {
      const known = inForce.get(keyOf(reference))
      if (after.has(keyOf(reference)) || known === undefined) continue
      after.set(keyOf(reference), known)
      brought.push(known)
      waiting.push(known)
    }
  const configuration = [...after.values()]
  await refuseBroken(workspace, { pinned, configuration })
  const nameOf = ({ kind, name }: DocumentName) => ({ kind, name })
  return { configuration, documents: tried.map(nameOf), brought: brought.map(nameOf) }
}

const NOT_SAVED = { version: 0, digest: '' } as const

type Compared = Readonly<Record<'pinned' | 'configuration', ReadonlyArray<ConfigurationDocument>>>

async function refuseBroken(workspace: Workspace, { pinned, configuration }: Compared): Promise<void> {
  const accounts = await accountsOfFiles(workspace)
  const issuesOf = (documents: ReadonlyArray<ConfigurationDocument>) => {
    const { issues } = readCatalogue(catalogueDocuments(documents), accounts)
    return issues.map(({ kind, name, message }) => `${kind} ${name}: ${message}`)
  }
  const issues = issuesOf(configuration)
  if (issues.length === 0) return
  // Tens of thousands of documents take long to check: whoever else asks for something has a turn in between.
  await setImmediate()
  const before = new Set(issuesOf(pinned))
  const found = issues.filter((text) => !before.has(text))
  if (found.length === 0) return
  throw new Refusal('bad-configuration', `These documents cannot be tried. ${found.join('\n')}`, {
    hint: 'Mend what is listed, or try the documents that they name together with them.',
    facts: { issues: found.map((message) => ({ message })) },
  })
}
