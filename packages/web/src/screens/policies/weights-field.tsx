// Weights of a component: by service, cost centre or service type, one line for each. What is not listed weighs nothing.
import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useState } from 'react'
import { type Body, isSame, type Part, pathOf, valueAt } from '../catalogue/document/body.ts'
import { ChoiceField } from '../catalogue/document/fields.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { WEIGHT_CHOICES } from './policy-words.ts'

type Weight = { readonly id: number; readonly key: string; readonly weight: string }

export function WeightsField({ at }: { readonly at: ReadonlyArray<Part> }) {
  const { body, set } = useDraft()
  const written = (valueAt(body, at) ?? {}) as Body
  const by = Object.keys(written)[0] ?? 'services'
  return (
    <Stack gap="xs">
      <ChoiceField
        at={at}
        label="Weights are by"
        choices={WEIGHT_CHOICES}
        fallback={by}
        onChoose={(next) => set(at, { [next]: written[by] ?? {} })}
      />
      <WeightLines key={by} at={[...at, by]} />
    </Stack>
  )
}

/** Lines that are not finished stand here alone: two of one name cannot be in the document. */
function WeightLines({ at }: { readonly at: ReadonlyArray<Part> }) {
  const { body, set, isReadOnly, issues } = useDraft()
  const written = (valueAt(body, at) ?? {}) as Body
  const [typed, setTyped] = useState<ReadonlyArray<Weight>>(() => linesOf(written))
  const isKept = isSame(entriesOf(typed), written)
  const lines = isKept ? typed : linesOf(written)
  const change = (next: ReadonlyArray<Weight>) => {
    setTyped(next)
    set(at, entriesOf(next))
  }
  const error = issues.find(({ path }) => path === pathOf(at) || path === pathOf(at.slice(0, -1)))?.message
  return (
    <Input.Wrapper {...(error === undefined ? {} : { error })}>
      <Stack gap={6}>
        {lines.map((line, index) => (
          <Group key={line.id} gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              size="xs"
              flex={1}
              aria-label={`Name of weight ${index + 1}`}
              placeholder="Name"
              readOnly={isReadOnly}
              value={line.key}
              error={lines.slice(0, index).some(({ key }) => key !== '' && key === line.key) && 'Is listed above'}
              onChange={({ currentTarget }) => change(lines.with(index, { ...line, key: currentTarget.value }))}
            />
            <TextInput
              size="xs"
              w={90}
              aria-label={`Weight ${index + 1}`}
              placeholder="1"
              inputMode="decimal"
              readOnly={isReadOnly}
              value={line.weight}
              error={issues.find(({ path }) => path === pathOf([...at, line.key]))?.message}
              onChange={({ currentTarget }) => change(lines.with(index, { ...line, weight: currentTarget.value }))}
            />
            {!isReadOnly && (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={`Remove weight ${index + 1}`}
                onClick={() => change(lines.filter(({ id }) => id !== line.id))}
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
              onClick={() => change([...lines, { id: nextId(lines), key: '', weight: '1' }])}
            >
              Add a weight
            </Button>
          </Group>
        )}
      </Stack>
    </Input.Wrapper>
  )
}

const nextId = (lines: ReadonlyArray<Weight>) => Math.max(0, ...lines.map(({ id }) => id)) + 1

const linesOf = (entries: Body): ReadonlyArray<Weight> =>
  Object.entries(entries).map(([key, weight], id) => ({ id, key, weight: String(weight) }))

/** The first of two lines of one name counts, until one of them is another. */
function entriesOf(lines: ReadonlyArray<Weight>): Body {
  const found: Record<string, string> = {}
  for (const { key, weight } of lines) if (key !== '' && !(key in found)) found[key] = weight
  return found
}
