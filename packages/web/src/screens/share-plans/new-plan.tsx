// A new share plan: its id and name alone. It is not active, and everything else is chosen in its panel.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { FailureState } from '../../components/states.tsx'
import { afterChange } from '../catalogue/document/use-draft.ts'

export type NewPlanProps = {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onMade: (plan: string) => void
}

export function NewPlan({ isOpen, onClose, onMade }: NewPlanProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New share plan">
      <NewPlanForm onClose={onClose} onMade={onMade} />
    </Modal>
  )
}

function NewPlanForm({ onClose, onMade }: Omit<NewPlanProps, 'isOpen'>) {
  const [id, setId] = useState('')
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () =>
      client.ask('putDocument', {
        params: { kind: 'SharePlan', name: id.trim() },
        headers: { 'if-none-match': '*' },
        body: { kind: 'SharePlan', id: id.trim(), name: name.trim() },
      }),
    onSuccess: async () => {
      await afterChange()
      onMade(id.trim())
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {make.isError && <FailureState error={make.error} />}
        <TextInput
          label="Id"
          description="Other documents name it by this; it cannot be changed later"
          required
          maxLength={200}
          data-autofocus
          value={id}
          onChange={({ currentTarget }) => setId(currentTarget.value)}
        />
        <TextInput
          label="Name"
          description="For people, on screens and bills"
          required
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <Text size="sm" c="dimmed">
          It is not active yet: it needs a bucket first.
        </Text>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={id.trim() === '' || name.trim() === ''}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
