import { describe, expect, it } from 'vitest'
import type { DraftFile } from './upload.ts'
import { waitingRows } from './waiting-rows.ts'

type Look = NonNullable<DraftFile['look']>
type Said = { readonly batch: string; readonly supplements?: string; readonly outcome?: Look['outcome'] }

/** What a draft says of a file, as far as it matters here. */
function fileOf(
  { batch, supplements = '', outcome = 'imported' }: Said,
  [accepted, quarantined]: readonly [number, number],
): Pick<DraftFile, 'look'> {
  const rows = { read: accepted + quarantined, accepted, quarantined, duplicates: 0 }
  return { look: { batch, supplements, outcome, rows } as unknown as Look }
}

describe('rows that wait to be mended', () => {
  const bill = fileOf({ batch: 'B1' }, [10, 3])
  const other = fileOf({ batch: 'B2' }, [5, 1])

  it.each([
    ['all that were refused, where nothing was mended', [bill, other], 3],
    ['those that a mended file does not bring', [bill, other, fileOf({ batch: 'M', supplements: 'B1' }, [2, 0])], 1],
    ['none once all are brought', [bill, fileOf({ batch: 'M', supplements: 'B1' }, [3, 0])], 0],
    ['those that were mended badly too', [bill, fileOf({ batch: 'M', supplements: 'B1' }, [1, 2])], 2],
    ['all, where the mended rows are of another file', [bill, fileOf({ batch: 'M', supplements: 'B2' }, [3, 0])], 3],
    [
      'all, where the mended file is left out',
      [bill, fileOf({ batch: 'M', supplements: 'B1', outcome: 'refused' }, [3, 0])],
      3,
    ],
  ] as const)('are %s', (_, files, waiting) => {
    expect(waitingRows(bill, files)).toBe(waiting)
  })

  it('are none of a file that was not looked at', () => {
    expect(waitingRows({ look: null }, [bill])).toBe(0)
  })
})
