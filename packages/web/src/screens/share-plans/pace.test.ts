import { expect, it } from 'vitest'
import { paceOf } from './pace.ts'

it('goes on from the last known day to the day on which all is drawn', () => {
  const last = { day: '2026-10-30', soFar: 40 }
  expect(paceOf(last, { exhaustedOn: '2026-11-02', capacity: 100 })).toEqual([
    { day: '2026-10-30', pace: 40 },
    { day: '2026-10-31', pace: 60 },
    { day: '2026-11-01', pace: 80 },
    { day: '2026-11-02', pace: 100 },
  ])
})

it.each(['2026-10-30', '2026-10-01', 'never'])('says nothing of a bucket that is empty by %s', (exhaustedOn) => {
  expect(paceOf({ day: '2026-10-30', soFar: 40 }, { exhaustedOn, capacity: 100 })).toEqual([])
})
