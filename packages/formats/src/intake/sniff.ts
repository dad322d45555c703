// Finds the delimiter of a text by how well it cuts the first records into the same number of cells. Refuses nothing:
// a text with no delimiter at all is a table of one column.
import type { IntakeLimits } from './part.ts'
import { RecordScanner } from './record-scanner.ts'

const DELIMITERS = [',', '\t', ';', '|'] as const

const RECORDS_LOOKED_AT = 30

/** The delimiter of the text that follows `skip` lines; `isWhole` where `text` is all there is. */
export function sniffDelimiter(
  text: string,
  { limits, skip, isWhole }: { limits: IntakeLimits; skip: number; isWhole: boolean },
): string {
  let best: string = DELIMITERS[0]
  let bestScore = 0
  for (const delimiter of DELIMITERS) {
    const score = scoreOf(text, { delimiter, limits, skip, isWhole })
    if (score > bestScore) [best, bestScore] = [delimiter, score]
  }
  return best
}

/** 0 where the first record is one cell; else the part of the records that are as wide as it, then its width. */
function scoreOf(
  text: string,
  { delimiter, limits, skip, isWhole }: { delimiter: string; limits: IntakeLimits; skip: number; isWhole: boolean },
): number {
  const scanner = new RecordScanner({ delimiter, limits, name: 'the text', skip })
  const records = scanner.push(text, isWhole).slice(0, RECORDS_LOOKED_AT)
  const [first] = records
  if (!first || !('cells' in first) || first.cells.length < 2) return 0
  const width = first.cells.length
  const fitting = records.filter((record) => 'cells' in record && record.cells.length === width).length
  return (fitting / records.length) * 100 + Math.min(width, 99) / 100
}
