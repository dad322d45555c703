// The tiers of a bucket in the order in which it is drawn: how much each holds, and what its use costs.
import { ActionIcon, Button, Group, NativeSelect, Paper, Stack, Text, TextInput, Title } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconLock, IconPlus, IconTrash } from '@tabler/icons-react'
import { type Body, moved, textAt, valueAt, without } from '../catalogue/document/body.ts'
import { useUsageType } from '../catalogue/document/bucket-fields.tsx'
import { PriceField, QuantityField } from '../catalogue/document/fields.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { CONTRIBUTED, participantsOf, tiersOf, withTier } from './share-bucket.ts'

type OfBucket = { readonly bucket: Body; readonly index: number }

export function TiersTab({ bucket, index }: OfBucket) {
  const { set, issues, isReadOnly } = useDraft()
  const tiers = tiersOf(bucket)
  const path = `buckets[${index}].tiers`
  const error = issues.find((issue) => issue.path === path)?.message
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        A tier of 100 ends with the 100th unit; the 101st opens the next. A flat charge is billed once in a period, when
        the first unit falls in its tier.
      </Text>
      {error !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {error}
        </Text>
      )}
      {tiers.map((tier, at) => (
        <TierFields key={`tier ${at}`} {...{ bucket, index, tiers, tier, at }} />
      ))}
      {!isReadOnly && (
        <Group>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() => set(['buckets', index, 'tiers'], withTier(tiers))}
          >
            Add a tier
          </Button>
        </Group>
      )}
    </Stack>
  )
}

type TierFieldsProps = OfBucket & { readonly tiers: ReadonlyArray<Body>; readonly tier: Body; readonly at: number }

function TierFields(props: TierFieldsProps) {
  const { bucket, index, tiers, tier, at } = props
  const usageType = useUsageType(bucket)
  const place = ['buckets', index, 'tiers', at]
  const canGrow = bucket.type === 'variable-multi-tier' && tier.size !== undefined && tier.size !== 'contributions'
  return (
    <Paper withBorder p="sm" component="section" aria-label={`Tier ${at + 1}`}>
      <Group justify="space-between" mb="xs">
        <Title order={3} size="h6">
          Tier {at + 1}
        </Title>
        <TierActions index={index} tiers={tiers} at={at} />
      </Group>
      <Group align="flex-start" gap="sm">
        <SizeFields {...props} />
        {canGrow && (
          <QuantityField
            at={[...place, 'growth']}
            label="Per contributor"
            usageType={usageType}
            placeholder="0"
            width={190}
          />
        )}
        <PriceField at={[...place, 'flat']} label="Flat charge" placeholder="none" width={120} />
        <RateFields {...props} />
      </Group>
    </Paper>
  )
}

/** Its own size, what is contributed, or none: the last one has no end then. */
function SizeFields({ bucket, index, tiers, tier, at }: TierFieldsProps) {
  const { set, isReadOnly } = useDraft()
  const usageType = useUsageType(bucket)
  const place = ['buckets', index, 'tiers', at]
  const isLast = at === tiers.length - 1
  const isContributed = tier.size === 'contributions'
  if (at === 0 && bucket.type === 'variable-single-tier')
    return (
      <TextInput
        label="Size"
        value="what is contributed"
        readOnly
        variant="filled"
        w={200}
        rightSection={<IconLock size={15} aria-hidden />}
      />
    )
  const ways = [
    { value: 'own', label: 'Its own' },
    ...(at === 0 && bucket.type === 'variable-multi-tier'
      ? [{ value: 'contributions', label: 'What is contributed' }]
      : []),
    ...(isLast ? [{ value: 'endless', label: 'Without end' }] : []),
  ]
  const way = isContributed ? 'contributions' : tier.size === undefined && isLast ? 'endless' : 'own'
  const choose = (chosen: string) => {
    const { size: _, growth, ...rest } = tier
    const sized = chosen === 'own' ? { size: '' } : chosen === 'contributions' ? CONTRIBUTED : {}
    set(place, { ...sized, ...(chosen === 'own' && growth !== undefined ? { growth } : {}), ...rest })
  }
  return (
    <>
      {ways.length > 1 && (
        <NativeSelect
          label="How large"
          data={ways}
          value={way}
          disabled={isReadOnly}
          w={180}
          onChange={({ currentTarget }) => choose(currentTarget.value)}
        />
      )}
      {way === 'own' && <SizeField place={place} usageType={usageType} />}
    </>
  )
}

