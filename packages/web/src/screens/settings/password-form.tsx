// Another password; all other sessions end with it.
import { Button, Group, PasswordInput, Stack } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useMe } from '../../app/session.tsx'
import { FailureState } from '../../components/states.tsx'
import { Panel } from './panel.tsx'

const LENGTH_MIN = 12

export function PasswordForm() {
  const { user } = useMe()
  const [old, setOld] = useState('')
  const [next, setNext] = useState('')
  const change = useMutation({
    mutationFn: () => client.ask('changePassword', { body: { old, new: next } }),
    onSuccess: async () => {
      setOld('')
      setNext('')
      notifications.show({ message: 'Your password is changed. Everywhere else you are signed out.' })
      await askAgain('listSessions')
    },
  })
  if (!user.hasPassword) return null
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Panel title="Password">
      <form onSubmit={submit}>
        <Stack gap="sm">
          {change.isError && <FailureState error={change.error} />}
          <PasswordInput
            label="Password now"
            autoComplete="current-password"
            required
            value={old}
            onChange={({ currentTarget }) => setOld(currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            description="At least 12 characters"
            autoComplete="new-password"
            required
            minLength={LENGTH_MIN}
            maxLength={256}
            value={next}
            onChange={({ currentTarget }) => setNext(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button
              type="submit"
              variant="default"
              loading={change.isPending}
              disabled={old === '' || next.length < LENGTH_MIN}
            >
              Change the password
            </Button>
          </Group>
        </Stack>
      </form>
    </Panel>
  )
}
