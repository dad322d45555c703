// What a sub-account used in the month beside its limits.
import { Progress, Table, Text, Title } from '@mantine/core'
import type { ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { Amount } from '../../components/amount.tsx'

const MEASURES = [
  ['minutes', 'Minutes'],
  ['spend', 'Spend'],
  ['participants', 'Most participants'],
  ['call_minutes', 'Longest call, minutes'],
] as const

export function LimitsUsed({ row }: { readonly row: ReportRow }) {
  const format = useFormat()
  const shown = (key: string, value: string) =>
    key === 'spend' ? <Amount value={value} currency={row.currency ?? ''} /> : format.figure(value)
  const flags = new Set((row.reached ?? '').split(' '))
  return (
    <section aria-labelledby="used">
      <Title order={2} size="h5" id="used" mb="xs">
        Used this month
      </Title>
      <Table fz="sm" aria-label="Used of its limits" style={{ fontVariantNumeric: 'tabular-nums' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">What</Table.Th>
            <Table.Th scope="col" ta="right">
              Used
            </Table.Th>
            <Table.Th scope="col" ta="right">
              Limit
            </Table.Th>
            <Table.Th scope="col">Of it</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {MEASURES.map(([key, label]) => {
            const used = row[key] ?? ''
            const most = row[`${key}_limit`] ?? ''
            return (
              <Table.Tr key={key}>
                <Table.Th scope="row" fw={400}>
                  {label}
                </Table.Th>
                <Table.Td ta="right">{used && shown(key, used)}</Table.Td>
                <Table.Td ta="right">
                  {most ? (
                    shown(key, most)
                  ) : (
                    <Text span size="sm" c="dimmed">
                      none
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>
                  {most && <ShareOf used={used} most={most} isReached={flags.has(key.replace('_', '-'))} />}
                </Table.Td>
              </Table.Tr>
            )
          })}
        </Table.Tbody>
      </Table>
    </section>
  )
}

/** A bar, for the eye alone: the figures stand beside it. */
function ShareOf({
  used,
  most,
  isReached,
}: {
  readonly used: string
  readonly most: string
  readonly isReached: boolean
}) {
  const share = Number(most) > 0 ? Math.min(100, (Number(used) / Number(most)) * 100) : 100
  return (
    <>
      <Progress value={share} color={isReached ? 'red' : 'indigo'} w={90} aria-hidden />
      {isReached && (
        <Text size="xs" fw={600}>
          reached
        </Text>
      )}
    </>
  )
}
