// A new user, who may do nothing before a role is granted.
import { Button, Group, Modal, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { FailureState } from '../../components/states.tsx'

export type NewUserProps = {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onMade: (id: string) => void
}

export function NewUser({ isOpen, onClose, onMade }: NewUserProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New user">
      <NewUserForm onClose={onClose} onMade={onMade} />
    </Modal>
  )
}

function NewUserForm({ onClose, onMade }: Omit<NewUserProps, 'isOpen'>) {
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const make = useMutation({
    mutationFn: () =>
      client.ask('createUser', {
        body: { name: name.trim(), email: email.trim(), ...(password === '' ? {} : { password }) },
      }),
    onSuccess: async ({ id }) => {
      await askAgain('listUsers')
      onMade(id)
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
          label="Name"
          required
          maxLength={200}
          value={name}
          data-autofocus
          autoComplete="off"
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput
          label="E-mail"
          type="email"
          required
          maxLength={254}
          value={email}
          autoComplete="off"
          onChange={({ currentTarget }) => setEmail(currentTarget.value)}
        />
        <PasswordInput
          label="First password"
          description="At least 12 characters; none for machines, and for who signs in elsewhere"
          minLength={12}
          maxLength={256}
          value={password}
          autoComplete="new-password"
          onChange={({ currentTarget }) => setPassword(currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={name.trim() === '' || email.trim() === ''}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
