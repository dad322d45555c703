// One user: their roles, name, password, and whether they may sign in.
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { AnswerOf, Question } from '@spillway/server/client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { Grants } from './grants.tsx'
import { Panel } from './panel.tsx'

type User = AnswerOf<'getUser'>

export function UserPanel({ id }: { readonly id: string }) {
  const format = useFormat()
  const mayChange = useMay('user:change')
  const answer = useAsk('getUser', { params: { id } })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={5} />
  const user = answer.data
  return (
    <Panel title={user.name}>
      <Text size="sm" c="dimmed">
        {user.email}, since {format.instant(user.createdAt)}, made by {user.createdBy}
        {user.hasPassword ? '' : '; has no password'}
      </Text>
      <Grants user={user.id} />
      {mayChange && <ChangeUser user={user} />}
    </Panel>
  )
}

function ChangeUser({ user }: { readonly user: User }) {
  const me = useMe()
  const [name, setName] = useState(user.name)
  const [password, setPassword] = useState('')
  const [isOpen, dialog] = useDisclosure(false)
  const isActive = user.state === 'active'
  const change = useMutation({
    mutationFn: (body: Question<'changeUser'>['body']) => client.ask('changeUser', { params: { id: user.id }, body }),
    onSuccess: async (changed) => {
      setPassword('')
      dialog.close()
      notifications.show({ message: `${changed.name} is saved.` })
      await askAgain('getUser', 'listUsers')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate({
      ...(name.trim() === user.name ? {} : { name: name.trim() }),
      ...(password === '' ? {} : { password }),
    })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {change.isError && !isOpen && <FailureState error={change.error} />}
        <TextInput
          label="Name"
          required
          maxLength={200}
          value={name}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        {user.id !== me.user.id && (
          <PasswordInput
            label="New password"
            description="At least 12 characters; all their sessions end with it"
            minLength={12}
            maxLength={256}
            autoComplete="new-password"
            value={password}
            onChange={({ currentTarget }) => setPassword(currentTarget.value)}
          />
        )}
        <Group justify="space-between">
          {user.id === me.user.id ? (
            <span />
          ) : (
            <Button variant="default" onClick={isActive ? dialog.open : () => change.mutate({ state: 'active' })}>
              {isActive ? 'Disable…' : 'Enable again'}
            </Button>
          )}
          <Button
            type="submit"
            loading={change.isPending && !isOpen}
            disabled={name.trim() === '' || (name.trim() === user.name && password === '')}
          >
            Save
          </Button>
        </Group>
      </Stack>
      <Confirm
        isOpen={isOpen}
        onClose={dialog.close}
        title={`Disable ${user.name}?`}
        verb="Disable"
        isDangerous
        onConfirm={() => change.mutate({ state: 'disabled' })}
        isPending={change.isPending}
        error={isOpen ? change.error : undefined}
      >
        They are signed out everywhere, and their tokens are refused, until somebody enables them again.
      </Confirm>
    </form>
  )
}
