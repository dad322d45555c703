// A new token: what it may of what its user may, and until when.
import { Button, Checkbox, Group, Modal, NumberInput, Select, SimpleGrid, Stack, TextInput } from '@mantine/core'
import type { Permission } from '@spillway/server/contract'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { FailureState } from '../../components/states.tsx'
import { ABILITIES, PERMISSION_NAMES } from './roles.ts'

export type NewTokenProps = {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onMade: (token: string) => void
}

export function NewToken({ isOpen, onClose, onMade }: NewTokenProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New token" size="lg">
      <NewTokenForm onClose={onClose} onMade={onMade} />
    </Modal>
  )
}

const DAYS = 90
const DAYS_MAX = 365

function NewTokenForm({ onClose, onMade }: Omit<NewTokenProps, 'isOpen'>) {
  const me = useMe()
  const mayForOthers = useMay('user:change')
  const [name, setName] = useState('')
  const [days, setDays] = useState<number | string>(DAYS)
  const [user, setUser] = useState<string | null>(null)
  const [permissions, setPermissions] = useState<ReadonlyArray<string>>(['report:read'])
  const users = useAsk('listUsers', { query: { state: 'active', limit: 500 } }, { isReady: mayForOthers })
  const make = useMutation({
    mutationFn: () =>
      client.ask('createToken', {
        body: {
          ...{ name: name.trim(), days: Number(days), permissions: permissions as Permission[] },
          ...(user === null || user === me.user.id ? {} : { user }),
        },
      }),
    onSuccess: async ({ token }) => {
      await askAgain('listTokens')
      onMade(token)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  const offered = user === null ? PERMISSION_NAMES.filter((one) => me.permissions.includes(one)) : PERMISSION_NAMES
  return (
    <form onSubmit={submit}>
      <Stack>
        {make.isError && <FailureState error={make.error} />}
        <TextInput
          label="Name"
          description="What it is for, so that you know it again"
          required
          maxLength={200}
          value={name}
          data-autofocus
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <NumberInput
            label="Days until it ends"
            min={1}
            max={DAYS_MAX}
            allowDecimal={false}
            value={days}
            onChange={setDays}
            required
          />
          {mayForOthers && (
            <Select
              label="For"
              placeholder="Yourself"
              data={(users.data?.items ?? [])
                .filter(({ id }) => id !== me.user.id)
                .map(({ id, name: of, email }) => ({ value: id, label: `${of} (${email})` }))}
              value={user}
              onChange={setUser}
              searchable
              clearable
              clearButtonProps={{ 'aria-label': 'For yourself' }}
            />
          )}
        </SimpleGrid>
        <Checkbox.Group
          label="It may"
          description="Never more than its user may at the time"
          required
          value={[...permissions]}
          onChange={setPermissions}
        >
          <SimpleGrid cols={{ base: 1, sm: 2 }} spacing={6} mt="xs">
            {offered.map((one) => (
              <Checkbox key={one} value={one} label={ABILITIES[one].words} size="sm" />
            ))}
          </SimpleGrid>
        </Checkbox.Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button
            type="submit"
            loading={make.isPending}
            disabled={name.trim() === '' || permissions.length === 0 || days === ''}
          >
            Make the token
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
