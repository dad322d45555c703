// After the commit: which imports there are now, and what to do next.
import { Button, Group, List, Stack, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { askAgain } from '../../../api/use-ask.ts'
import { useFormat } from '../../../app/format.ts'
import { useMay } from '../../../app/session.tsx'
import { Note } from '../note.tsx'
import { TextLink } from '../text-link.tsx'
import type { DraftFile, ImportDraft } from './upload.ts'
import { waitingRows } from './waiting-rows.ts'

const MONTHS_SHOWN = 3

export function DraftDone({ draft }: { readonly draft: ImportDraft }) {
  const format = useFormat()
  const mayClose = useMay('period:change')
  const { id } = draft
  useEffect(() => {
    if (id !== '') void askAgain('getReport', 'getImport', 'getOverview', 'listPeriods')
  }, [id])
  const imported = draft.files.filter(({ look }) => look !== null && look.outcome === 'imported')
  const months = [...new Set(imported.flatMap(({ look }) => look?.covers.months ?? []))].sort().reverse()
  return (
    <Stack maw={760}>
      <Note role="status" color="teal" icon={<IconCircleCheck size={18} />} title="Imported">
        <List size="sm" spacing={4}>
          {draft.files.map((file) => (
            <List.Item key={file.no}>
              <Outcome file={file} files={draft.files} />
            </List.Item>
          ))}
        </List>
      </Note>
      <Text size="sm">
        {months.length > 0
          ? 'Figures change once the month is closed, or closed again.'
          : 'What it says holds from the next close on.'}{' '}
        Was it the wrong file? Open the import, and take it back.
      </Text>
      <Group>
        {mayClose &&
          months.slice(0, MONTHS_SHOWN).map((period, index) => (
            <Button
              key={period}
              variant={index === 0 ? 'filled' : 'default'}
              renderRoot={(props) => <Link to={'/runs' as string} search={{ period } as never} {...props} />}
            >
              Close {format.period(period)}
            </Button>
          ))}
        <Button
          variant="default"
          renderRoot={(props) => (
            <Link
              to={'/bills' as string}
              search={(months[0] === undefined ? {} : { period: months[0] }) as never}
              {...props}
            />
          )}
        >
          See the bills
        </Button>
        <Button
          variant="default"
          renderRoot={(props) => <Link to={'/bills/import' as string} search={{} as never} {...props} />}
        >
          Import more
        </Button>
      </Group>
    </Stack>
  )
}

type OutcomeProps = { readonly file: DraftFile; readonly files: ReadonlyArray<DraftFile> }

function Outcome({ file, files }: OutcomeProps) {
  const { name, look } = file
  const format = useFormat()
  if (look === null || look.outcome === 'refused') return <>{name}: left out, as it could not be read</>
  const link = (
    <TextLink to={`/bills/imports/${encodeURIComponent(look.duplicateOf?.batch ?? look.batch)}`}>{name}</TextLink>
  )
  const waiting = waitingRows(file, files)
  if (look.outcome === 'unchanged') return <>{link}: known already, nothing changed</>
  return (
    <>
      {link}: {look.supplements !== '' && 'mended, '}
      {look.rows.accepted === 1 ? '1 row' : `${format.count(look.rows.accepted)} rows`}
      {waiting > 0 && `, ${format.count(waiting)} ${waiting === 1 ? 'waits' : 'wait'} to be mended`}
    </>
  )
}
