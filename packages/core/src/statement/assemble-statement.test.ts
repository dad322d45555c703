import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Period, parsePeriod } from '../time/period.ts'
import { assembleStatement, type StatementCharge, type StatementParts, statementMonths } from './assemble-statement.ts'

const OCTOBER = parsePeriod('2026-10') as Period

const charge = (cells: Partial<StatementCharge>): StatementCharge => ({
  currency: 'USD',
  service: 'phone-1',
  name: '',
  vendor: 'acme',
  category: 'access',
  usageType: '',
  flag: '',
  actualMinor: 0n,
  adjustedMinor: 0n,
  ...cells,
})

const parts = (some: Partial<StatementParts>): StatementParts => ({
  heading: { company: '', period: OCTOBER, run: '2026-10.1', isPublished: true, closedAt: '2026-11-02T09:00:00.000Z' },
  owner: { kind: 'person', key: 'E-1', name: 'Ada', costCentres: [], glCode: '' },
  charges: [],
  monthSums: [],
  closedPeriods: new Set(['2026-09', '2026-10']),
  before: [],
  usage: [],
  ...some,
})

describe('a statement', () => {
  it('looks at thirteen months, the same month of the year before first', () => {
    const names = statementMonths(OCTOBER).map(({ name }) => name)
    expect([names.length, names[0], names.at(-1)]).toEqual([13, '2025-10', '2026-10'])
  })

  it('orders currencies, services and lines by their bytes, whatever order the charges come in', () => {
    const charges = [
      charge({ currency: 'USD', service: 'b', category: 'tax', actualMinor: 1n }),
      charge({ currency: 'EUR', service: 'é', actualMinor: 2n }),
      charge({ currency: 'EUR', service: 'z', actualMinor: 3n }),
      charge({ currency: 'USD', service: 'b', category: 'access', actualMinor: 4n }),
      charge({ currency: 'USD', service: '', flag: 'unallocated', actualMinor: 5n }),
    ]
    const shown = (list: StatementCharge[]) =>
      assembleStatement(parts({ charges: list })).sections.map(({ currency, services }) => [
        currency,
        services.map(({ service, lines }) => [service, lines.map(({ category }) => category)]),
      ])
    expect(shown(charges)).toEqual([
      [
        'EUR',
        [
          ['z', ['access']],
          ['é', ['access']],
        ],
      ],
      [
        'USD',
        [
          ['', ['access']],
          ['b', ['access', 'tax']],
        ],
      ],
    ])
    expect(shown([...charges].reverse())).toEqual(shown(charges))
  })

  it('sums lines to services and services to currencies in both views', () => {
    const amount = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n })
    const anyCharge = fc.record({
      currency: fc.constantFrom('USD', 'JPY'),
      service: fc.constantFrom('', 'a', 'b'),
      category: fc.constantFrom('access', 'tax'),
      actualMinor: amount,
      adjustedMinor: amount,
    })
    fc.assert(
      fc.property(fc.array(anyCharge), (charges) => {
        const { sections } = assembleStatement(parts({ charges: charges.map(charge) }))
        for (const view of ['actualMinor', 'adjustedMinor'] as const)
          for (const currency of ['USD', 'JPY']) {
            const given = charges.filter((row) => row.currency === currency).reduce((sum, row) => sum + row[view], 0n)
            const section = sections.find((one) => one.currency === currency)
            const services = section?.services ?? []
            expect(section?.[view] ?? 0n).toBe(given)
            expect(services.reduce((sum, one) => sum + one[view], 0n)).toBe(given)
            for (const { lines, [view]: own } of services)
              expect(lines.reduce((sum, line) => sum + line[view], 0n)).toBe(own)
          }
      }),
    )
  })

  it('has a gap where a month was not closed and zero where it was and had nothing', () => {
    const { sections } = assembleStatement(
      parts({
        charges: [charge({ actualMinor: 500n, adjustedMinor: 700n })],
        closedPeriods: new Set(['2026-07', '2026-08', '2026-10']),
        monthSums: [
          { period: '2026-08', currency: 'USD', actualMinor: 10n, adjustedMinor: 20n },
          { period: '2026-08', currency: 'EUR', actualMinor: 99n, adjustedMinor: 99n },
        ],
      }),
    )
    expect(sections[0]?.months.slice(-4)).toEqual([
      { period: '2026-07', amounts: { actualMinor: 0n, adjustedMinor: 0n } },
      { period: '2026-08', amounts: { actualMinor: 10n, adjustedMinor: 20n } },
      { period: '2026-09', amounts: null },
      { period: '2026-10', amounts: { actualMinor: 500n, adjustedMinor: 700n } },
    ])
    expect(sections[0]?.movers).toBeNull()
  })

  it('lists the ten largest changes of adjusted, either way, with names of services that have ended', () => {
    const services = Array.from({ length: 12 }, (_, index) => `s${String(index).padStart(2, '0')}`)
    const { sections } = assembleStatement(
      parts({
        charges: services.map((service, index) => charge({ service, adjustedMinor: BigInt(index) })),
        before: [
          { key: 'gone', currency: 'USD', name: 'Old line', amountMinor: 11n },
          { key: 's01', currency: 'EUR', name: '', amountMinor: 10_000n },
        ],
      }),
    )
    const movers = sections[0]?.movers ?? []
    expect(movers.map(({ key, changeMinor }) => `${key} ${changeMinor}`)).toEqual([
      'gone -11',
      's11 11',
      's10 10',
      's09 9',
      's08 8',
      's07 7',
      's06 6',
      's05 5',
      's04 4',
      's03 3',
    ])
    expect(movers[0]).toMatchObject({ name: 'Old line', hasEnded: true })
  })

  it('has no section where there is usage alone', () => {
    const usage = [{ usageClass: 'data/domestic', usageType: 'data' as const, quantityBase: 1n, services: 1 }]
    expect(assembleStatement(parts({ usage }))).toMatchObject({ sections: [], usage })
  })
})
