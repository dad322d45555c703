import { describe, expect, it } from 'vitest'
import { documentOf, NO_VALUES, valuesOf } from './sub-account-document.ts'

describe('a sub-account as somebody types it', () => {
  it.each([
    { kind: 'SubAccount', account: 'A', 'user-id': 'ada' },
    {
      kind: 'SubAccount',
      account: 'A',
      'user-id': '007',
      name: 'Ada',
      owner: { 'cost-centre': 'C-1' },
      enabled: false,
    },
    {
      ...{ kind: 'SubAccount', account: 'A', 'user-id': 'ada', owners: [{ person: 'E-1', until: '2026-01-01' }] },
      limits: { spend: '12.50', minutes: 90, 'at-limit': 'refuse' },
    },
  ])('is the document again that it was read from: %j', (body) => {
    expect(documentOf('A', valuesOf(body), body)).toEqual(body)
  })

  it('loses an owner and limits that are emptied, and keeps a limit that is no number as typed', () => {
    const before = {
      kind: 'SubAccount',
      account: 'A',
      'user-id': 'ada',
      owner: { person: 'E-1' },
      limits: { minutes: 5 },
    }
    expect(documentOf('A', { ...NO_VALUES, userId: ' ada ', ownerKind: 'client', atLimit: 'refuse' }, before)).toEqual({
      ...{ kind: 'SubAccount', account: 'A', 'user-id': 'ada' },
    })
    expect(documentOf('A', { ...NO_VALUES, userId: 'ada', minutes: 'many' })).toMatchObject({
      limits: { minutes: 'many' },
    })
  })
})
