// Where the rows of a mended file were refused, as they say themselves, so that what waits in quarantine is known without them.
import type { IntakeFile } from '@spillway/core'

/** First and last line. */
export type LineRun = readonly [number, number]

/** Once the file was read: by the place's name, its lines as runs in their order. */
export function mendedPlaces({ parts }: IntakeFile): ReadonlyMap<string, ReadonlyArray<LineRun>> {
  const lines = new Map<string, number[]>()
  for (const { mendedLines } of parts)
    for (const [place, own] of mendedLines?.() ?? []) {
      const known = lines.get(place)
      if (known) for (const line of own) known.push(line)
      else lines.set(place, [...own])
    }
  return new Map([...lines].map(([place, own]) => [place, runsOfLines(own)]))
}

function runsOfLines(lines: ReadonlyArray<number>): LineRun[] {
  const runs: Array<[number, number]> = []
  for (const line of [...new Set(lines)].sort((a, b) => a - b)) {
    const last = runs.at(-1)
    if (last !== undefined && last[1] + 1 === line) last[1] = line
    else runs.push([line, line])
  }
  return runs
}
