import type { FileReport } from '@spillway/engine'
import { describe, expect, it } from 'vitest'
import { balanceTogether } from './balance-together.ts'

type Given = {
  readonly batch: string
  readonly charges?: bigint
  readonly total?: bigint
  readonly live?: bigint
  readonly supplements?: string
  readonly supersedes?: boolean
  readonly outcome?: FileReport['outcome']
}

const KEY = { vendor: 'acme', account: 'A-1', invoice: 'M-1' }

/** A file of invoice M-1, as a look of its own reports it. */
function reportOf({ batch, charges, total, live = 0n, supplements = '', supersedes, outcome = 'imported' }: Given) {
  const chargesMinor = (charges ?? 0n) + (supersedes === true ? 0n : live)
  const totalMinor = total ?? null
  return {
    ...{ batch, outcome, supplements },
    amounts: charges === undefined ? [] : [{ currency: 'USD', acceptedMinor: charges, quarantinedMinor: 0n }],
    documents: [{ ...KEY, supersedes: supersedes === true ? [{ doc: 1, file: 'before.csv' }] : [] }],
    invoices: [
      {
        ...{ ...KEY, currency: 'USD', chargesMinor, totalMinor },
        lines: chargesMinor === 0n ? 0 : 1,
        differenceMinor: totalMinor === null ? null : chargesMinor - totalMinor,
      },
    ],
  } as unknown as FileReport
}

const together = (...files: ReadonlyArray<Given>) =>
  balanceTogether(files.map(reportOf)).map(({ invoices: [one] }) => [
    one?.chargesMinor,
    one?.totalMinor,
    one?.differenceMinor,
  ])

describe('the invoices of a draft', () => {
  it('of one file stand as it says', () => {
    expect(together({ batch: 'a', charges: 60n, total: 50n })).toEqual([[60n, 50n, 10n]])
    expect(together({ batch: 'a', charges: 60n })).toEqual([[60n, null, null]])
    expect(together({ batch: 'a', total: 60n, live: 60n })).toEqual([[60n, 60n, 0n]])
  })

  it('of which one file has the lines and another the total foot in both, in either order', () => {
    const [lines, total] = [
      { batch: 'a', charges: 60n },
      { batch: 'b', total: 60n },
    ]
    const foots = [60n, 60n, 0n]
    expect(together(lines, total)).toEqual([foots, foots])
    expect(together(total, lines)).toEqual([foots, foots])
  })

  it('are those of the lines that are corrected, not of what they replace', () => {
    const corrected = { batch: 'a', charges: 70n, total: 60n, live: 60n, supersedes: true }
    expect(together(corrected, { batch: 'b', total: 70n, live: 60n })).toEqual([
      [70n, 70n, 0n],
      [70n, 70n, 0n],
    ])
  })

  it('have the mended rows beside the others', () => {
    const files = [
      { batch: 'a', charges: 40n },
      { batch: 'b', total: 60n },
      { batch: 'c', charges: 20n, supplements: 'a' },
    ]
    expect(together(...files)).toEqual(files.map(() => [60n, 60n, 0n]))
  })

  it('leave out a file that is refused', () => {
    const refused = { batch: 'b', total: 60n, outcome: 'refused' } as const
    expect(together({ batch: 'a', charges: 60n }, refused)[0]).toEqual([60n, null, null])
  })
})
