// A document that is being edited: what was saved, what was typed, what is wrong with it, and saving it over exactly the version
// that it began from. Nothing that somebody typed is lost because somebody else saved meanwhile.

import { useDebouncedValue } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { type AnswerOf, ApiProblem } from '@spillway/server/client'
import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { createContext, use, useEffect, useMemo, useState } from 'react'
import { client } from '../../../api/client.ts'
import { askAgain, keyOf, queries } from '../../../api/use-ask.ts'
import { type Body, inOrderOf, isSame, type Place, setAt } from './body.ts'
import { checkDocument, type Issue, issuesOf } from './issues.ts'

export type SavedDocument = AnswerOf<'getDocument'>
/** What is edited from: a version that was saved, or none. */
export type Base = { readonly body: Body; readonly version: number; readonly etag: string | null }

export type Draft = {
  readonly kind: string
  /** What it is saved under; null of one that is not saved yet. */
  readonly name: string | null
  readonly body: Body
  readonly base: Base
  readonly isNew: boolean
  readonly isReadOnly: boolean
  readonly isDirty: boolean
  readonly issues: ReadonlyArray<Issue>
  readonly isChecking: boolean
  /** The version that somebody else saved since. */
  readonly newer: SavedDocument | null
  readonly set: (place: Place, value: unknown) => void
  readonly change: (change: (body: Body) => Body) => void
  readonly discard: () => void
  /** Takes the newer version and drops what was typed, or keeps what was typed and saves it over that version. */
  readonly takeNewer: () => void
  readonly keepMine: () => void
  readonly save: () => void
  readonly isSaving: boolean
  /** Of the last try to save; neither issues nor a newer version, which stand elsewhere. */
  readonly failure: unknown
}

export const DraftContext = createContext<Draft | null>(null)

export function useDraft(): Draft {
  const draft = use(DraftContext)
  if (draft === null) throw new Error('There is no document to edit here.')
  return draft
}

export type DraftOptions = {
  readonly kind: string
  readonly name: string | null
  /** As last fetched; of a new document what it begins with, without an ETag. */
  readonly saved: SavedDocument | Body
  readonly isReadOnly: boolean
  readonly onSaved?: ((saved: SavedDocument) => void) | undefined
}

const CHECK_AFTER_MS = 350

export function useNewDraft({ kind, name, saved, isReadOnly, onSaved }: DraftOptions): Draft {
  const fetched = name === null ? null : (saved as SavedDocument)
  const [base, setBase] = useState<Base>(() => baseOf(fetched, saved))
  const [body, setBody] = useState<Body>(base.body)
  const [isTried, setTried] = useState(false)
  const isDirty = !isSame(body, base.body)
  const isStale = fetched !== null && fetched.version > base.version
  const begin = (from: Base) => {
    setBase(from)
    setBody(from.body)
    setTried(false)
  }
  // A newer version replaces what nobody has changed.
  useEffect(() => {
    if (!isStale || isDirty) return
    setBase(baseOf(fetched, saved))
    setBody(fetched.body)
  }, [isStale, isDirty, fetched, saved])
  const check = useCheck(body, { isAsked: !isReadOnly && (isDirty || isTried) })
  const save = useMutation({
    mutationFn: async () => saveDocument({ kind, name, base, body }),
    onMutate: () => setTried(true),
    onSuccess: async (document) => {
      begin(baseOf(document, document))
      queries.setQueryData(keyOf('getDocument', { params: { kind, name: document.name } }), document)
      notifications.show({ message: `Saved as version ${document.version}.` })
      await afterChange()
      onSaved?.(document)
    },
    onError: async (error) => {
      if (isChangedMeanwhile(error)) await askAgain('getDocument', 'listDocumentVersions')
    },
  })
  const refused = issuesOf(save.error)
  const issues = isDirty || isTried ? (check.issues ?? refused) : []
  return {
    ...{ kind, name, body, base, isReadOnly, isDirty },
    isNew: name === null,
    // Of a new document nobody says that it is empty before somebody tried to save it.
    issues:
      name === null && !isTried
        ? issues.filter(({ message }) => !/must (?:be given|not be empty)/.test(message))
        : issues,
    isChecking: check.isChecking,
    newer: isStale && isDirty ? fetched : null,
    set: (place, value) => setBody((before) => setAt(before, place, value)),
    change: (change) => setBody(change),
    discard: () => {
      save.reset()
      begin(base)
    },
    takeNewer: () => {
      save.reset()
      begin(baseOf(fetched, saved))
    },
    keepMine: () => {
      save.reset()
      setBase(baseOf(fetched, saved))
    },
    save: () => save.mutate(),
    isSaving: save.isPending,
    failure:
      save.isError && refused.length === 0 && !(isChangedMeanwhile(save.error) && name !== null) ? save.error : null,
  }
}

function baseOf(fetched: SavedDocument | null, initial: SavedDocument | Body): Base {
  if (fetched === null) return { body: initial as Body, version: 0, etag: null }
  return { body: fetched.body, version: fetched.version, etag: fetched.etag }
}

const isChangedMeanwhile = (error: unknown) => error instanceof ApiProblem && error.status === 412

type Saving = {
  readonly kind: string
  readonly name: string | null
  readonly base: Base
  readonly body: Body
}

/** A new document is checked first: what it is saved under, the server reads from it. */
async function saveDocument({ kind, name, base, body }: Saving): Promise<SavedDocument> {
  const place = name ?? (await nameOfNew(body))
  const headers: Record<string, string> = base.etag === null ? { 'if-none-match': '*' } : { 'if-match': base.etag }
  const ordered = inOrderOf(base.body, body) as Record<string, unknown>
  return client.ask('putDocument', { params: { kind, name: place }, headers, body: ordered })
}

async function nameOfNew(body: Body): Promise<string> {
  const files = [{ name: 'form', text: JSON.stringify(body) }]
  const { documents } = await client.ask('applyConfiguration', { body: { files, dryRun: true } })
  return documents[0]?.name ?? ''
}

type Check = { readonly issues: ReadonlyArray<Issue> | undefined; readonly isChecking: boolean }

function useCheck(body: Body, { isAsked }: { readonly isAsked: boolean }): Check {
  const [settled] = useDebouncedValue(body, CHECK_AFTER_MS)
  const text = useMemo(() => JSON.stringify(settled), [settled])
  const answer = useQuery({
    queryKey: ['checkDocument', text],
    queryFn: ({ signal }) => checkDocument(settled, signal),
    enabled: isAsked,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  return { issues: answer.data?.issues, isChecking: settled !== body || answer.isFetching }
}

/** Lists that a saved or cloned document may stand in. */
export function afterChange(): Promise<void> {
  return askAgain('listDocuments', 'listSharePlans', 'listParticipants', 'listDocumentVersions', 'listDocumentUses')
}

/** Nothing is asked of the document itself, which is not there any more. */
export async function afterDeletion(): Promise<void> {
  for (const operation of ['getDocument', 'listDocumentUses', 'listDocumentVersions'])
    await queries.invalidateQueries({ queryKey: [operation], refetchType: 'none' })
  await askAgain('listDocuments', 'listSharePlans', 'listParticipants')
}
