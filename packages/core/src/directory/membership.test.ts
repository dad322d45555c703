import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Pool, PoolMember, Service } from '../facts/fact.ts'
import { addDays, type LocalDate } from '../time/local-date.ts'
import { buildMemberships, isMemberOn, type Member, membersByRule, membershipDays, membersIn } from './membership.ts'
import { checkPoolCeilings, checkPoolOverlaps, mayCoexist } from './membership-checks.ts'

const OCTOBER = { startOn: '2026-10-01' as LocalDate, endOn: '2026-11-01' as LocalDate }

const pool = (id: string, given: Partial<Pool> = {}): Pool => ({
  ...{ fact: 'pool', pool: id, vendor: 'V', account: 'A', model: 'aggregate', usageType: 'data', extra: {} },
  ...{ allowanceBase: null, maxMembers: null, zone: '', timeBand: '', network: '' },
  ...given,
})

/** `P S1 10-01.. 2 GB`: pool, service, from..to (in 2026), contribution, unit. */
function member(text: string): PoolMember {
  const [id = '', service = '', days = '..', contribution = '', unit = ''] = text.split(' ')
  const [from, to] = days.split('..').map((day) => (day === '' ? null : (`2026-${day}` as LocalDate)))
  return { fact: 'pool-member', pool: id, service, contribution, unit, from: from ?? null, to: to ?? null, extra: {} }
}
const build = (pools: Pool[], members: string[]) => buildMemberships({ pools, members: members.map(member) })

function only(rows: string[]): Member {
  const found = build([pool('P')], rows)
    .memberships.get('P')
    ?.members.get('S1')
  if (!found) throw new Error('S1 is not a member')
  return found
}

describe('buildMemberships', () => {
  it.each([
    { name: 'without dates', rows: ['P S1'], days: 31 },
    { name: 'from a day on', rows: ['P S1 10-22..'], days: 10 },
    { name: 'until a day', rows: ['P S1 ..10-02'], days: 1 },
    { name: 'ended as the window begins', rows: ['P S1 ..10-01'], days: 0 },
    { name: 'beginning as the window ends', rows: ['P S1 11-01..'], days: 0 },
    { name: 'with a gap', rows: ['P S1 ..10-02', 'P S1 10-31..'], days: 2 },
    { name: 'with rows that overlap', rows: ['P S1 ..10-20', 'P S1 10-10..'], days: 31 },
  ])('counts the days of a member $name', ({ rows, days }) => {
    expect(membershipDays(only(rows), OCTOBER)).toBe(days)
  })

  it('knows who is a member on a day', () => {
    const found = only(['P S1 10-02..10-03'])
    const on = (day: string) => isMemberOn(found, day as LocalDate)
    expect([on('2026-10-01'), on('2026-10-02'), on('2026-10-03')]).toEqual([false, true, false])
  })

  it('lists the members in a window with the contribution of their last day', () => {
    const { memberships, problems } = build(
      [pool('P')],
      ['P S2 ..10-11 1 GB', 'P S2 10-11.. 3.5 GiB', 'P S1', 'P S3 11-01.. 1 GB'],
    )
    expect(problems).toEqual([])
    const membership = memberships.get('P')
    expect(membership && membersIn(membership, OCTOBER)).toEqual([
      { service: 'S1', days: 31, contributionBase: 0n },
      { service: 'S2', days: 31, contributionBase: 3758096384n },
    ])
  })

  it.each([
    { name: 'a unit that nobody knows', row: 'P S1 .. 2 gigs', code: 'unit-unknown' },
    { name: 'a unit of another usage type', row: 'P S1 .. 2 min', code: 'unit-mismatch' },
    { name: 'a contribution without a unit', row: 'P S1 .. 2', code: 'unit-unknown' },
    { name: 'a contribution that is no number', row: 'P S1 .. two GB', code: 'number-unreadable' },
    { name: 'a negative contribution', row: 'P S1 .. -2 GB', code: 'number-unreadable' },
  ])('reports $name and never takes it as nothing', ({ row, code }) => {
    const { memberships, problems } = build([pool('P')], [row])
    expect(problems.map((problem) => problem.code)).toEqual([code])
    expect(memberships.get('P')?.members.get('S1')?.stints[0]?.contributionBase).toBeNull()
  })

  it('reports rows of one member that contradict each other, and keeps every day', () => {
    const { memberships, problems } = build([pool('P')], ['P S1 .. 1 GB', 'P S1 10-10..10-20 2 GB'])
    expect(problems).toMatchObject([
      { code: 'overlapping-stints', facts: { id: 'P / S1', from: '2026-10-10', to: '2026-10-20' } },
    ])
    const membership = memberships.get('P')
    expect(membership && membersIn(membership, OCTOBER)).toMatchObject([{ days: 31 }])
  })

  it('reports members of a pool that nobody defined, once', () => {
    expect(build([], ['X S2', 'X S1']).problems).toMatchObject([
      { code: 'pool-unknown', facts: { pool: 'X', usedBy: 'the membership of S1 and 1 more' } },
    ])
  })
})

