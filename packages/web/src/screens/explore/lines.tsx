// The lines of bills that a figure is the sum of: in both views they add up to it.

import type { ReportQuery } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { FilterChips, termOf } from '../../components/filter-chips.tsx'
import { LineTable } from '../../components/line-table.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'

export function Screen() {
  const search = useScreenSearch()
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
      <LineTable query={query} label="Lines of bills" />
    </>
  )
}
