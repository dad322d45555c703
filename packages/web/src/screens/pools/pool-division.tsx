// How each component of the pool's cost was divided: whose share is which part of it, by which weight.
import { Text, Title } from '@mantine/core'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ReportTable } from '../../components/report-table.tsx'
import type { OfPool } from './of-pool.ts'

const COLUMNS = ['service', 'component', 'actual', 'adjusted', 'difference', 'share', 'policy', 'flags']

export function PoolDivision({ pool, period }: OfPool) {
  const { sort } = useScreenSearch()
  const setSearch = useSetSearch()
  return (
    <section aria-labelledby="division">
      <Title order={2} size="h4" id="division">
        How it was divided
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        One row for each member and component of the cost. Press an amount for its formula with the numbers in it.
      </Text>
      <ReportTable
        report="allocation"
        query={{ period, where: [`pool=${pool}`] }}
        label={`How ${pool} was divided`}
        columns={COLUMNS}
        sort={sort}
        onSort={(next) => setSearch({ sort: next })}
        explainsOf={({ service }) => service || undefined}
        linkOf={({ service }) => (service ? { to: `/services/${encodeURIComponent(service)}` } : undefined)}
        cellOf={({ key }, { service }) => (key === 'service' && !service ? <i>no service</i> : undefined)}
      />
    </section>
  )
}
