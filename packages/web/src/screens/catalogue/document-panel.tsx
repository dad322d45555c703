// One document of the catalogue: its form, where it is used, its versions, what a month would have been under it.
import { ActionIcon, Group, Paper, Tabs, Title, Tooltip } from '@mantine/core'
import { IconCopy, IconTrash } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ComponentType, useState } from 'react'
import { keyOf, queries } from '../../api/use-ask.ts'
import { useSetSearch } from '../../app/go.ts'
import { BucketMonth } from '../share-plans/bucket-month.tsx'
import { type Body, textAt } from './document/body.ts'
import { DeleteDocument } from './document/delete-document.tsx'
import { DocumentEditor } from './document/document-editor.tsx'
import { PreviewTab } from './document/preview-tab.tsx'
import { type SavedDocument, useDraft } from './document/use-draft.ts'
import { UsesTab } from './document/uses-tab.tsx'
import { VersionsTab } from './document/versions-tab.tsx'
import { AccountForm } from './forms/account-form.tsx'
import { BucketForm } from './forms/bucket-form.tsx'
import { ProductForm } from './forms/product-form.tsx'
import { RatePlanForm } from './forms/rate-plan-form.tsx'
import { AccountSharePlanForm, BaseBucketForm, NamedForm } from './forms/small-forms.tsx'
import type { CatalogueKind } from './kinds.ts'

const FORMS: Readonly<Record<string, ComponentType>> = {
  Account: AccountForm,
  AccountSharePlan: AccountSharePlanForm,
  BaseBucket: BaseBucketForm,
  Bucket: BucketForm,
  Product: ProductForm,
  Provider: NamedForm,
  RatePlan: RatePlanForm,
  ServiceType: NamedForm,
}

type Of = { readonly shown: CatalogueKind; readonly name: string | null }

export function DocumentPanel({ shown, name }: Of) {
  const { key } = useSearch({ strict: false })
  const navigate = useNavigate()
  const onSaved = (saved: SavedDocument) => {
    if (name === null)
      void navigate({ to: '/catalogue', search: { tab: shown.tab, chosen: saved.name } as never, ignoreBlocker: true })
  }
  return (
    <Paper withBorder p="md">
      <DocumentEditor
        kind={shown.kind}
        name={name}
        initial={name === null ? initialOf(shown, key) : shown.initial}
        onSaved={onSaved}
        leavesBy={['tab', 'chosen', 'of']}
      >
        <PanelHead shown={shown} name={name} />
        <PanelTabs shown={shown} />
      </DocumentEditor>
    </Paper>
  )
}

/** A copy begins with what the other says, under an id that is still to be chosen. */
function initialOf({ kind, initial }: CatalogueKind, copied: string | undefined): Body {
  if (copied === undefined) return initial
  const found = queries.getQueryData<SavedDocument>(keyOf('getDocument', { params: { kind, name: copied } }))
  return found ? { ...found.body, ...(initial.id === undefined ? { from: '' } : { id: '' }) } : initial
}

function PanelHead({ shown, name }: Of) {
  const { body, isReadOnly } = useDraft()
  const navigate = useNavigate()
  const [isDeleting, setDeleting] = useState(false)
  const title = textAt(body, ['name']) || textAt(body, ['id']) || (name ?? `New ${shown.one}`)
  return (
    <Group justify="space-between" mb="sm">
      <Title order={2} size="h4">
        {title}
      </Title>
      {name !== null && !isReadOnly && (
        <Group gap={4}>
          <Tooltip label="Copy">
            <ActionIcon
              variant="subtle"
              aria-label={`Copy the ${shown.one} ${name}`}
              onClick={() => navigate({ to: '/catalogue', search: { tab: shown.tab, of: 'new', key: name } as never })}
            >
              <IconCopy size={17} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Delete">
            <ActionIcon
              variant="subtle"
              aria-label={`Delete the ${shown.one} ${name}`}
              onClick={() => setDeleting(true)}
            >
              <IconTrash size={17} />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
      <DeleteDocument
        kind={shown.kind}
        name={isDeleting ? name : null}
        one={shown.one}
        onClose={() => setDeleting(false)}
        onDeleted={() => navigate({ to: '/catalogue', search: { tab: shown.tab } as never, ignoreBlocker: true })}
      />
    </Group>
  )
}

function PanelTabs({ shown }: { readonly shown: CatalogueKind }) {
  const { name } = useDraft()
  const { panel: tab = 'form' } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const Form = FORMS[shown.kind]
  if (!Form) return null
  if (name === null) return <Form />
  return (
    <Tabs
      value={tab}
      onChange={(value) => setSearch({ panel: value === 'form' ? undefined : (value ?? undefined) })}
      keepMounted={false}
    >
      <Tabs.List mb="md" aria-label={`Of this ${shown.one}`}>
        <Tabs.Tab value="form">What it says</Tabs.Tab>
        {shown.kind === 'Bucket' && <Tabs.Tab value="month">Month</Tabs.Tab>}
        <Tabs.Tab value="uses">Used by</Tabs.Tab>
        <Tabs.Tab value="preview">Preview</Tabs.Tab>
        <Tabs.Tab value="versions">Versions</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="form">
        <Form />
      </Tabs.Panel>
      {shown.kind === 'Bucket' && (
        <Tabs.Panel value="month">
          <BucketMonth bucket={name} />
        </Tabs.Panel>
      )}
      <Tabs.Panel value="uses">
        <UsesTab />
      </Tabs.Panel>
      <Tabs.Panel value="preview">
        <PreviewTab />
      </Tabs.Panel>
      <Tabs.Panel value="versions">
        <VersionsTab />
      </Tabs.Panel>
    </Tabs>
  )
}
