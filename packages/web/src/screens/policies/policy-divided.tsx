// Where the policy is used: the pools that a month's run divided by it, member by member.
import { Stack, Text } from '@mantine/core'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { usePeriods } from '../../app/periods.ts'
import { keepPeriod } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState } from '../../components/states.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'

const COLUMNS = ['pool', 'service', 'component', 'actual', 'adjusted', 'difference', 'flags']

export function PolicyDivided() {
  const { name } = useDraft()
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  const format = useFormat()
  const { period } = usePeriods()
  if (period === undefined) return <Text size="sm">No month is closed yet.</Text>
  return (
    <Stack gap="xs">
      <Text size="sm" c="dimmed">
        What was divided by it in {format.period(period)}. Press an amount for its formula.
      </Text>
      <ReportTable
        report="allocation"
        query={{ period, where: [`policy=${name ?? ''}`] }}
        label={`What ${name ?? ''} divided`}
        columns={COLUMNS}
        sort={here.sort}
        onSort={(sort) => setSearch({ sort })}
        explainsOf={({ service }) => service || undefined}
        linkOf={({ pool }) => ({ to: `/pools/${encodeURIComponent(pool ?? '')}`, search: keepPeriod(here) })}
        empty={
          <EmptyState title={`It divided nothing in ${format.period(period)}`}>
            It may be newer than the month’s run, or no pool that it names had charges. Try it on the month, under “What
            it says”.
          </EmptyState>
        }
        heightMax={480}
      />
    </Stack>
  )
}
