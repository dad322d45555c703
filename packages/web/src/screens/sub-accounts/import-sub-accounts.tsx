// Many sub-accounts from a file: first what would happen, and only then, if somebody says so, that.
import { Alert, Button, Code, FileButton, Group, List, Modal, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { AnswerOf } from '@spillway/server/client'
import { IconFileUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { FailureState } from '../../components/states.tsx'
import type { NewPasscode } from './passcodes.tsx'

const COLUMNS = [
  ...['account', 'user_id', 'name', 'person', 'cost_centre', 'project', 'client', 'enabled'],
  ...['spend', 'minutes', 'participants', 'call_minutes', 'at_limit'],
]

export type ImportSubAccountsProps = {
  readonly isOpen: boolean
  readonly account: string
  readonly onClose: () => void
  readonly onPasscodes: (passcodes: ReadonlyArray<NewPasscode>) => void
}

export function ImportSubAccounts(props: ImportSubAccountsProps) {
  const { isOpen, onClose, account } = props
  return (
    <Modal opened={isOpen} onClose={onClose} title={`Sub-accounts of ${account} from a file`} size="lg">
      {isOpen && <ImportForm {...props} />}
    </Modal>
  )
}

type Preview = Omit<AnswerOf<'importSubAccounts'>, 'passcodes'>
type Chosen = { readonly name: string; readonly text: string }

function ImportForm({ account, onClose, onPasscodes }: ImportSubAccountsProps) {
  const [file, setFile] = useState<Chosen | null>(null)
  const trying = useMutation({
    mutationFn: async (chosen: File): Promise<Preview> => {
      const read = { name: chosen.name, text: await chosen.text() }
      setFile(null)
      const preview = await client.ask('importSubAccounts', { body: { account, file: read, dryRun: true } })
      setFile(read)
      return { documents: preview.documents, withoutPasscode: preview.withoutPasscode }
    },
  })
  const making = useMutation({
    gcTime: 0,
    mutationFn: async (chosen: Chosen) => {
      const { passcodes, documents } = await client.ask('importSubAccounts', { body: { account, file: chosen } })
      onPasscodes(passcodes)
      return documents.length
    },
    onSuccess: async (count) => {
      notifications.show({ message: `${count} sub-accounts are as the file says.` })
      onClose()
      await askAgain('listSubAccounts', 'getReport')
    },
  })
  return (
    <Stack>
      <Text size="sm">
        A CSV file with the columns <Code>{COLUMNS.join(', ')}</Code>; only the first two are needed. Each new user id
        gets a passcode. No column holds one.
      </Text>
      <Group>
        <FileButton accept=".csv,text/csv,text/plain" onChange={(chosen) => chosen && trying.mutate(chosen)}>
          {(props) => (
            <Button
              {...props}
              variant={file ? 'default' : 'filled'}
              leftSection={<IconFileUpload size={16} />}
              loading={trying.isPending}
            >
              {file ? 'Choose another file' : 'Choose a file'}
            </Button>
          )}
        </FileButton>
        {file && <Text size="sm">{file.name}</Text>}
      </Group>
      {trying.isError && <FailureState error={trying.error} />}
      {making.isError && <FailureState error={making.error} />}
      {file && trying.data && <WhatWouldHappen preview={trying.data} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          disabled={file === null || trying.data?.documents.every(({ outcome }) => outcome === 'unchanged') !== false}
          loading={making.isPending}
          onClick={() => file && making.mutate(file)}
        >
          Do it
        </Button>
      </Group>
    </Stack>
  )
}

const WORDS = { created: 'made', changed: 'changed', unchanged: 'left as they are' } as const
const NAMES_SHOWN = 8

function WhatWouldHappen({ preview: { documents, withoutPasscode } }: { readonly preview: Preview }) {
  const format = useFormat()
  return (
    <Alert variant="outline" title="What would happen" role="status">
      <List size="sm">
        {(['created', 'changed', 'unchanged'] as const).map((outcome) => {
          const names = documents.filter((one) => one.outcome === outcome).map(({ name }) => name.split(' ').at(-1))
          if (names.length === 0) return null
          const rest = names.length - NAMES_SHOWN
          return (
            <List.Item key={outcome}>
              {format.count(names.length)} {WORDS[outcome]}: {names.slice(0, NAMES_SHOWN).join(', ')}
              {rest > 0 && ` and ${rest} more`}
            </List.Item>
          )
        })}
        <List.Item>{format.count(withoutPasscode)} passcodes are made</List.Item>
      </List>
      <Text size="sm" mt="xs">
        Nothing is changed yet.
      </Text>
    </Alert>
  )
}
