// The lines of bills behind a figure, each leading to itself in its file. Filtered alike, they sum to the figure in both views.
import type { ReportColumn, ReportQuery, ReportRow } from '../api/use-report.ts'
import { useScreenSearch, useSetSearch } from '../app/go.ts'
import { ReportTable } from './report-table.tsx'
import { SourceLink } from './source-link.tsx'

const COLUMNS = ['file', 'service', 'invoice', 'pool', 'category', 'description', 'actual', 'adjusted', 'difference']

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
      cellOf={sourceCell}
    />
  )
}

function sourceCell({ key }: ReportColumn, row: ReportRow) {
  if (key !== 'file') return undefined
  if (row.entry === 'share') return <i>share of {row.pool}</i>
  const { batch, file, member, sheet, line } = row
  if (!batch || !file) return undefined
  const at = { place: `${file}:${line}`, file, file_path: file, batch, line: Number(line) }
  return <SourceLink at={{ ...at, member: member ?? '', sheet: sheet ?? '' }} />
}
