// Why a figure is what it is, beside the screen on which it stands: a sentence, the formula with its numbers, the rule and its
// version, the cent that was left over, and the lines of the files that it comes from.

import { Anchor, Badge, Code, Divider, Drawer, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAsk } from '../api/use-ask.ts'
import { useFormat } from '../app/format.ts'
import { useScreenSearch, useSetSearch } from '../app/go.ts'
import { usePeriods } from '../app/periods.ts'
import { Amount } from './amount.tsx'
import type { EventExplained, ExplainedLine, ServiceExplained } from './explained.ts'
import { FailureState, LoadingState } from './states.tsx'

export function ExplainPanel() {
  const { explain, event } = useScreenSearch()
  const setSearch = useSetSearch()
  const close = () => setSearch({ explain: undefined, event: undefined })
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="xl"
      title={<b>{explain === undefined ? `Event ${event}` : `Why ${explain} carries this`}</b>}
      closeButtonProps={{ 'aria-label': 'Close the explanation' }}
    >
      {explain !== undefined ? <OfService service={explain} /> : <OfEvent id={event ?? ''} />}
    </Drawer>
  )
}

function OfService({ service }: { readonly service: string }) {
  const { period } = usePeriods()
  const answer = useAsk(
    'explain',
    { params: { service }, query: { period: period ?? '', lines: 12 } },
    { isReady: period !== undefined },
  )
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState />
  return <ServiceExplanation explained={answer.data as unknown as ServiceExplained} />
}

function ServiceExplanation({ explained }: { readonly explained: ServiceExplained }) {
  const format = useFormat()
  const { totals, components, retained, assignment, rated } = explained
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        {format.period(explained.period)}, run {explained.run} ({explained.run_state})
      </Text>
      {totals.map(({ currency, actual, adjusted, difference }) => (
        <Group key={currency} gap="xl">
          <Figure label="Actual" value={actual} currency={currency} />
          <Figure label="Adjusted" value={adjusted} currency={currency} />
          <Figure label="Difference" value={difference} currency={currency} isChange />
        </Group>
      ))}
      {components.map((component) => (
        <ComponentExplanation
          key={`${component.pool} ${component.component} ${component.window.start_on}`}
          of={component}
        />
      ))}
      {retained.map(({ currency, amount, own, lines, count }) => (
        <Part key={currency} title="Charges that no pool shares">
          <Text size="sm">
            <Amount value={own} currency={currency} /> of its own stay as they were billed.
          </Text>
          <Lines lines={lines} count={count} currency={currency} total={amount} />
        </Part>
      ))}
      {assignment && <AssignmentExplanation of={assignment} />}
      {rated !== null && rated !== undefined && (
        <Part title="Rated usage">
          <Code block>{JSON.stringify(rated, null, 2)}</Code>
        </Part>
      )}
    </Stack>
  )
}

type FigureProps = {
  readonly label: string
  readonly value: string
  readonly currency: string
  readonly isChange?: boolean
}

function Figure({ label, value, currency, isChange = false }: FigureProps) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="lg" fw={650} component="div">
        <Amount value={value} currency={currency} isChange={isChange} />
      </Text>
    </div>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Paper withBorder p="md">
      <Stack gap="xs">
        <Title order={3} size="h5">
          {title}
        </Title>
        {children}
      </Stack>
    </Paper>
  )
}

function ComponentExplanation({ of }: { readonly of: ServiceExplained['components'][number] }) {
  const format = useFormat()
  return (
    <Part title={`${of.pool}: ${of.component}`}>
      <Text size="sm">{of.sentence}</Text>
      <Code block style={{ whiteSpace: 'pre-wrap' }}>
        {of.formula} = {of.adjusted}
      </Code>
      <Group gap="xs">
        <Badge variant="light" tt="none">
          {of.policy === null ? 'default policy' : `policy ${of.policy.name}, version ${of.policy.version}`}
        </Badge>
        <Badge variant="light" color="gray" tt="none">
          {of.method} · {of.basis}
        </Badge>
        {of.flags.map((flag) => (
          <Badge key={flag} variant="light" color="gray" tt="none">
            {flag}
          </Badge>
        ))}
      </Group>
      <Text size="sm" c="dimmed">
        {format.date(of.window.start_on)} to {format.date(of.window.end_on)} (exclusive).{' '}
        {of.leftover.units === 0
          ? 'The division came out even.'
          : `${of.leftover.units} × ${of.leftover.unit} ${of.currency} were left over by rounding; this one ${of.leftover.took_one ? 'took one' : 'took none'}.`}
      </Text>
      <Lines lines={of.charges.lines} count={of.charges.count} currency={of.currency} total={of.charges.amount} />
      {of.usage.lines.length > 0 && <UsageLines of={of} />}
    </Part>
  )
}

