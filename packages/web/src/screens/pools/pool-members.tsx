// Who carries the pool: what the vendor put on each, and what each carries now that the pool is divided.
import { Stack, Text, Title } from '@mantine/core'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { keepPeriod } from '../../components/page-header.tsx'
import { ReportTable } from '../../components/report-table.tsx'
import type { OfPool } from './of-pool.ts'

export function PoolMembers({ pool, period }: OfPool) {
  const here = useScreenSearch()
  const setSearch = useSetSearch()
  const where = [`pool=${pool}`]
  return (
    <Stack gap="lg">
      <section aria-labelledby="who-pays">
        <Title order={2} size="h4" id="who-pays">
          Who pays
        </Title>
        <Text size="sm" c="dimmed" mb="xs">
          Actual is what the vendor put on a service, adjusted what it carries of the pool. Both have the same total.
        </Text>
        <ReportTable
          report="charges"
          query={{ period, by: 'service', where }}
          label={`Who pays of ${pool}`}
          columns={['key', 'name', 'actual', 'adjusted', 'difference']}
          titles={{ key: 'Service', name: 'Person' }}
          sort={here.sort}
          onSort={(sort) => setSearch({ sort })}
          explainsOf={({ key }) => key || undefined}
          linkOf={({ key }) => ({
            to: '/lines',
            search: { ...keepPeriod(here), where: [...where, `service=${key ?? ''}`] },
          })}
        />
      </section>
      <section aria-labelledby="what-for">
        <Title order={2} size="h4" id="what-for" mb="xs">
          What for
        </Title>
        <ReportTable
          report="charges"
          query={{ period, by: 'category', where }}
          label={`Kinds of charges of ${pool}`}
          columns={['key', 'actual', 'adjusted']}
          titles={{ key: 'Kind of charge' }}
          linkOf={({ key }) => ({
            to: '/lines',
            search: { ...keepPeriod(here), where: [...where, `category=${key ?? ''}`] },
          })}
        />
      </section>
    </Stack>
  )
}