describe('membersByRule', () => {
  it('finds the services of a product while they have it', () => {
    const service = (id: string, product: string, to: LocalDate | null = null): Service => ({
      ...{ fact: 'service', service: id, vendor: 'V', account: 'A', product, serviceType: 'mobile', person: '' },
      ...{ costCentre: '', project: '', from: null, to, sharePpm: null, deviceType: '', extra: {} },
    })
    const services = [
      service('S2', '5GB', OCTOBER.startOn),
      service('S1', '5GB'),
      service('S1', '5GB'),
      service('S3', 'x'),
    ]
    const rule = { vendor: 'V', account: '', product: '5GB', serviceType: '' }
    const found = membersByRule({ pool: 'P', rule, services })
    expect(found.map((each) => [each.pool, each.service, each.to])).toEqual([
      ['P', 'S1', null],
      ['P', 'S2', '2026-10-01'],
    ])
  })
})

describe('checkPoolOverlaps', () => {
  const overlaps = (pools: Pool[], members: string[], window?: typeof OCTOBER) =>
    checkPoolOverlaps(build(pools, members).memberships, window).map((problem) => problem.facts)

  it('names the service, the pools and the first day', () => {
    expect(overlaps([pool('P'), pool('Q')], ['P S1', 'Q S1 10-05..', 'P S2', 'Q S3'])).toEqual([
      { service: 'S1', pools: ['P', 'Q'], on: '2026-10-05' },
    ])
  })

  it.each([
    { name: 'one ends as the other begins', pools: [pool('P'), pool('Q')], rows: ['P S1 ..10-05', 'Q S1 10-05..'] },
    {
      name: 'they are of other usage types',
      pools: [pool('P'), pool('Q', { usageType: 'voice' })],
      rows: ['P S1', 'Q S1'],
    },
    {
      name: 'they are of other zones',
      pools: [pool('P', { zone: 'domestic' }), pool('Q', { zone: 'roaming' })],
      rows: ['P S1', 'Q S1'],
    },
  ])('finds none where $name', ({ pools, rows }) => {
    expect(overlaps(pools, rows)).toEqual([])
  })

  it('finds one only on the days that the window asks about', () => {
    expect(overlaps([pool('P'), pool('Q')], ['P S1', 'Q S1'])).toMatchObject([{ on: 'its first day' }])
    expect(overlaps([pool('P'), pool('Q')], ['P S1', 'Q S1'], OCTOBER)).toMatchObject([{ on: '2026-10-01' }])
    expect(overlaps([pool('P'), pool('Q')], ['P S1', 'Q S1 11-01..'], OCTOBER)).toEqual([])
  })

  const ZONE = { zone: 'domestic' } as const
  const PEAK = { timeBand: 'peak' } as const
  const ON_NET = { network: 'on-net' } as const
  it.each<{ name: string; left: Partial<Pool>; right: Partial<Pool>; may: boolean }>([
    { name: 'a wide pool beside one of a zone', left: {}, right: ZONE, may: true },
    { name: 'a wide pool beside one of a time band', left: {}, right: PEAK, may: true },
    { name: 'a wide pool beside one of a network', left: {}, right: ON_NET, may: true },
    { name: 'a zone beside the same zone at peak', left: ZONE, right: { ...ZONE, ...PEAK }, may: true },
    { name: 'other zones', left: ZONE, right: { zone: 'roaming' }, may: true },
    {
      name: 'other zones of one time band',
      left: { ...ZONE, ...PEAK },
      right: { ...PEAK, zone: 'roaming' },
      may: true,
    },
    { name: 'other usage types', left: ZONE, right: { ...ZONE, usageType: 'voice' }, may: true },
    { name: 'two wide pools', left: {}, right: {}, may: false },
    { name: 'the same zone twice', left: ZONE, right: ZONE, may: false },
    { name: 'a zone beside a time band', left: ZONE, right: PEAK, may: false },
    {
      name: 'a zone at peak beside that zone on one network',
      left: { ...ZONE, ...PEAK },
      right: { ...ZONE, ...ON_NET },
      may: false,
    },
    { name: 'a zone at peak beside one network', left: { ...ZONE, ...PEAK }, right: ON_NET, may: false },
  ])('takes $name as said, in either order: $may', ({ left, right, may }) => {
    const pools = [pool('P', left), pool('Q', right)] as const
    expect(mayCoexist(pools[0], pools[1])).toBe(may)
    expect(mayCoexist(pools[1], pools[0])).toBe(may)
    expect(overlaps([...pools], ['P S1', 'Q S1']).length).toBe(may ? 0 : 1)
  })

  it('finds what comparing every pair on every day finds', () => {
    const day = fc.integer({ min: 0, max: 8 })
    const zone = fc.constantFrom('' as const, 'domestic' as const, 'roaming' as const)
    const timeBand = fc.constantFrom('' as const, 'peak' as const, 'off-peak' as const)
    const ids = ['P0', 'P1', 'P2', 'P3']
    const pools = fc.tuple(...ids.map((id) => fc.record({ zone, timeBand }).map((given) => pool(id, given))))
    const rows = fc.array(
      fc
        .record({ pool: fc.constantFrom(...ids), from: day, length: fc.integer({ min: 1, max: 4 }) })
        .map(({ pool: id, from, length }): PoolMember => {
          const start = addDays(OCTOBER.startOn, from)
          return { ...member(`${id} S1`), from: start, to: addDays(start, length) }
        }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(pools, rows, (given, members) => {
        const { memberships } = buildMemberships({ pools: given, members })
        const found = new Set<string>()
        let first: LocalDate | null = null
        for (let on = OCTOBER.startOn; on < OCTOBER.endOn; on = addDays(on, 1)) {
          const here = given.filter((each) => {
            const stay = memberships.get(each.pool)?.members.get('S1')
            return stay && isMemberOn(stay, on)
          })
          for (const left of here)
            for (const right of here)
              if (left !== right && !mayCoexist(left, right)) {
                found.add(left.pool)
                first ??= on
              }
        }
        const expected = first ? [{ service: 'S1', pools: [...found].sort(), on: first }] : []
        expect(checkPoolOverlaps(memberships).map((problem) => problem.facts)).toEqual(expected)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('checkPoolCeilings', () => {
  const rows = [
    'P S1',
    'P S2 10-05..10-10',
    'P S3 10-08..10-09',
    'P S4 10-10..',
    'P S5 09-01..10-01',
    'P S6 09-01..10-01',
  ]
  const over = (maxMembers: number | null, window?: typeof OCTOBER) =>
    checkPoolCeilings(build([pool('P', { maxMembers })], rows).memberships, window).map((problem) => problem.facts)

  it('names the day with the most members', () => {
    expect(over(2)).toEqual([{ pool: 'P', members: 3, maxMembers: 2, on: '2026-09-01' }])
    expect(over(2, OCTOBER)).toEqual([{ pool: 'P', members: 3, maxMembers: 2, on: '2026-10-08' }])
  })

  it('finds none at the ceiling, or without one', () => {
    expect(over(3)).toEqual([])
    expect(over(null)).toEqual([])
  })

  it('takes 100,000 members that come and go', () => {
    const members = Array.from({ length: 100_000 }, (_, index): PoolMember => {
      const from = addDays(OCTOBER.startOn, index % 400)
      return { ...member(`P S${index}`), from, to: addDays(from, 2) }
    })
    const { memberships } = buildMemberships({ pools: [pool('P', { maxMembers: 499 })], members })
    expect(checkPoolCeilings(memberships)).toMatchObject([{ facts: { members: 500, on: '2026-10-02' } }])
    expect(checkPoolOverlaps(memberships)).toEqual([])
  })
})
