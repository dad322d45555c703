// API tokens: one's own, and for whoever may change users those of everybody. A token is shown once, when it is made.
import { Badge, Button, Checkbox, Group, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import type { AnswerOf } from '@spillway/server/client'
import { IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { itemsOf, type PageCursor, usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { useMay, useMe } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { ListFrame } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { MoreButton } from '../jobs/more-button.tsx'
import { NewToken } from './new-token.tsx'
import { ShownOnce } from './shown-once.tsx'

type Token = AnswerOf<'listTokens'>['items'][number]

export function TokensTab() {
  const { of } = useScreenSearch()
  const setSearch = useSetSearch()
  const { signedInBy } = useMe()
  const seesAll = useMay('user:change')
  const all = seesAll && of === 'all' ? 'true' : 'false'
  const [isMaking, making] = useDisclosure(false)
  const [secret, setSecret] = useState<string>()
  const query = { all, sort: 'createdAt', limit: 50 } as const
  const answer = usePages(['listTokens', query], (cursor: PageCursor, signal) =>
    client.ask('listTokens', { query: { ...query, ...cursor }, signal }),
  )
  const tokens = itemsOf(answer.data)
  return (
    <>
      <Group justify="space-between" mb="sm">
        <Text size="sm" c="dimmed" maw={560}>
          A token lets a program ask the API in your name, for as much as it is permitted.
        </Text>
        <Group>
          {seesAll && (
            <Checkbox
              label="Of everybody"
              checked={all === 'true'}
              onChange={({ currentTarget }) => setSearch({ of: currentTarget.checked ? 'all' : undefined })}
            />
          )}
          {signedInBy === 'session' && (
            <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
              New token
            </Button>
          )}
        </Group>
      </Group>
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState rows={3} />}
      {answer.data && tokens.length === 0 && (
        <EmptyState title="No token yet">Make one for a script, or for the command line on another machine.</EmptyState>
      )}
      {tokens.length > 0 && <TokenTable tokens={tokens} namesUsers={all === 'true'} />}
      <MoreButton answer={answer} />
      <NewToken
        isOpen={isMaking}
        onClose={making.close}
        onMade={(token) => {
          making.close()
          setSecret(token)
        }}
      />
      <ShownOnce secret={secret} title="Your new token" onClose={() => setSecret(undefined)}>
        Copy it to where it is needed. Spillway keeps only a fingerprint of it and cannot show it again.
      </ShownOnce>
    </>
  )
}

type TokenTableProps = { readonly tokens: ReadonlyArray<Token>; readonly namesUsers: boolean }

function TokenTable({ tokens, namesUsers }: TokenTableProps) {
  const format = useFormat()
  const [revoked, setRevoked] = useState<Token>()
  const users = useAsk('listUsers', { query: { limit: 500 } }, { isReady: namesUsers })
  const nameOf = (id: string) => users.data?.items.find((user) => user.id === id)?.name ?? id
  return (
    <ListFrame label="Tokens">
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {['Token', 'May', 'Ends', 'Last used'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {tokens.map((token) => (
            <Table.Tr key={token.id}>
              <Table.Td>
                {token.name}
                <Text size="xs" c="dimmed">
                  {token.hint}…{namesUsers && ` of ${nameOf(token.user)}`}
                </Text>
              </Table.Td>
              <Table.Td maw={340}>{token.permissions.join(', ')}</Table.Td>
              <Table.Td>{format.instant(token.endsAt)}</Table.Td>
              <Table.Td>{token.usedAt === null ? 'never' : format.instant(token.usedAt)}</Table.Td>
              <Table.Td ta="right">
                {token.revokedAt === null ? (
                  <Button size="compact-sm" variant="default" onClick={() => setRevoked(token)}>
                    Revoke…
                  </Button>
                ) : (
                  <Badge variant="light" color="gray" tt="none">
                    Revoked
                  </Badge>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {revoked && <RevokeDialog token={revoked} onClose={() => setRevoked(undefined)} />}
    </ListFrame>
  )
}

function RevokeDialog({ token: { id, name }, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const revoke = useMutation({
    mutationFn: () => client.ask('revokeToken', { params: { id } }),
    onSuccess: async () => {
      onClose()
      notifications.show({ message: `The token ${name} is revoked.` })
      await askAgain('listTokens')
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Revoke ${name}?`}
      verb="Revoke"
      isDangerous
      onConfirm={() => revoke.mutate()}
      isPending={revoke.isPending}
      error={revoke.error}
    >
      Whatever uses it is refused from now on. It cannot be given back.
    </Confirm>
  )
}
