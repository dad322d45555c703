import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../time/local-date.ts'
import { ownerOn } from './sub-account.ts'
import {
  issuesOfBridgeDocument,
  issuesOfSubAccountDocument,
  readSubAccounts,
  subAccountDocument,
  subAccountDocumentName,
  toSubAccount,
} from './sub-account-document.ts'
import { subAccountOfRow } from './sub-account-row.ts'

const LEAST = { kind: 'SubAccount', account: 'R100', 'user-id': 'jsmith' }
const on = (day: string) => day as LocalDate

describe('a sub-account document', () => {
  it.each<[what: string, keys: object]>([
    ['nothing more than it must say', {}],
    ['an owner', { owner: { client: 'Acme Ltd' } }],
    [
      'limits',
      { limits: { spend: '50.00', minutes: 600, participants: 10, 'call-minutes': 120, 'at-limit': 'refuse' } },
    ],
    [
      'owners with a day between them',
      {
        owners: [
          { person: 'E1', until: '2026-10-01' },
          { project: 'M-7', from: '2026-10-02' },
        ],
      },
    ],
  ])('with %s is right', (_, keys) => expect(issuesOfSubAccountDocument({ ...LEAST, ...keys })).toEqual([]))

  it.each<[keys: object, issue: string]>([
    [
      { passcode: '482173' },
      'passcode: a passcode is never written in a document; give one with `spillway sub-account rotate`',
    ],
    [{ PIN: 482173 }, 'PIN: a passcode is never written in a document; give one with `spillway sub-account rotate`'],
    [{ 'user-id': 'j smith' }, 'user-id: must be 1 to 64 letters, digits or . _ @ + -, without blanks'],
    [{ 'user-id': 1001 }, 'user-id: must be text (in quotes where it looks like a number)'],
    [{ owner: { person: 'E1', project: 'M-7' } }, 'owner: must name one of person, cost-centre, project or client'],
    [{ owner: {} }, 'owner: must name one of person, cost-centre, project or client'],
    [{ owner: { person: 'E1' }, owners: [{ person: 'E1' }] }, 'owners: stands beside owner; name one of the two'],
    [
      {
        owners: [
          { person: 'E1', until: '2026-10-02' },
          { project: 'M-7', from: '2026-10-01' },
        ],
      },
      'owners: person E1 and project M-7 have it on the same day; until is exclusive',
    ],
    [
      { owners: [{ person: 'E1', from: '2026-10-02', until: '2026-10-02' }] },
      'owners: until is 2026-10-02, which is not after from (2026-10-02); until is exclusive',
    ],
    [{ limits: { minutes: 0 } }, 'limits.minutes: must be at least 1'],
    [{ limits: { spend: '-5' } }, 'limits.spend: is -5 and must not be negative'],
    [{ limits: { 'at-limit': 'shout' } }, 'limits.at-limit: must be one of alert, refuse'],
    [{ limit: 5 }, 'document: has no key "limit"'],
  ])('with %j is refused', (keys, issue) => expect(issuesOfSubAccountDocument({ ...LEAST, ...keys })).toEqual([issue]))

  it('says nothing of a passcode that was written into it', () => {
    expect(issuesOfSubAccountDocument({ ...LEAST, passcode: '482173' }).join()).not.toContain('482173')
  })

  it('is saved under its account and user id, and is enabled and without limits unless it says otherwise', () => {
    expect(subAccountDocumentName(LEAST)).toBe('R100 jsmith')
    expect(toSubAccount(subAccountDocument.parse(LEAST))).toEqual({
      account: 'R100',
      userId: 'jsmith',
      name: '',
      owners: [],
      isEnabled: true,
      limits: { spend: null, minutes: null, participants: null, callMinutes: null, atLimit: 'alert' },
    })
  })

  it('has an owner by the day, and nobody where no stint is', () => {
    const [subAccount] = readSubAccounts([
      {
        ...LEAST,
        owners: [
          { project: 'M-7', from: '2026-10-05' },
          { person: 'E1', from: '2026-01-01', until: '2026-10-01' },
        ],
      },
    ])
    const ownerAt = (day: string) => subAccount && ownerOn(subAccount, on(day))
    expect(ownerAt('2025-12-31')).toBeNull()
    expect(ownerAt('2026-09-30')).toEqual({ kind: 'person', id: 'E1' })
    expect(ownerAt('2026-10-01')).toBeNull()
    expect(ownerAt('2026-10-05')).toEqual({ kind: 'project', id: 'M-7' })
  })
})

describe('a row of a file of sub-accounts', () => {
  const body = (cells: Record<string, string>) => subAccountOfRow((column) => cells[column] ?? '')

  it('is the document that its cells say', () => {
    expect(
      body({
        account: 'R100',
        user_id: ' lit ',
        cost_centre: 'CC-1',
        enabled: 'No',
        minutes: '90',
        spend: '12.50',
        at_limit: 'refuse',
      }),
    ).toEqual({
      kind: 'SubAccount',
      account: 'R100',
      'user-id': 'lit',
      owner: { 'cost-centre': 'CC-1' },
      enabled: false,
      limits: { minutes: 90, spend: '12.50', 'at-limit': 'refuse' },
    })
  })

  it.each<[cells: Record<string, string>, issue: string]>([
    [{ person: 'E1', client: 'Acme' }, 'owner: must name one of person, cost-centre, project or client'],
    [{ enabled: 'perhaps' }, 'enabled: must be boolean'],
    [{ minutes: '1.5' }, 'limits.minutes: must be a whole number'],
  ])('with %j is refused by the rules of the document', (cells, issue) =>
    expect(issuesOfSubAccountDocument(body({ account: 'R100', user_id: 'a', ...cells }))).toEqual([issue]),
  )
})

describe('a bridge', () => {
  it('has master accounts, each once', () => {
    expect(issuesOfBridgeDocument({ kind: 'Bridge', name: 'london', accounts: ['R100', 'R200'] })).toEqual([])
    expect(issuesOfBridgeDocument({ kind: 'Bridge', name: 'london', accounts: ['R100', 'R100'] })).toEqual([
      'accounts: names R100 twice',
    ])
  })
})
