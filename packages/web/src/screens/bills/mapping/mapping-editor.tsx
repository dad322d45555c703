// Says what the columns of a table mean that no format knows, sees at once what would come of its rows, and keeps it as a Source.
// What is typed is kept in this browser until it is saved, so that a reload loses nothing.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { ApiProblem } from '@spillway/server/client'
import { IconFileAlert } from '@tabler/icons-react'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { type ReactNode, useCallback, useLayoutEffect, useMemo, useRef, useState } from 'react'
import { client } from '../../../api/client.ts'
import { useAsk } from '../../../api/use-ask.ts'
import { Hint } from '../../../components/hint.tsx'
import { FailureState, LoadingState } from '../../../components/states.tsx'
import { Note } from '../note.tsx'
import type { DraftFile, ImportDraft } from '../wizard/upload.ts'
import { EmissionFields } from './emission-fields.tsx'
import { SHARED } from './fact-shapes.ts'
import { FieldTable } from './field-table.tsx'
import { IgnoredRows } from './ignored-rows.tsx'
import { MappedPreview } from './mapped-preview.tsx'
import type { Part, Preview, SavedSource } from './preview.ts'
import { ReadingFields } from './reading-fields.tsx'
import { SaveMapping } from './save-mapping.tsx'
import { SharedFields } from './shared-fields.tsx'
import { hoisted, type Place, type SourceBody, type SourceField, withField } from './source-body.ts'

export type MappingEditorProps = {
  readonly draft: ImportDraft
  readonly file: DraftFile
  /** A saved mapping that is changed; null begins one. */
  readonly source: string | null
  /** Said above it, once the file turns out to be a table. */
  readonly intro: ReactNode
}

export function MappingEditor({ draft, file, source, intro }: MappingEditorProps) {
  const saved = useAsk('getDocument', { params: { kind: 'Source', name: source ?? '' } }, { isReady: source !== null })
  if (saved.isError) return <FailureState error={saved.error} onRetry={() => saved.refetch()} />
  if (source !== null && !saved.data) return <LoadingState />
  return <Editor draft={draft} file={file} saved={saved.data ?? null} intro={intro} />
}

const PREVIEW_AFTER_MS = 300

type EditorProps = Pick<MappingEditorProps, 'draft' | 'file' | 'intro'> & { readonly saved: SavedSource | null }

function Editor({ draft, file, saved, intro }: EditorProps) {
  const kept = useKeptBody(`${draft.id} ${file.no}`)
  const [part, setPart] = useState<Part | null>(null)
  // As text: the same settings are the same value then.
  const settings = JSON.stringify(settingsOf(kept.body?.file ?? fileOf(saved)))
  const [asked] = useDebouncedValue(settings, PREVIEW_AFTER_MS)
  const found = usePreview(draft.id, {
    no: file.no,
    body: { ...part, settings: JSON.parse(asked) as Record<string, unknown>, rows: 50 },
  })
  const first = useMemo(() => (found.data ? beginning(saved, found.data) : null), [saved, found.data])
  const body = kept.body ?? first
  const latest = useRef(body)
  const { setBody } = kept
  useLayoutEffect(() => {
    latest.current = body
  }, [body])
  // The same function at every change, so that only the row that changed is drawn again.
  const setField = useCallback(
    (place: Place, field: SourceField | undefined) => {
      if (latest.current === null) return
      latest.current = withField(latest.current, place, field)
      setBody(latest.current)
    },
    [setBody],
  )
  if (found.isError) return <NoTable error={found.error} onRetry={() => found.refetch()} />
  if (!found.data || body === null) return <LoadingState label="Loading the file" />
  const isOfColumns = bodyFits(body, found.data)
  return (
    <Stack>
      {intro}
      <Paper withBorder p="md" component="section" aria-labelledby="reading">
        <Title order={3} size="h5" id="reading" mb="xs">
          How the file is written
        </Title>
        <ReadingFields body={body} onBody={setBody} preview={found.data} onPart={setPart} />
        {!isOfColumns && (
          <Group mt="sm">
            <Text size="sm">The columns are others now.</Text>
            <Button size="xs" variant="default" onClick={() => setBody(again(body, found.data))}>
              Begin with what is found
            </Button>
          </Group>
        )}
        <FieldTable preview={found.data} />
      </Paper>
      <SharedFields body={body} onBody={setBody} onField={setField} preview={found.data} />
      <EmissionFields body={body} onBody={setBody} onField={setField} preview={found.data} />
      <IgnoredRows body={body} onBody={setBody} preview={found.data} />
      <Mapped {...{ draft, file, saved, body, part }} onSaved={kept.forget} />
    </Stack>
  )
}

