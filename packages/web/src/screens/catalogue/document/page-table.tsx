// A report whose rows are all here already, as a table.
import type { ReportColumn, ReportPage, ReportRow } from '../../../api/use-report.ts'
import { useFormat } from '../../../app/format.ts'
import { RowsTable, type RowsTableProps } from '../../../components/rows-table.tsx'

/** So many rows stand in the page as they are, for the browser's own search too. */
const WHOLE_MAX = 100

export type PageTableProps = Pick<RowsTableProps, 'label' | 'columns' | 'linkOf'> & {
  readonly page: Pick<ReportPage, 'columns' | 'rows'>
}

export function PageTable({ page: { columns, rows }, ...props }: PageTableProps) {
  const format = useFormat()
  /** Instants come as texts of their column; they are shown in the viewer's zone. */
  const cellOf = (column: ReportColumn, row: ReportRow) => {
    const value = row[column.key] ?? ''
    return isInstant(column) && value !== '' ? <span title={value}>{format.instant(value)}</span> : undefined
  }
  return (
    <RowsTable
      {...props}
      head={{ columns, rowCount: rows.length, totals: [] }}
      rowAt={(index) => rows[index]}
      cellOf={cellOf}
      heightMax={480}
      hidesTotals
      rowsAround={rows.length <= WHOLE_MAX ? WHOLE_MAX : 12}
    />
  )
}

export const isInstant = ({ key, kind }: ReportColumn) => kind === 'text' && key.endsWith('_at')
