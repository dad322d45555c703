// The buckets of a plan in the order in which they are drawn.
import { ActionIcon, Anchor, Button, Group, Stack, Table, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconStar, IconTrash } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useSetSearch } from '../../app/go.ts'
import { type Body, listAt, moved, textAt, without } from '../catalogue/document/body.ts'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { type BucketType, TYPE_LABELS } from './share-bucket.ts'

export function BucketsTab() {
  const { body, isReadOnly } = useDraft()
  const setSearch = useSetSearch()
  const buckets = listAt(body, ['buckets'])
  return (
    <Stack>
      {buckets.length === 0 ? (
        <Text size="sm">None yet. A plan needs at least one before it can become active.</Text>
      ) : (
        <>
          <Text size="sm" c="dimmed">
            Usage that several of them take is drawn from the first that has something left.
          </Text>
          <Table.ScrollContainer minWidth={420}>
            <Table fz="sm" aria-label="Buckets">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">Bucket</Table.Th>
                  <Table.Th scope="col">Type</Table.Th>
                  <Table.Th scope="col">Tiers</Table.Th>
                  {!isReadOnly && <Table.Th scope="col">Order</Table.Th>}
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {buckets.map((bucket, index) => (
                  <BucketRow key={textAt(bucket, ['id'])} buckets={buckets} index={index} />
                ))}
              </Table.Tbody>
            </Table>
          </Table.ScrollContainer>
        </>
      )}
      {!isReadOnly && (
        <Group>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconStar size={16} />}
            onClick={() => setSearch({ of: 'new-bucket' })}
          >
            Add a bucket
          </Button>
        </Group>
      )}
    </Stack>
  )
}

function BucketRow({ buckets, index }: { readonly buckets: ReadonlyArray<Body>; readonly index: number }) {
  const { set, isReadOnly } = useDraft()
  const bucket = buckets[index]
  const id = textAt(bucket, ['id'])
  const to = (next: ReadonlyArray<Body>) => set(['buckets'], next)
  const button = { variant: 'subtle', color: 'gray', size: 26 } as const
  return (
    <Table.Tr>
      <Table.Td>
        <Anchor
          fz="sm"
          renderRoot={(props) => (
            <Link
              to="."
              search={((before: object) => ({ ...before, chosen: id, panel: undefined })) as never}
              {...props}
            />
          )}
        >
          {id}
        </Anchor>
      </Table.Td>
      <Table.Td>{TYPE_LABELS[bucket?.type as BucketType] ?? ''}</Table.Td>
      <Table.Td>{Math.max(1, listAt(bucket, ['tiers']).length)}</Table.Td>
      {!isReadOnly && (
        <Table.Td>
          <Group gap={2} wrap="nowrap">
            <ActionIcon
              {...button}
              aria-label={`${id} up`}
              disabled={index === 0}
              onClick={() => to(moved(buckets, index, -1))}
            >
              <IconArrowUp size={15} />
            </ActionIcon>
            <ActionIcon
              {...button}
              aria-label={`${id} down`}
              disabled={index === buckets.length - 1}
              onClick={() => to(moved(buckets, index, 1))}
            >
              <IconArrowDown size={15} />
            </ActionIcon>
            <ActionIcon {...button} aria-label={`Remove ${id}`} onClick={() => to(without(buckets, index))}>
              <IconTrash size={15} />
            </ActionIcon>
          </Group>
        </Table.Td>
      )}
    </Table.Tr>
  )
}
