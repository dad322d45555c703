// A report whose rows are all here already, as a table.
import { Anchor, Table } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReportColumn, ReportPage, ReportRow } from '../../../api/use-report.ts'
import { useFormat } from '../../../app/format.ts'
import { isFigure, ReportCell } from '../../../components/report-cell.tsx'
import type { RowLink } from '../../../components/report-table.tsx'

export type PageTableProps = {
  readonly page: Pick<ReportPage, 'columns' | 'rows'>
  readonly label: string
  /** Which columns, in this order; all that are no details if left out. */
  readonly columns?: ReadonlyArray<string>
  readonly linkOf?: (row: ReportRow) => RowLink | undefined
}

export function PageTable({ page, label, columns, linkOf }: PageTableProps) {
  const shown = columnsOf(page, columns)
  return (
    <Table.ScrollContainer minWidth={480} mah={480}>
      <Table fz="sm" striped stickyHeader aria-label={label} style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            {shown.map((column) => (
              <Table.Th key={column.key} scope="col" ta={isFigure(column) ? 'right' : 'left'}>
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {page.rows.map((row, index) => {
            const link = linkOf?.(row)
            return (
              <Table.Tr key={`${index} ${row[shown[0]?.key ?? ''] ?? ''}`}>
                {shown.map((column, place) => (
                  <Table.Td key={column.key} ta={isFigure(column) ? 'right' : 'left'}>
                    {place === 0 && link ? (
                      <Anchor
                        fz="sm"
                        renderRoot={(props) => <Link to={link.to} search={(link.search ?? {}) as never} {...props} />}
                      >
                        <Cell column={column} row={row} />
                      </Anchor>
                    ) : (
                      <Cell column={column} row={row} />
                    )}
                  </Table.Td>
                ))}
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** Instants come as texts of their column; they are shown in the viewer's zone. */
function Cell({ column, row }: { readonly column: ReportColumn; readonly row: ReportRow }) {
  const format = useFormat()
  const value = row[column.key] ?? ''
  if (isInstant(column) && value !== '') return <span title={value}>{format.instant(value)}</span>
  return <ReportCell column={column} row={row} />
}

export const isInstant = ({ key, kind }: ReportColumn) => kind === 'text' && key.endsWith('_at')

function columnsOf(page: PageTableProps['page'], keys: PageTableProps['columns']): ReadonlyArray<ReportColumn> {
  if (!keys) return page.columns.filter(({ isDetail }) => !isDetail)
  return keys.flatMap((key) => page.columns.find((column) => column.key === key) ?? [])
}
