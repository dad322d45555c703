// One cell of a report as its column's kind has it: money with its currency, usage in a unit that a person reads, a share in percent.
import { Badge, Group } from '@mantine/core'
import type { ReportColumn, ReportRow } from '../api/use-report.ts'
import { useFormat } from '../app/format.ts'
import { Amount } from './amount.tsx'

/** A budget names no currency, so it is no amount of one. */
export const isFigure = ({ key, kind }: ReportColumn) =>
  key === 'budget' || (kind !== 'text' && kind !== 'date' && kind !== 'flags')

/** In the viewer's zone. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/
/** Of a call, as the clock of its account said it. */
const LOCAL = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d$/

/** Columns whose amount is a change, and shows its sign. */
const CHANGES: ReadonlySet<string> = new Set(['difference', 'change', 'effect'])

export type ReportCellProps = {
  readonly column: ReportColumn
  readonly row: ReportRow
  readonly explains?: string | undefined
}

export function ReportCell({ column, row, explains }: ReportCellProps) {
  const format = useFormat()
  const value = row[column.key] ?? ''
  if (value === '') return <span aria-hidden="true" />
  switch (column.kind) {
    case 'amount':
      return (
        <Amount value={value} currency={row.currency ?? ''} explains={explains} isChange={CHANGES.has(column.key)} />
      )
    case 'usage':
      return <span title={value}>{format.usage(value, row.usage_class ?? row.usage_type ?? '')}</span>
    case 'share':
      return <span title={value}>{format.share(value)}</span>
    case 'quantity':
      return <span>{format.figure(value)}</span>
    case 'date':
      return <span>{value.length > 10 ? format.instant(value) : format.date(value)}</span>
    case 'flags':
      return (
        <Group gap={4} wrap="nowrap">
          {value.split(/[ ,;]+/).map((flag) => (
            <Badge key={flag} size="sm" variant="light" color="gray" tt="none">
              {flag}
            </Badge>
          ))}
        </Group>
      )
    case 'text':
      if (INSTANT.test(value)) return <span title={value}>{format.instant(value)}</span>
      if (LOCAL.test(value)) return <span title={value}>{format.wallTime(value.slice(0, 19))}</span>
      if (column.key === 'usage_class') return <span title={value}>{value.replaceAll('/', ', ')}</span>
      if (isFigure(column)) return <span>{format.figure(value)}</span>
      return <span title={value}>{value}</span>
  }
}
