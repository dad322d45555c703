// Saved views: a name for the address that is shown, for oneself or for everybody. A shared view permits nobody anything.
import { Button, Menu, Modal, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconBookmark, IconTrash, IconUsers } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { client } from '../api/client.ts'
import { askAgain, useAsk } from '../api/use-ask.ts'
import { parseSearch } from '../app/search.ts'
import { FailureState } from './states.tsx'
import { type NamedView, ViewForm } from './view-form.tsx'

export function ViewsMenu() {
  const path = useScreenPath()
  const navigate = useNavigate()
  const [isSaving, saving] = useDisclosure(false)
  const { data } = useAsk('listViews', { query: { path, limit: 50 } })
  const views = data?.items ?? []
  const remove = useMutation({
    mutationFn: ({ id, etag }: { id: string; etag: string }) =>
      client.ask('deleteView', { params: { view: id }, headers: { 'if-match': etag } }),
    onSettled: () => askAgain('listViews'),
  })
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default" size="sm" leftSection={<IconBookmark size={16} />}>
            Views
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {views.length === 0 && <Menu.Label>No view of this screen is saved yet</Menu.Label>}
          {views.map((view) => (
            <Menu.Item
              key={view.id}
              onClick={() => navigate({ to: view.path, search: parseSearch(view.search) as never })}
              leftSection={view.isShared ? <IconUsers size={14} aria-label="shared" /> : undefined}
            >
              {view.name}
              {!view.isOwn && (
                <Text span c="dimmed" size="xs">
                  {' '}
                  by {view.owner.name}
                </Text>
              )}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item onClick={saving.open}>Save this view…</Menu.Item>
          {views.some(({ isOwn }) => isOwn) && <Menu.Label>Delete</Menu.Label>}
          {views
            .filter(({ isOwn }) => isOwn)
            .map((view) => (
              <Menu.Item
                key={`delete ${view.id}`}
                color="red"
                leftSection={<IconTrash size={14} />}
                onClick={() => remove.mutate(view)}
              >
                {view.name}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={isSaving} onClose={saving.close} title="Save this view">
        <SaveForm onDone={saving.close} />
      </Modal>
    </>
  )
}

/** As it stands in the address: the router's own has names with spaces and letters of any kind as they are read. */
function useScreenPath(): string {
  const { pathname } = useLocation()
  return new URL(pathname, window.location.origin).pathname
}

function SaveForm({ onDone }: { readonly onDone: () => void }) {
  const path = useScreenPath()
  const location = useLocation()
  const save = useMutation({
    mutationFn: (view: NamedView) => client.ask('createView', { body: { ...view, path, search: location.searchStr } }),
    onSuccess: async () => {
      await askAgain('listViews')
      onDone()
    },
  })
  return (
    <ViewForm
      initial={{ name: '', isShared: false }}
      of="this"
      isPending={save.isPending}
      onSave={save.mutate}
      onCancel={onDone}
    >
      {save.isError && <FailureState error={save.error} />}
    </ViewForm>
  )
}
