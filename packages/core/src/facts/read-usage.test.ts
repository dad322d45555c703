import { describe, expect, it } from 'vitest'
import { readUsage, USAGE_COLUMNS, USAGE_REQUIRED, type UsageColumn } from './read-usage.ts'

type Cells = Partial<Record<UsageColumn, string>>
const event: Cells = {
  source: 'bridge',
  id: 'e1',
  service: 'S1',
  usage_type: 'voice',
  started_at: '2026-10-01T08:00:00Z',
  quantity: '1.5',
  unit: 'min',
}
const EIGHT = Date.parse('2026-10-01T08:00:00Z') * 1000

function read(changes: Cells) {
  const cells = { ...event, ...changes }
  return readUsage((column) => cells[column] ?? '', { source: { file: 'usage.csv', line: 7 } })
}

function problemsOf(changes: Cells) {
  const reading = read(changes)
  return 'problems' in reading ? reading.problems.map(({ code, source }) => `${code} ${source?.column}`) : []
}

describe('usage', () => {
  it('needs no more than a source, an id, a service, a type, a start and a quantity', () => {
    expect(read({})).toEqual({
      fact: {
        fact: 'usage',
        source: 'bridge',
        id: 'e1',
        account: '',
        service: 'S1',
        usageType: 'voice',
        startedAt: EIGHT,
        endedAt: null,
        isWallTime: false,
        quantityBase: 90n,
        quantity: '1.5',
        unit: 'min',
        zone: '',
        timeBand: '',
        network: '',
        accountCode: '',
        peer: '',
        app: '',
        pool: '',
        participants: null,
        conference: '',
        participant: '',
        view: '',
        cycleOn: null,
        extra: {},
      },
    })
  })

  it.each<[Cells, object]>([
    [{ usage_type: 'data', quantity: '3.5', unit: 'GiB' }, { quantityBase: 3_758_096_384n }],
    [{ usage_type: 'data', quantity: '1.0000000001', unit: 'GB' }, { quantityBase: 1_000_000_001n }],
    [{ quantity: '-1.5', unit: 's' }, { quantityBase: -2n }],
    [{ quantity: '0' }, { quantityBase: 0n }],
    [{ started_at: '2026-10-01' }, { isWallTime: true, startedAt: Date.parse('2026-10-01') * 1000 }],
    [{ ended_at: '2026-10-01T10:00:00+02:00' }, { endedAt: EIGHT }],
    [
      { zone: 'Roaming', time_band: 'off-peak', network: 'on-net' },
      { zone: 'roaming', timeBand: 'off-peak' },
    ],
    [
      { participants: '12', account_code: '0042', peer: '+1 555', app: 'mail' },
      { participants: 12, accountCode: '0042' },
    ],
  ])('with %j is read', (changes, expected) => {
    const reading = read(changes)
    expect('fact' in reading && reading.fact).toMatchObject(expected)
  })

  it.each<[Cells, string[]]>([
    [{ unit: 'minutes' }, ['unit-unknown unit']],
    [{ unit: 'MB' }, ['unit-mismatch unit']],
    [{ unit: 'MB', usage_type: 'fax' }, ['value-unknown usage_type']],
    [
      { unit: 'mb', usage_type: '', quantity: 'many' },
      ['value-missing usage_type', 'unit-unknown unit', 'number-unreadable quantity'],
    ],
    [{ quantity: '1,000' }, ['number-unreadable quantity']],
    [{ quantity: 'unlimited' }, ['number-unreadable quantity']],
    [{ quantity: '9'.repeat(25) }, ['number-unreadable quantity']],
    [{ started_at: '2026-10-01T25:00:00Z' }, ['date-unreadable started_at']],
    [{ ended_at: 'later' }, ['date-unreadable ended_at']],
    [{ ended_at: '2026-10-01T07:59:59Z' }, ['date-order ended_at']],
    [{ ended_at: '2026-10-01 09:00:00' }, ['date-unreadable ended_at']],
    [{ zone: 'mars' }, ['value-unknown zone']],
    [{ time_band: 'night', network: 'x' }, ['value-unknown time_band', 'value-unknown network']],
    [{ participants: '2.5' }, ['number-unreadable participants']],
    [{ participants: '-1' }, ['number-unreadable participants']],
    [{ id: 'a\nb' }, ['row-unreadable id']],
  ])('with %j is refused for %j', (changes, expected) => {
    expect(problemsOf(changes)).toEqual(expected)
  })

  it.each(USAGE_REQUIRED)('is refused without %s', (column) => {
    expect(problemsOf({ [column]: '' })).toEqual([`value-missing ${column}`])
  })

  it('may leave every other cell empty', () => {
    const others = USAGE_COLUMNS.filter((column) => !(USAGE_REQUIRED as ReadonlyArray<string>).includes(column))
    expect(others.map((column) => problemsOf({ [column]: '' }))).toEqual(others.map(() => []))
  })
})
