// Rows with the columns of a report as a table that scrolls: only those in sight are in the page.
import { Box, Group, Stack, Text } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react'
import type { ReportColumn, ReportPage, ReportRow } from '../api/use-report.ts'
import { useRowHeight } from '../app/density.ts'
import { useFormat } from '../app/format.ts'
import { Amount } from './amount.tsx'
import { isFigure, ReportCell } from './report-cell.tsx'
import classes from './rows-table.module.css'

export type RowLink = { readonly to: string; readonly search?: Readonly<Record<string, unknown>> }

export type RowsTableProps = {
  readonly head: Pick<ReportPage, 'columns' | 'rowCount' | 'totals'>
  /** The first of them, as many as are there. */
  readonly rows: ReadonlyArray<ReportRow>
  /** Of what was asked before; the next answer is on its way. */
  readonly isStale?: boolean
  /** Near the last row of those that are there. */
  readonly onEnd?: () => void
  /** Said to a screen reader in place of a heading. */
  readonly label: string
  /** Which columns, in this order; all that are no details if left out. */
  readonly columns?: ReadonlyArray<string>
  readonly titles?: Readonly<Record<string, string>>
  /** Where a row's first cell leads. */
  readonly linkOf?: (row: ReportRow) => RowLink | undefined
  /** The service whose figure an amount of the row is. */
  readonly explainsOf?: (row: ReportRow) => string | undefined
  /** In place of what a cell shows otherwise; undefined leaves it. */
  readonly cellOf?: (column: ReportColumn, row: ReportRow) => ReactNode | undefined
  readonly sort?: string | undefined
  /** Left out, the order is the report's own and nobody changes it. */
  readonly onSort?: (sort: string | undefined) => void
  /** Rows in sight before it scrolls by itself. */
  readonly heightMax?: number
  readonly hidesTotals?: boolean
  /** Out of sight and in the page all the same. */
  readonly rowsAround?: number
}

export function RowsTable(props: RowsTableProps) {
  const { head, rows, label, heightMax = 640, onEnd, isStale = false, hidesTotals = false, rowsAround = 12 } = props
  const format = useFormat()
  const frame = useRef<HTMLDivElement>(null)
  const columns = columnsOf(head, props)
  const { rowCount } = head
  const rowHeight = useRowHeight()
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeight,
    overscan: rowsAround,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  // Again where the viewer comes to prefer another height.
  useEffect(() => {
    if (rowHeight > 0) virtual.measure()
  }, [rowHeight, virtual])
  useEffect(() => {
    if (last >= rows.length - rowsAhead(rows.length)) onEnd?.()
  }, [last, rows.length, onEnd])
  const before = shown[0]?.start ?? 0
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    <Box>
      <section
        ref={frame}
        className={classes.frame ?? ''}
        style={{ maxHeight: heightMax, opacity: isStale ? 0.6 : 1, '--row-height': `${rowHeight}px` } as CSSProperties}
        tabIndex={0}
        aria-label={label}
      >
        <table className={classes.table} aria-label={label} aria-rowcount={rowCount + 1} aria-busy={isStale}>
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <HeadCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
              ))}
            </tr>
          </thead>
          <tbody>
            {before > 0 && <Spacer height={before} span={columns.length} />}
            {shown.map(({ index }) => (
              <BodyRow key={index} index={index} row={rows[index] as ReportRow} columns={columns} props={props} />
            ))}
            {after > 0 && <Spacer height={after} span={columns.length} />}
          </tbody>
        </table>
      </section>
      <Group justify="space-between" align="flex-start" mt={6} gap="md">
        <Text size="xs" c="dimmed" role="status">
          {format.count(rowCount)} {rowCount === 1 ? 'row' : 'rows'}
        </Text>
        {!hidesTotals && <Totals head={head} columns={columns} />}
      </Group>
    </Box>
  )
}

/** How near the end the next rows are asked for: nobody has scrolled through the first page, who has read more is on the way. */
const rowsAhead = (rows: number) => (rows <= 200 ? 40 : 500)

