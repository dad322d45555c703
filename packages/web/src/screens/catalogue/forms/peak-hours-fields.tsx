// Peak hours of a rate plan: days of the week with their hours, and holidays that have none; in the time zone of the account.
import { ActionIcon, Button, Fieldset, Group, Select, Stack, TagsInput, Text, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { type Body, valueAt } from '../document/body.ts'
import { useDraft } from '../document/use-draft.ts'

const DAYS = [
  { value: 'mon-fri', label: 'Monday to Friday' },
  { value: 'mon-sat', label: 'Monday to Saturday' },
  { value: 'mon-sun', label: 'Every day' },
  { value: 'sat-sun', label: 'Saturday and Sunday' },
  { value: 'mon', label: 'Monday' },
  { value: 'tue', label: 'Tuesday' },
  { value: 'wed', label: 'Wednesday' },
  { value: 'thu', label: 'Thursday' },
  { value: 'fri', label: 'Friday' },
  { value: 'sat', label: 'Saturday' },
  { value: 'sun', label: 'Sunday' },
]

/** In the order in which they stand in the document. */
const spansOf = (peak: Body) => Object.entries(peak).filter(([key]) => key !== 'holidays')
const hoursOf = (hours: unknown) => (Array.isArray(hours) ? hours.join(', ') : String(hours ?? ''))
const toHours = (text: string) => {
  const parts = text.split(',').map((part) => part.trim())
  return parts.length > 1 ? parts : text.trim()
}

export function PeakHoursFields() {
  const { body, set, issues, isReadOnly } = useDraft()
  const peak = valueAt(body, ['peak']) as Body | undefined
  const errors = issues.filter(({ path }) => path === 'peak' || path.startsWith('peak.')).map(({ message }) => message)
  if (peak === undefined)
    return (
      <Fieldset legend="Peak hours">
        <Group justify="space-between">
          <Text size="sm">None: every hour of the week costs the same.</Text>
          {!isReadOnly && (
            <Button size="xs" variant="default" onClick={() => set(['peak'], { 'mon-fri': '07:00-19:00' })}>
              Set peak hours
            </Button>
          )}
        </Group>
      </Fieldset>
    )
  const spans = spansOf(peak)
  const rest = peak.holidays === undefined ? {} : { holidays: peak.holidays }
  const to = (next: ReadonlyArray<readonly [string, unknown]>) =>
    set(['peak'], next.length === 0 ? undefined : { ...Object.fromEntries(next), ...rest })
  const free = DAYS.find(({ value }) => !spans.some(([key]) => key === value))
  return (
    <Fieldset legend="Peak hours">
      <Stack gap="xs">
        {spans.map(([days, hours], index) => (
          <Group key={days} gap="xs" align="flex-end">
            <Select
              aria-label={`Days ${index + 1}`}
              data={DAYS.some(({ value }) => value === days) ? DAYS : [...DAYS, { value: days, label: days }]}
              value={days}
              allowDeselect={false}
              readOnly={isReadOnly}
              w={220}
              onChange={(value) => to(spans.map((span, at) => (at === index ? [value ?? days, hours] : span)))}
            />
            <TextInput
              aria-label={`Hours ${index + 1}`}
              placeholder="07:00-19:00"
              value={hoursOf(hours)}
              readOnly={isReadOnly}
              w={220}
              onChange={({ currentTarget: { value } }) =>
                to(spans.map((span, at) => (at === index ? [days, toHours(value)] : span)))
              }
            />
            {!isReadOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove hours ${index + 1}`}
                onClick={() => to(spans.filter((_, at) => at !== index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {errors.map((message) => (
          <Text key={message} size="sm" c="var(--mantine-color-error)">
            {message}
          </Text>
        ))}
        {!isReadOnly && free && (
          <Group>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
              onClick={() => to([...spans, [free.value, '07:00-19:00']])}
            >
              More hours
            </Button>
          </Group>
        )}
        <TagsInput
          label="Holidays"
          description="Days without peak hours, such as 2026-12-25; press Enter after each"
          value={Array.isArray(peak.holidays) ? peak.holidays.map(String) : []}
          readOnly={isReadOnly}
          onChange={(days) => set(['peak', 'holidays'], days.length > 0 ? days : undefined)}
        />
      </Stack>
    </Fieldset>
  )
}
