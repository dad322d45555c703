import { describe, expect, it } from 'vitest'
import { guessMeanings } from './guess-meaning.ts'

const meaningsOf = (...titles: ReadonlyArray<string>) =>
  guessMeanings(titles.map((title) => ({ title, kind: 'text' as const })))

describe('the service', () => {
  it.each([
    [
      ['Line', 'Phone'],
      [null, 'service'],
    ],
    [
      ['Phone', 'Line'],
      ['service', null],
    ],
    [
      ['Line', 'Number'],
      [null, 'service'],
    ],
    [
      ['Service', 'Mobile number'],
      [null, 'service'],
    ],
    [
      ['Service', 'Service no.'],
      [null, 'service'],
    ],
    [
      ['Extension', 'Service'],
      [null, 'service'],
    ],
    [['Line'], ['service']],
    [['Line number'], ['service']],
    [['Number'], ['service']],
  ])('of %j is %j: the better name wins wherever it stands', (titles, meanings) => {
    expect(meaningsOf(...titles)).toEqual(meanings)
  })

  it('is not a better name that stands over nothing', () => {
    expect(
      guessMeanings([
        { title: 'Line', kind: 'text' },
        { title: 'Phone', kind: 'blank' },
      ]),
    ).toEqual(['service', null])
  })
})
