// Which usage a bucket takes or a rate is for: a usage type, narrowed by zone, time of day and network.
import { ActionIcon, Button, Group, Input, Stack } from '@mantine/core'
import { NETWORKS, TIME_BANDS, USAGE_TYPES, ZONES } from '@spillway/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { listAt, type Place, pathOf, without } from './body.ts'
import { type Choice, ChoiceField, OptionalChoiceField } from './fields.tsx'
import { useDraft } from './use-draft.ts'

const choicesOf = (values: ReadonlyArray<string>): ReadonlyArray<Choice> =>
  values.map((value) => ({ value, label: value.charAt(0).toUpperCase() + value.slice(1) }))

const USAGE_TYPE_CHOICES = choicesOf(USAGE_TYPES)
const ZONE_CHOICES = choicesOf(ZONES)
const TIME_BAND_CHOICES = choicesOf(TIME_BANDS)
const NETWORK_CHOICES = choicesOf(NETWORKS)

export function ClassesField({ at }: { readonly at: Place }) {
  const { body, set, issues, isReadOnly } = useDraft()
  const classes = listAt(body, at)
  const error = issues.find(({ path }) => path === pathOf(at))?.message
  return (
    <Input.Wrapper
      component="fieldset"
      label="Usage that it takes"
      labelElement="div"
      withAsterisk
      {...(error === undefined ? {} : { error })}
      style={{ border: 0, padding: 0, margin: 0 }}
      aria-label="Usage that it takes"
    >
      <Stack gap={6} mt={4}>
        {classes.map((_, index) => (
          <Group key={`class ${index}`} gap="xs" align="flex-end">
            <ClassFields at={[...at, index]} number={index + 1} />
            {!isReadOnly && classes.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove usage ${index + 1}`}
                onClick={() => set(at, without(classes, index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </Group>
        ))}
        {!isReadOnly && (
          <Group>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
              onClick={() => set(at, [...classes, { 'usage-type': classes[0]?.['usage-type'] ?? 'data' }])}
            >
              Other usage too
            </Button>
          </Group>
        )}
      </Stack>
    </Input.Wrapper>
  )
}

/** The four that make a class, side by side. */
export function ClassFields({ at, number }: { readonly at: Place; readonly number: number }) {
  const cell = { hidesLabel: true, width: 140 }
  return (
    <>
      <ChoiceField
        {...cell}
        at={[...at, 'usage-type']}
        label={`Usage type ${number}`}
        choices={USAGE_TYPE_CHOICES}
        isRequired
      />
      <OptionalChoiceField
        {...cell}
        at={[...at, 'zone']}
        label={`Zone ${number}`}
        choices={ZONE_CHOICES}
        nothing="Any zone"
      />
      <OptionalChoiceField
        {...cell}
        at={[...at, 'time-band']}
        label={`Time ${number}`}
        choices={TIME_BAND_CHOICES}
        nothing="Any time"
      />
      <OptionalChoiceField
        {...cell}
        at={[...at, 'network']}
        label={`Network ${number}`}
        choices={NETWORK_CHOICES}
        nothing="Any network"
      />
    </>
  )
}
