// Rows with the columns of a report as a table that scrolls: only those in sight are in the page.
import { Box, Group, Stack, Text, VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowsSort, IconArrowUp } from '@tabler/icons-react'
import { type CSSProperties, type FocusEvent, useEffect, useMemo, useRef } from 'react'
import type { ReportColumn, ReportPage, ReportRow } from '../api/use-report.ts'
import { useRowHeight } from '../app/density.ts'
import { useFormat } from '../app/format.ts'
import { Amount } from './amount.tsx'
import { isFigure } from './report-cell.tsx'
import classes from './rows-table.module.css'
import { type RowLooks, TableRow } from './table-row.tsx'
import { useRowWindow } from './use-row-window.ts'

export type { RowLink } from './table-row.tsx'

export type RowsTableProps = RowLooks & {
  readonly head: Pick<ReportPage, 'columns' | 'rowCount' | 'totals'>
  /** undefined while the row is on its way. */
  readonly rowAt: (index: number) => ReportRow | undefined
  /** What the rows answer to: of another, the first are shown. */
  readonly of?: string
  /** Of what was asked before; the next answer is on its way. */
  readonly isStale?: boolean
  /** Rows from `first` until before `end` are in the page, some of them not here yet or all of them here. */
  readonly onSight?: (first: number, end: number, isWaiting: boolean) => void
  /** Said to a screen reader in place of a heading. */
  readonly label: string
  /** Which columns, in this order; all that are no details if left out. */
  readonly columns?: ReadonlyArray<string>
  readonly titles?: Readonly<Record<string, string>>
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
  const { head, label, onSight, isStale = false, hidesTotals = false } = props
  const format = useFormat()
  const frame = useRef<HTMLElement>(null)
  const { rowCount } = head
  const rowHeight = useRowHeight()
  const { heightMax = 640, rowsAround = 8, of = '' } = props
  const { first, end, before, after } = useRowWindow(frame, { rowCount, rowHeight, around: rowsAround, heightMax, of })
  const { columns: wanted, titles } = props
  const columns = useMemo(() => columnsOf(head.columns, { wanted, titles }), [head.columns, wanted, titles])
  const shown = Array.from({ length: end - first }, (_, place) => props.rowAt(first + place))
  const isWaiting = shown.includes(undefined)
  const span = columns.length + (props.actionOf ? 1 : 0)
  useEffect(() => onSight?.(first, end, isWaiting), [first, end, isWaiting, onSight])
  // By its id the router finds the place again that a table had, and gives it to no other: neither after a press on a row nor in
  // another order.
  return (
    <Box>
      <section
        ref={frame}
        className={`${classes.frame} more-aside${isStale ? ' of-before' : ''}`}
        style={{ maxHeight: heightMax, '--row-height': `${rowHeight}px` } as CSSProperties}
        tabIndex={0}
        onFocus={bringIntoSight}
        aria-label={label}
        data-scroll-restoration-id={encodeURIComponent(`${label} ${of}`)}
      >
        <table
          className={classes.table}
          aria-label={label}
          aria-rowcount={rowCount + 1}
          aria-busy={isStale || isWaiting}
        >
          <thead>
            <tr aria-rowindex={1}>
              {columns.map((column) => (
                <HeadCell key={column.key} column={column} sort={props.sort} onSort={props.onSort} />
              ))}
              {props.actionOf && (
                <th scope="col" className={classes.action}>
                  <VisuallyHidden>What can be done</VisuallyHidden>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            <Spacer height={before} span={span} />
            {shown.map((row, place) => (
              <TableRow key={first + place} index={first + place} row={row} columns={columns} {...looksOf(props)} />
            ))}
            <Spacer height={after} span={span} />
          </tbody>
        </table>
      </section>
      <Group justify="space-between" align="flex-start" mt={6} gap="md">
        <Text size="xs" c="dimmed" role="status">
          {format.count(rowCount)} {rowCount === 1 ? 'row' : 'rows'}
        </Text>
        {!hidesTotals && <Totals totals={head.totals} columns={columns} />}
      </Group>
    </Box>
  )
}

/** By the tabulator: a browser leaves what is in sight by a few pixels of its side where it is. */
function bringIntoSight({ target, currentTarget }: FocusEvent<HTMLElement>): void {
  if (target !== currentTarget && target.matches(':focus-visible'))
    target.scrollIntoView({ block: 'nearest', inline: 'nearest' })
}

const looksOf = ({ linkOf, explainsOf, cellOf, actionOf }: RowLooks) => ({ linkOf, explainsOf, cellOf, actionOf })

type ColumnsOptions = { readonly wanted: RowsTableProps['columns']; readonly titles: RowsTableProps['titles'] }

/** Those asked for, or all but details; a unit or a currency beside figures that say their own is left out. */
function columnsOf(
  columns: ReadonlyArray<ReportColumn>,
  { wanted, titles }: ColumnsOptions,
): ReadonlyArray<ReportColumn> {
  const named = (column: ReportColumn) => ({ ...column, title: titles?.[column.key] ?? column.title })
  if (wanted)
    return wanted.flatMap((key) => {
      const found = columns.find((column) => column.key === key)
      return found ? [named(found)] : []
    })
  const has = (kind: ReportColumn['kind']) => columns.some((column) => column.kind === kind)
  const saidBeside = new Set([...(has('usage') ? ['unit'] : []), ...(has('amount') ? ['currency'] : [])])
  return columns.filter(({ key, isDetail }) => !isDetail && !saidBeside.has(key)).map(named)
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

/** Seen where the browser scrolls before rows are drawn: lines in place of rows, and never nothing. */
function Spacer({ height, span }: { readonly height: number; readonly span: number }) {
  if (height === 0) return null
  return (
    <tr aria-hidden="true">
      <td colSpan={span} className={classes.spacer} style={{ height }} />
    </tr>
  )
}

/** Sums over all rows, by currency, of the amounts that are shown. */
function Totals({ totals, columns }: Pick<ReportPage, 'totals'> & { readonly columns: ReadonlyArray<ReportColumn> }) {
  if (totals.length === 0) return null
  const summed = columns.filter(({ kind }) => kind === 'amount')
  return (
    <Stack gap={2} align="flex-end" ml="auto">
      {totals.map(({ currency, amounts }) => (
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
