import { chmod, rm, writeFile } from 'node:fs/promises'
import type { KyselyPlugin } from 'kysely'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { buildWorkspace, type WorkspaceBuilder } from '../../test/workspace-builder.ts'
import { deleteConfiguration } from '../catalog/delete-configuration.ts'
import type { Warehouse } from '../warehouse/warehouse.ts'
import { openWorkspace, type Workspace } from '../workspace/workspace.ts'
import { createSubAccounts, rotatePasscodes, setSubAccountEnabled } from './manage-sub-accounts.ts'
import { passcodeKeyPath } from './passcode-key.ts'
import { type VerifyRequest, verifyPasscode } from './verify-passcode.ts'

let built: WorkspaceBuilder
let workspace: Workspace
let minute: number
let codes: Record<string, string>

const BODIES: ReadonlyArray<Readonly<Record<string, unknown>>> = [
  { account: 'R100', 'user-id': 'jsmith', limits: { minutes: 60, participants: 5, 'at-limit': 'refuse' } },
  { account: 'R100', 'user-id': 'litigation' },
  { account: 'R100', 'user-id': 'left', enabled: false },
  { account: 'R200', 'user-id': 'jsmith' },
].map((keys) => ({ kind: 'SubAccount', ...keys }))

/** The same workspace `minute` minutes after nine. */
const inTime = (held: Workspace): Workspace => ({
  ...held,
  actor: { ...held.actor, now: () => new Date(Date.UTC(2026, 10, 22, 9, minute)) },
})

beforeEach(async () => {
  minute = 0
  built = await buildWorkspace()
  workspace = inTime(built.workspace)
  await built.add({ account: '| account |\n| R100 |\n| R200 |' })
  await built.apply({ kind: 'Bridge', name: 'london', accounts: ['R100', 'R200'] })
  const { passcodes } = await createSubAccounts(workspace, {
    documents: BODIES.map((body) => ({ place: 'test', body })),
  })
  codes = Object.fromEntries(passcodes.map(({ account, userId, passcode }) => [`${account} ${userId}`, passcode]))
})
afterEach(() => built.remove())

const codeOf = (name: string) => codes[name] as string
const R100 = { account: 'R100' }
const verify = (passcode: string, of: VerifyRequest['of'] = R100, caller = '+15550100') =>
  verifyPasscode(workspace, { passcode, of, caller })
/** No passcode that was given, different for each number. */
const wrong = (number: number) => String(number).padStart(13, '0')
const guess = async (times: number, of: VerifyRequest['of'] = R100, callerOf = (_: number) => '+15550199') => {
  for (let number = 0; number < times; number += 1) await verify(wrong(number), of, callerOf(number))
}
const REFUSED = { outcome: 'refused' }
const accepted = (account: string, userId: string) => ({ outcome: 'accepted', account, userId })

describe('verify', () => {
  it('answers whose passcode it is, and what the bridge is to hold', async () => {
    expect(await verify(codeOf('R100 jsmith'))).toEqual({
      ...accepted('R100', 'jsmith'),
      limits: [
        { limit: 'minutes', most: '60', used: '0', left: '60', isReached: false },
        { limit: 'participants', most: '5', used: '0', left: '5', isReached: false },
      ],
    })
  })

  it('takes a passcode alone on a bridge, where no two are the same', async () => {
    expect(await verify(codeOf('R200 jsmith'), { bridge: 'london' })).toMatchObject(accepted('R200', 'jsmith'))
    expect(await verify(codeOf('R200 jsmith'), { bridge: 'paris' })).toEqual(REFUSED)
  })

  it('takes a user id with the passcode, and then no other', async () => {
    const of = { account: 'R100', userId: 'jsmith' }
    expect(await verify(codeOf('R100 jsmith'), of)).toMatchObject(accepted('R100', 'jsmith'))
    expect(await verify(codeOf('R100 litigation'), of)).toEqual(REFUSED)
  })

  it.each<[what: string, name: string, of: VerifyRequest['of']]>([
    ['of another master account', 'R200 jsmith', R100],
    ['of a sub-account that is disabled', 'R100 left', R100],
    ['for an account that there is not', 'R100 jsmith', { account: 'R999' }],
  ])('says the same of a passcode %s as of a wrong one', async (_, name, of) => {
    expect(await verify(codeOf(name), of)).toEqual(REFUSED)
    expect(await verify(wrong(0), of)).toEqual(REFUSED)
  })

  it('holds from the next call on that one is disabled, enabled, rotated or deleted', async () => {
    const key = { account: 'R100', userId: 'litigation' }
    const first = codeOf('R100 litigation')
    await setSubAccountEnabled(workspace, { ...key, isEnabled: false })
    expect(await verify(first)).toEqual(REFUSED)
    await setSubAccountEnabled(workspace, { ...key, isEnabled: true })
    expect(await verify(first)).toMatchObject(accepted('R100', 'litigation'))
    const [second] = await rotatePasscodes(workspace, { scope: { of: 'one', key } })
    expect(await verify(first)).toEqual(REFUSED)
    expect(await verify(second?.passcode ?? '')).toMatchObject(accepted('R100', 'litigation'))
    await deleteConfiguration(workspace, { kind: 'SubAccount', name: 'R100 litigation' })
    await built.apply({ kind: 'SubAccount', name: 'R100 litigation', account: 'R100', 'user-id': 'litigation' })
    expect(await verify(second?.passcode ?? '')).toEqual(REFUSED)
  })

  it('refuses at the limit of a billing period, and takes the next period', async () => {
    await built.add({
      usage: `| account | service | usage_type | on | until | used | view |
              | R100 | jsmith | conference | 2026-11-03T10:00:00 | 2026-11-03T10:59:00 | 59 min | itemised |`,
    })
    expect(await verify(codeOf('R100 jsmith'))).toMatchObject({ limits: [{ used: '59', left: '1' }, {}] })
    await built.add({
      usage: `| account | service | usage_type | on | until | used | view |
              | R100 | jsmith | conference | 2026-11-30T23:59:00 | 2026-12-01T00:00:00 | 1 min | itemised |`,
    })
    expect(await verify(codeOf('R100 jsmith'))).toEqual(REFUSED)
    minute = 9 * 24 * 60
    expect(await verify(codeOf('R100 jsmith'))).toMatchObject({ limits: [{ used: '0' }, {}] })
  })
})