type LinesProps = {
  readonly lines: ReadonlyArray<ExplainedLine>
  readonly count: number
  readonly currency: string
  readonly total: string
}

function Lines({ lines, count, currency, total }: LinesProps) {
  const format = useFormat()
  if (lines.length === 0) return null
  return (
    <>
      <Text size="xs" c="dimmed">
        {format.count(count)} charges of <Amount value={total} currency={currency} />
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
                {line.description === '' ? line.category : line.description} · {line.service}
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

/** To the line itself, with its neighbours. */
export function SourceLink({ at }: { readonly at: ExplainedLine['at'] }) {
  if (!at) return <span>of our own bill</span>
  const name = `${at.member === '' ? at.file : at.member}:${at.line}`
  const search = {
    key: at.batch ?? at.file_path,
    of: String(at.line),
    ...(at.member === '' ? {} : { tab: at.member }),
    ...(at.sheet === '' ? {} : { chosen: at.sheet }),
  }
  return (
    <Anchor
      size="xs"
      title={at.place}
      renderRoot={(props) => <Link to="/source" search={search as never} {...props} />}
    >
      {name}
    </Anchor>
  )
}

function UsageLines({ of }: { readonly of: ServiceExplained['components'][number] }) {
  const format = useFormat()
  return (
    <>
      <Divider />
      <Text size="xs" c="dimmed">
        Used {format.usage(of.usage_base, of.usage_type)} of the{' '}
        {format.usage(of.usage.pool_quantity_base, of.usage_type)} of {format.count(of.usage.pool_count)} records in the
        pool
      </Text>
      {of.usage.lines.map((line, index) => (
        <Group key={`${line.at?.place ?? ''} ${index}`} gap="md" fz="xs">
          <SourceLink at={line.at} />
          <span>{line.started_at}</span>
          <span>
            {line.quantity} {line.unit}
          </span>
          <Text span size="xs" c="dimmed">
            {[line.zone, line.time_band, line.network].filter((word) => word !== '').join(', ')}
          </Text>
        </Group>
      ))}
    </>
  )
}

function AssignmentExplanation({ of }: { readonly of: NonNullable<ServiceExplained['assignment']> }) {
  const format = useFormat()
  return (
    <Part title="Who carries it">
      {of.carried_by.map((one) => (
        <Group key={`${one.person} ${one.cost_centre} ${one.project} ${one.currency}`} justify="space-between">
          <Text size="sm">
            {[one.person_name || one.person, one.cost_centre_name || one.cost_centre, one.project_name || one.project]
              .filter((word) => word !== '')
              .join(' · ') || 'nobody: unassigned'}
          </Text>
          <Amount value={one.adjusted} currency={one.currency} />
        </Group>
      ))}
      {of.stays.map((stay) => (
        <Text key={`${stay.from} ${stay.person} ${stay.cost_centre}`} size="xs" c="dimmed">
          {format.date(stay.from)} to {format.date(stay.to)}, {stay.days} days
        </Text>
      ))}
      {of.lines.map((line) => (
        <SourceLink key={`${line.at?.place ?? ''} ${line.fact}`} at={line.at} />
      ))}
    </Part>
  )
}

function OfEvent({ id }: { readonly id: string }) {
  const answer = useAsk('explainEvent', { query: { id } })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState />
  const explained = answer.data as unknown as EventExplained
  return (
    <Stack>
      <Text size="sm">{explained.sentence}</Text>
      <Code block style={{ whiteSpace: 'pre-wrap' }}>
        {JSON.stringify(explained, null, 2)}
      </Code>
    </Stack>
  )
}
