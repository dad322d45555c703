// The buckets of an account: what was drawn in the month, and what was left at an instant that somebody chooses.
import { Group, Stack, Text, TextInput, Title } from '@mantine/core'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ReportTable } from '../../components/report-table.tsx'
import { EmptyState } from '../../components/states.tsx'

export function AccountBuckets({ account, period }: { readonly account: string; readonly period: string }) {
  const { at = lastInstantOf(period) } = useScreenSearch()
  const setSearch = useSetSearch()
  const none = (
    <EmptyState title="No bucket">Nothing was drawn from a bucket of this account, and none was open then.</EmptyState>
  )
  return (
    <Stack gap="lg">
      <section aria-labelledby="drawn">
        <Title order={2} size="h4" id="drawn" mb="xs">
          Drawn in the month
        </Title>
        <ReportTable
          report="buckets"
          query={{ period, account }}
          label="Buckets of the account in the month"
          titles={{ holder: 'Held by' }}
          empty={none}
        />
      </section>
      <section aria-labelledby="left">
        <Group justify="space-between" align="flex-end" mb="xs">
          <Title order={2} size="h4" id="left">
            Left at a moment
          </Title>
          <Group gap="xs" align="flex-end">
            <TextInput
              type="datetime-local"
              label="At (UTC)"
              value={at.slice(0, 16)}
              onChange={({ currentTarget: { value } }) => {
                if (/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(value))
                  setSearch({ at: `${value.slice(0, 16)}:00Z` }, { replaces: true })
              }}
            />
            <Text size="xs" c="dimmed" pb={8}>
              by what was used until then
            </Text>
          </Group>
        </Group>
        <ReportTable
          report="balances"
          query={{ at, account }}
          label="Balances of the account"
          columns={['bucket', 'holder', 'drawn', 'left', 'capacity', 'tier', 'until_at', 'life']}
          titles={{ holder: 'Held by', until_at: 'Until', life: 'Renewal' }}
          empty={none}
        />
      </section>
    </Stack>
  )
}

/** Of the month, to the minute. */
function lastInstantOf(period: string): string {
  const [year, month] = period.split('-').map(Number)
  const end = new Date(Date.UTC(year ?? 1970, month ?? 1, 1) - 60_000)
  return `${end.toISOString().slice(0, 16)}:00Z`
}
