// Keeps somebody from leaving what they have not saved, by a link or by closing the page.
import { Button, Group, Modal, Text } from '@mantine/core'
import { useBlocker } from '@tanstack/react-router'

export type UnsavedGuardProps = {
  readonly isDirty: boolean
  /** Parts of the address whose change leads away too, where the path stays: of a list, what is chosen. */
  readonly leavesBy?: ReadonlyArray<string>
}

type Address = { readonly pathname: string; readonly search: unknown }

export function UnsavedGuard({ isDirty, leavesBy = [] }: UnsavedGuardProps) {
  const isAway = (current: Address, next: Address) =>
    current.pathname !== next.pathname || leavesBy.some((name) => partOf(current, name) !== partOf(next, name))
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) => isDirty && isAway(current, next),
    enableBeforeUnload: () => isDirty,
    withResolver: true,
  })
  return (
    <Modal opened={blocker.status === 'blocked'} onClose={() => blocker.reset?.()} title="Leave without saving?">
      <Text size="sm">What you changed here is not saved, and will be lost.</Text>
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={() => blocker.reset?.()}>
          Stay
        </Button>
        <Button color="red" onClick={() => blocker.proceed?.()}>
          Leave
        </Button>
      </Group>
    </Modal>
  )
}

const partOf = ({ search }: Address, name: string) => (search as Readonly<Record<string, unknown>>)[name]
