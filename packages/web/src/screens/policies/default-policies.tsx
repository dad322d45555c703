// What holds for a pool that no saved policy is for: the product's defaults, said rather than hidden.
import { Button, Paper, Table, Text, Title } from '@mantine/core'
import { useGo, useScreenSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { DEFAULTS } from './policy-defaults.ts'

export function DefaultPolicies() {
  const mayChange = useMay('configuration:change')
  const here = useScreenSearch()
  const go = useGo()
  return (
    <Paper withBorder p="md" mt="lg" component="section" aria-labelledby="defaults">
      <Title order={2} size="h4" id="defaults">
        Where none of them is for a pool
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        Its access charges and lumps, and its overage, are each shared in proportion to usage, whatever its model. Entry
        charges, equipment, features, taxes and credits stay where the vendor put them. A pool that is narrowed to a
        zone, time or network is shared by just that usage.
      </Text>
      <Table fz="sm" aria-label="Default policies">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Pools of</Table.Th>
            <Table.Th scope="col">In proportion to</Table.Th>
            {mayChange && (
              <Table.Th scope="col" w={140}>
                To change it
              </Table.Th>
            )}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {DEFAULTS.map(({ usageType, title, basis }) => (
            <Table.Tr key={usageType}>
              <Table.Th scope="row" fw={500}>
                {title}
              </Table.Th>
              <Table.Td>{basis}</Table.Td>
              {mayChange && (
                <Table.Td>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`Begin a policy from the default for ${title.toLowerCase()}`}
                    onClick={() => go('/policies', { ...keepPeriod(here), of: 'new', chosen: usageType })}
                  >
                    Begin from it
                  </Button>
                </Table.Td>
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Paper>
  )
}
