import { passcodeFault } from '@spillway/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { applyConfiguration } from '../catalog/apply-configuration.ts'
import { deleteConfiguration } from '../catalog/delete-configuration.ts'
import { unscoped } from '../workspace/scopes.ts'
import type { Workspace } from '../workspace/workspace.ts'
import { codeLookup } from './code-lookup.ts'
import { type CreateOptions, createSubAccounts, rotatePasscodes } from './manage-sub-accounts.ts'
import { approveRequest, refuseRequest, requestSubAccount, requestsReport } from './requests.ts'

let built: WorkspaceBuilder
let workspace: Workspace
beforeEach(async () => {
  built = await buildWorkspace()
  workspace = built.workspace
  await built.add({ account: '| account | currency |\n| R100 | USD |\n| R200 | JPY |\n| CARRIER | - |' })
})
afterEach(() => built.remove())

const bodyOf = (account: string, userId: string, keys: object = {}) => ({
  kind: 'SubAccount',
  account,
  'user-id': userId,
  ...keys,
})
const create = (bodies: ReadonlyArray<Readonly<Record<string, unknown>>>, options: Partial<CreateOptions> = {}) =>
  createSubAccounts(workspace, {
    documents: bodies.map((body, index) => ({ place: `line ${index + 2}`, body })),
    ...options,
  })
const stored = () => workspace.catalog.selectFrom('passcode').selectAll().execute()

describe('making sub-accounts', () => {
  it('gives each new one a passcode of its own, of the length asked for, and stores none', async () => {
    const bodies = Array.from({ length: 50 }, (_, index) => bodyOf('R100', `user-${index}`))
    const { saved, passcodes } = await create(bodies, { length: 6 })
    expect(saved.every(({ outcome }) => outcome === 'created')).toBe(true)
    expect(new Set(passcodes.map(({ passcode }) => passcode)).size).toBe(50)
    for (const { passcode } of passcodes) {
      expect(passcode).toHaveLength(6)
      expect(passcodeFault(passcode)).toBeNull()
    }
    const rows = JSON.stringify(await stored())
    for (const { passcode } of passcodes) expect(rows).not.toContain(passcode)
    expect((await stored()).every(({ code_hmac }) => /^[0-9a-f]{64}$/.test(code_hmac))).toBe(true)
  })

  it('tried changes nothing, and says what it would do', async () => {
    await create([bodyOf('R100', 'a'), bodyOf('R100', 'b')])
    const before = await stored()
    const tried = await create([bodyOf('R100', 'a'), bodyOf('R100', 'b', { name: 'B' }), bodyOf('R100', 'c')], {
      dryRun: true,
    })
    expect(tried).toEqual({
      saved: [
        { kind: 'SubAccount', name: 'R100 a', version: 1, outcome: 'unchanged' },
        { kind: 'SubAccount', name: 'R100 b', version: 2, outcome: 'changed' },
        { kind: 'SubAccount', name: 'R100 c', version: 1, outcome: 'created' },
      ],
      passcodes: [],
      withoutPasscode: 1,
    })
    expect(await stored()).toEqual(before)
  })

  it.each<[bodies: ReadonlyArray<Readonly<Record<string, unknown>>>, issue: string]>([
    [[bodyOf('R100', 'a'), bodyOf('R100', 'a')], 'line 3: R100 a stands in line 2 already'],
    [[bodyOf('R100', 'a', { passcode: '482173' })], 'line 2: passcode: a passcode is never written'],
    [[bodyOf('R999', 'a')], 'line 2: account: there is no account R999'],
    [[bodyOf('R200', 'a', { limits: { spend: '1.50' } })], 'line 2: limits.spend: is 1.50, which is no amount in JPY'],
    [[bodyOf('CARRIER', 'a', { limits: { spend: '1' } })], 'line 2: limits.spend: the account CARRIER has no currency'],
  ])('that are wrong is refused as a whole', async (bodies, issue) => {
    const refusal = await create([...bodies, bodyOf('R100', 'right')]).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ kind: 'bad-configuration', message: expect.stringContaining(issue) })
    expect(String((refusal as Error).message)).not.toContain('482173')
    expect(await stored()).toEqual([])
  })

  it('keeps nothing where the passcodes could not be handed out', async () => {
    const lost = new Error('the disk is full')
    await expect(create([bodyOf('R100', 'a')], { deliver: () => Promise.reject(lost) })).rejects.toBe(lost)
    expect(await stored()).toEqual([])
    expect((await create([bodyOf('R100', 'a')])).saved).toMatchObject([{ outcome: 'created' }])
  })

  it('takes a passcode that somebody chose, unless another has it, had it, or anybody would guess it', async () => {
    const chosen = '48217390'
    await create([bodyOf('R100', 'a')], { chosen })
    for (const [userId, code] of [
      ['b', chosen],
      ['b', '12345678'],
      ['b-90482176', '90482176'],
    ] as const) {
      const error = await create([bodyOf('R100', userId)], { chosen: code }).catch((one: unknown) => one)
      expect(error).toMatchObject({ kind: 'bad-command', message: expect.stringContaining('cannot be a passcode') })
      expect((error as Error).message).not.toMatch(/\d/)
    }
    await rotatePasscodes(workspace, { scope: { of: 'one', key: { account: 'R100', userId: 'a' } } })
    await expect(create([bodyOf('R100', 'b')], { chosen })).rejects.toMatchObject({ kind: 'bad-command' })
    // In another master account it is free, until one bridge serves both.
    await create([bodyOf('R200', 'a')], { chosen })
  })
})

