// A copy of a share plan under another id and name. Nobody takes part in two plans: whoever should take part in the copy is chosen
// here, in the place of those of the original.
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { useAsk } from '../../api/use-ask.ts'
import { FailureState, LoadingState } from '../../components/states.tsx'
import type { Body } from '../catalogue/document/body.ts'
import { textAt } from '../catalogue/document/body.ts'
import { afterChange } from '../catalogue/document/use-draft.ts'
import { useCandidates } from './candidates.ts'
import { participantsOf } from './share-bucket.ts'

export type ClonePlanProps = {
  /** null: nothing is cloned. */
  readonly plan: string | null
  readonly onClose: () => void
  readonly onMade: (plan: string) => void
}

export function ClonePlan({ plan, onClose, onMade }: ClonePlanProps) {
  const params = { kind: 'SharePlan', name: plan ?? '' }
  const saved = useAsk('getDocument', { params }, { isReady: plan !== null })
  return (
    <Modal opened={plan !== null} onClose={onClose} title="Clone the share plan" size="lg">
      {saved.isError && <FailureState error={saved.error} onRetry={() => saved.refetch()} />}
      {plan !== null && !saved.isError && !saved.data && <LoadingState rows={4} />}
      {plan !== null && saved.data && (
        <CloneForm key={plan} plan={plan} body={saved.data.body} onClose={onClose} onMade={onMade} />
      )}
    </Modal>
  )
}

type CloneFormProps = {
  readonly plan: string
  readonly body: Body
  readonly onClose: () => void
  readonly onMade: (plan: string) => void
}

function CloneForm({ plan, body, onClose, onMade }: CloneFormProps) {
  const original = textAt(body, ['name'])
  const [as, setAs] = useState(`${plan}-copy`)
  const [name, setName] = useState(`${original} (copy)`)
  const [places, setPlaces] = useState<Readonly<Record<string, string>>>({})
  const clone = useMutation({
    mutationFn: () =>
      client.ask('cloneSharePlan', {
        params: { plan },
        body: { as: as.trim(), name: name.trim(), participants: places },
      }),
    onSuccess: async () => {
      notifications.show({ message: `Cloned ${original} as ${name.trim()}. It is not active yet.` })
      await afterChange()
      onClose()
      onMade(as.trim())
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    clone.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {clone.isError && <FailureState error={clone.error} />}
        <TextInput
          label="Id of the copy"
          required
          maxLength={200}
          data-autofocus
          value={as}
          onChange={({ currentTarget }) => setAs(currentTarget.value)}
        />
        <TextInput
          label="Name of the copy"
          required
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Places body={body} places={places} onChange={setPlaces} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={clone.isPending} disabled={as.trim() === '' || name.trim() === ''}>
            Clone
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type PlacesProps = {
  readonly body: Body
  readonly places: Readonly<Record<string, string>>
  readonly onChange: (places: Readonly<Record<string, string>>) => void
}

/** Who takes whose place; of those that are in no plan. */
function Places({ body, places, onChange }: PlacesProps) {
  const candidates = useCandidates('')
  const participants = participantsOf(body)
  if (participants.length === 0) return null
  return (
    <Stack gap="xs">
      <Text size="sm">
        Nobody takes part in two plans. Choose who takes the place of each, with its contributions and limits; the
        others are left out.
      </Text>
      {participants.map(({ by, id }) => {
        const free = candidates.all.filter((one) => one.by === by && one.canChoose)
        const taken = new Set(Object.entries(places).flatMap(([other, chosen]) => (other === id ? [] : [chosen])))
        return (
          <Select
            key={`${by} ${id}`}
            label={`In the place of ${id}`}
            data={free.filter((one) => !taken.has(one.id)).map((one) => ({ value: one.id, label: one.label }))}
            value={places[id] ?? null}
            placeholder="Nobody"
            clearable
            searchable
            limit={100}
            clearButtonProps={{ 'aria-label': `Nobody in the place of ${id}` }}
            nothingFoundMessage="Everybody else is in a plan already"
            onChange={(value) => {
              const { [id]: _, ...rest } = places
              onChange(value === null ? rest : { ...rest, [id]: value })
            }}
          />
        )
      })}
    </Stack>
  )
}