/** Those asked for, or all but details; a unit or a currency beside figures that say their own is left out. */
function columnsOf(head: RowsTableProps['head'], { columns, titles }: RowsTableProps): ReadonlyArray<ReportColumn> {
  const named = (column: ReportColumn) => ({ ...column, title: titles?.[column.key] ?? column.title })
  if (columns)
    return columns.flatMap((key) => {
      const found = head.columns.find((column) => column.key === key)
      return found ? [named(found)] : []
    })
  const has = (kind: ReportColumn['kind']) => head.columns.some((column) => column.kind === kind)
  const saidBeside = new Set([...(has('usage') ? ['unit'] : []), ...(has('amount') ? ['currency'] : [])])
  return head.columns.filter(({ key, isDetail }) => !isDetail && !saidBeside.has(key)).map(named)
}

type HeadCellProps = {
  readonly column: ReportColumn
  readonly sort: string | undefined
  readonly onSort: ((sort: string | undefined) => void) | undefined
}

function HeadCell({ column, sort, onSort }: HeadCellProps) {
  const side = isFigure(column) ? classes.figure : classes.text
  const direction = sort === column.key ? 'ascending' : sort === `-${column.key}` ? 'descending' : 'none'
  if (!onSort)
    return (
      <th scope="col" className={side}>
        {column.title}
      </th>
    )
  const Icon = direction === 'ascending' ? IconArrowUp : direction === 'descending' ? IconArrowDown : IconArrowsSort
  // Figures are asked for largest first, names from A on; the third press takes the report's own order.
  const first = isFigure(column) ? `-${column.key}` : column.key
  const second = isFigure(column) ? column.key : `-${column.key}`
  const next = sort === first ? second : sort === second ? undefined : first
  return (
    <th scope="col" className={side} aria-sort={direction}>
      <button type="button" className={classes.sort} onClick={() => onSort(next)}>
        {column.title}
        <Icon size={13} aria-hidden className={direction === 'none' ? classes.quiet : undefined} />
      </button>
    </th>
  )
}

type BodyRowProps = {
  readonly index: number
  readonly row: ReportRow
  readonly columns: ReadonlyArray<ReportColumn>
  readonly props: RowsTableProps
}

function BodyRow({ index, row, columns, props: { linkOf, explainsOf, cellOf } }: BodyRowProps) {
  const link = linkOf?.(row)
  const explains = explainsOf?.(row)
  return (
    <tr aria-rowindex={index + 2} className={classes.row}>
      {columns.map((column, place) => {
        const shown = cellOf?.(column, row) ?? <ReportCell column={column} row={row} explains={explains} />
        const content =
          place === 0 && link ? (
            <Link to={link.to} search={(link.search ?? {}) as never} className={classes.link}>
              {(row[column.key] ?? '') === '' ? <i>none</i> : shown}
            </Link>
          ) : (
            shown
          )
        return (
          <td key={column.key} className={isFigure(column) ? classes.figure : classes.text}>
            {content}
          </td>
        )
      })}
    </tr>
  )
}

function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  return (
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  )
}

/** Sums over all rows, by currency, of the amounts that are shown. */
function Totals({ head, columns }: Pick<RowsTableProps, 'head'> & { readonly columns: ReadonlyArray<ReportColumn> }) {
  if (head.totals.length === 0) return null
  const summed = columns.filter(({ kind }) => kind === 'amount')
  return (
    <Stack gap={2} align="flex-end" ml="auto">
      {head.totals.map(({ currency, amounts }) => (
        <Group key={currency} gap="2px 16px" justify="flex-end">
          {summed.flatMap(({ key, title }) => {
            const value = amounts[key]
            return value === undefined || value === null
              ? []
              : [
                  <Text key={key} size="sm" component="span">
                    <Text span c="dimmed" size="sm">
                      {title}{' '}
                    </Text>
                    <b>
                      <Amount value={value} currency={currency} />
                    </b>
                  </Text>,
                ]
          })}
        </Group>
      ))}
    </Stack>
  )
}
