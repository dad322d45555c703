// What every bucket has, in a share plan or by itself: which usage it takes, and how long it lives.
import { Group, SegmentedControl, Stack, Text } from '@mantine/core'
import type { UsageType } from '@spillway/core'
import { useAsk } from '../../../api/use-ask.ts'
import { type Body, listAt, type Place, textAt } from './body.ts'
import { ClassesField } from './classes-field.tsx'
import { type Choice, ChoiceField, NameField, QuantityField, TextField, WholeNumberField } from './fields.tsx'
import { useNames } from './names.ts'
import { isUsageType } from './quantity.ts'
import { useDraft } from './use-draft.ts'

/** By which the quantities of a bucket are written: of its own classes, or of its base bucket. */
export function useUsageType(bucket: unknown): UsageType | undefined {
  const base = textAt(bucket, ['base'])
  const { data } = useAsk(
    'getDocument',
    { params: { kind: 'BaseBucket', name: base } },
    { isReady: base !== '' && listAt(bucket, ['accepts']).length === 0 },
  )
  const own = textAt(bucket, ['accepts', 0, 'usage-type'])
  const found = own === '' ? textAt(data?.body, ['accepts', 0, 'usage-type']) : own
  return isUsageType(found) ? found : undefined
}

type OfBucket = { readonly at: Place; readonly bucket: Body }

/** Of a base bucket, or said here: one of the two. */
export function UsageOfBucket({ at, bucket }: OfBucket) {
  const { set, isReadOnly } = useDraft()
  const bases = useNames('BaseBucket')
  const isOwn = bucket.accepts !== undefined
  const choose = (way: string) => {
    if (way === 'own') {
      set([...at, 'base'], undefined)
      set([...at, 'accepts'], [{ 'usage-type': 'data' }])
    } else {
      set([...at, 'accepts'], undefined)
      set([...at, 'base'], bases[0]?.value)
    }
  }
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Text size="sm" fw={500} component="span" id={`ways-${at.join('-')}`}>
          What it takes
        </Text>
        <SegmentedControl
          size="xs"
          aria-labelledby={`ways-${at.join('-')}`}
          readOnly={isReadOnly}
          data={[
            { value: 'base', label: 'As a base bucket' },
            { value: 'own', label: 'Said here' },
          ]}
          value={isOwn ? 'own' : 'base'}
          onChange={choose}
        />
      </Group>
      {isOwn ? (
        <ClassesField at={[...at, 'accepts']} />
      ) : (
        <NameField at={[...at, 'base']} label="Base bucket" names={bases} isRequired width={320} />
      )}
    </Stack>
  )
}

const LIVES: ReadonlyArray<Choice> = [
  { value: 'recurring', label: 'Recurring: what is left is lost' },
  { value: 'recurring-rollover', label: 'Recurring, and what is left rolls over' },
  { value: 'one-time', label: 'One time' },
]

const OF_LIFE: Readonly<Record<string, ReadonlyArray<string>>> = {
  'one-time': ['from', 'until'],
  recurring: [],
  'recurring-rollover': ['periods', 'at-most'],
}
const ALL_OF_LIFE = Object.values(OF_LIFE).flat()

export function LifeFields({ at, bucket }: OfBucket) {
  const { set } = useDraft()
  const usageType = useUsageType(bucket)
  const life = textAt(bucket, ['life'])
  const choose = (chosen: string) => {
    set([...at, 'life'], chosen)
    for (const key of ALL_OF_LIFE) if (!OF_LIFE[chosen]?.includes(key)) set([...at, key], undefined)
    if (chosen === 'recurring-rollover' && bucket.periods === undefined) set([...at, 'periods'], 1)
  }
  return (
    <Group align="flex-start" gap="md">
      <ChoiceField
        at={[...at, 'life']}
        label="Life"
        choices={LIVES}
        isRequired
        fallback="recurring"
        onChoose={choose}
        width={320}
      />
      {life === 'recurring-rollover' && (
        <>
          <WholeNumberField
            at={[...at, 'periods']}
            label="Rolls over for"
            description="periods"
            isRequired
            width={140}
          />
          <QuantityField
            at={[...at, 'at-most']}
            label="At most"
            description="the oldest goes first"
            usageType={usageType}
            width={200}
          />
        </>
      )}
      {life === 'one-time' && (
        <>
          <TextField
            at={[...at, 'from']}
            label="From"
            description="a day, or an instant"
            placeholder="2026-11-01"
            width={200}
          />
          <TextField
            at={[...at, 'until']}
            label="Until"
            description="from then on no more"
            placeholder="2026-12-01"
            width={200}
          />
        </>
      )}
    </Group>
  )
}
