// What is done to sub-accounts as a whole: made, enabled and disabled, given another passcode. Each change of one is a new
// version of its document, so that a command and a file mean the same.
import {
  issuesOfSubAccountDocument,
  Refusal,
  type SubAccountKey,
  subAccountDocumentName,
  subAccountName,
} from '@spillway/core'
import {
  loadConfiguration,
  type SavedDocument,
  saveConfiguration,
  saveConfigurationsIn,
} from '../catalog/configuration.ts'
import { requireConfiguration } from '../catalog/delete-configuration.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { loadSubAccounts, SUB_ACCOUNT } from './load-sub-accounts.ts'
import { hasherForSetting, type PasscodeHasher, replacePasscodeKey } from './passcode-key.ts'
import { type NewPasscode, type PasscodeWish, setPasscodes } from './passcodes.ts'
import { issuesOfSubAccountChange } from './sub-account-references.ts'

/** A document, and where it stands for whoever wrote it: `line 3`. */
export type PlacedSubAccount = { readonly place: string; readonly body: Readonly<Record<string, unknown>> }

export type CreateOptions = {
  readonly documents: ReadonlyArray<PlacedSubAccount>
  /** Digits of the passcodes that are made. */
  readonly length?: number | undefined
  /** Of the one that is made. */
  readonly chosen?: string | undefined
  /** Refuses one that is there already, instead of changing it. */
  readonly onlyNew?: boolean
  readonly dryRun?: boolean
  /** Is handed the codes before anything is kept; where it throws, nothing is. */
  readonly deliver?: ((codes: ReadonlyArray<NewPasscode>) => Promise<void>) | undefined
}

export type CreatedSubAccounts = {
  readonly saved: ReadonlyArray<SavedDocument>
  /** Of those that had no passcode; empty in a dry run. */
  readonly passcodes: ReadonlyArray<NewPasscode>
  /** How many would get one. */
  readonly withoutPasscode: number
}

/**
 * Saves all sub-accounts or none, and gives a passcode to each that has none.
 *
 * @throws Refusal `bad-configuration` with everything that is wrong with any of them; `passcode-key`; `in-use` where
 * `onlyNew` and one is there.
 */
export async function createSubAccounts(workspace: Workspace, options: CreateOptions): Promise<CreatedSubAccounts> {
  const documents = await checkedDocuments(workspace, options)
  const missing = await withoutPasscode(
    workspace,
    documents.map(({ name }) => name),
  )
  const wishes = documents.flatMap(({ name, key }) =>
    missing.has(name) ? [{ ...key, ...(options.chosen === undefined ? {} : { passcode: options.chosen }) }] : [],
  )
  if (options.dryRun)
    return { saved: await previewOf(workspace, documents), passcodes: [], withoutPasscode: wishes.length }
  const hasher = wishes.length === 0 ? null : await hasherForSetting(workspace)
  return workspace.catalog.transaction().execute(async (transaction) => {
    const held = { ...workspace, catalog: transaction }
    const saved = await saveConfigurationsIn(held, documents)
    const passcodes = hasher === null ? [] : await setPasscodes(held, { wishes, length: options.length, hasher })
    if (passcodes.length > 0) await options.deliver?.(passcodes)
    return { saved, passcodes, withoutPasscode: wishes.length }
  })
}

type Checked = { readonly kind: string; readonly name: string; readonly body: unknown; readonly key: SubAccountKey }

async function checkedDocuments(
  workspace: Workspace,
  { documents, onlyNew }: CreateOptions,
): Promise<ReadonlyArray<Checked>> {
  const issues: string[] = []
  const found = new Map<string, Checked & { readonly place: string }>()
  for (const { place, body } of documents) {
    const messages = issuesOfSubAccountDocument(body)
    issues.push(...messages.map((message) => `${place}: ${message}`))
    if (messages.length > 0) continue
    const name = subAccountDocumentName(body)
    const earlier = found.get(name)
    if (earlier) issues.push(`${place}: ${name} stands in ${earlier.place} already`)
    else {
      const key = { account: String(body.account), userId: String(body['user-id']) }
      found.set(name, { kind: SUB_ACCOUNT, name, body, key, place })
    }
  }
  if (issues.length === 0)
    for (const { name, message } of await issuesOfSubAccountChange(workspace, { changed: [...found.values()] }))
      issues.push(`${found.get(name)?.place ?? name}: ${message}`)
  if (issues.length > 0)
    throw new Refusal('bad-configuration', `Nothing was changed. ${issues.join('\n')}`, {
      hint: 'Mend what is listed and try again.',
      facts: { issues },
    })
  if (onlyNew) await refuseKnown(workspace, [...found.keys()])
  return [...found.values()].map(({ kind, name, body, key }) => ({ kind, name, body, key }))
}

