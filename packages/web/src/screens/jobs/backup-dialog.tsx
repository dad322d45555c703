// Copies the whole workspace, while it is in use, to where the server keeps its backups.
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { FailureState } from '../../components/states.tsx'

export type JobDialogProps = {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly onStarted: (job: string) => void
}

export function BackupDialog({ isOpen, onClose, onStarted }: JobDialogProps) {
  const [name, setName] = useState('')
  const start = useMutation({
    mutationFn: () => client.ask('startBackup', { body: name.trim() === '' ? {} : { name: name.trim() } }),
    onSuccess: async ({ id }) => {
      setName('')
      await askAgain('listJobs')
      onStarted(id)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate()
  }
  return (
    <Modal opened={isOpen} onClose={onClose} title="Back up">
      <form onSubmit={submit}>
        <Stack>
          {start.isError && <FailureState error={start.error} />}
          <Text size="sm">
            Everything is copied into a folder of its own, where the server keeps its backups. Work goes on meanwhile.
          </Text>
          <TextInput
            label="Name of the folder"
            description="Left empty, it is named after this moment"
            pattern="\w[\w.\-]*"
            maxLength={80}
            value={name}
            data-autofocus
            onChange={({ currentTarget }) => setName(currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={start.isPending}>
              Back up
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
