// All saved views: one's own, and what others share. They are opened, renamed, shared and deleted here.
import { ActionIcon, Badge, Button, Menu, Modal, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { type AnswerOf, ApiProblem } from '@spillway/server/client'
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { itemsOf, type PageCursor, usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../app/format.ts'
import { parseSearch } from '../../app/search.ts'
import { useMay } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ListFrame } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { type NamedView, ViewForm } from '../../components/view-form.tsx'
import { MoreButton } from '../jobs/more-button.tsx'

type View = AnswerOf<'getView'>

export function ViewsTab() {
  const answer = usePages(['listViews', 'all'], (cursor: PageCursor, signal) =>
    client.ask('listViews', { query: { limit: 100, ...cursor }, signal }),
  )
  const views = itemsOf(answer.data)
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={3} />
  if (views.length === 0)
    return (
      <EmptyState title="No view is saved yet" action={{ label: 'Explore', to: '/explore' }}>
        Under <b>Views</b>, a screen saves what it shows: its filters, its order, its month.
      </EmptyState>
    )
  return (
    <>
      <ViewTable views={views} />
      <MoreButton answer={answer} />
    </>
  )
}

function ViewTable({ views }: { readonly views: ReadonlyArray<View> }) {
  const format = useFormat()
  return (
    <ListFrame label="Saved views">
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {['View', 'Of', 'Changed'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {views.map((view) => (
            <Table.Tr key={view.id}>
              <Table.Td>
                <ScreenLink to={view.path} search={parseSearch(view.search)}>
                  {view.name}
                </ScreenLink>{' '}
                {view.isShared && (
                  <Badge size="sm" variant="light" tt="none">
                    Shared
                  </Badge>
                )}
                <Text size="xs" c="dimmed">
                  {view.path}
                </Text>
              </Table.Td>
              <Table.Td>{view.isOwn ? 'You' : view.owner.name}</Table.Td>
              <Table.Td>{format.instant(view.changedAt)}</Table.Td>
              <Table.Td ta="right">
                <ViewActions view={view} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ListFrame>
  )
}

function ViewActions({ view }: { readonly view: View }) {
  const mayChangeShared = useMay('user:change')
  const [open, setOpen] = useState<'edit' | 'delete'>()
  const close = () => setOpen(undefined)
  const remove = useMutation({
    mutationFn: () => client.ask('deleteView', { params: { view: view.id }, headers: { 'if-match': view.etag } }),
    onSuccess: async () => {
      close()
      notifications.show({ message: `The view ${view.name} is deleted.` })
      await askAgain('listViews')
    },
  })
  if (!view.isOwn && !(mayChangeShared && view.isShared)) return null
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`What can be done with ${view.name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={14} aria-hidden />} onClick={() => setOpen('edit')}>
            Rename or share…
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setOpen('delete')}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={open === 'edit'} onClose={close} title={`The view ${view.name}`}>
        <EditView view={view} onClose={close} />
      </Modal>
      <Confirm
        isOpen={open === 'delete'}
        onClose={close}
        title={`Delete the view ${view.name}?`}
        verb="Delete"
        isDangerous
        onConfirm={() => remove.mutate()}
        isPending={remove.isPending}
        error={remove.error}
      >
        {view.isShared
          ? 'Everybody loses it from their lists. What it shows stays as it is.'
          : 'What it shows stays as it is.'}
      </Confirm>
    </>
  )
}

function EditView({ view, onClose }: { readonly view: View; readonly onClose: () => void }) {
  const [etag, setEtag] = useState(view.etag)
  const save = useMutation({
    mutationFn: (named: NamedView) =>
      client.ask('changeView', { params: { view: view.id }, headers: { 'if-match': etag }, body: named }),
    onSuccess: async (_, { name }) => {
      onClose()
      notifications.show({ message: `The view ${name} is saved.` })
      await askAgain('listViews')
    },
  })
  /** What is typed stays; the next try replaces what somebody else saved. */
  const takeNew = useMutation({
    mutationFn: () => client.ask('getView', { params: { view: view.id } }),
    onSuccess: (found) => {
      setEtag(found.etag)
      save.reset()
    },
  })
  const isChangedMeanwhile = save.error instanceof ApiProblem && save.error.status === 412
  return (
    <ViewForm initial={view} of="its" isPending={save.isPending} onSave={save.mutate} onCancel={onClose}>
      {save.isError && <FailureState error={save.error} />}
      {isChangedMeanwhile && (
        <Button variant="default" loading={takeNew.isPending} onClick={() => takeNew.mutate()}>
          Replace it with what stands here
        </Button>
      )}
    </ViewForm>
  )
}
