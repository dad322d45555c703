// Takes an import back, for a reason, and says what counts again because of it.
import { List, Text } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { IconArrowBackUp } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { Confirm } from '../../components/confirm.tsx'
import { Note } from './note.tsx'
import { TextLink } from './text-link.tsx'

export type TakenBack = AnswerOf<'takeBackImport'>

export type TakeBackProps = {
  readonly batch: string
  readonly file: string
  readonly onClose: () => void
  readonly onTaken: (taken: TakenBack) => void
}

export function TakeBack({ batch, file, onClose, onTaken }: TakeBackProps) {
  const taking = useMutation({
    mutationFn: (reason: string) => client.ask('takeBackImport', { params: { batch }, body: { reason } }),
    onSuccess: async (taken) => {
      await askAgain('getReport', 'getImport', 'getOverview')
      onTaken(taken)
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Take ${file} back`}
      verb="Take back"
      isDangerous
      needsReason
      onConfirm={(reason) => taking.mutate(reason)}
      isPending={taking.isPending}
      error={taking.error}
    >
      It counts no more, and what it superseded counts again. Months that are closed keep their figures until they are
      closed again; nothing is deleted.
    </Confirm>
  )
}

export function TakenBackNote({ taken }: { readonly taken: TakenBack }) {
  return (
    <Note
      role="status"
      color="indigo"
      variant="outline"
      icon={<IconArrowBackUp size={18} />}
      title={`${taken.file} is taken back`}
    >
      {taken.restored.length === 0 ? (
        <Text size="sm">It had superseded nothing, so nothing else counts again.</Text>
      ) : (
        <>
          <Text size="sm">These count again:</Text>
          <List size="sm">
            {taken.restored.map(({ part, vendor, account, invoice, file }) => (
              <List.Item key={`${part} ${vendor} ${account} ${invoice} ${file}`}>
                {invoice === '' ? part : `${part} of invoice ${invoice}`} from {file}
              </List.Item>
            ))}
          </List>
        </>
      )}
      {taken.mayLackRows.length > 0 && (
        <Text size="sm" mt="xs">
          Take back and import again, as they left out rows that were here:{' '}
          {taken.mayLackRows.map(({ file }) => file).join(', ')}.
        </Text>
      )}
      <Text size="sm" mt="xs">
        Close the month again in <TextLink to="/runs">Runs</TextLink>.
      </Text>
    </Note>
  )
}
