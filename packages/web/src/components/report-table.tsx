// Any report as a table that scrolls through as many rows as there are: only those in sight are in the page, the next ones come as
// they are needed. Sorting and totals are the server's, over all rows, seen or not.
import { Box, Group, Text, UnstyledButton } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import {
  type ReportColumn,
  type ReportPage,
  type ReportQuery,
  type ReportRow,
  rowsOf,
  useReport,
} from '../api/use-report.ts'
import { useFormat } from '../app/format.ts'
import { Amount } from './amount.tsx'
import { isFigure, ReportCell } from './report-cell.tsx'
import classes from './report-table.module.css'
import { EmptyState, FailureState, LoadingState } from './states.tsx'

export type RowLink = { readonly to: string; readonly search?: Readonly<Record<string, unknown>> }

export type ReportTableProps = {
  readonly report: string
  readonly query: ReportQuery
  /** False until it is known of which month. */
  readonly isReady?: boolean
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
  readonly empty?: ReactNode
  /** Rows in sight before it scrolls by itself. */
  readonly heightMax?: number
  readonly hidesTotals?: boolean
}

const ROW_HEIGHT = 36

export function ReportTable(props: ReportTableProps) {
  const { report, query, isReady = true, sort, empty } = props
  const answer = useReport(report, { ...query, ...(sort === undefined ? {} : { sort }) }, { isReady })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  const head = answer.data?.pages[0]
  if (!head) return <LoadingState />
  const rows = rowsOf(answer.data)
  if (rows.length === 0)
    return (
      empty ?? (
        <EmptyState title="Nothing here" isNoMatch>
          No row of this month answers to what is asked for.
        </EmptyState>
      )
    )
  return (
    <RowsTable
      {...props}
      head={head}
      rows={rows}
      isStale={answer.isPlaceholderData}
      onEnd={() => {
        if (answer.hasNextPage && !answer.isFetchingNextPage) void answer.fetchNextPage()
      }}
    />
  )
}

type RowsTableProps = ReportTableProps & {
  readonly head: ReportPage
  readonly rows: ReadonlyArray<ReportRow>
  readonly isStale: boolean
  readonly onEnd: () => void
}

function RowsTable(props: RowsTableProps) {
  const { head, rows, label, heightMax = 640, onEnd, isStale, hidesTotals = false } = props
  const format = useFormat()
  const frame = useRef<HTMLDivElement>(null)
  const columns = columnsOf(head, props)
  const rowCount = head.rowCount ?? rows.length
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => frame.current,
    estimateSize: () => ROW_HEIGHT,
    overscan: 12,
  })
  const shown = virtual.getVirtualItems()
  const last = shown.at(-1)?.index ?? 0
  useEffect(() => {
    if (last >= rows.length - 40) onEnd()
  }, [last, rows.length, onEnd])
  const before = shown[0]?.start ?? 0
  const after = virtual.getTotalSize() - (shown.at(-1)?.end ?? 0)
  return (
    <Box>
      <section
        ref={frame}
        className={classes.frame ?? ''}
        style={{ maxHeight: heightMax, opacity: isStale ? 0.6 : 1 }}
        tabIndex={0}
        aria-label={label}
      >
        <table className={classes.table} aria-rowcount={rowCount + 1} aria-busy={isStale}>
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
      <Group justify="space-between" mt={6} gap="md">
        <Text size="xs" c="dimmed" role="status">
          {format.count(rowCount)} {rowCount === 1 ? 'row' : 'rows'}
        </Text>
        {!hidesTotals && <Totals head={head} columns={columns} />}
      </Group>
    </Box>
  )
}

/** Those asked for, or all but details; a unit beside usage that says its own is left out. */
function columnsOf(head: ReportPage, { columns, titles }: ReportTableProps): ReadonlyArray<ReportColumn> {
  const named = (column: ReportColumn) => ({ ...column, title: titles?.[column.key] ?? column.title })
  if (columns)
    return columns.flatMap((key) => {
      const found = head.columns.find((column) => column.key === key)
      return found ? [named(found)] : []
    })
  const hasUsage = head.columns.some(({ kind }) => kind === 'usage')
  return head.columns.filter(({ key, isDetail }) => !isDetail && !(hasUsage && key === 'unit')).map(named)
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
      <UnstyledButton className={classes.sort ?? ''} onClick={() => onSort(next)}>
        {column.title}
        <Icon size={13} aria-hidden className={direction === 'none' ? classes.quiet : undefined} />
      </UnstyledButton>
    </th>
  )
}

type BodyRowProps = {
  readonly index: number
  readonly row: ReportRow
  readonly columns: ReadonlyArray<ReportColumn>
  readonly props: ReportTableProps
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
function Totals({ head, columns }: { readonly head: ReportPage; readonly columns: ReadonlyArray<ReportColumn> }) {
  if (head.totals.length === 0) return null
  const summed = columns.filter(({ kind }) => kind === 'amount')
  return (
    <Group gap="lg">
      {head.totals.map(({ currency, amounts }) => (
        <Group key={currency} gap="md">
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
    </Group>
  )
}