describe('ten wrong tries', () => {
  it('lock a caller for fifteen minutes, whatever is tried', async () => {
    await guess(10)
    expect(await verify(codeOf('R100 jsmith'), R100, '+15550199')).toEqual(REFUSED)
    expect(await verify(codeOf('R100 jsmith'))).toMatchObject(accepted('R100', 'jsmith'))
    minute = 14
    expect(await verify(codeOf('R100 jsmith'), R100, '+15550199')).toEqual(REFUSED)
    minute = 15
    expect(await verify(codeOf('R100 jsmith'), R100, '+15550199')).toMatchObject(accepted('R100', 'jsmith'))
  })

  it('lock a user id, though each came from another caller', async () => {
    const of = { account: 'R100', userId: 'jsmith' }
    await guess(10, of, (number) => `+1555020${number}`)
    expect(await verify(codeOf('R100 jsmith'), of)).toEqual(REFUSED)
    expect(await verify(codeOf('R100 jsmith'))).toEqual(REFUSED)
    expect(await verify(codeOf('R100 litigation'))).toMatchObject(accepted('R100', 'litigation'))
    minute = 15
    expect(await verify(codeOf('R100 jsmith'), of)).toMatchObject(accepted('R100', 'jsmith'))
  })

  it('are counted on, though the caller has a passcode that is right', async () => {
    await guess(9)
    expect(await verify(codeOf('R100 litigation'), R100, '+15550199')).toMatchObject({ outcome: 'accepted' })
    await guess(1)
    expect(await verify(codeOf('R100 litigation'), R100, '+15550199')).toEqual(REFUSED)
  })

  it('of nobody lock nobody', async () => {
    await guess(20, R100, (number) => `+155502${number}`)
    expect(await verify(codeOf('R100 jsmith'))).toMatchObject(accepted('R100', 'jsmith'))
  })

  it('are known after a restart, and in the audit log, which has nothing that was typed', async () => {
    const of = { account: 'R100', userId: '482173' }
    await guess(10, of)
    const { directory, actor } = workspace
    await workspace.close()
    const reopened = await openWorkspace(directory, { access: 'write', actor, holder: 'test' })
    built = { ...built, remove: () => reopened.close().then(() => rm(directory, { recursive: true })) }
    workspace = inTime(reopened)
    expect(await verify(codeOf('R100 jsmith'), R100, '+15550199')).toEqual(REFUSED)
    const rows = await reopened.catalog.selectFrom('audit').selectAll().where('action', '=', 'lock').execute()
    expect(rows.map(({ subject, details }) => [subject, JSON.parse(details)])).toEqual([
      ['passcodes', { locked: ['caller', 'user id'], seconds: 900 }],
    ])
    const everything = JSON.stringify([rows, await reopened.catalog.selectFrom('wrong_try').selectAll().execute()])
    for (const typed of ['482173', '+15550199', wrong(0)]) expect(everything).not.toContain(typed)
  })
})

