// Which document of kind Journal a run's journal is made by. A run keeps the version that was in force when it was closed,
// so that its journal is the same whenever it is asked for, and its reversal takes back what was booked.
import { DEFAULT_JOURNAL_RULES, invariant, type JournalRules, parseJournalDocument, Refusal } from '@spillway/core'
import { type ConfigurationDocument, loadConfiguration, loadConfigurationVersion } from '../../catalog/configuration.ts'
import { inputsOf } from '../../catalog/run-record.ts'
import type { RunTable } from '../../catalog/tables.ts'
import type { Workspace } from '../../workspace/workspace.ts'

export type RulesOfRun = {
  readonly rules: JournalRules
  /** What a row of the journal names them by: `Journal/telecom v2`, or `default`. */
  readonly label: string
  /** What is in force now, as `--rules` would name it (`telecom@3`), where that is another version; null where it is not. */
  readonly inForce: string | null
}

type Version = Pick<ConfigurationDocument, 'name' | 'version'>

/**
 * Without `name` the version that the run pinned, or {@link DEFAULT_JOURNAL_RULES} where it pinned none. A `name` chooses among
 * several; `telecom@2` is version 2 of it; a document that the run did not pin counts as it is in force now.
 *
 * @throws Refusal `not-found` for a name or version that there is not, `bad-command` where several apply and none is named.
 */
export async function rulesOfRun(
  workspace: Workspace,
  { run, name }: { readonly run: RunTable; readonly name?: string | undefined },
): Promise<RulesOfRun> {
  const now = await loadConfiguration(workspace, 'Journal')
  const pinned = inputsOf(run).configuration.filter(({ kind }) => kind === 'Journal')
  const chosen = name === undefined ? soleOf(pinned) : versionNamed(name, [...pinned, ...now])
  if (!chosen) return { rules: DEFAULT_JOURNAL_RULES, label: 'default', inForce: namedVersions(now) }
  const newest = now.filter((document) => document.name === chosen.name)
  return {
    rules: await readVersion(workspace, chosen),
    label: `Journal/${chosen.name} v${chosen.version}`,
    inForce: namedVersions(newest.filter(({ version }) => version !== chosen.version)),
  }
}

function soleOf(pinned: ReadonlyArray<Version>): Version | undefined {
  if (pinned.length > 1)
    throw new Refusal('bad-command', `There are several documents of kind Journal: ${listNames(pinned)}.`, {
      hint: 'Name one with --rules.',
    })
  return pinned[0]
}

/** The first of the candidates with that name, in the version that is asked for. */
function versionNamed(text: string, candidates: ReadonlyArray<Version>): Version {
  const [, name = '', version] = /^(.*?)(?:@([1-9]\d{0,8}))?$/.exec(text) ?? []
  const found = candidates.find((candidate) => candidate.name === name)
  if (found) return version === undefined ? found : { name, version: Number(version) }
  throw new Refusal('not-found', `There is no document of kind Journal named ${name}.`, {
    hint: candidates.length === 0 ? 'Apply one first.' : `There are ${listNames(candidates)}.`,
  })
}

const listNames = (versions: ReadonlyArray<Version>) => [...new Set(versions.map(({ name }) => name))].join(', ')

const namedVersions = (versions: ReadonlyArray<Version>) =>
  versions.length === 0 ? null : versions.map(({ name, version }) => `${name}@${version}`).join(', ')

async function readVersion(workspace: Workspace, { name, version }: Version): Promise<JournalRules> {
  const document = await loadConfigurationVersion(workspace, { kind: 'Journal', name, version })
  if (!document)
    throw new Refusal('not-found', `The document ${name} of kind Journal has no version ${version}.`, {
      hint: 'Versions count from 1; without @ the one that the run was closed with is used.',
    })
  const reading = parseJournalDocument(document.body)
  invariant(reading.ok, 'a saved document reads', { name, version })
  return reading.rules
}
