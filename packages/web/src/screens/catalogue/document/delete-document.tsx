// Deleting a document: only one that nothing needs; else it is said what needs it.
import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconLock } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../../api/client.ts'
import { useAsk } from '../../../api/use-ask.ts'
import { FailureState, LoadingState } from '../../../components/states.tsx'
import { afterDeletion } from './use-draft.ts'
import { UsesList } from './uses-list.tsx'

export type DeleteDocumentProps = {
  readonly kind: string
  /** null: nothing is about to be deleted. */
  readonly name: string | null
  /** In sentences: `share plan`. */
  readonly one: string
  readonly onClose: () => void
  readonly onDeleted: () => void
}

export function DeleteDocument({ kind, name, one, onClose, onDeleted }: DeleteDocumentProps) {
  return (
    <Modal opened={name !== null} onClose={onClose} title={`Delete the ${one} ${name ?? ''}`} size="lg">
      {name !== null && <Deletion {...{ kind, name, one, onClose, onDeleted }} />}
    </Modal>
  )
}

function Deletion({ kind, name, one, onClose, onDeleted }: DeleteDocumentProps & { readonly name: string }) {
  const params = { kind, name }
  const uses = useAsk('listDocumentUses', { params })
  const saved = useAsk('getDocument', { params })
  const remove = useMutation({
    mutationFn: (etag: string) => client.ask('deleteDocument', { params, headers: { 'if-match': etag } }),
    onSuccess: async () => {
      notifications.show({ message: `Deleted the ${one} ${name}.` })
      onDeleted()
      await afterDeletion()
    },
    onError: () => void saved.refetch(),
  })
  const error = uses.error ?? saved.error ?? remove.error
  if (!error && (!uses.data || !saved.data)) return <LoadingState rows={3} />
  const canDelete = uses.data?.canDelete === true
  return (
    <Stack>
      {error && <FailureState error={error} />}
      {uses.data && !canDelete && (
        <Alert variant="outline" color="yellow" icon={<IconLock size={18} />} title="It is in use, and stays">
          <Text size="sm">Take it out of what needs it first; then it can be deleted.</Text>
        </Alert>
      )}
      {canDelete && (
        <Text size="sm">
          It goes out of force. Closed months keep what they were rated with, and every version stays on record.
        </Text>
      )}
      {uses.data && <UsesList uses={uses.data} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {canDelete ? 'Cancel' : 'Close'}
        </Button>
        {canDelete && saved.data && (
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate(saved.data.etag)}>
            Delete
          </Button>
        )}
      </Group>
    </Stack>
  )
}
