// Which charges a component takes: by category, usage type and product; a charge is taken by any line that fits it.
import { ActionIcon, Button, Group, Input, Stack, Text } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { listAt, type Part, pathOf, valueAt, without } from '../catalogue/document/body.ts'
import { ChoiceField, OptionalChoiceField, TextField } from '../catalogue/document/fields.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { CATEGORY_CHOICES, USAGE_CHOICES } from './policy-words.ts'

export function ChargesField({ at }: { readonly at: ReadonlyArray<Part> }) {
  const { body, set, issues, isReadOnly } = useDraft()
  const charges = listAt(body, at)
  const error = issues.find(({ path }) => path === pathOf(at))?.message
  return (
    <Input.Wrapper
      component="fieldset"
      label="Charges that it takes"
      labelElement="div"
      withAsterisk
      {...(error === undefined ? {} : { error })}
      style={{ border: 0, padding: 0, margin: 0 }}
      aria-label="Charges that it takes"
    >
      <Stack gap={6} mt={4}>
        {charges.map((_, index) => (
          <ChargeFields key={`charge ${index}`} at={[...at, index]} number={index + 1}>
            {!isReadOnly && charges.length > 1 && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove charge ${index + 1}`}
                onClick={() => set(at, without(charges, index))}
              >
                <IconTrash size={16} />
              </ActionIcon>
            )}
          </ChargeFields>
        ))}
        {!isReadOnly && (
          <Group>
            <Button
              size="compact-sm"
              variant="subtle"
              leftSection={<IconPlus size={14} />}
              onClick={() => set(at, [...charges, { category: 'overage' }])}
            >
              Other charges too
            </Button>
          </Group>
        )}
      </Stack>
    </Input.Wrapper>
  )
}

type ChargeFieldsProps = {
  readonly at: ReadonlyArray<Part>
  readonly number: number
  readonly children: ReactNode
}

/** In the document `''` is a charge without a usage type, and nothing at all is any. */
const [ANY, NONE] = ['any', 'none']

function ChargeFields({ at, number, children }: ChargeFieldsProps) {
  const { body, set, issues } = useDraft()
  const place = [...at, 'usage-type']
  const written = valueAt(body, place)
  const error = issues.find(({ path }) => path === pathOf(at))?.message
  const cell = { hidesLabel: true, width: 150 }
  return (
    <Stack gap={2}>
      <Group gap="xs">
        <OptionalChoiceField
          {...cell}
          at={[...at, 'category']}
          label={`Category of charge ${number}`}
          choices={CATEGORY_CHOICES}
          nothing="Any category"
        />
        <ChoiceField
          {...cell}
          at={place}
          label={`Usage type of charge ${number}`}
          choices={[
            { value: ANY, label: 'Any usage type' },
            ...USAGE_CHOICES,
            { value: NONE, label: 'Without usage type' },
          ]}
          fallback={written === '' ? NONE : ANY}
          onChoose={(value) => set(place, value === ANY ? undefined : value === NONE ? '' : value)}
        />
        <TextField
          {...cell}
          width={130}
          at={[...at, 'product']}
          label={`Product of charge ${number}`}
          placeholder="Any product"
        />
        {children}
      </Group>
      {error !== undefined && (
        <Text size="xs" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
    </Stack>
  )
}
