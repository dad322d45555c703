// What a directory file would change, and whether it may end so many.
import { Button, Group, List, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useFormat } from '../../../app/format.ts'
import { Hint } from '../../../components/hint.tsx'
import { Note } from '../note.tsx'
import type { LookOptions } from './look-options.ts'
import type { DraftLook, ImportDraft } from './upload.ts'

export type DirectoryProblemsProps = { readonly draft: ImportDraft; readonly onLook: (options: LookOptions) => void }

export function DirectoryProblems({ draft, onLook }: DirectoryProblemsProps) {
  const { directoryProblems, files, options } = draft
  const endsTooMany = files.some(({ look }) => look?.refusal?.code === 'mass-end')
  if (directoryProblems.length === 0 && !endsTooMany) return null
  return (
    <Note color="yellow" icon={<IconAlertTriangle size={18} />} title="About the directory">
      <List size="sm">
        {directoryProblems.map(({ code, message, hint }) => (
          <List.Item key={`${code} ${message}`}>
            {message} <Hint text={hint} />
          </List.Item>
        ))}
      </List>
      {endsTooMany && !options.acceptEnds && (
        <Group mt="xs">
          <Text size="sm">Is the file whole, and did so many leave?</Text>
          <Button size="xs" variant="default" onClick={() => onLook({ acceptEnds: true })}>
            Yes, end them
          </Button>
        </Group>
      )}
    </Note>
  )
}

export function DirectoryChanges({ directory }: { readonly directory: DraftLook['directory'] }) {
  const format = useFormat()
  if (directory.length === 0) return null
  return (
    <List size="sm">
      {directory.map(({ part, source, changes, unchanged, ending, kinds }) => (
        <List.Item key={`${part} ${source}`}>
          {part}
          {source !== '' && ` of ${source}`}: {format.count(changes)} changed, {format.count(unchanged)} as before
          {ending > 0 && `, ${format.count(ending)} end`}
          {Object.keys(kinds).length > 0 &&
            ` (${Object.entries(kinds)
              .map(([kind, count]) => `${format.count(count)} ${kind}`)
              .join(', ')})`}
        </List.Item>
      ))}
    </List>
  )
}
