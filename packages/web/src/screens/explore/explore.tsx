// Charges of the month by anything, narrowed by anything: from the company down to one service, and from there to its lines.

import { Group, Select } from '@mantine/core'
import type { ReportQuery, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { FilterChips, labelOf } from '../../components/filter-chips.tsx'
import { NoMonth } from '../../components/no-month.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ViewsMenu } from '../../components/views-menu.tsx'

const DIMENSIONS = [
  'cost-centre',
  'person',
  'service',
  'vendor',
  'account',
  'pool',
  'project',
  'category',
  'usage-type',
] as const
/** Where a row leads next: from what is large to what is small, and at last to the lines. */
const BELOW: Readonly<Record<string, string>> = {
  vendor: 'account',
  account: 'service',
  pool: 'service',
  category: 'service',
  'usage-type': 'service',
  'cost-centre': 'person',
  project: 'person',
  person: 'service',
}

export function Screen() {
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const format = useFormat()
  const { period, isPending } = usePeriods()
  const by = search.by ?? 'cost-centre'
  const where = search.where ?? []
  if (!isPending && period === undefined) return <NoMonth title="Explore" />
  const query: ReportQuery = {
    period,
    by,
    ...(where.length > 0 ? { where: [...where] } : {}),
    ...(search.q === undefined ? {} : { search: search.q }),
  }
  const linkOf = (row: ReportRow) => {
    const term = `${by}=${row.key ?? ''}`
    const next = BELOW[by]
    const terms = [...new Set([...where, term])]
    if (next === undefined)
      return {
        to: '/lines',
        search: { ...keepPeriod(search), where: terms, ...(row.currency ? { key: row.currency } : {}) },
      }
    return { to: '/explore', search: { ...keepPeriod(search), where: terms, by: next } }
  }
  return (
    <>
      <PageHeader
        title="Explore"
        summary={period === undefined ? undefined : `Charges of ${format.period(period)}; press a row to go into it`}
        crumbs={where.length > 0 ? [{ label: 'All', to: '/explore' }] : []}
        actions={
          <>
            <ViewsMenu />
            <ExportMenu report="charges" query={query} sort={search.sort} />
          </>
        }
      />
      <Group mb="sm" align="flex-end">
        <Select
          label="One row for each"
          data={DIMENSIONS.map((value) => ({ value, label: labelOf(value) }))}
          value={by}
          allowDeselect={false}
          onChange={(value) => setSearch({ by: value ?? undefined, sort: undefined })}
        />
      </Group>
      <FilterChips dimensions={[...DIMENSIONS, 'invoice', 'cost-centre-below', 'component', 'currency']} />
      <ReportTable
        report="charges"
        query={query}
        isReady={period !== undefined}
        label={`Charges by ${labelOf(by).toLowerCase()}`}
        sort={search.sort}
        onSort={(sort) => setSearch({ sort })}
        linkOf={linkOf}
        explainsOf={(row) => (by === 'service' ? row.key || undefined : undefined)}
      />
    </>
  )
}
