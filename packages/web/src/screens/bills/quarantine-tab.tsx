// Rows of every import that could not be read, as they were, with what to do about each. They count once they are mended.
import { Popover, Text, UnstyledButton } from '@mantine/core'
import type { ReportColumn, ReportQuery, ReportRow } from '../../api/use-report.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ExportMenu } from '../../components/export-menu.tsx'
import { SearchBox } from '../../components/filter-chips.tsx'
import { Hint } from '../../components/hint.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { EmptyState } from '../../components/states.tsx'
import classes from './bills.module.css'

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
        linkOf={({ batch }) => ({
          to: `/bills/imports/${encodeURIComponent(batch ?? '')}`,
          search: keepPeriod(search),
        })}
        cellOf={quarantineCell}
        empty={
          <EmptyState
            title={search.q === undefined ? 'Every row was read' : 'No such row'}
            why={search.q === undefined ? 'all-well' : 'no-match'}
          >
            {search.q === undefined ? 'No import left a row behind.' : 'No row in quarantine has what is searched for.'}
          </EmptyState>
        }
      />
      <Text size="sm" c="dimmed" mt="xs">
        To mend rows, download them from the import that they came with: press the name of the file.
      </Text>
    </>
  )
}

function quarantineCell({ key }: ReportColumn, row: ReportRow) {
  if (key === 'message') return <WholeMessage row={row} />
  return key === 'line' ? lineLink(row) : undefined
}

/** Rows are as high as one line: what is wrong with one, and the row itself, is read in full where it is pressed. */
function WholeMessage({ row: { message, hint, raw } }: { readonly row: ReportRow }) {
  return (
    <Popover width={420} position="bottom-start" withArrow withinPortal trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.whole ?? ''} aria-label={`${message} In full`}>
          {message}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown maw="92vw" tabIndex={-1} data-autofocus aria-label="What is wrong, in full">
        <Text size="sm">{message}</Text>
        <Text size="sm" c="dimmed">
          <Hint text={hint ?? ''} />
        </Text>
        <Text className={classes.wholeRow ?? ''} mt="xs">
          {raw}
        </Text>
      </Popover.Dropdown>
    </Popover>
  )
}

/** To the row in its file, with its neighbours; of a file in a ZIP, or a sheet, the report has one name for both. */
function lineLink({ file, batch, line }: ReportRow) {
  if (!batch || !line || /[!#]/.test(file ?? '')) return undefined
  return (
    <ScreenLink to="/source" search={{ key: batch, of: line }}>
      {line}
    </ScreenLink>
  )
}
