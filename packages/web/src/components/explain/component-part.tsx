// Why a component of a pool puts on a service what it does: sentence, formula, policy, the cent left over, charges and usage.
import { Badge, Divider, Group, Table, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFormat } from '../../app/format.ts'
import { lastDayBefore } from '../../app/last-day.ts'
import { Amount } from '../amount.tsx'
import type { ExplainedLine, ServiceExplained } from '../explained.ts'
import { SourceLink } from '../source-link.tsx'
import { counted } from './counted.ts'
import { Formula, Part } from './part.tsx'

type Component = ServiceExplained['components'][number]

export function ComponentPart({ of }: { readonly of: Component }) {
  const format = useFormat()
  const { policy, window, leftover, limits, currency } = of
  const units = `${leftover.units} × ${leftover.unit} ${currency}`
  return (
    <Part title={`${of.pool}: ${of.component}`}>
      <Text size="sm">{of.sentence}</Text>
      <Formula formula={of.formula} result={of.adjusted} />
      <Group gap="xs">
        <Badge variant="light" tt="none">
          {policy.version === null
            ? `default policy ${policy.name}`
            : `policy ${policy.name}, version ${policy.version}`}
        </Badge>
        <Said>{methodOf(of)}</Said>
        {limits.floor !== null && <Said>floor {limits.floor}</Said>}
        {limits.cap !== null && <Said>cap {limits.cap}</Said>}
        {of.flags.map((flag) => (
          <Said key={flag}>{FLAGS[flag] ?? flag}</Said>
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        {format.date(window.start_on)} to {format.date(lastDayBefore(window.end_on))}.{' '}
        {leftover.units === 0
          ? 'The division came out even.'
          : `${units} were left over by rounding; this one ${leftover.took_one ? 'took one' : 'took none'}.`}
      </Text>
      <Membership of={of} />
      <ChargeLines lines={of.charges.lines} count={of.charges.count} currency={currency} total={of.charges.amount} />
      {of.usage !== null && <UsageLines of={of} usage={of.usage} />}
    </Part>
  )
}

const FLAGS: Readonly<Record<string, string>> = {
  'floor-exceeds-charge': 'the floors come to more than the charge',
  'cap-below-charge': 'the caps come to less than the charge',
  'non-participant': 'takes no part',
  unused: 'nobody used it',
  unallocated: 'not divided',
}

function methodOf({ method, basis }: Component): string {
  const words = method === 'follow' ? 'follows what was shared' : method.replace('-', ' ')
  return basis === '' ? words : `${words} by ${basis.replaceAll('-', ' ')} usage`
}

function Said({ children }: { readonly children: ReactNode }) {
  return (
    <Badge variant="light" color="gray" tt="none">
      {children}
    </Badge>
  )
}

function Membership({ of: { membership, days } }: { readonly of: Component }) {
  const format = useFormat()
  if (membership.length === 0) return null
  return (
    <Group gap="xs" fz="xs">
      <Text size="xs" c="dimmed">
        A member{days > 1 ? ` on ${format.count(days)} days` : ''} by
      </Text>
      {membership.map(({ at, configuration, contribution, unit }, index) => (
        <Text key={`${at?.place ?? configuration} ${index}`} size="xs" component="span">
          {at === null ? configuration : <SourceLink at={at} />}
          {contribution === '' ? '' : `, contributing ${contribution} ${unit}`}
        </Text>
      ))}
    </Group>
  )
}

type ChargeLinesProps = {
  readonly lines: ReadonlyArray<ExplainedLine>
  readonly count: number
  readonly currency: string
  readonly total: string
}

export function ChargeLines({ lines, count, currency, total }: ChargeLinesProps) {
  const format = useFormat()
  if (lines.length === 0) return null
  return (
    <>
      <Text size="xs" c="dimmed">
        {counted(count, 'charge', format)} of <Amount value={total} currency={currency} /> together
        {count > lines.length ? `; the first ${lines.length}` : ''}
      </Text>
      <Table fz="xs" verticalSpacing={3}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Source</Table.Th>
            <Table.Th scope="col">Charge</Table.Th>
            <Table.Th scope="col" ta="right">
              Billed
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line, index) => (
            <Table.Tr key={`${line.at?.place ?? ''} ${index}`} fw={line.is_own ? 650 : 400}>
              <Table.Td>
                <SourceLink at={line.at} />
              </Table.Td>
              <Table.Td>
                {line.description === '' ? line.category : line.description} · {line.service || <i>no service</i>}
              </Table.Td>
              <Table.Td ta="right">
                <Amount value={line.billed} currency={currency} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </>
  )
}

type UsageLinesProps = { readonly of: Component; readonly usage: NonNullable<Component['usage']> }

function UsageLines({ of, usage }: UsageLinesProps) {
  const format = useFormat()
  const { count, lines } = usage
  return (
    <>
      <Divider />
      <Text size="xs" c="dimmed">
        Used {format.usage(of.usage_base, of.usage_type)} of the {format.usage(usage.pool_quantity_base, of.usage_type)}{' '}
        in {counted(usage.pool_count, 'record', format)} of the pool
        {count > lines.length ? `; the first ${lines.length} of its ${format.count(count)} records` : ''}
      </Text>
      {lines.length > 0 && (
        <Table fz="xs" verticalSpacing={3} aria-label={`Usage of ${of.pool}, ${of.component}`}>
          <Table.Tbody>
            {lines.map((line, index) => (
              <Table.Tr key={`${line.at?.place ?? ''} ${index}`}>
                <Table.Td>
                  <SourceLink at={line.at} />
                </Table.Td>
                <Table.Td>
                  {line.started_at.endsWith('T00:00:00')
                    ? format.date(line.started_at.slice(0, 10))
                    : format.wallTime(line.started_at)}
                </Table.Td>
                <Table.Td c="dimmed">
                  {[line.zone, line.time_band, line.network].filter((word) => word !== '').join(', ')}
                </Table.Td>
                <Table.Td ta="right" style={{ fontVariantNumeric: 'tabular-nums' }}>
                  {line.quantity === ''
                    ? format.usage(line.quantity_base, of.usage_type)
                    : `${line.quantity} ${line.unit}`}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </>
  )
}
