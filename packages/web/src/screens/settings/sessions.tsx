// Where somebody is signed in, and a way out of all of it.
import { Badge, Button, Table } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { Confirm } from '../../components/confirm.tsx'
import { ListFrame } from '../../components/sides.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { Panel } from './panel.tsx'

export function Sessions() {
  const format = useFormat()
  const [isOpen, dialog] = useDisclosure(false)
  const answer = useAsk('listSessions', {})
  const leave = useMutation({
    mutationFn: () => client.ask('signOutEverywhere', {}),
    // Nothing of what was read stays in the page.
    onSuccess: () => window.location.assign('/'),
  })
  return (
    <Panel
      title="Where you are signed in"
      actions={
        <Button size="sm" variant="default" onClick={dialog.open}>
          Sign out everywhere
        </Button>
      }
    >
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState rows={2} />}
      {answer.data && (
        <ListFrame label="Sessions">
          <Table fz="sm">
            <Table.Thead>
              <Table.Tr>
                {['Browser', 'Since', 'Last used'].map((title) => (
                  <Table.Th key={title} scope="col">
                    {title}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {answer.data.items.map(({ id, agent, createdAt, seenAt, isThis }) => (
                <Table.Tr key={id}>
                  <Table.Td title={agent}>
                    {browserOf(agent)}{' '}
                    {isThis && (
                      <Badge size="sm" variant="light" tt="none">
                        This one
                      </Badge>
                    )}
                  </Table.Td>
                  <Table.Td>{format.instant(createdAt)}</Table.Td>
                  <Table.Td>{format.instant(seenAt)}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </ListFrame>
      )}
      <Confirm
        isOpen={isOpen}
        onClose={dialog.close}
        title="Sign out everywhere?"
        verb="Sign out"
        isDangerous
        onConfirm={() => leave.mutate()}
        isPending={leave.isPending}
        error={leave.error}
      >
        All your sessions end, this one among them. Tokens stay as they are.
      </Confirm>
    </Panel>
  )
}

const BROWSERS = [
  [/Edg\//, 'Edge'],
  [/Firefox\//, 'Firefox'],
  [/Chrom(?:e|ium)\//, 'Chrome'],
  [/Safari\//, 'Safari'],
] as const
const SYSTEMS = [
  [/Windows/, 'Windows'],
  [/Android/, 'Android'],
  [/iPhone|iPad/, 'iOS'],
  [/Mac OS X/, 'macOS'],
  [/Linux/, 'Linux'],
] as const

/** A name that a person knows; what the browser says itself stands in the title. */
function browserOf(agent: string): string {
  const nameIn = (names: ReadonlyArray<readonly [RegExp, string]>) => names.find(([shape]) => shape.test(agent))?.[1]
  const parts = [nameIn(BROWSERS), nameIn(SYSTEMS)].filter((part) => part !== undefined)
  return parts.length === 0 ? agent || 'unknown' : parts.join(' on ')
}