describe('a bridge', () => {
  const apply = (accounts: ReadonlyArray<string>) =>
    applyConfiguration(workspace, {
      files: [{ name: 'b.yaml', text: `kind: Bridge\nname: london\naccounts: [${accounts.join(', ')}]` }],
    })

  it('keeps passcodes apart from then on, and is refused where two are the same', async () => {
    await create([bodyOf('R100', 'a')], { chosen: '48217390' })
    await create([bodyOf('R200', 'b')], { chosen: '48217390' })
    await expect(apply(['R100', 'R200'])).rejects.toMatchObject({
      message: expect.stringContaining('R100 a and R200 b have the same passcode; rotate one first'),
    })
    await rotatePasscodes(workspace, { scope: { of: 'one', key: { account: 'R200', userId: 'b' } } })
    await apply(['R100', 'R200'])
    await expect(create([bodyOf('R200', 'c')], { chosen: '48217390' })).rejects.toMatchObject({ kind: 'bad-command' })
  })

  it('names accounts that there are', async () => {
    await expect(apply(['R999'])).rejects.toMatchObject({ message: expect.stringContaining('no account R999') })
  })
})

describe('a master account', () => {
  it('of a document is not deleted while it has sub-accounts', async () => {
    const text = 'kind: Account\nid: R300\ncurrency: USD'
    await applyConfiguration(workspace, { files: [{ name: 'a.yaml', text }] })
    await create([bodyOf('R300', 'a')])
    await expect(deleteConfiguration(workspace, { kind: 'Account', name: 'R300' })).rejects.toMatchObject({
      kind: 'in-use',
      message: 'Account R300 is still used by SubAccount R300 a.',
    })
  })
})

describe('the entry code of a call', () => {
  it('is looked up in its master account, by passcodes of now and of before', async () => {
    expect(await codeLookup(workspace)).toBeUndefined()
    await create([bodyOf('R100', 'a')], { chosen: '48217390' })
    await create([bodyOf('R200', 'b')], { chosen: '48217390' })
    await create([bodyOf('R200', 'c')], { chosen: '90482176' })
    await rotatePasscodes(workspace, { scope: { of: 'one', key: { account: 'R100', userId: 'a' } } })
    const subAccountOf = await codeLookup(workspace)
    expect(subAccountOf?.('R100', '48217390')).toEqual({ account: 'R100', userId: 'a' })
    expect(subAccountOf?.('R200', '48217390')).toEqual({ account: 'R200', userId: 'b' })
    expect(subAccountOf?.('R999', '48217390')).toBeUndefined()
    expect(subAccountOf?.('R100', '90482176')).toBeUndefined()
    expect(subAccountOf?.('', '90482176')).toEqual({ account: 'R200', userId: 'c' })
    expect(subAccountOf?.('', '48217390')).toBeUndefined()
  })
})

describe('a request', () => {
  const ask = (userId: string) => requestSubAccount(workspace, { body: bodyOf('R100', userId), because: 'a trial' })
  const listed = async () => {
    const report = await requestsReport(unscoped(workspace))
    const rows = []
    for await (const batch of report.rows) rows.push(...batch)
    return rows.map(([id, , userId, , , , state, , , reason]) => [id, userId, state, reason].join(' '))
  }

  it('that is approved makes the sub-account with a passcode, once', async () => {
    const id = await ask('a')
    expect(await approveRequest(workspace, { id, reason: 'yes' })).toMatchObject({ account: 'R100', userId: 'a' })
    await expect(approveRequest(workspace, { id, reason: '' })).rejects.toMatchObject({ kind: 'in-use' })
    await expect(refuseRequest(workspace, { id, reason: 'no' })).rejects.toMatchObject({ kind: 'in-use' })
    expect(await stored()).toHaveLength(1)
  })

  it('that is refused is kept with the reason, and may be made again', async () => {
    const id = await ask('a')
    await expect(refuseRequest(workspace, { id, reason: ' ' })).rejects.toMatchObject({ kind: 'bad-command' })
    await expect(ask('a')).rejects.toMatchObject({ kind: 'in-use' })
    await refuseRequest(workspace, { id, reason: 'share one' })
    await ask('a')
    expect(await listed()).toEqual(['2 a open ', '1 a refused share one'])
    const audit = await workspace.catalog.selectFrom('audit').select(['action', 'subject']).execute()
    expect(audit.map(({ action, subject }) => `${action} ${subject}`)).toEqual([
      'request SubAccount/R100 a',
      'refuse-request SubAccount/R100 a',
      'request SubAccount/R100 a',
    ])
  })

  it.each<[what: string, body: Readonly<Record<string, unknown>>, kind: string]>([
    ['for one that there is', bodyOf('R100', 'there'), 'in-use'],
    ['for an account that there is not', bodyOf('R999', 'a'), 'bad-configuration'],
    ['with a passcode', bodyOf('R100', 'a', { pin: '482173' }), 'bad-configuration'],
  ])('%s is not taken', async (_, body, kind) => {
    await create([bodyOf('R100', 'there')])
    await expect(requestSubAccount(workspace, { body, because: 'a trial' })).rejects.toMatchObject({ kind })
  })
})
