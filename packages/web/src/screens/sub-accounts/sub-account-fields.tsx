// What a sub-account is asked for with, made with and changed by: its name, whose it is, its limits.
import { Group, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import { OWNER_KINDS, type SubAccountValues } from './sub-account-document.ts'

export type SubAccountFieldsProps = {
  readonly values: SubAccountValues
  readonly onChange: (change: Partial<SubAccountValues>) => void
  /** A new one has a user id to choose. */
  readonly isNew?: boolean
  readonly isReadOnly?: boolean
  /** Its owner changes by the day, which no field says. */
  readonly hasStints?: boolean
  readonly currency: string
}

const OWNER_WORDS: Readonly<Record<string, string>> = {
  person: 'Employee number',
  'cost-centre': 'Cost centre',
  project: 'Project code',
  client: 'Client',
}

export function SubAccountFields(props: SubAccountFieldsProps) {
  const { values, onChange, isNew = false, isReadOnly = false, hasStints = false, currency } = props
  const text = (key: keyof SubAccountValues, label: string, description?: string) => (
    <TextInput
      label={label}
      readOnly={isReadOnly}
      maxLength={200}
      autoComplete="off"
      value={values[key]}
      onChange={({ currentTarget }) => onChange({ [key]: currentTarget.value })}
      {...(description === undefined ? {} : { description })}
    />
  )
  return (
    <Stack gap="sm">
      <Group grow align="flex-start">
        {isNew && (
          <TextInput
            label="User id"
            description="Unique in the account"
            required
            data-autofocus
            maxLength={64}
            autoComplete="off"
            value={values.userId}
            onChange={({ currentTarget }) => onChange({ userId: currentTarget.value })}
          />
        )}
        {text('name', 'Name', isNew ? 'For people to read' : undefined)}
      </Group>
      {!hasStints && (
        <Group grow align="flex-end">
          <Select
            label="Whose it is"
            readOnly={isReadOnly}
            data={[{ value: '', label: 'Nobody’s yet' }, ...OWNER_KINDS.map(([value, label]) => ({ value, label }))]}
            allowDeselect={false}
            value={values.ownerKind}
            onChange={(kind) => onChange({ ownerKind: kind ?? '' })}
          />
          {values.ownerKind !== '' && text('owner', OWNER_WORDS[values.ownerKind] ?? 'Owner')}
        </Group>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="sm">
        {text('spend', `Most to spend${currency === '' ? '' : `, ${currency}`}`, 'In a billing period')}
        {text('minutes', 'Most minutes', 'In a billing period')}
        {text('participants', 'Most participants', 'At once in one call')}
        {text('callMinutes', 'Longest call, minutes', 'Of one call')}
      </SimpleGrid>
      <Select
        label="At a limit"
        readOnly={isReadOnly}
        data={[
          { value: 'alert', label: 'Say so, and let calls in' },
          { value: 'refuse', label: 'Let no more calls in' },
        ]}
        allowDeselect={false}
        value={values.atLimit}
        onChange={(what) => onChange({ atLimit: what ?? 'alert' })}
      />
    </Stack>
  )
}
