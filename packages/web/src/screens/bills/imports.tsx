// Every file that was imported, the newest first: what came of its rows, and whether it still counts.
import { Button } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReportColumn, ReportQuery, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { lastDayBefore } from '../../app/last-day.ts'
import { useMay } from '../../app/session.tsx'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { keepPeriod, PageHeader } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import classes from './bills.module.css'
import { StateBadge } from './state-badge.tsx'

const COLUMNS = [
  ...['file', 'state', 'vendor', 'account', 'from', 'until', 'amount', 'read', 'quarantined'],
  ...['imported_at', 'imported_by', 'format', 'superseded_by'],
]

/** The file says the day after the last. */
const TITLES = { until: 'To' }

export function Screen() {
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const format = useFormat()
  const mayImport = useMay('import:change')
  const query: ReportQuery = search.q === undefined ? {} : { search: search.q }
  const cellOf = ({ key }: ReportColumn, row: ReportRow) => {
    if (key === 'state') return <StateBadge state={row.state ?? ''} />
    if (key === 'format') return <span title={row.format ?? ''}>{row.format?.replaceAll(/@\w+/g, '')}</span>
    if (key === 'until' && row.until) return <span>{format.date(lastDayBefore(row.until))}</span>
    if (key === 'imported_at') return <span>{format.instant(row.imported_at ?? '')}</span>
    return undefined
  }
  return (
    <>
      <PageHeader
        title="Imports"
        crumbs={[{ label: 'Bills', to: '/bills' }]}
        summary="Every file that was imported, and whether it counts"
        actions={
          <>
            {mayImport && (
              <Button
                leftSection={<IconFileUpload size={16} aria-hidden />}
                renderRoot={(props) => (
                  <Link to={'/bills/import' as string} search={keepPeriod(search) as never} {...props} />
                )}
              >
                Import files
              </Button>
            )}
            <ExportMenu report="imports" query={query} sort={search.sort} />
          </>
        }
      />
      <div className={classes.bar}>
        <SearchBox label="Search imports" />
      </div>
      <ReportTable
        report="imports"
        query={query}
        label="Imports"
        columns={COLUMNS}
        titles={TITLES}
        sort={search.sort}
        onSort={(sort) => setSearch({ sort })}
        linkOf={({ batch }) => ({
          to: `/bills/imports/${encodeURIComponent(batch ?? '')}`,
          search: keepPeriod(search),
        })}
        cellOf={cellOf}
        hidesTotals
        empty={
          <EmptyState
            title={search.q === undefined ? 'Nothing was imported yet' : 'No such import'}
            why={search.q === undefined ? undefined : 'no-match'}
            {...(mayImport && search.q === undefined ? { action: { label: 'Import files', to: '/bills/import' } } : {})}
          >
            {search.q === undefined
              ? 'Every file that is imported stands here.'
              : 'No file, format or vendor is named so.'}
          </EmptyState>
        }
      />
    </>
  )
}
