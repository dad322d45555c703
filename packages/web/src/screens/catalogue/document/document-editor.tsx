// A document with a form around it: fetched, checked as one types, saved over the version that it began from. What is inside reads
// and changes it by `useDraft`.
import { Alert, Button, Group, List, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconDeviceFloppy, IconUsers } from '@tabler/icons-react'
import { type ReactNode, useState } from 'react'
import { useAsk } from '../../../api/use-ask.ts'
import { useFormat } from '../../../app/format.ts'
import { useMay } from '../../../app/session.tsx'
import { FailureState, LoadingState } from '../../../components/states.tsx'
import { UnsavedGuard } from '../../../components/unsaved-guard.tsx'
import type { Body } from './body.ts'
import { Differences } from './differences.tsx'
import classes from './document.module.css'
import { sayIssue } from './issues.ts'
import { DraftContext, type DraftOptions, type SavedDocument, useDraft, useNewDraft } from './use-draft.ts'

export type DocumentEditorProps = {
  readonly kind: string
  /** null for a new one. */
  readonly name: string | null
  readonly initial?: Body
  readonly onSaved?: (saved: SavedDocument) => void
  /** Parts of the address by whose change one leaves the document. */
  readonly leavesBy?: ReadonlyArray<string>
  readonly children: ReactNode
}

export function DocumentEditor(props: DocumentEditorProps) {
  const { kind, name, initial = {}, onSaved, leavesBy = [], children } = props
  const mayChange = useMay('configuration:change')
  const saved = useAsk('getDocument', { params: { kind, name: name ?? '' } }, { isReady: name !== null })
  if (saved.isError) return <FailureState error={saved.error} onRetry={() => saved.refetch()} />
  if (name !== null && !saved.data) return <LoadingState />
  return (
    <DraftForm
      key={`${kind}/${name ?? ''}`}
      kind={kind}
      name={name}
      saved={saved.data ?? initial}
      isReadOnly={!mayChange}
      onSaved={onSaved}
      leavesBy={leavesBy}
    >
      {children}
    </DraftForm>
  )
}

type DraftFormProps = DraftOptions & { readonly leavesBy: ReadonlyArray<string>; readonly children: ReactNode }

function DraftForm({ leavesBy, children, ...options }: DraftFormProps) {
  const draft = useNewDraft(options)
  return (
    <DraftContext value={draft}>
      <UnsavedGuard isDirty={draft.isDirty} leavesBy={leavesBy} />
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          if (draft.isDirty && !draft.isReadOnly) draft.save()
        }}
      >
        {children}
        <SavingState />
      </form>
    </DraftContext>
  )
}

/** What stands between somebody and a saved document, and the buttons. */
function SavingState() {
  const draft = useDraft()
  const { isDirty, isNew, isReadOnly, isSaving, isChecking, issues, failure, newer } = draft
  if (isReadOnly || !(isDirty || isNew)) return null
  return (
    <div className={classes.bar}>
      <Stack gap="sm">
        {newer !== null && <ChangedMeanwhile newer={newer} />}
        {failure !== null && <FailureState error={failure} />}
        <IssueList />
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed" role="status">
            {isChecking ? 'Checking…' : issues.length > 0 ? `${issues.length} to mend` : 'Not saved yet'}
          </Text>
          <Group gap="xs">
            {!isNew && (
              <Button variant="default" onClick={draft.discard}>
                Discard changes
              </Button>
            )}
            <Button
              type="submit"
              loading={isSaving}
              disabled={!isDirty || newer !== null}
              leftSection={<IconDeviceFloppy size={16} />}
            >
              Save
            </Button>
          </Group>
        </Group>
      </Stack>
    </div>
  )
}

const ISSUES_SHOWN = 6

function IssueList() {
  const { issues } = useDraft()
  if (issues.length === 0) return null
  return (
    <Alert
      variant="outline"
      color="red"
      icon={<IconAlertTriangle size={18} />}
      title="This is to be mended"
      role="alert"
    >
      <List size="sm" spacing={2}>
        {issues.slice(0, ISSUES_SHOWN).map((issue) => (
          <List.Item key={`${issue.path} ${issue.message}`}>{sayIssue(issue)}</List.Item>
        ))}
        {issues.length > ISSUES_SHOWN && <List.Item>and {issues.length - ISSUES_SHOWN} more</List.Item>}
      </List>
    </Alert>
  )
}

/** Nothing is lost: what the others saved is shown, and whoever typed decides. */
function ChangedMeanwhile({ newer }: { readonly newer: SavedDocument }) {
  const { kind, name, base, takeNewer, keepMine } = useDraft()
  const format = useFormat()
  const [isCompared, setCompared] = useState(false)
  const versions = useAsk('listDocumentVersions', { params: { kind, name: name ?? '' }, query: { limit: 1 } })
  const last = versions.data?.items[0]
  return (
    <Alert
      variant="outline"
      color="yellow"
      icon={<IconUsers size={18} />}
      title="Somebody saved this while you were writing"
      role="alert"
    >
      <Stack gap="sm">
        <Text size="sm">
          Version {newer.version}
          {last?.version === newer.version ? ` is by ${last.savedBy}, ${format.instant(last.savedAt)}` : ' is new'}.
          What you typed is still here.
        </Text>
        {isCompared && <WhatChanged from={base.version} to={newer.version} />}
        <Group gap="xs">
          <Button size="xs" variant="default" aria-expanded={isCompared} onClick={() => setCompared(!isCompared)}>
            {isCompared ? 'Hide what changed' : 'Show what changed'}
          </Button>
          <Button size="xs" variant="default" onClick={takeNewer}>
            Take version {newer.version}, drop mine
          </Button>
          <Button size="xs" onClick={keepMine}>
            Keep mine
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}

function WhatChanged({ from, to }: { readonly from: number; readonly to: number }) {
  const { kind, name } = useDraft()
  const before = useAsk('getDocumentVersion', { params: { kind, name: name ?? '', version: String(from) } })
  const after = useAsk('getDocumentVersion', { params: { kind, name: name ?? '', version: String(to) } })
  const error = before.error ?? after.error
  if (error) return <FailureState error={error} />
  if (!before.data || !after.data) return <LoadingState rows={3} />
  return <Differences before={before.data.text} after={after.data.text} label={`From version ${from} to ${to}`} />
}
