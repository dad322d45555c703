// Users and what they are granted; beside them the one that is chosen, or what each role may do.
import { Badge, Button, Group, Table, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { AnswerOf } from '@spillway/server/client'
import { IconTable, IconUserPlus } from '@tabler/icons-react'
import { client } from '../../api/client.ts'
import { itemsOf, type PageCursor, usePages } from '../../api/use-pages.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ListFrame, Sides } from '../../components/sides.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { MoreButton } from '../jobs/more-button.tsx'
import { scopeWords } from './grant-words.ts'
import { NewUser } from './new-user.tsx'
import { RoleMatrix } from './role-matrix.tsx'
import { ROLE_NAME } from './roles.ts'
import { UserPanel } from './user-panel.tsx'

type User = AnswerOf<'getUser'>
type Grant = AnswerOf<'createGrant'>

export function UsersTab() {
  const { chosen } = useScreenSearch()
  const setSearch = useSetSearch()
  const mayChange = useMay('user:change')
  const [isMaking, making] = useDisclosure(false)
  const [isMatrix, matrix] = useDisclosure(false)
  const users = usePages(['listUsers'], (cursor: PageCursor, signal) =>
    client.ask('listUsers', { query: { limit: 200, ...cursor }, signal }),
  )
  const grants = usePages(['listGrants'], (cursor: PageCursor, signal) =>
    client.ask('listGrants', { query: { limit: 500, ...cursor }, signal }),
  )
  const shown = itemsOf(users.data).find(({ id }) => id === chosen)
  return (
    <>
      <Group mb="sm" gap="xs" justify="flex-end">
        <Button size="sm" variant="default" leftSection={<IconTable size={16} aria-hidden />} onClick={matrix.open}>
          What each role may do
        </Button>
        {mayChange && (
          <Button size="sm" leftSection={<IconUserPlus size={16} aria-hidden />} onClick={making.open}>
            New user
          </Button>
        )}
      </Group>
      {users.isError && <FailureState error={users.error} onRetry={() => users.refetch()} />}
      {users.isPending && <LoadingState rows={4} />}
      {users.data && (
        <Sides
          list={
            <>
              <UserTable users={itemsOf(users.data)} grants={itemsOf(grants.data)} chosen={chosen} />
              <MoreButton answer={users} />
            </>
          }
          panel={shown && <UserPanel key={shown.id} id={shown.id} />}
        />
      )}
      <NewUser
        isOpen={isMaking}
        onClose={making.close}
        onMade={(id) => {
          making.close()
          setSearch({ chosen: id })
        }}
      />
      <RoleMatrix isOpen={isMatrix} onClose={matrix.close} />
    </>
  )
}

type UserTableProps = {
  readonly users: ReadonlyArray<User>
  readonly grants: ReadonlyArray<Grant>
  readonly chosen: string | undefined
}

function UserTable({ users, grants, chosen }: UserTableProps) {
  return (
    <ListFrame label="Users">
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {['User', 'Roles', 'State'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {users.map((user) => (
            <Table.Tr key={user.id} data-chosen={user.id === chosen || undefined}>
              <Table.Td>
                <ScreenLink to="/settings" search={{ tab: 'users', chosen: user.id }}>
                  {user.name}
                </ScreenLink>
                <Text size="xs" c="dimmed">
                  {user.email}
                </Text>
              </Table.Td>
              <Table.Td>
                {grants
                  .filter((grant) => grant.user === user.id)
                  .map((grant) => (
                    <div key={grant.id}>
                      {ROLE_NAME[grant.role]}
                      {grant.scopeKind !== 'tenant' && (
                        <Text span size="sm" c="dimmed">
                          {' '}
                          of {scopeWords(grant)}
                        </Text>
                      )}
                    </div>
                  ))}
              </Table.Td>
              <Table.Td>
                <Badge variant="light" color={user.state === 'active' ? 'green' : 'gray'} tt="none" miw="max-content">
                  {user.state === 'active' ? 'Active' : 'Disabled'}
                </Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ListFrame>
  )
}
