// Keeps a mapping under a name, and reads the file by it. A name that is taken is said before anything is replaced.
import { Button, Group, Paper, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ApiProblem } from '@spillway/server/client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../../api/client.ts'
import { askAgain } from '../../../api/use-ask.ts'
import { useSetSearch } from '../../../app/go.ts'
import { FailureState } from '../../../components/states.tsx'
import { Note } from '../note.tsx'
import { keepDraft } from '../wizard/keep-draft.ts'
import type { ImportDraft } from '../wizard/upload.ts'
import { lackingOf, type Mapped } from './mapped-preview.tsx'
import type { SavedSource } from './preview.ts'
import type { SourceBody } from './source-body.ts'

export type SaveMappingProps = {
  readonly draft: ImportDraft
  readonly body: SourceBody
  readonly saved: SavedSource | null
  readonly mapped: Mapped | null
  readonly onSaved: () => void
}

export function SaveMapping({ draft, body, saved, mapped, onSaved }: SaveMappingProps) {
  const setSearch = useSetSearch()
  const [name, setName] = useState(saved?.name ?? body.name)
  const [describes, setDescribes] = useState(body.describes ?? '')
  const saving = useMutation({
    mutationFn: async ({ isOver }: { readonly isOver: boolean }) => {
      const params = { kind: 'Source', name }
      const match = isOver
        ? { 'if-match': (await client.ask('getDocument', { params })).etag }
        : saved !== null && saved.name === name
          ? { 'if-match': saved.etag }
          : { 'if-none-match': '*' }
      const document = { ...body, name, ...(describes === '' ? {} : { describes }) }
      await client.ask('putDocument', { params, headers: match, body: document })
      const options = mapped?.isRecognised === false && draft.files.length === 1 ? { source: name } : {}
      return client.ask('lookAgain', { params: { draft: draft.id }, body: options })
    },
    onSuccess: async (looked) => {
      await askAgain('getDocument', 'listDocuments')
      notifications.show({ message: `The mapping ${name} is kept: files like this one are recognised from now on.` })
      onSaved()
      setSearch({ panel: undefined, of: undefined })
      keepDraft(looked)
    },
  })
  const isTaken = saving.error instanceof ApiProblem && saving.error.status === 412
  const canSave = lackingOf(body).length === 0 && mapped !== null && mapped.issues.every(({ path }) => path === 'name')
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="save-mapping">
      <Title order={3} size="h5" id="save-mapping" mb="xs">
        Keep it for next time
      </Title>
      <Group align="flex-end" gap="sm">
        <TextInput
          label="Name of the mapping"
          description="Lower case with hyphens"
          required
          value={name}
          error={/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) ? undefined : 'Such as acme-phones'}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <TextInput
          label="What it is"
          description="For whoever sees it in a list"
          miw={280}
          value={describes}
          onChange={({ currentTarget }) => setDescribes(currentTarget.value)}
        />
        <Button disabled={!canSave} loading={saving.isPending} onClick={() => saving.mutate({ isOver: false })}>
          Keep and read the file
        </Button>
      </Group>
      {mapped !== null && mapped.issues.length === 0 && !mapped.isRecognised && (
        <Text size="sm" mt="xs">
          The next file like this would not be recognised by itself, as it lacks columns that the mapping names.
        </Text>
      )}
      {isTaken ? (
        <Note
          role="alert"
          color="yellow"
          variant="outline"
          mt="sm"
          title={saved === null ? 'There is a mapping of this name' : 'Somebody changed it meanwhile'}
        >
          <Group gap="sm">
            <Text size="sm">What you said here is kept. Choose another name, or replace what is there.</Text>
            <Button size="xs" variant="default" onClick={() => saving.mutate({ isOver: true })}>
              Replace it
            </Button>
          </Group>
        </Note>
      ) : (
        saving.error !== null && <FailureState error={saving.error} />
      )}
    </Paper>
  )
}
