// The lines of bills behind a figure, each leading to itself in its file. Filtered alike, they sum to the figure in both views.
import { useCallback } from 'react'
import type { ReportColumn, ReportQuery, ReportRow } from '../api/use-report.ts'
import { useScreenSearch, useSetSearch } from '../app/go.ts'
import type { ScreenSearch } from '../app/search.ts'
import { invoiceLink } from './invoice-link.ts'
import { keepPeriod } from './page-header.tsx'
import { ReportTable } from './report-table.tsx'
import { ScreenLink } from './screen-link.tsx'
import { SourceLink } from './source-link.tsx'

/** The amounts before what they belong to: a small window shows what a line is and comes to. */
const COLUMNS = ['file', 'service', 'description', 'actual', 'adjusted', 'category', 'pool', 'invoice']

export type LineTableProps = {
  readonly query: ReportQuery
  readonly label: string
  /** Columns that would say the same in every row. */
  readonly omits?: ReadonlyArray<string>
}

export function LineTable({ query, label, omits = [] }: LineTableProps) {
  const { sort } = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <ReportTable
      report="charges"
      query={query}
      isReady={query.period !== undefined}
      label={label}
      columns={COLUMNS.filter((column) => !omits.includes(column))}
      titles={{ file: 'Source' }}
      sort={sort}
      onSort={(next) => setSearch({ sort: next })}
      explainsOf={({ service }) => service || undefined}
      cellOf={useLineCell()}
    />
  )
}

/** Where a line comes from, and where it leads. */
function useLineCell() {
  const { period, view } = keepPeriod(useScreenSearch())
  return useCallback(
    ({ key }: ReportColumn, row: ReportRow) => {
      if (key === 'file') return <LineSource row={row} />
      if (key === 'pool' && row.pool)
        return <ScreenLink to={`/pools/${encodeURIComponent(row.pool)}`}>{row.pool}</ScreenLink>
      const link = key === 'invoice' ? invoiceLink(row) : undefined
      if (link === undefined) return undefined
      return (
        <ScreenLink to={link.to} search={{ ...keepPeriod({ period, view }), ...link.search } as ScreenSearch}>
          {row.invoice}
        </ScreenLink>
      )
    },
    [period, view],
  )
}

function LineSource({ row }: { readonly row: ReportRow }) {
  const { entry, batch, file, member, sheet, line, invoice } = row
  if (entry === 'share') return <i>share of its pool</i>
  if (!batch || !file)
    return <ScreenLink to={`/customer-bills/${encodeURIComponent(invoice ?? '')}`}>our own bill</ScreenLink>
  const at = { place: `${file}:${line}`, file, file_path: file, batch, line: Number(line) }
  return <SourceLink at={{ ...at, member: member ?? '', sheet: sheet ?? '' }} />
}