/** A workspace that notes every statement, without what is in it. */
function noting(held: Workspace, notes: string[]): Workspace {
  const plugin: KyselyPlugin = {
    transformQuery: ({ node }) => {
      const table = JSON.stringify(node).match(
        /"table":\{"kind":"IdentifierNode","name":"(\w+)"|"identifier":\{"kind":"IdentifierNode","name":"(\w+)"/,
      )
      notes.push(`${node.kind} ${table?.[1] ?? table?.[2] ?? ''}`)
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const { warehouse } = held
  const noted = {
    rows: (sql: string, parameters?: Parameters<Warehouse['rows']>[1]) => {
      notes.push('warehouse')
      return warehouse.rows(sql, parameters)
    },
    row: (sql: string, parameters?: Parameters<Warehouse['row']>[1]) => {
      notes.push('warehouse')
      return warehouse.row(sql, parameters)
    },
  }
  return { ...held, catalog: held.catalog.withPlugin(plugin), warehouse: noted as unknown as Warehouse }
}

describe('how long a refusal takes', () => {
  const REASONS: ReadonlyArray<[reason: string, name: string, of: VerifyRequest['of']]> = [
    ['unknown account', '', { account: 'R999' }],
    ['unknown passcode', '', R100],
    ['unknown user id', '', { account: 'R100', userId: 'nobody' }],
    ['wrong passcode of a user id', '', { account: 'R100', userId: 'jsmith' }],
    ['disabled', 'R100 left', R100],
    ['locked', 'R100 litigation', { account: 'R100', userId: 'litigation' }],
  ]
  const refuse = (held: Workspace, index: number, round: number) => {
    const [, name, of] = REASONS[index] as (typeof REASONS)[number]
    return verifyPasscode(held, {
      passcode: name === '' ? wrong(round) : codeOf(name),
      of,
      caller: `${index}-${round}`,
    })
  }
  beforeEach(() => guess(10, { account: 'R100', userId: 'litigation' }, (number) => `+1555030${number}`))

  it('does not depend on the reason: each asks and writes the same, in the same order', async () => {
    const lists = []
    for (const [index] of REASONS.entries()) {
      const notes: string[] = []
      expect(await refuse(noting(workspace, notes), index, 0)).toEqual(REFUSED)
      lists.push(notes)
    }
    expect(lists[0]?.length).toBeGreaterThan(10)
    for (const list of lists) expect(list).toEqual(lists[0])
  })

  // How often one reason is slower than another, of all pairs: half the time where they cannot be told apart. Bounds that a
  // busy machine keeps, and a query more or less does not.
  it('cannot be told from the reason by a clock', async () => {
    const times: number[][] = REASONS.map(() => [])
    for (let round = 0; round < 25; round += 1)
      for (let step = 0; step < REASONS.length; step += 1) {
        const index = (round * 5 + step) % REASONS.length
        const before = process.hrtime.bigint()
        await refuse(workspace, index, round)
        times[index]?.push(Number(process.hrtime.bigint() - before))
      }
    const all = times.flat()
    for (const own of times) {
      const slower = own.flatMap((time) => all.map((other) => (time > other ? 1 : time === other ? 0.5 : 0)))
      const often = slower.reduce((sum: number, one) => sum + one, 0) / slower.length
      expect(often).toBeGreaterThan(0.2)
      expect(often).toBeLessThan(0.8)
    }
  })
})

describe('the key', () => {
  const path = () => passcodeKeyPath(workspace)

  it.each<[what: string, change: () => Promise<void>, message: string]>([
    ['is gone', () => rm(path()), 'cannot be read'],
    ['is another', () => writeFile(path(), '0123456789abcdef'.repeat(4)), 'is not the key under which'],
    ['is no key', () => writeFile(path(), 'secret'), 'holds no key'],
    ['can be read by others', () => chmod(path(), 0o644), 'can be read by others'],
  ])('that %s is refused clearly, and never printed', async (_, change, message) => {
    await change()
    const refusal = await verify(codeOf('R100 jsmith')).catch((error: unknown) => error)
    expect(refusal).toMatchObject({ kind: 'passcode-key', message: expect.stringContaining(message) })
    expect(JSON.stringify(refusal)).not.toMatch(/[0-9a-f]{64}/)
  })

  it('that is lost is replaced with all passcodes, and with no fewer', async () => {
    await rm(path())
    await expect(
      rotatePasscodes(workspace, { scope: { of: 'all', account: 'R100' }, newKey: true }),
    ).rejects.toMatchObject({ kind: 'bad-command' })
    const made = await rotatePasscodes(workspace, { scope: { of: 'all', account: '' }, newKey: true })
    expect(made).toHaveLength(4)
    expect(await verify(codeOf('R100 jsmith'))).toEqual(REFUSED)
    const own = made.find(({ account, userId }) => account === 'R100' && userId === 'jsmith')
    expect(await verify(own?.passcode ?? '')).toMatchObject(accepted('R100', 'jsmith'))
  })
})
