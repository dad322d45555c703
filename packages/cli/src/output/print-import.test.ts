import { type LocalDate, mergeServices, type Service } from '@spillway/core'
import { describe, expect, it } from 'vitest'
import { describeChanges } from './print-import.ts'

const service = (id: string, from: string | null, person = 'E-1'): Service => ({
  ...{ fact: 'service', service: id, vendor: 'V', account: 'ACC', product: '', serviceType: 'mobile', person },
  ...{
    costCentre: '',
    project: '',
    from: from as LocalDate | null,
    to: null,
    sharePpm: null,
    deviceType: '',
    extra: {},
  },
})

describe('changes of a directory, a line each', () => {
  it('say beside what happened that it is of days that are past', () => {
    const { changes } = mergeServices({
      known: [service('S-1', '2026-01-01'), service('S-2', '2026-01-01')],
      feed: [
        service('S-1', '2026-01-01', 'E-2'),
        service('S-2', '2026-01-01'),
        service('S-3', '2026-10-01'),
        service('S-4', '2026-12-01'),
      ],
      asOfOn: '2026-11-22' as LocalDate,
    })
    expect(changes).toHaveLength(5)
    expect(describeChanges(changes)).toEqual([
      'reassigned S-1 from 2026-01-01, retroactive',
      'new S-3 from 2026-10-01, retroactive',
      'new S-4 from 2026-12-01',
    ])
  })
})
