// The lines of bills that a figure is the sum of: in both views they add up to it.
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { ReportColumn, ReportQuery, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { usePeriods } from '../../app/periods.ts'
import { SourceLink } from '../../components/explain-panel.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { FilterChips, termOf } from '../../components/filter-chips.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'

const COLUMNS = [
  'file',
  'service',
  'invoice',
  'pool',
  'component',
  'category',
  'description',
  'actual',
  'adjusted',
  'difference',
]

export function Screen() {
  const search = useSearch({ strict: false })
  const navigate = useNavigate()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  if (!isPending && period === undefined) return <NoMonth title="Lines" />
  const currency = search.key === undefined ? [] : [`currency=${search.key}`]
  const where = [...(search.where ?? []), ...currency]
  const query: ReportQuery = {
    period,
    by: 'line',
    ...(where.length > 0 ? { where } : {}),
    ...(search.q === undefined ? {} : { search: search.q }),
  }
  return (
    <>
      <PageHeader
        title="Lines"
        summary={period === undefined ? undefined : `Every line of ${format.period(period)} behind the figure`}
        crumbs={[
          { label: 'All', to: '/explore' },
          ...(search.where ?? []).map((term, index, terms) => ({
            label: termOf(term).key || `no ${termOf(term).dimension}`,
            to: '/explore',
            search: { ...keepPeriod(search), where: terms.slice(0, index + 1) },
          })),
        ]}
        actions={<ExportMenu report="charges" query={query} sort={search.sort} />}
      />
      <FilterChips
        dimensions={['service', 'person', 'cost-centre', 'vendor', 'account', 'pool', 'category', 'invoice']}
      />
      <ReportTable
        report="charges"
        query={query}
        isReady={period !== undefined}
        label="Lines of bills"
        columns={COLUMNS}
        titles={{ file: 'Source' }}
        sort={search.sort}
        onSort={(sort) => navigate({ to: '.', search: (before) => ({ ...before, sort }) as never })}
        explainsOf={(row) => row.service ?? undefined}
        cellOf={sourceCell}
      />
    </>
  )
}

function sourceCell({ key }: ReportColumn, row: ReportRow) {
  if (key !== 'file') return undefined
  if (row.entry === 'share') return <i>share of {row.pool}</i>
  const { batch, file, member, sheet, line } = row
  if (!batch || !file) return undefined
  return (
    <SourceLink
      at={{
        place: `${file}:${line}`,
        file,
        member: member ?? '',
        sheet: sheet ?? '',
        line: Number(line),
        file_path: file,
        batch,
      }}
    />
  )
}
