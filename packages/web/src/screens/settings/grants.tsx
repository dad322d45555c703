// The roles of one user, each on the company or a part of it, and a way to grant another.
import { ActionIcon, Button, Group, Select, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { AnswerOf } from '@spillway/server/client'
import type { Role, ScopeKind } from '@spillway/server/contract'
import { IconPlus, IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useMay } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { SCOPE_NAME, scopeWords } from './grant-words.ts'
import { ROLE_NAME, ROLE_NAMES, ROLES } from './roles.ts'
import { ScopePicker } from './scope-picker.tsx'

type Grant = AnswerOf<'createGrant'>

export function Grants({ user }: { readonly user: string }) {
  const mayChange = useMay('user:change')
  const answer = useAsk('listGrants', { query: { user, limit: 500 } })
  const [revoked, setRevoked] = useState<Grant>()
  return (
    <Stack gap="xs">
      <Title order={3} size="h6">
        Roles
      </Title>
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState rows={2} />}
      {answer.data?.items.length === 0 && (
        <Text size="sm">None: nothing can be seen or done before one is granted.</Text>
      )}
      {answer.data?.items.map((grant) => (
        <Group key={grant.id} justify="space-between" wrap="nowrap" gap="xs">
          <Text size="sm">
            <b>{ROLE_NAME[grant.role]}</b> of {scopeWords(grant)}
            {grant.via === 'groups' && ', by a group of the provider of identities'}
          </Text>
          {mayChange && grant.via === 'people' && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Take ${ROLE_NAME[grant.role]} of ${scopeWords(grant)} back`}
              onClick={() => setRevoked(grant)}
            >
              <IconX size={15} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {mayChange && <NewGrant user={user} />}
      {revoked && <RevokeGrant grant={revoked} onClose={() => setRevoked(undefined)} />}
    </Stack>
  )
}

function RevokeGrant({ grant, onClose }: { readonly grant: Grant; readonly onClose: () => void }) {
  const revoke = useMutation({
    mutationFn: () => client.ask('deleteGrant', { params: { id: grant.id } }),
    onSuccess: async () => {
      onClose()
      await askAgain('listGrants')
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title="Take this role back?"
      verb="Take back"
      isDangerous
      onConfirm={() => revoke.mutate()}
      isPending={revoke.isPending}
      error={revoke.error}
    >
      {ROLE_NAME[grant.role]} of {scopeWords(grant)}: it holds no more from the next click of theirs.
    </Confirm>
  )
}

function NewGrant({ user }: { readonly user: string }) {
  const [role, setRole] = useState<Role>('analyst')
  const [asked, setScopeKind] = useState<ScopeKind>('tenant')
  const [scopeKey, setScopeKey] = useState('')
  const { grantedOn, summary } = ROLES[role]
  const scopeKind = grantedOn.includes(asked) ? asked : (grantedOn[0] ?? 'tenant')
  const make = useMutation({
    mutationFn: () =>
      client.ask('createGrant', {
        body: { user, role, scopeKind, scopeKey: scopeKind === 'tenant' ? '' : scopeKey },
      }),
    onSuccess: async () => {
      setScopeKey('')
      notifications.show({ message: `${ROLE_NAME[role]} is granted.` })
      await askAgain('listGrants')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        {make.isError && <FailureState error={make.error} />}
        <Group grow align="flex-start" gap="xs">
          <Select
            label="Role"
            data={ROLE_NAMES.map((value) => ({ value, label: ROLE_NAME[value] }))}
            value={role}
            allowDeselect={false}
            onChange={(value) => value && setRole(value as Role)}
          />
          <Select
            label="Of"
            data={grantedOn.map((value) => ({ value, label: SCOPE_NAME[value] }))}
            value={scopeKind}
            allowDeselect={false}
            onChange={(value) => {
              setScopeKind((value ?? 'tenant') as ScopeKind)
              setScopeKey('')
            }}
          />
        </Group>
        {scopeKind !== 'tenant' && <ScopePicker kind={scopeKind} value={scopeKey} onChange={setScopeKey} />}
        <Text size="xs" c="dimmed">
          {summary}
        </Text>
        <Group justify="flex-end">
          <Button
            type="submit"
            size="sm"
            variant="default"
            leftSection={<IconPlus size={15} aria-hidden />}
            loading={make.isPending}
            disabled={scopeKind !== 'tenant' && scopeKey === ''}
          >
            Grant
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
