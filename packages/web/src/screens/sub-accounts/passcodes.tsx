// New passcodes, shown once. They are held by the open dialog alone: not in the address, not among kept answers, and nowhere once it
// is closed.
import { Alert, Button, Code, CopyButton, Group, Modal, ScrollArea, Stack, Table, Text } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { IconCheck, IconCopy, IconDownload, IconEyeOff } from '@tabler/icons-react'
import { useState } from 'react'
import { saveFile } from '../../components/save-file.ts'

export type NewPasscode = AnswerOf<'approveSubAccount'>

export function PasscodeDialog({
  passcodes,
  onClose,
}: {
  readonly passcodes: ReadonlyArray<NewPasscode>
  readonly onClose: () => void
}) {
  if (passcodes.length === 0) return null
  const [first] = passcodes
  const title = passcodes.length === 1 ? `The passcode of ${first?.userId}` : `${passcodes.length} new passcodes`
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size="lg"
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      transitionProps={{ duration: 0 }}
    >
      <Stack>
        <Alert
          color="yellow"
          variant="outline"
          icon={<IconEyeOff size={18} />}
          title={passcodes.length === 1 ? 'This is the only time it is seen' : 'This is the only time they are seen'}
        >
          <Text size="sm">
            {passcodes.length === 1 ? 'It will not be shown again.' : 'They will not be shown again.'} Spillway keeps no
            passcode that anybody could read; whoever loses one gets another.
          </Text>
        </Alert>
        {passcodes.length === 1 && first ? <One of={first} /> : <Many of={passcodes} />}
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            I have kept {passcodes.length === 1 ? 'it' : 'them'}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

function One({ of: { passcode } }: { readonly of: NewPasscode }) {
  return (
    <Group justify="center" gap="md">
      <Code fz={28} px="md" py={4} aria-label="Passcode">
        {passcode}
      </Code>
      <CopyButton value={passcode}>
        {({ copied, copy }) => (
          <Button
            variant="default"
            leftSection={copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            onClick={copy}
          >
            {copied ? 'Copied' : 'Copy'}
          </Button>
        )}
      </CopyButton>
    </Group>
  )
}

function Many({ of: passcodes }: { readonly of: ReadonlyArray<NewPasscode> }) {
  const [isSaved, setIsSaved] = useState(false)
  const save = () => {
    saveAsFile(passcodes)
    setIsSaved(true)
  }
  return (
    <>
      <ScrollArea.Autosize mah={320} type="auto" viewportProps={{ tabIndex: 0 }}>
        <Table fz="sm" aria-label="New passcodes">
          <Table.Thead>
            <Table.Tr>
              <Table.Th scope="col">User id</Table.Th>
              <Table.Th scope="col">Passcode</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {passcodes.map(({ account, userId, passcode }) => (
              <Table.Tr key={`${account} ${userId}`}>
                <Table.Th scope="row" fw={500}>
                  {userId}
                </Table.Th>
                <Table.Td>
                  <Code>{passcode}</Code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea.Autosize>
      <Group>
        <Button variant="default" leftSection={<IconDownload size={16} />} disabled={isSaved} onClick={save}>
          {isSaved ? 'Downloaded' : 'Download as a file'}
        </Button>
      </Group>
    </>
  )
}

function saveAsFile(passcodes: ReadonlyArray<NewPasscode>): void {
  const cell = (text: string) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  const rows = passcodes.map(({ account, userId, passcode }) => [account, userId, passcode].map(cell).join(','))
  saveFile('passcodes.csv', { text: `account,user_id,passcode\r\n${rows.join('\r\n')}\r\n`, type: 'text/csv' })
}
