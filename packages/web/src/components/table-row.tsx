// One row of a long table: its cells, or grey bars while it is on its way.
import { Link } from '@tanstack/react-router'
import { memo, type ReactNode } from 'react'
import type { ReportColumn, ReportRow } from '../api/use-report.ts'
import { isFigure, ReportCell } from './report-cell.tsx'
import classes from './rows-table.module.css'

export type RowLink = { readonly to: string; readonly search?: Readonly<Record<string, unknown>> }

/** How cells are shown: the same for all rows of a table. */
export type RowLooks = {
  /** Where a row's first cell leads. */
  readonly linkOf?: ((row: ReportRow) => RowLink | undefined) | undefined
  /** The service whose figure an amount of the row is. */
  readonly explainsOf?: ((row: ReportRow) => string | undefined) | undefined
  /** In place of what a cell shows otherwise; undefined leaves it. */
  readonly cellOf?: ((column: ReportColumn, row: ReportRow) => ReactNode | undefined) | undefined
  /** What can be done with a row, in a narrow column of its own after the others. */
  readonly actionOf?: ((row: ReportRow) => ReactNode | undefined) | undefined
}

type TableRowProps = RowLooks & {
  readonly index: number
  readonly row: ReportRow | undefined
  readonly columns: ReadonlyArray<ReportColumn>
}

/** Drawn once while it is in the page, however far the table is scrolled. */
export const TableRow = memo(function TableRow(props: TableRowProps) {
  const { index, row, columns, linkOf, explainsOf, cellOf, actionOf } = props
  const link = row && linkOf?.(row)
  const explains = row && explainsOf?.(row)
  return (
    <tr aria-rowindex={index + 2} className={row ? classes.row : classes.waiting}>
      {columns.map((column, place) => (
        <td key={column.key} className={isFigure(column) ? classes.figure : classes.text}>
          {row && (
            <Linked link={place === 0 ? link : undefined} isNamed={(row[column.key] ?? '') !== ''}>
              {cellOf?.(column, row) ?? <ReportCell column={column} row={row} explains={explains} />}
            </Linked>
          )}
        </td>
      ))}
      {actionOf && <td className={classes.action}>{row && actionOf(row)}</td>}
    </tr>
  )
})

type LinkedProps = { readonly link: RowLink | undefined; readonly isNamed: boolean; readonly children: ReactNode }

function Linked({ link, isNamed, children }: LinkedProps) {
  if (!link) return children
  return (
    <Link to={link.to} search={(link.search ?? {}) as never} className={classes.link}>
      {isNamed ? children : <i>none</i>}
    </Link>
  )
}
