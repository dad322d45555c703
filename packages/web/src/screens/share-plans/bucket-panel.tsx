// One bucket of the plan that is edited.
import { Anchor, Badge, Breadcrumbs, Button, Group, Stack, Tabs, Text, Title } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { Link, useSearch } from '@tanstack/react-router'
import { useSetSearch } from '../../app/go.ts'
import { type Body, listAt, textAt, without } from '../catalogue/document/body.ts'
import { LifeFields, UsageOfBucket } from '../catalogue/document/bucket-fields.tsx'
import { type Choice, ChoiceField, FixedField } from '../catalogue/document/fields.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { BucketMonth } from './bucket-month.tsx'
import { asType, BUCKET_TYPES, participantsOf, TYPE_LABELS } from './share-bucket.ts'
import { SharesTable } from './shares-table.tsx'
import { TiersTab } from './tiers-tab.tsx'

const TABS = [
  ['bucket', 'Bucket'],
  ['tiers', 'Tiers'],
  ['shares', 'Contributions and limits'],
  ['month', 'Month'],
] as const

export function BucketPanel({ index }: { readonly index: number }) {
  const { body, base } = useDraft()
  const { panel } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const bucket = listAt(body, ['buckets'])[index] ?? {}
  const id = textAt(bucket, ['id'])
  const isSaved = listAt(base.body, ['buckets']).some((one) => one.id === id)
  const shown = TABS.find(([name]) => name === panel)?.[0] ?? 'bucket'
  return (
    <>
      <BucketHead id={id} index={index} isSaved={isSaved} />
      <Tabs
        value={shown}
        keepMounted={false}
        onChange={(value) => setSearch({ panel: value === 'bucket' ? undefined : (value ?? undefined) })}
      >
        <Tabs.List mb="md" aria-label="Of this bucket">
          {TABS.map(([name, label]) => (
            <Tabs.Tab key={name} value={name} disabled={name === 'month' && !isSaved}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="bucket">
          <ShareBucketForm bucket={bucket} index={index} />
        </Tabs.Panel>
        <Tabs.Panel value="tiers">
          <TiersTab bucket={bucket} index={index} />
        </Tabs.Panel>
        <Tabs.Panel value="shares">
          <SharesTab index={index} />
        </Tabs.Panel>
        <Tabs.Panel value="month">
          <BucketMonth bucket={id} />
        </Tabs.Panel>
      </Tabs>
    </>
  )
}

type BucketHeadProps = { readonly id: string; readonly index: number; readonly isSaved: boolean }

function BucketHead({ id, index, isSaved }: BucketHeadProps) {
  const { body, set, isReadOnly } = useDraft()
  const setSearch = useSetSearch()
  return (
    <Group justify="space-between" mb="sm" align="flex-end">
      <Stack gap={2}>
        <nav aria-label="The plan of this bucket">
          <Breadcrumbs>
            <Anchor
              size="sm"
              renderRoot={(props) => (
                <Link
                  to="."
                  search={((before: object) => ({ ...before, chosen: undefined, panel: undefined })) as never}
                  {...props}
                />
              )}
            >
              {textAt(body, ['name'])}
            </Anchor>
            <Text size="sm" c="dimmed">
              {id}
            </Text>
          </Breadcrumbs>
        </nav>
        <Group gap="xs">
          <Title order={2} size="h4">
            {id}
          </Title>
          {!isSaved && (
            <Badge variant="light" tt="none">
              not saved yet
            </Badge>
          )}
        </Group>
      </Stack>
      {!isReadOnly && (
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconTrash size={15} />}
          onClick={() => {
            set(['buckets'], without(listAt(body, ['buckets']), index))
            setSearch({ chosen: undefined, panel: 'buckets' })
          }}
        >
          Take it out of the plan
        </Button>
      )}
    </Group>
  )
}

const PRICINGS: ReadonlyArray<Choice> = [
  { value: 'progressive', label: 'Progressive: each unit at the rate of its own tier' },
  { value: 'bracket', label: 'Bracket: all of it at the rate of the tier that the total reaches' },
]

const ORDERS: ReadonlyArray<Choice> = [
  { value: 'time', label: 'What comes first' },
  { value: 'highest-rate', label: 'What would cost most out of the bucket' },
]

function ShareBucketForm({ bucket, index }: { readonly bucket: Body; readonly index: number }) {
  const { set } = useDraft()
  const at = ['buckets', index]
  const chooseType = (value: string) => {
    const type = BUCKET_TYPES.find((one) => one === value)
    if (type) set(at, asType(bucket, type))
  }
  return (
    <Stack>
      <FixedField label="Id" value={textAt(bucket, ['id'])} why="Bills and closed months know it by this; it stays" />
      <UsageOfBucket at={at} bucket={bucket} />
      <ChoiceField
        at={[...at, 'type']}
        label="Type"
        choices={BUCKET_TYPES.map((value) => ({ value, label: TYPE_LABELS[value] }))}
        isRequired
        onChoose={chooseType}
      />
      <LifeFields at={at} bucket={bucket} />
      <ChoiceField at={[...at, 'pricing']} label="Price of rated tiers" choices={PRICINGS} fallback="progressive" />
      <ChoiceField at={[...at, 'order']} label="Covers first" choices={ORDERS} fallback="time" />
    </Stack>
  )
}

function SharesTab({ index }: { readonly index: number }) {
  const { body } = useDraft()
  if (participantsOf(body).length === 0)
    return (
      <Text size="sm">
        Nobody takes part in the plan yet.{' '}
        <Anchor
          size="sm"
          renderRoot={(props) => (
            <Link
              to="."
              search={((before: object) => ({ ...before, chosen: undefined, panel: 'participants' })) as never}
              {...props}
            />
          )}
        >
          Choose who does
        </Anchor>
      </Text>
    )
  return (
    <Stack>
      <Text size="sm" c="dimmed">
        For each service: what it adds to the bucket in a period, and the most that it may draw. Nothing contributed: it
        only consumes. A limit of 0: it only contributes.
      </Text>
      <SharesTable buckets={[index]} />
    </Stack>
  )
}
