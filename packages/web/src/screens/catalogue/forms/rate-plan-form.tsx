// A rate plan: its prices line by line, the first that matches counts; and its peak hours.
import { ActionIcon, Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { baseUnitOf } from '@spillway/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconPlus, IconTrash } from '@tabler/icons-react'
import { type Body, listAt, moved, textAt, without } from '../document/body.ts'
import { ClassFields } from '../document/classes-field.tsx'
import { NameField, PriceField, QuantityField, TextField } from '../document/fields.tsx'
import { useFoundNames } from '../document/names.ts'
import { isUsageType } from '../document/quantity.ts'
import { useDraft } from '../document/use-draft.ts'
import { NameFields } from './name-fields.tsx'
import { PeakHoursFields } from './peak-hours-fields.tsx'

export function RatePlanForm() {
  const { body, set, isReadOnly } = useDraft()
  const rates = listAt(body, ['rates'])
  const add = () => set(['rates'], [...rates, { 'usage-type': rates.at(-1)?.['usage-type'] ?? 'data', per: '1 MB' }])
  return (
    <Stack>
      <NameFields />
      <Group justify="space-between">
        <Title order={3} size="h5">
          Prices
        </Title>
        <Text size="sm" c="dimmed">
          The first line that matches counts; usage that none matches stops a month from being published.
        </Text>
      </Group>
      {rates.map((rate, index) => (
        <RateFields key={`rate ${index}`} rate={rate} index={index} rates={rates} />
      ))}
      {!isReadOnly && (
        <Group>
          <Button size="sm" variant="default" leftSection={<IconPlus size={16} />} onClick={add}>
            Add a price
          </Button>
        </Group>
      )}
      <PeakHoursFields />
    </Stack>
  )
}

type RateFieldsProps = { readonly rate: Body; readonly index: number; readonly rates: ReadonlyArray<Body> }

function RateFields({ rate, index, rates }: RateFieldsProps) {
  const products = useFoundNames('Product')
  const at = ['rates', index]
  const written = textAt(rate, ['usage-type'])
  const usageType = isUsageType(written) ? written : undefined
  const isTimed = usageType !== undefined && baseUnitOf(usageType) === 's'
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Price ${index + 1}`}>
      <Stack gap="xs">
        <Group justify="space-between" align="flex-start">
          <Group gap="xs">
            <ClassFields at={at} number={index + 1} />
          </Group>
          <RateActions index={index} rates={rates} />
        </Group>
        <Group align="flex-start" gap="xs">
          <PriceField at={[...at, 'price']} label="Price" isRequired width={84} />
          <QuantityField at={[...at, 'per']} label="For each" usageType={usageType} isRequired width={152} />
          <TextField
            at={[...at, 'increment']}
            label="Increment"
            placeholder={isTimed ? '60/60' : usageType === 'data' ? '1 kB' : 'none'}
            width={96}
          />
          <PriceField at={[...at, 'connection']} label="Per event" width={84} />
          <PriceField at={[...at, 'minimum']} label="At least" width={84} />
          <NameField at={[...at, 'product']} label="Only for" placeholder="Any product" {...products} width={140} />
        </Group>
      </Stack>
    </Paper>
  )
}

function RateActions({ index, rates }: Omit<RateFieldsProps, 'rate'>) {
  const { set, isReadOnly } = useDraft()
  if (isReadOnly) return null
  const to = (next: ReadonlyArray<Body>) => set(['rates'], next)
  const button = { variant: 'subtle', color: 'gray', size: 26 } as const
  return (
    <Group gap={2} wrap="nowrap">
      <ActionIcon
        {...button}
        aria-label={`Price ${index + 1} up`}
        disabled={index === 0}
        onClick={() => to(moved(rates, index, -1))}
      >
        <IconArrowUp size={15} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Price ${index + 1} down`}
        disabled={index === rates.length - 1}
        onClick={() => to(moved(rates, index, 1))}
      >
        <IconArrowDown size={15} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Copy price ${index + 1}`}
        onClick={() => to(rates.flatMap((one, at) => (at === index ? [one, { ...one }] : [one])))}
      >
        <IconCopy size={15} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Remove price ${index + 1}`}
        disabled={rates.length === 1}
        onClick={() => to(without(rates, index))}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  )
}
