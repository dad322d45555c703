// Seconds as hours and minutes: 4,506 s is 1 h 15 min 6 s.
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'

const DURATIONS: ReadonlySet<string> = new Set(['seconds', 'billable_seconds'])

export function durationCell({ key }: ReportColumn, row: ReportRow) {
  const value = row[key]
  if (!DURATIONS.has(key) || !value) return undefined
  return <span title={`${value} s`}>{durationOf(Number(value))}</span>
}

export function durationOf(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), 'h'],
    [Math.floor((seconds % 3600) / 60), 'min'],
    [seconds % 60, 's'],
  ] as const
  const said = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count} ${unit}`)
  return said.length === 0 ? '0 s' : said.join(' ')
}
