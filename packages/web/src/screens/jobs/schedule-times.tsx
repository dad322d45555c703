// When a schedule is due: a choice of common times, the five fields for any other, in words, and the next times of it.
import { Fieldset, List, Select, Text, TextInput } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useFormat } from '../../app/format.ts'
import { describeCron, nextTimes } from './cron-times.ts'
import type { ScheduleDraft } from './schedule-draft.ts'

const COMMON = ['*/5 * * * *', '*/15 * * * *', '0 * * * *', '0 6 * * *', '0 6 * * 1', '0 6 1 * *', '0 6 5 * *']
const OWN = 'own'
const SHOWN = 3

export type ScheduleTimesProps = {
  readonly draft: Pick<ScheduleDraft, 'cron' | 'timeZone'>
  /** What is wrong with the times. */
  readonly fault: ReactNode
  readonly onChange: (part: Partial<Pick<ScheduleDraft, 'cron' | 'timeZone'>>) => void
}

export function ScheduleTimes({ draft: { cron, timeZone }, fault, onChange }: ScheduleTimesProps) {
  const format = useFormat()
  const [isOwn, setOwn] = useState(!COMMON.includes(cron))
  const zones = Intl.supportedValuesOf('timeZone')
  const due = nextTimes(cron, { timeZone, after: new Date(), count: SHOWN })
  return (
    <Fieldset legend="When">
      <Select
        label="How often"
        data={[
          ...COMMON.map((value) => ({ value, label: describeCron(value) })),
          { value: OWN, label: 'At times of its own' },
        ]}
        value={isOwn ? OWN : cron}
        allowDeselect={false}
        onChange={(value) => {
          setOwn(value === OWN)
          if (value !== null && value !== OWN) onChange({ cron: value })
        }}
      />
      {isOwn && (
        <TextInput
          mt="sm"
          label="Times"
          description="Minute, hour, day of the month, month, day of the week; * is any, */5 every fifth, 1-5 from to"
          required
          value={cron}
          error={fault}
          onChange={({ currentTarget }) => onChange({ cron: currentTarget.value })}
        />
      )}
      <Select
        mt="sm"
        label="Time zone"
        data={[...new Set(['UTC', timeZone, ...zones])]}
        searchable
        allowDeselect={false}
        value={timeZone}
        onChange={(value) => value && onChange({ timeZone: value })}
      />
      <Text size="sm" mt="sm" component="div" aria-live="polite">
        {describeCron(cron)}
        {due.length > 0 && (
          <List size="sm" aria-label="Next times">
            {due.map((at) => (
              <List.Item key={at.toISOString()}>{format.instant(at.toISOString())}</List.Item>
            ))}
          </List>
        )}
      </Text>
    </Fieldset>
  )
}
