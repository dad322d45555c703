// Rows of every import that could not be read, as they were, with what to do about each. They count once they are mended.
import { Text } from '@mantine/core'
import type { ReportQuery } from '../../api/use-report.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import classes from './bills.module.css'
import { TextLink } from './text-link.tsx'

const COLUMNS = ['file', 'line', 'column_name', 'value', 'message', 'hint', 'raw']

export function QuarantineTab() {
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const query: ReportQuery = search.q === undefined ? {} : { search: search.q }
  return (
    <>
      <div className={classes.bar}>
        <SearchBox label="Search rows" />
        <ExportMenu report="quarantine" query={query} sort={search.sort} />
      </div>
      <ReportTable
        report="quarantine"
        query={query}
        label="Rows in quarantine"
        columns={COLUMNS}
        sort={search.sort}
        onSort={(sort) => setSearch({ sort })}
        empty={
          <EmptyState title={search.q === undefined ? 'Every row was read' : 'No such row'} isNoMatch>
            {search.q === undefined ? 'No import left a row behind.' : 'No row in quarantine has what is searched for.'}
          </EmptyState>
        }
      />
      <Text size="sm" c="dimmed" mt="xs">
        To mend rows, download them from the <TextLink to="/bills/imports">import</TextLink> that they came with.
      </Text>
    </>
  )
}
