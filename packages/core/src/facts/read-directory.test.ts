import { describe, expect, it } from 'vitest'
import { readAccount } from './read-account.ts'
import type { CellOf, FactReading, RowContext } from './read-cells.ts'
import { readCostCentre } from './read-cost-centre.ts'
import { readPerson } from './read-person.ts'
import { readPool, readPoolMember } from './read-pool.ts'
import { readProject } from './read-project.ts'
import { readService } from './read-service.ts'

type Cells = Readonly<Record<string, string>>

function outcome<C extends string, F>(
  read: (cell: CellOf<C>, context: RowContext<C>) => FactReading<F>,
  cells: Cells,
): object | string[] {
  const reading = read((column) => cells[column] ?? '', { source: { file: 'f.csv', line: 2 } })
  return 'fact' in reading ? (reading.fact as object) : reading.problems.map((p) => `${p.code} ${p.source?.column}`)
}

describe('a service', () => {
  it.each<[string, number | null]>([
    ['', null],
    ['50', 500_000],
    ['33.3333', 333_333],
    ['33.33330', 333_333],
    ['50%', 500_000],
    ['12.5 %', 125_000],
    ['100', 1_000_000],
    ['0.0001', 1],
  ])('with a share of %j has %j parts in a million', (share, sharePpm) => {
    expect(outcome(readService, { service: 'S', share })).toMatchObject({ sharePpm })
  })

  it.each(['33.33333', '101', '100.0001', '-5', 'half', '5e1', '1,5'])('with a share of %j is refused', (share) => {
    expect(outcome(readService, { service: 'S', share })).toEqual(['number-unreadable share'])
  })

  it('runs from a day to the day before another', () => {
    const days = { from: '2026-01-01', to: '2026-02-01' }
    expect(outcome(readService, { service: 'S', ...days })).toMatchObject(days)
    expect(outcome(readService, { service: 'S' })).toMatchObject({ from: null, to: null })
    expect(outcome(readService, { service: 'S', ...days, to: '2026-01-01' })).toEqual(['date-order to'])
    expect(outcome(readService, { service: '', from: 'x', to: 'y' })).toEqual([
      'value-missing service',
      'date-unreadable from',
      'date-unreadable to',
    ])
  })
})

describe('a pool', () => {
  const pool = { pool: 'P', model: 'group-share', usage_type: 'data' }

  it.each<[Cells, object]>([
    [{ allowance: '10', unit: 'GiB' }, { allowanceBase: 10n * 1024n ** 3n }],
    [
      { max_members: '10', zone: 'domestic', network: 'on-net' },
      { allowanceBase: null, maxMembers: 10, zone: 'domestic' },
    ],
    [{ unit: 'GB' }, { allowanceBase: null }],
  ])('with %j is read', (changes, expected) => {
    expect(outcome(readPool, { ...pool, ...changes })).toMatchObject(expected)
  })

  it.each<[Cells, string[]]>([
    [{ allowance: '10' }, ['value-missing unit']],
    [{ allowance: '-1', unit: 'GB' }, ['number-unreadable allowance']],
    [{ allowance: 'unlimited', unit: 'GB' }, ['number-unreadable allowance']],
    [{ allowance: '10', unit: 'min' }, ['unit-mismatch unit']],
    [{ allowance: '10', unit: 'gb' }, ['unit-unknown unit']],
    [{ max_members: '0' }, ['number-unreadable max_members']],
    [{ model: 'family' }, ['value-unknown model']],
    [
      { pool: '', model: '', usage_type: '' },
      ['value-missing pool', 'value-missing model', 'value-missing usage_type'],
    ],
  ])('with %j is refused for %j', (changes, expected) => {
    expect(outcome(readPool, { ...pool, ...changes })).toEqual(expected)
  })

  it('has members with a contribution in a unit', () => {
    const member = { pool: 'P', service: 'S', contribution: '2.5', unit: 'GB' }
    expect(outcome(readPoolMember, member)).toMatchObject({ contribution: '2.5', unit: 'GB', from: null, to: null })
    expect(outcome(readPoolMember, { pool: 'P', service: 'S' })).toMatchObject({ contribution: '', unit: '' })
    expect(outcome(readPoolMember, { ...member, unit: '' })).toEqual(['value-missing unit'])
    expect(outcome(readPoolMember, { ...member, unit: 'Gb', contribution: 'x' })).toEqual([
      'number-unreadable contribution',
      'unit-unknown unit',
    ])
  })
})

describe('the rest of the directory', () => {
  it('reads a person with the aliases apart', () => {
    const person = { employee: 'E1', name: ' Zoë ', aliases: 'zoe@x.com; 4711;;zoe@x.com', from: '2026-01-01' }
    expect(outcome(readPerson, person)).toMatchObject({ name: 'Zoë', aliases: ['zoe@x.com', '4711'], to: null })
    expect(outcome(readPerson, { name: 'Zoë' })).toEqual(['value-missing employee'])
  })

  it.each<[Cells, object | string[]]>([
    [
      { cost_centre: 'CC', budget: '1000.50' },
      { budget: '1000.50', parent: '' },
    ],
    [{ cost_centre: 'CC', budget: '1.000,50' }, ['number-unreadable budget']],
    [{ cost_centre: '' }, ['value-missing cost_centre']],
  ])('reads the cost centre %j', (cells, expected) => {
    expect(outcome(readCostCentre, cells)).toMatchObject(expected)
  })

  it.each<[Cells, object | string[]]>([
    [
      { project: 'M1', rate: '120.123456789', increment_minutes: '6' },
      { rate: '120.123456789', incrementMinutes: 6 },
    ],
    [{ project: 'M1' }, { rate: '', incrementMinutes: null }],
    [{ project: 'M1', rate: '1.1234567891' }, ['number-unreadable rate']],
    [
      { project: 'M1', rate: '-1', increment_minutes: '0' },
      ['number-unreadable rate', 'number-unreadable increment_minutes'],
    ],
  ])('reads the project %j', (cells, expected) => {
    expect(outcome(readProject, cells)).toMatchObject(expected)
  })

  it.each<[Cells, object | string[]]>([
    [
      { account: 'A', time_zone: 'America/New_York', cycle_day: '31', currency: 'usd' },
      { cycleDay: 31, currency: 'USD' },
    ],
    [{ account: 'A' }, { timeZone: '', cycleDay: null, currency: '' }],
    [{ account: 'A', time_zone: 'Mars/Olympus' }, ['value-unknown time_zone']],
    [{ account: 'A', time_zone: '+02:00' }, ['value-unknown time_zone']],
    [{ account: 'A', cycle_day: '32', currency: 'XYZ' }, ['currency-unknown currency', 'number-unreadable cycle_day']],
  ])('reads the account %j', (cells, expected) => {
    expect(outcome(readAccount, cells)).toMatchObject(expected)
  })
})
