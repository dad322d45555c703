// The events that a webhook is told of, as boxes to tick.
import { Checkbox, Stack } from '@mantine/core'
import { EVENT_WORDS, EVENTS } from './webhook-events.ts'

export type EventBoxesProps = {
  readonly events: ReadonlyArray<string>
  readonly onChange: (events: string[]) => void
}

export function EventBoxes({ events, onChange }: EventBoxesProps) {
  return (
    <Checkbox.Group label="It is told when" value={[...events]} onChange={onChange}>
      <Stack gap={6} mt={6}>
        {EVENTS.map((event) => (
          <Checkbox key={event} value={event} label={EVENT_WORDS[event]} size="sm" />
        ))}
      </Stack>
    </Checkbox.Group>
  )
}
