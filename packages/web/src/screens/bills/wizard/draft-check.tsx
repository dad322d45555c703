// What was found in the files of a draft, file by file, and the commit.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../../api/client.ts'
import { askAgain } from '../../../api/use-ask.ts'
import { useGo, useScreenSearch, useSetSearch } from '../../../app/go.ts'
import { Confirm } from '../../../components/confirm.tsx'
import { Hint } from '../../../components/hint.tsx'
import { FailureState } from '../../../components/states.tsx'
import { DirectoryProblems } from './directory-changes.tsx'
import { DropRegion } from './drop-region.tsx'
import { FileList } from './file-list.tsx'
import { FileLook } from './file-look.tsx'
import { keepDraft } from './keep-draft.ts'
import type { LookOptions } from './look-options.ts'
import type { DraftFile, ImportDraft } from './upload.ts'
import { waitingRows } from './waiting-rows.ts'

function useLookAgain(draft: string) {
  return useMutation({
    mutationFn: (options: LookOptions) => client.ask('lookAgain', { params: { draft }, body: options }),
    onSuccess: keepDraft,
  })
}

export function DraftCheck({ draft }: { readonly draft: ImportDraft }) {
  const search = useScreenSearch()
  const setSearch = useSetSearch()
  const looking = useLookAgain(draft.id)
  const chosen = draft.files.find(({ no }) => String(no) === search.chosen) ?? firstToSee(draft.files)
  return (
    <Stack>
      {draft.problem !== null && (
        <Paper withBorder p="md" role="alert">
          <Text size="sm">{draft.problem.detail}</Text>
          <Text size="sm">
            <Hint text={draft.problem.hint} />
          </Text>
          <Button size="xs" mt="xs" variant="default" loading={looking.isPending} onClick={() => looking.mutate({})}>
            Look again
          </Button>
        </Paper>
      )}
      {looking.isError && <FailureState error={looking.error} />}
      <FileList
        files={draft.files}
        chosen={chosen?.no}
        onChoose={(no) => setSearch({ chosen: String(no), panel: undefined, of: undefined })}
      />
      <DirectoryProblems draft={draft} onLook={looking.mutate} />
      {chosen && <FileLook key={chosen.no} draft={draft} file={chosen} onLook={looking.mutate} />}
      <DropRegion label="More files" draft={draft.id} isSmall onDraft={keepDraft}>
        Drop more files here, such as mended rows: all is looked at again.
      </DropRegion>
      <CommitBar draft={draft} />
    </Stack>
  )
}

/** What needs somebody, before what does not. */
function firstToSee(files: ReadonlyArray<DraftFile>): DraftFile | undefined {
  const isRefused = ({ look }: DraftFile) => look?.outcome === 'refused'
  const hasBadRows = ({ look }: DraftFile) => (look?.rows.quarantined ?? 0) > 0
  return files.find(isRefused) ?? files.find(hasBadRows) ?? files[0]
}

function CommitBar({ draft }: { readonly draft: ImportDraft }) {
  const go = useGo()
  const [isLeaving, setLeaving] = useState(false)
  const params = { draft: draft.id }
  const committing = useMutation({
    mutationFn: () => client.ask('commitImportDraft', { params }),
    onSuccess: () => askAgain('getImportDraft'),
  })
  const leaving = useMutation({
    mutationFn: () => client.ask('deleteImportDraft', { params }),
    onSuccess: async () => {
      await askAgain('listImportDrafts')
      go('/bills/import')
    },
  })
  const good = draft.files.filter(({ look }) => look?.outcome === 'imported')
  const badRows = good.reduce((sum, file) => sum + waitingRows(file, draft.files), 0)
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="commit">
      <Group justify="space-between">
        <div>
          <Title order={2} size="h5" id="commit">
            {good.length === 0 ? 'Nothing to import yet' : `${good.length} of ${draft.files.length} to import`}
          </Title>
          <Text size="sm" c="dimmed">
            Nothing is written yet.
            {badRows > 0 && ` ${badRows} ${badRows === 1 ? 'row' : 'rows'} would wait in quarantine; the others count.`}
          </Text>
        </div>
        <Group gap="xs">
          <Button variant="default" onClick={() => setLeaving(true)}>
            Discard
          </Button>
          <Button disabled={good.length === 0} loading={committing.isPending} onClick={() => committing.mutate()}>
            Commit
          </Button>
        </Group>
      </Group>
      {committing.isError && <FailureState error={committing.error} />}
      <Confirm
        isOpen={isLeaving}
        onClose={() => setLeaving(false)}
        title="Discard what was sent?"
        verb="Discard"
        isDangerous
        onConfirm={() => leaving.mutate()}
        isPending={leaving.isPending}
        error={leaving.error}
      >
        The files are removed from the server. Nothing of them was imported.
      </Confirm>
    </Paper>
  )
}
