// Where a document is used: the documents that name it and where they do, and the services that have it.
import { Anchor, Badge, Group, Stack, Table, Text } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { Link } from '@tanstack/react-router'
import { useFormat } from '../../../app/format.ts'
import { linkOfDocument } from '../kinds.ts'
import { sayPath } from './body.ts'

export type DocumentUses = AnswerOf<'listDocumentUses'>

const SHOWN_MAX = 200

export function UsesList({ uses }: { readonly uses: DocumentUses }) {
  const format = useFormat()
  const { users, services } = uses
  return (
    <Stack gap="xs">
      {services > 0 && (
        <Text size="sm">
          {format.count(services)} {services === 1 ? 'service has' : 'services have'} it.
        </Text>
      )}
      {users.length === 0 ? (
        <Text size="sm" c="dimmed">
          No other document names it.
        </Text>
      ) : (
        <Table fz="sm" aria-label="Where it is used">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">Used by</Table.Th>
              <Table.Th scope="col">Where</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {users.slice(0, SHOWN_MAX).map(({ kind, name, path, isHolding }) => (
              <Table.Tr key={`${kind}/${name} ${path}`}>
                <Table.Td>
                  <Group gap="xs">
                    <DocumentName kind={kind} name={name} />
                    {isHolding && (
                      <Badge size="sm" variant="light" color="yellow" tt="none">
                        keeps it
                      </Badge>
                    )}
                  </Group>
                </Table.Td>
                <Table.Td>{sayPath(path)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {users.length > SHOWN_MAX && (
        <Text size="sm" c="dimmed">
          and {format.count(users.length - SHOWN_MAX)} more
        </Text>
      )}
    </Stack>
  )
}

function DocumentName({ kind, name }: { readonly kind: string; readonly name: string }) {
  const link = linkOfDocument({ kind, name })
  const text = `${wordsOf(kind)} ${name}`
  if (!link) return <span>{text}</span>
  return (
    <Anchor fz="sm" renderRoot={(props) => <Link to={link.to} search={(link.search ?? {}) as never} {...props} />}>
      {text}
    </Anchor>
  )
}

/** `AccountSharePlan` as `Account share plan`. */
const wordsOf = (kind: string) => kind.replaceAll(/(?<=[a-z])[A-Z]/g, (capital) => ` ${capital.toLowerCase()}`)
