// What each role may do, as a table.
import { List, Modal, Table, Text, VisuallyHidden } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { ListFrame } from '../../components/sides.tsx'
import { SCOPE_NAME } from './grant-words.ts'
import { ABILITIES, PERMISSION_NAMES, ROLE_NAME, ROLE_NAMES, ROLES } from './roles.ts'

export type RoleMatrixProps = { readonly isOpen: boolean; readonly onClose: () => void }

export function RoleMatrix({ isOpen, onClose }: RoleMatrixProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="What each role may do" size="80rem">
      <List size="sm" mb="md">
        {ROLE_NAMES.map((role) => (
          <List.Item key={role}>
            <b>{ROLE_NAME[role]}</b>: {ROLES[role].summary}{' '}
            <Text span size="sm" c="dimmed">
              Of {ROLES[role].grantedOn.map((kind) => SCOPE_NAME[kind].toLowerCase()).join(', ')}.
            </Text>
          </List.Item>
        ))}
      </List>
      <ListFrame label="Roles and what they may do">
        <Table fz="sm" withColumnBorders>
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">May</Table.Th>
              {ROLE_NAMES.map((role) => (
                <Table.Th key={role} scope="col" ta="center">
                  {ROLE_NAME[role]}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {PERMISSION_NAMES.map((permission) => (
              <Table.Tr key={permission}>
                <Table.Th scope="row" fw={400}>
                  {ABILITIES[permission].words}
                  {ABILITIES[permission].reach === 'tenant' ? ' *' : ''}
                </Table.Th>
                {ROLE_NAMES.map((role) => {
                  const may = ROLES[role].permissions.includes(permission)
                  return (
                    <Table.Td key={role} ta="center">
                      {may && <IconCheck size={16} aria-hidden />}
                      <VisuallyHidden>{may ? 'yes' : 'no'}</VisuallyHidden>
                    </Table.Td>
                  )
                })}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ListFrame>
      <Text size="sm" c="dimmed" mt="xs">
        * only with a role of the whole company; the others hold for the part that a role is of, too.
      </Text>
    </Modal>
  )
}
