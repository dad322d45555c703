// Who takes part: products, or service types. Whoever is in another plan cannot be chosen, and it is said in which.
import { Anchor, Checkbox, Group, SegmentedControl, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { useFormat } from '../../app/format.ts'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { listAt } from '../catalogue/document/body.ts'
import { useDraft } from '../catalogue/document/use-draft.ts'
import { type Candidate, useFoundCandidates } from './candidates.ts'
import { type Participant, participantsOf, withoutParticipant, withParticipant } from './share-bucket.ts'
import { SharesTable } from './shares-table.tsx'

const SEARCH_AFTER_MS = 200

export function ParticipantsTab() {
  const { name, body, issues } = useDraft()
  const format = useFormat()
  const [way, setWay] = useState<Participant['by']>(() => participantsOf(body)[0]?.by ?? 'product')
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text, SEARCH_AFTER_MS)
  const candidates = useFoundCandidates({ plan: name ?? '', by: way, text: settled })
  const participants = participantsOf(body)
  const wrong = issues.filter(({ path }) => path.startsWith('participating'))
  const countOf = (by: Participant['by']) => format.count(participants.filter((one) => one.by === by).length)
  if (candidates.error) return <FailureState error={candidates.error} onRetry={candidates.retry} />
  const buckets = listAt(body, ['buckets'])
  return (
    <Stack>
      {wrong.map(({ path, message }) => (
        <Text key={`${path} ${message}`} size="sm" c="var(--mantine-color-error)">
          {message}
        </Text>
      ))}
      <Group justify="space-between" gap="sm">
        <SegmentedControl
          aria-label="Who takes part"
          data={[
            { value: 'product', label: `Products (${countOf('product')})` },
            { value: 'service-type', label: `Service types (${countOf('service-type')})` },
          ]}
          value={way}
          onChange={(value) => setWay(value === 'product' ? 'product' : 'service-type')}
        />
        <TextInput
          type="search"
          aria-label="Find a participant"
          placeholder="Find"
          leftSection={<IconSearch size={15} aria-hidden />}
          maxLength={200}
          value={text}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
        />
      </Group>
      {candidates.shown ? <Candidates shown={candidates.shown} count={candidates.count} /> : <LoadingState rows={4} />}
      {participants.length > 0 && buckets.length > 0 && (
        <>
          <Title order={3} size="h5" mt="sm">
            What each brings and may take
          </Title>
          <SharesTable buckets={buckets.map((_, index) => index)} />
        </>
      )}
    </Stack>
  )
}

type CandidatesProps = { readonly shown: ReadonlyArray<Candidate>; readonly count: number }

function Candidates({ shown, count }: CandidatesProps) {
  const format = useFormat()
  if (shown.length === 0)
    return (
      <Text size="sm" c="dimmed">
        Nothing of that name.
      </Text>
    )
  return (
    <Table.ScrollContainer minWidth={420} mah={360}>
      <Table fz="sm" stickyHeader aria-label="Who can take part">
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={44}>
              In
            </Table.Th>
            <Table.Th scope="col">Name</Table.Th>
            <Table.Th scope="col">Service type</Table.Th>
            <Table.Th scope="col">Note</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {shown.map((one) => (
            <CandidateRow key={`${one.by} ${one.id}`} candidate={one} />
          ))}
        </Table.Tbody>
      </Table>
      {count > shown.length && (
        <Text size="xs" c="dimmed">
          The first {format.count(shown.length)} of {format.count(count)}; find the others by name.
        </Text>
      )}
    </Table.ScrollContainer>
  )
}

function CandidateRow({ candidate }: { readonly candidate: Candidate }) {
  const { body, change, isReadOnly } = useDraft()
  const noteId = useId()
  const { by, id, label, serviceType, canChoose, plan, why } = candidate
  const isIn = participantsOf(body).some((one) => one.by === by && one.id === id)
  const isHeld = !canChoose && !isIn
  return (
    <Table.Tr>
      <Table.Td>
        <Checkbox
          aria-label={label}
          checked={isIn}
          disabled={isHeld || isReadOnly}
          {...(isHeld ? { 'aria-describedby': noteId } : {})}
          onChange={({ currentTarget }) =>
            change((now) => (currentTarget.checked ? withParticipant : withoutParticipant)(now, { by, id }))
          }
        />
      </Table.Td>
      <Table.Td {...(isHeld ? { c: 'dimmed' } : {})}>{label}</Table.Td>
      <Table.Td>{serviceType}</Table.Td>
      <Table.Td id={noteId}>
        {isHeld && (
          <Text size="sm">
            {why.charAt(0).toUpperCase() + why.slice(1)}.{' '}
            <Anchor
              size="sm"
              renderRoot={(props) => <Link to={`/share-plans/${encodeURIComponent(plan)}`} {...props} />}
            >
              See that plan
            </Anchor>
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
