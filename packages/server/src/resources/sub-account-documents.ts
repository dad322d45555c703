// Sub-accounts as documents: one read and changed, many from a file. Who answers for the master account may do so, whatever of
// the configuration they see besides.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal, type SubAccountKey, subAccountName } from '@spillway/core'
import {
  applyConfiguration,
  type ConfigurationDocument,
  createSubAccounts,
  loadConfiguration,
  type Workspace,
} from '@spillway/engine'
import { readSubAccountFile, type WrittenSubAccountRow } from '@spillway/formats'
import { subAccountRoutes as routes } from '../contract/sub-accounts.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { toDocument } from './configuration.ts'
import { etagOf, refuseUnmatched } from './etag.ts'

const SUB_ACCOUNT = 'SubAccount'

export function registerSubAccountDocuments(server: Server): void {
  register(server, routes.getSubAccount, async (c, { workspace }) => {
    const key = c.req.valid('param')
    const { rows } = workspace.scope
    if (rows !== null && !rows.accounts.includes(key.account)) throw noSuch(key)
    const document = await requireSubAccount(workspace, key)
    c.header('etag', etagOf(document))
    return c.json(toDocument(document), 200)
  })
  register(server, routes.putSubAccount, async (c, call) => {
    const key = c.req.valid('param')
    const { 'if-match': ifMatch } = c.req.valid('header')
    const body = { ...c.req.valid('json'), kind: SUB_ACCOUNT, account: key.account, 'user-id': key.userId }
    const saved = await call.changeOfAccount(key.account, async (workspace) => {
      refuseUnmatched(await requireSubAccount(workspace, key), { ifMatch, isToBeNew: false })
      await applyConfiguration(workspace, { files: [{ name: 'request', text: JSON.stringify(body) }] })
      return requireSubAccount(workspace, key)
    })
    c.header('etag', etagOf(saved))
    return c.json(toDocument(saved), 200)
  })
  register(server, routes.importSubAccounts, async (c, call) => {
    const { account, file, length, dryRun } = c.req.valid('json')
    const made = await call.changeOfAccount(account, async (workspace) => {
      const documents = await rowsOf(file)
      refuseOtherAccounts(documents, account)
      return createSubAccounts(workspace, { documents, length, dryRun })
    })
    const documents = made.saved.map(({ kind, name, version, outcome }) => ({ kind, name, version, outcome }))
    const passcodes = made.passcodes.map((one) => ({ ...one }))
    return c.json({ documents, passcodes, withoutPasscode: made.withoutPasscode }, 200)
  })
}

const noSuch = (key: SubAccountKey) =>
  new Refusal('not-found', `There is no SubAccount ${subAccountName(key)}.`, { hint: 'List the sub-accounts.' })

/** @throws Refusal `not-found`, which names no other: they may be of accounts that the caller does not see. */
async function requireSubAccount(
  workspace: Pick<Workspace, 'catalog' | 'tenant' | 'actor'>,
  key: SubAccountKey,
): Promise<ConfigurationDocument> {
  const name = subAccountName(key)
  const found = (await loadConfiguration(workspace, SUB_ACCOUNT)).find((one) => one.name === name)
  if (found) return found
  throw noSuch(key)
}

async function rowsOf({ name, text }: { readonly name: string; readonly text: string }) {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-sub-accounts-'))
  try {
    const path = join(folder, 'file')
    await writeFile(path, text, { mode: 0o600 })
    return await readSubAccountFile(path, name)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** @throws Refusal `bad-configuration` naming the rows. */
function refuseOtherAccounts(documents: ReadonlyArray<WrittenSubAccountRow>, account: string): void {
  const issues = documents.flatMap(({ place, body }) =>
    body.account === account ? [] : [`${place}: is of account ${body.account}, not ${account}`],
  )
  if (issues.length === 0) return
  throw new Refusal('bad-configuration', `Nothing was changed. ${issues.join('\n')}`, {
    hint: 'Import the rows of each account on its own.',
    facts: { issues },
  })
}