async function refuseKnown(workspace: Workspace, names: ReadonlyArray<string>): Promise<void> {
  const known = await loadSubAccounts(workspace)
  const [name] = names.filter((one) => known.has(one))
  if (name === undefined) return
  throw new Refusal('in-use', `There is a sub-account ${name} already.`, {
    hint: 'Choose another user id, or change what `spillway sub-account show` prints and apply it.',
  })
}

async function withoutPasscode(
  { catalog, tenant }: Pick<Workspace, 'catalog' | 'tenant'>,
  names: ReadonlyArray<string>,
): Promise<ReadonlySet<string>> {
  const rows = await catalog
    .selectFrom('passcode')
    .select(['account', 'user_id'])
    .where('tenant', '=', tenant)
    .where('ended_at', 'is', null)
    .execute()
  const have = new Set(rows.map(({ account, user_id }) => subAccountName({ account, userId: user_id })))
  return new Set(names.filter((name) => !have.has(name)))
}

async function previewOf(workspace: Workspace, documents: ReadonlyArray<Checked>): Promise<SavedDocument[]> {
  const known = new Map((await loadConfiguration(workspace, SUB_ACCOUNT)).map((one) => [one.name, one]))
  return documents.map(({ kind, name, body }) => {
    const before = known.get(name)
    if (!before) return { kind, name, version: 1, outcome: 'created' }
    const isSame = JSON.stringify(before.body) === JSON.stringify(body)
    const version = isSame ? before.version : before.version + 1
    return { kind, name, version, outcome: isSame ? 'unchanged' : 'changed' }
  })
}

/** Holds from the next call on. @throws Refusal `not-found`. */
export async function setSubAccountEnabled(
  workspace: Workspace,
  { isEnabled, ...key }: SubAccountKey & { readonly isEnabled: boolean },
): Promise<SavedDocument> {
  const name = subAccountName(key)
  const { body } = await requireConfiguration(workspace, { kind: SUB_ACCOUNT, name })
  const { enabled: _, ...rest } = body as Readonly<Record<string, unknown>>
  // Enabled is what is not said: enabling again gives the document that was disabled.
  const changed = isEnabled ? rest : { ...rest, enabled: false }
  const saved = await saveConfiguration(workspace, { kind: SUB_ACCOUNT, name, body: changed })
  return { kind: SUB_ACCOUNT, name, ...saved }
}

/** Whose passcode is to be another one. */
export type RotationScope =
  | { readonly of: 'one'; readonly key: SubAccountKey; readonly chosen?: string | undefined }
  /** Of a master account, or of all where it is ''. */
  | { readonly of: 'all' | 'missing'; readonly account: string }

export type RotateOptions = {
  readonly scope: RotationScope
  readonly length?: number | undefined
  /** Begins again with another key; only for all. */
  readonly newKey?: boolean | undefined
  readonly deliver?: CreateOptions['deliver']
}

/**
 * Gives passcodes; the ones before are refused from now on.
 *
 * @throws Refusal `not-found`, `bad-command` for a chosen code that cannot be, `passcode-key`.
 */
export async function rotatePasscodes(workspace: Workspace, options: RotateOptions): Promise<NewPasscode[]> {
  const { scope, newKey } = options
  if (newKey && (scope.of !== 'all' || scope.account !== ''))
    throw new Refusal('bad-command', 'Another key ends every passcode, not some of them.', {
      hint: 'Give all of them another passcode with it: `spillway sub-account rotate --all --new-key`.',
    })
  const hasher = newKey ? await replacePasscodeKey(workspace) : null
  const wishes = await wishesOf(workspace, scope)
  if (wishes.length === 0) return []
  return givePasscodes(workspace, { ...options, wishes, hasher: hasher ?? (await hasherForSetting(workspace)) })
}

type Giving = Pick<RotateOptions, 'length' | 'deliver'> & {
  readonly wishes: ReadonlyArray<PasscodeWish>
  readonly hasher: PasscodeHasher
}

function givePasscodes(workspace: Workspace, { wishes, hasher, length, deliver }: Giving): Promise<NewPasscode[]> {
  return workspace.catalog.transaction().execute(async (transaction) => {
    const held = { ...workspace, catalog: transaction }
    const passcodes = await setPasscodes(held, { wishes, length, hasher })
    await deliver?.(passcodes)
    return passcodes
  })
}

async function wishesOf(workspace: Workspace, scope: RotationScope): Promise<ReadonlyArray<PasscodeWish>> {
  if (scope.of === 'one') {
    await requireConfiguration(workspace, { kind: SUB_ACCOUNT, name: subAccountName(scope.key) })
    return [{ ...scope.key, passcode: scope.chosen }]
  }
  const known = await loadSubAccounts(workspace)
  const missing = scope.of === 'all' ? null : await withoutPasscode(workspace, [...known.keys()])
  return [...known]
    .filter(
      ([name, { account }]) => (scope.account === '' || account === scope.account) && (missing?.has(name) ?? true),
    )
    .map(([, { account, userId }]) => ({ account, userId }))
}
