// Why a figure is what it is, beside the screen on which it stands: a sentence, the formula with its numbers, the rule and its
// version, the cent that was left over, and the lines of the files that it comes from. Or what became of one usage event.

import { Button, Drawer, Group, Stack, Text } from '@mantine/core'
import { IconArrowLeft } from '@tabler/icons-react'
import { useAsk } from '../api/use-ask.ts'
import { useFormat } from '../app/format.ts'
import { useScreenSearch, useSetSearch } from '../app/go.ts'
import { usePeriods } from '../app/periods.ts'
import { Amount } from './amount.tsx'
import { AssignmentPart } from './explain/assignment-part.tsx'
import { ChargeLines, ComponentPart } from './explain/component-part.tsx'
import { EventParts } from './explain/event-parts.tsx'
import { Part } from './explain/part.tsx'
import { RatedPart } from './explain/rated-part.tsx'
import type { EventExplained, ServiceExplained } from './explained.ts'
import { FailureState, LoadingState } from './states.tsx'

export function ExplainPanel() {
  const { explain, event, source } = useScreenSearch()
  const setSearch = useSetSearch()
  const close = () => setSearch({ explain: undefined, event: undefined, source: undefined })
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="xl"
      title={<b>{event === undefined ? `Why ${explain} carries this` : `Event ${event}`}</b>}
      closeButtonProps={{ 'aria-label': 'Close the explanation' }}
    >
      {event === undefined ? (
        <OfService service={explain ?? ''} />
      ) : (
        <Stack>
          {explain !== undefined && (
            <Group>
              <Button
                variant="subtle"
                size="compact-sm"
                leftSection={<IconArrowLeft size={14} />}
                onClick={() => setSearch({ event: undefined, source: undefined })}
              >
                Back to {explain}
              </Button>
            </Group>
          )}
          <OfEvent id={event} source={source} />
        </Stack>
      )}
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
        <Group key={currency} gap="8px 32px">
          <Figure label="Actual" value={actual} currency={currency} />
          <Figure label="Adjusted" value={adjusted} currency={currency} />
          <Figure label="Difference" value={difference} currency={currency} isChange />
        </Group>
      ))}
      {components.map((component) => (
        <ComponentPart key={`${component.pool} ${component.component} ${component.window.start_on}`} of={component} />
      ))}
      {retained.map(({ currency, amount, own, lines, count }) => (
        <Part key={currency} title="Charges that no pool shares">
          <Text size="sm">
            <Amount value={own} currency={currency} /> of its own stay as they were billed.
          </Text>
          <ChargeLines lines={lines} count={count} currency={currency} total={amount} />
        </Part>
      ))}
      {rated && <RatedPart of={rated} />}
      {assignment && <AssignmentPart of={assignment} />}
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

/** `source`: where several have the id. */
function OfEvent({ id, source }: { readonly id: string; readonly source: string | undefined }) {
  const answer = useAsk('explainEvent', { query: { id, ...(source === undefined ? {} : { source }) } })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState />
  return <EventParts explained={answer.data as unknown as EventExplained} />
}
