import { describe, expect, it } from 'vitest'
import type { Person, Service } from '../facts/fact.ts'
import type { LocalDate } from '../time/local-date.ts'
import { leaversWithServices } from './leavers.ts'

const TODAY = '2026-11-22' as LocalDate
const range = (text: string) => {
  const [from, to] = text.split('..').map((day) => (day === '' ? null : (day as LocalDate)))
  return { from: from ?? null, to: to ?? null }
}
const person = (employee: string, days: string): Person => ({
  ...{ fact: 'person', employee, name: '', email: '', aliases: [], costCentre: 'A', manager: '', extra: {} },
  ...range(days),
})
const service = (id: string, owner: string, days = '..'): Service => ({
  ...{ fact: 'service', service: id, vendor: '', account: '', product: '', serviceType: '', person: owner },
  ...{ costCentre: '', project: '', sharePpm: null, deviceType: '', extra: {} },
  ...range(days),
})

describe('leaversWithServices', () => {
  it('names who left, when, and what they still have', () => {
    const found = leaversWithServices({
      people: [
        person('E2', '..2026-10-01'),
        person('E1', '2020-01-01..2021-01-01'),
        person('E1', '2022-01-01..2026-11-22'),
      ],
      services: [
        service('S2', 'E1'),
        service('S1', 'E1'),
        service('S1', 'E1', '2020-01-01..2027-01-01'),
        service('S3', 'E2'),
      ],
      asOfOn: TODAY,
    })
    expect(found).toMatchObject([
      { code: 'leaver-with-service', facts: { person: 'E1', leftOn: '2026-11-22', services: ['S1', 'S2'] } },
      { code: 'leaver-with-service', facts: { person: 'E2', leftOn: '2026-10-01', services: ['S3'] } },
    ])
  })

  it.each([
    { name: 'who is here', people: [person('E1', '..')], services: [service('S1', 'E1')] },
    { name: 'who leaves tomorrow', people: [person('E1', '..2026-11-23')], services: [service('S1', 'E1')] },
    { name: 'who is yet to begin', people: [person('E1', '2026-12-01..')], services: [service('S1', 'E1')] },
    {
      name: 'who came back',
      people: [person('E1', '2026-01-01..'), person('E1', '..2025-01-01')],
      services: [service('S1', 'E1')],
    },
    {
      name: 'whose service ended',
      people: [person('E1', '..2026-10-01')],
      services: [service('S1', 'E1', '..2026-11-22')],
    },
    { name: 'who is unknown', people: [], services: [service('S1', 'E1')] },
  ])('does not name somebody $name', ({ people, services }) => {
    expect(leaversWithServices({ people, services, asOfOn: TODAY })).toEqual([])
    expect(leaversWithServices({ people: [...people].reverse(), services, asOfOn: TODAY })).toEqual([])
  })
})