type MappedProps = Omit<EditorProps, 'intro'> & {
  readonly body: SourceBody
  readonly part: Part | null
  readonly onSaved: () => void
}

function Mapped({ draft, file, saved, body, part, onSaved }: MappedProps) {
  const [mapping] = useDebouncedValue(body, PREVIEW_AFTER_MS)
  const settings = settingsOf(mapping.file)
  const answer = usePreview(draft.id, { no: file.no, body: { ...part, settings, mapping, rows: 100 } })
  const mapped = answer.data?.mapped ?? null
  return (
    <>
      <MappedPreview
        body={body}
        mapped={mapped}
        isWhole={answer.data?.isWhole ?? true}
        isStale={answer.isPlaceholderData || mapping !== body}
        error={answer.error}
      />
      <SaveMapping {...{ draft, body, saved, mapped, onSaved }} />
    </>
  )
}

const UNPROCESSABLE = 422

/** A PDF, a picture, nothing at all: there are no columns to say anything of, and asking again changes nothing. */
function NoTable({ error, onRetry }: { readonly error: unknown; readonly onRetry: () => void }) {
  if (!(error instanceof ApiProblem) || error.status !== UNPROCESSABLE)
    return <FailureState error={error} onRetry={onRetry} />
  return (
    <Note color="red" icon={<IconFileAlert size={18} />} title="It cannot be read" role="alert">
      <Text size="sm">
        {error.message} <Hint text={error.hint} />
      </Text>
    </Note>
  )
}

type Asked = { readonly no: number; readonly body: Record<string, unknown> }

function usePreview(draft: string, { no, body }: Asked) {
  return useQuery<Preview, Error>({
    queryKey: ['previewDraftFile', draft, no, body],
    queryFn: ({ signal }) => client.ask('previewDraftFile', { params: { draft, file: no }, body, signal }),
    placeholderData: keepPreviousData,
    retry: false,
  })
}

function settingsOf(file: SourceBody['file']): Record<string, unknown> {
  const { encoding, delimiter, 'header-row': headerRow } = file ?? {}
  return {
    ...(encoding === undefined ? {} : { encoding }),
    ...(delimiter === undefined ? {} : { delimiter }),
    ...(headerRow === undefined ? {} : { headerRow }),
  }
}

const fileOf = (saved: SavedSource | null) => (saved?.body as SourceBody | undefined)?.file

function beginning(saved: SavedSource | null, preview: Preview): SourceBody {
  return saved ? (saved.body as SourceBody) : hoisted(preview.suggestion as SourceBody, SHARED)
}

/** What the file is like stays as somebody set it; what its columns mean is found anew. */
function again({ name, describes, file }: SourceBody, preview: Preview): SourceBody {
  const suggested = hoisted(preview.suggestion as SourceBody, SHARED)
  const whole = { ...suggested.file, ...file }
  return {
    ...suggested,
    name,
    ...(describes === undefined ? {} : { describes }),
    ...(Object.keys(whole).length === 0 ? {} : { file: whole }),
  }
}

function bodyFits(body: SourceBody, { columns }: Preview): boolean {
  const titles = new Set(columns.map(({ title }) => title.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')))
  const named = body.recognise?.columns ?? []
  return named.every((title) => titles.has(title.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')))
}

/** In this browser alone, by draft and file; a private window may keep nothing, and then a reload begins anew. */
function useKeptBody(name: string) {
  const key = `spillway mapping ${name}`
  const [body, setState] = useState<SourceBody | null>(() => {
    const text = sessionStorage.getItem(key)
    return text === null ? null : (JSON.parse(text) as SourceBody)
  })
  const setBody = useCallback(
    (next: SourceBody) => {
      sessionStorage.setItem(key, JSON.stringify(next))
      setState(next)
    },
    [key],
  )
  return {
    body,
    setBody,
    forget: () => {
      sessionStorage.removeItem(key)
      setState(null)
    },
  }
}
