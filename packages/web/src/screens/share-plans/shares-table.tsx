// What each participant contributes to a bucket, and the most that one of its services may draw in a period.
import { Table, Text } from '@mantine/core'
import { listAt, textAt } from '../catalogue/document/body.ts'
import { useUsageType } from '../catalogue/document/bucket-fields.tsx'
import { QuantityField } from '../catalogue/document/fields.tsx'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { participantsOf } from './share-bucket.ts'

export function SharesTable({ buckets }: { readonly buckets: ReadonlyArray<number> }) {
  const { body } = useDraft()
  const participants = participantsOf(body)
  const names = buckets.map((index) => textAt(listAt(body, ['buckets'])[index], ['id']))
  return (
    <Table.ScrollContainer minWidth={360 + buckets.length * 220}>
      <Table fz="sm" verticalSpacing={6} aria-label="Contributions and limits">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col">Participant</Table.Th>
            {names.flatMap((name) => [
              <Table.Th key={`${name} contribution`} scope="col">
                {buckets.length > 1 ? `${name}: each contributes` : 'Each contributes'}
              </Table.Th>,
              <Table.Th key={`${name} limit`} scope="col">
                {buckets.length > 1 ? `${name}: at most` : 'Each draws at most'}
              </Table.Th>,
            ])}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {participants.map(({ by, id }) => (
            <Table.Tr key={`${by} ${id}`}>
              <Table.Th scope="row" fw={500}>
                {id}
              </Table.Th>
              {buckets.map((index) => (
                <ShareCells key={index} index={index} participant={id} />
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

/** Left empty: it contributes nothing, and draws as much as there is. */
function ShareCells({ index, participant }: { readonly index: number; readonly participant: string }) {
  const { body } = useDraft()
  const bucket = listAt(body, ['buckets'])[index]
  const usageType = useUsageType(bucket)
  const of = `${participant} to ${textAt(bucket, ['id'])}`
  const at = ['buckets', index]
  return (
    <>
      <Table.Td>
        {bucket?.type === 'fixed' ? (
          <Text size="xs" c="dimmed">
            fixed, takes none
          </Text>
        ) : (
          <QuantityField
            at={[...at, 'contributions', participant]}
            label={`Contribution of ${of}`}
            usageType={usageType}
            placeholder="0"
            hidesLabel
            width={180}
          />
        )}
      </Table.Td>
      <Table.Td>
        <QuantityField
          at={[...at, 'limits', participant]}
          label={`Limit of ${of}`}
          usageType={usageType}
          placeholder="no limit"
          hidesLabel
          width={180}
        />
      </Table.Td>
    </>
  )
}
