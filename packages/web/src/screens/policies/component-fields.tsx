// One component of a policy: which charges it takes, by what it shares them, and within which limits.
import { ActionIcon, Group, Paper, SimpleGrid, Stack } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react'
import { type Body, moved, type Part, textAt, valueAt, without } from '../catalogue/document/body.ts'
import { ChoiceField, OptionalChoiceField, PriceField, TextField } from '../catalogue/document/fields.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { ChargesField } from './charges-field.tsx'
import { WordsField } from './policy-fields.tsx'
import {
  BASIS_CHOICES,
  FILTER,
  METHOD_CHOICES,
  NETWORK_CHOICES,
  NO_USAGE_CHOICES,
  PARTIAL_PERIOD_CHOICES,
  TIME_BAND_CHOICES,
  UNUSED_CHOICES,
  ZONE_CHOICES,
} from './policy-words.ts'
import { WeightsField } from './weights-field.tsx'

export type ComponentFieldsProps = { readonly index: number; readonly components: ReadonlyArray<Body> }

export function ComponentFields({ index, components }: ComponentFieldsProps) {
  const { body } = useDraft()
  const at = ['components', index]
  const method = textAt(body, [...at, 'method']) || 'prorated'
  const isShared = method !== 'as-billed'
  const isByUsage = method === 'prorated' || method === 'excess'
  const name = textAt(body, [...at, 'name'])
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Component ${name || index + 1}`}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap">
          <TextField at={[...at, 'name']} label="Name of the component" isRequired />
          <ComponentActions index={index} components={components} />
        </Group>
        <ChargesField at={[...at, 'charges']} />
        <MethodField at={at} />
        {isByUsage && <BasisField at={[...at, 'basis']} />}
        {isByUsage && <BasisFilter at={[...at, 'basis']} />}
        {method === 'weighted' && <WeightsField at={[...at, 'weights']} />}
        {isShared && <LimitFields at={at} isByUsage={isByUsage} />}
      </Stack>
    </Paper>
  )
}

type At = { readonly at: ReadonlyArray<Part> }

/** Weights stand in the document under one method alone. */
function MethodField({ at }: At) {
  const { body, set } = useDraft()
  const choose = (method: string) => {
    const { weights, ...rest } = (valueAt(body, at) ?? {}) as Body
    set(at, { ...rest, method, ...(method === 'weighted' ? { weights: weights ?? { services: {} } } : {}) })
  }
  return (
    <ChoiceField
      at={[...at, 'method']}
      label="How it is shared"
      choices={METHOD_CHOICES}
      fallback="prorated"
      onChoose={choose}
    />
  )
}

function BasisField({ at }: At) {
  const { body, set } = useDraft()
  const isFilter = typeof valueAt(body, at) === 'object'
  return (
    <ChoiceField
      at={at}
      label="Which usage counts"
      choices={[...BASIS_CHOICES, { value: FILTER, label: 'A part of it, chosen here' }]}
      fallback={isFilter ? FILTER : 'total'}
      onChoose={(value) => set(at, value === FILTER ? {} : value)}
    />
  )
}

function BasisFilter({ at }: At) {
  const { body } = useDraft()
  if (typeof valueAt(body, at) !== 'object') return null
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <WordsField at={[...at, 'time-band']} label="Time of day" choices={TIME_BAND_CHOICES} />
      <WordsField at={[...at, 'network']} label="Network" choices={NETWORK_CHOICES} />
      <WordsField at={[...at, 'zone']} label="Zone" choices={ZONE_CHOICES} />
    </SimpleGrid>
  )
}

function LimitFields({ at, isByUsage }: At & { readonly isByUsage: boolean }) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <PriceField at={[...at, 'floor']} label="Floor" description="Each carries at least this" placeholder="None" />
      <PriceField at={[...at, 'cap']} label="Cap" description="Each carries at most this" placeholder="None" />
      {isByUsage && (
        <ChoiceField
          at={[...at, 'when-no-usage']}
          label="Where nobody used anything"
          choices={NO_USAGE_CHOICES}
          fallback="even"
        />
      )}
      {isByUsage && (
        <ChoiceField at={[...at, 'unused']} label="Unused capacity" choices={UNUSED_CHOICES} fallback="recover" />
      )}
      <OptionalChoiceField
        at={[...at, 'partial-period']}
        label="Part-month members"
        choices={PARTIAL_PERIOD_CHOICES}
        nothing="As the policy says"
      />
    </SimpleGrid>
  )
}

function ComponentActions({ index, components }: ComponentFieldsProps) {
  const { set, isReadOnly } = useDraft()
  if (isReadOnly) return null
  const to = (next: ReadonlyArray<Body>) => set(['components'], next)
  const button = { variant: 'subtle', color: 'gray' } as const
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        {...button}
        aria-label={`Component ${index + 1} up`}
        disabled={index === 0}
        onClick={() => to(moved(components, index, -1))}
      >
        <IconArrowUp size={16} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Component ${index + 1} down`}
        disabled={index === components.length - 1}
        onClick={() => to(moved(components, index, 1))}
      >
        <IconArrowDown size={16} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Remove component ${index + 1}`}
        disabled={components.length === 1}
        onClick={() => to(without(components, index))}
      >
        <IconTrash size={16} />
      </ActionIcon>
    </Group>
  )
}
