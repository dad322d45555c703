// How many refused rows of a file are still to be mended: those that another file of the draft brings mended wait no longer.
import type { DraftFile } from './upload.ts'

type Looked = Pick<DraftFile, 'look'>

/** Of 3 refused rows of which a second file of the draft brings 2 mended, 1. */
export function waitingRows({ look }: Looked, files: ReadonlyArray<Looked>): number {
  if (look === null) return 0
  const mended = files
    .filter((other) => other.look?.outcome === 'imported' && other.look.supplements === look.batch)
    .reduce((sum, other) => sum + (other.look?.rows.accepted ?? 0), 0)
  return Math.max(0, look.rows.quarantined - mended)
}
