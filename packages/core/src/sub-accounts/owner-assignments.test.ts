import { describe, expect, it } from 'vitest'
import type { LocalDate } from '../time/local-date.ts'
import { assignOwners } from './owner-assignments.ts'
import type { OwnerKind, SubAccount } from './sub-account.ts'

type Written = readonly [kind: OwnerKind, id: string, from?: string | undefined, until?: string]

function subAccount(name: string, owners: ReadonlyArray<Written>): SubAccount {
  const [account, userId] = name.split(' ') as [string, string]
  const day = (text: string | undefined) => (text === undefined ? null : (text as LocalDate))
  return {
    account,
    userId,
    name: '',
    owners: owners.map(([kind, id, from, until]) => ({ owner: { kind, id }, from: day(from), until: day(until) })),
    isEnabled: true,
    limits: { spend: null, minutes: null, participants: null, callMinutes: null, atLimit: 'alert' },
  }
}

/** `anna CONF: E-1 - - 2026-10-01..`: service, account, person, cost centre, project, days. */
function written(subAccounts: SubAccount[], taken: Record<string, ReadonlyArray<[string | null, string | null]>> = {}) {
  const stints = Object.entries(taken).map(
    ([service, days]) =>
      [service, days.map(([from, to]) => ({ from: from as LocalDate | null, to: to as LocalDate | null }))] as const,
  )
  const { rows, shared } = assignOwners(subAccounts, new Map(stints))
  const days = ({ from, to }: { from: LocalDate | null; to: LocalDate | null }) => `${from ?? ''}..${to ?? ''}`
  return {
    rows: rows.map((row) =>
      [row.service, row.account, row.person, row.costCentre, row.project]
        .map((text) => text || '-')
        .join(' ')
        .concat(` ${days(row)}`),
    ),
    shared: shared.map((one) => `${one.userId} ${one.accounts.join('+')} ${days(one)}`),
  }
}

describe('owners of sub-accounts as rows of the inventory', () => {
  it('gives each kind of owner its own key, and a client none', () => {
    const kinds = (['person', 'cost-centre', 'project', 'client'] as const).map((kind) =>
      subAccount(`CONF ${kind}`, [[kind, 'X']]),
    )
    expect(written(kinds)).toEqual({
      rows: ['person CONF X - - ..', 'cost-centre CONF - X - ..', 'project CONF - - X ..', 'client CONF - - - ..'],
      shared: [],
    })
  })

  it('leaves the days of the inventory to its own rows, and days without an owner to nobody', () => {
    const anna = subAccount('CONF anna', [
      ['person', 'E-1', undefined, '2026-10-10'],
      ['person', 'E-2', '2026-10-20'],
    ])
    expect(
      written([anna], {
        anna: [
          ['2026-10-05', '2026-10-08'],
          ['2026-11-01', null],
        ],
      }).rows,
    ).toEqual([
      'anna CONF E-1 - - ..2026-10-05',
      'anna CONF E-1 - - 2026-10-08..2026-10-10',
      'anna CONF E-2 - - 2026-10-20..2026-11-01',
    ])
    expect(written([anna], { anna: [[null, null]] }).rows).toEqual([])
  })

  it('leaves a user id that two accounts give to different owners to nobody, on those days alone', () => {
    const [one, other] = [
      subAccount('A 100', [['person', 'E-1']]),
      subAccount('B 100', [
        ['person', 'E-1', undefined, '2026-10-10'],
        ['project', 'E-1', '2026-10-10'],
      ]),
    ]
    expect(written([one, other])).toEqual({
      rows: ['100 - E-1 - - ..2026-10-10', '100 - - - - 2026-10-10..'],
      shared: ['100 A+B 2026-10-10..'],
    })
  })

  it('counts an account without an owner as a different one, and two without any as none', () => {
    const owned = subAccount('A 100', [['person', 'E-1', '2026-10-01', '2026-10-10']])
    expect(written([owned, subAccount('B 100', [])])).toEqual({
      rows: ['100 - - - - 2026-10-01..2026-10-10'],
      shared: ['100 A+B 2026-10-01..2026-10-10'],
    })
    expect(written([subAccount('A 1', []), subAccount('B 1', [])])).toEqual({ rows: [], shared: [] })
  })
})