/** An empty size is said as such: a tier without one would have no end. */
function SizeField({
  place,
  usageType,
}: {
  readonly place: ReadonlyArray<string | number>
  readonly usageType: ReturnType<typeof useUsageType>
}) {
  return <QuantityField at={[...place, 'size']} label="Size" usageType={usageType} isRequired width={190} keepsEmpty />
}

const PRICES = [
  { value: 'included', label: 'Included' },
  { value: 'one', label: 'One rate' },
  { value: 'products', label: 'Rates by participant' },
]

function RateFields({ bucket, index, tier, at }: TierFieldsProps) {
  const { body, set, issues, isReadOnly } = useDraft()
  const usageType = useUsageType(bucket)
  const place = ['buckets', index, 'tiers', at]
  const participants = participantsOf(body)
  const way = tier.rates !== undefined ? 'products' : tier.rate !== undefined ? 'one' : 'included'
  const choose = (chosen: string) => {
    const { rate, rates, per, ...rest } = tier
    const each = per === undefined ? '' : per
    const same = textAt({ rate }, ['rate'])
    if (chosen === 'included') set(place, rest)
    if (chosen === 'one') set(place, { ...rest, rate: same, per: each })
    if (chosen === 'products')
      set(place, { ...rest, rates: Object.fromEntries(participants.map(({ id }) => [id, same])), per: each })
  }
  const missing = issues.find(({ path }) => path === `buckets[${index}].tiers[${at}].rates`)?.message
  return (
    <>
      <NativeSelect
        label="Its use"
        data={PRICES}
        value={way}
        disabled={isReadOnly}
        w={190}
        onChange={({ currentTarget }) => choose(currentTarget.value)}
      />
      {way === 'one' && <PriceField at={[...place, 'rate']} label="Rate" isRequired width={110} keepsEmpty />}
      {way === 'products' &&
        participants.map(({ id }) => (
          <PriceField key={id} at={[...place, 'rates', id]} label={`Rate of ${id}`} isRequired width={180} keepsEmpty />
        ))}
      {way !== 'included' && (
        <QuantityField
          at={[...place, 'per']}
          label="For each"
          usageType={usageType}
          isRequired
          width={170}
          keepsEmpty
        />
      )}
      {missing !== undefined && valueAt(tier, ['rates']) !== undefined && (
        <Text size="sm" c="var(--mantine-color-error)">
          {missing}
        </Text>
      )}
    </>
  )
}

type TierActionsProps = { readonly index: number; readonly tiers: ReadonlyArray<Body>; readonly at: number }

function TierActions({ index, tiers, at }: TierActionsProps) {
  const { set, isReadOnly } = useDraft()
  if (isReadOnly) return null
  const to = (next: ReadonlyArray<Body>) => set(['buckets', index, 'tiers'], next)
  const button = { variant: 'subtle', color: 'gray', size: 26 } as const
  return (
    <Group gap={2}>
      <ActionIcon
        {...button}
        aria-label={`Tier ${at + 1} up`}
        disabled={at === 0}
        onClick={() => to(moved(tiers, at, -1))}
      >
        <IconArrowUp size={15} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Tier ${at + 1} down`}
        disabled={at === tiers.length - 1}
        onClick={() => to(moved(tiers, at, 1))}
      >
        <IconArrowDown size={15} />
      </ActionIcon>
      <ActionIcon
        {...button}
        aria-label={`Remove tier ${at + 1}`}
        disabled={tiers.length === 1}
        onClick={() => to(without(tiers, at))}
      >
        <IconTrash size={15} />
      </ActionIcon>
    </Group>
  )
}
