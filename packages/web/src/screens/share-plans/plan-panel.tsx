// The share plan that is edited: as a whole, or one of its buckets. One form for all of it, saved as one version.
import { ActionIcon, Badge, Button, Group, Paper, Tabs, Text, Title, Tooltip } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconCopy, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useSetSearch } from '../../app/go.ts'
import { EmptyState, FailureState } from '../../components/states.tsx'
import { listAt, textAt } from '../catalogue/document/body.ts'
import { DocumentEditor } from '../catalogue/document/document-editor.tsx'
import { PreviewTab } from '../catalogue/document/preview-tab.tsx'
import { afterChange, useDraft } from '../catalogue/document/use-draft.ts'
import { UsesTab } from '../catalogue/document/uses-tab.tsx'
import { VersionsTab } from '../catalogue/document/versions-tab.tsx'
import { BucketPanel } from './bucket-panel.tsx'
import { BucketsTab } from './buckets-tab.tsx'
import { NewBucket } from './new-bucket.tsx'
import { ParticipantsTab } from './participants-tab.tsx'
import { PlanForm } from './plan-form.tsx'
import type { BucketsOfDraft } from './plan-list.tsx'

export type PlanPanelProps = {
  readonly plan: string
  readonly onBuckets: (buckets: BucketsOfDraft) => void
  readonly onClone: (plan: string) => void
  readonly onDelete: (plan: string) => void
}

export function PlanPanel(props: PlanPanelProps) {
  return (
    <Paper withBorder p="md">
      <DocumentEditor kind="SharePlan" name={props.plan}>
        <PlanContent {...props} />
      </DocumentEditor>
    </Paper>
  )
}

function PlanContent(props: PlanPanelProps) {
  const { plan, onBuckets } = props
  const { body } = useDraft()
  const { chosen } = useSearch({ strict: false })
  const buckets = listAt(body, ['buckets'])
  const ids = JSON.stringify(buckets.map((bucket) => textAt(bucket, ['id'])))
  useEffect(() => onBuckets({ plan, buckets: JSON.parse(ids) as string[] }), [plan, ids, onBuckets])
  const index = buckets.findIndex((bucket) => bucket.id === chosen)
  return (
    <>
      {chosen === undefined ? (
        <>
          <PlanHead {...props} />
          <PlanTabs />
        </>
      ) : index === -1 ? (
        <EmptyState
          title={`The plan has no bucket ${chosen}`}
          action={{ label: 'The plan', to: `/share-plans/${encodeURIComponent(plan)}` }}
        >
          It may have another id now, or was taken out.
        </EmptyState>
      ) : (
        <BucketPanel key={chosen} index={index} />
      )}
      <NewBucket />
    </>
  )
}

function PlanHead({ plan, onClone, onDelete }: PlanPanelProps) {
  const { body, base, isReadOnly } = useDraft()
  const isActive = base.body.active === true
  return (
    <Group justify="space-between" mb="sm" gap="xs">
      <Group gap="xs">
        <Title order={2} size="h4">
          {textAt(body, ['name']) || plan}
        </Title>
        <Badge variant="light" color={isActive ? 'green' : 'gray'} tt="none" autoContrast>
          {isActive ? 'active' : 'not active'}
        </Badge>
        <Text size="xs" c="dimmed">
          version {base.version}
        </Text>
      </Group>
      {!isReadOnly && (
        <Group gap={4}>
          <ActiveButton plan={plan} isActive={isActive} />
          <Tooltip label="Clone">
            <ActionIcon variant="subtle" aria-label="Clone this plan" onClick={() => onClone(plan)}>
              <IconCopy size={17} />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Delete">
            <ActionIcon variant="subtle" aria-label="Delete this plan" onClick={() => onDelete(plan)}>
              <IconTrash size={17} />
            </ActionIcon>
          </Tooltip>
        </Group>
      )}
    </Group>
  )
}

/** A version of its own; what is typed is saved or dropped before. */
function ActiveButton({ plan, isActive }: { readonly plan: string; readonly isActive: boolean }) {
  const { base, isDirty } = useDraft()
  const turn = useMutation({
    mutationFn: () =>
      client.ask(isActive ? 'deactivateSharePlan' : 'activateSharePlan', {
        params: { plan },
        headers: base.etag === null ? {} : { 'if-match': base.etag },
      }),
    onSuccess: async () => {
      notifications.show({
        message: isActive ? 'Not active: no other account can have it now.' : 'Active: accounts can have it now.',
      })
      await askAgain('getDocument')
      await afterChange()
    },
    onError: () => void askAgain('getDocument'),
  })
  return (
    <>
      <Tooltip label="Save or discard your changes first" disabled={!isDirty}>
        <Button
          size="compact-sm"
          variant="default"
          loading={turn.isPending}
          data-disabled={isDirty}
          aria-disabled={isDirty}
          onClick={() => {
            if (!isDirty) turn.mutate()
          }}
        >
          {isActive ? 'Deactivate' : 'Activate'}
        </Button>
      </Tooltip>
      {turn.isError && <FailureState error={turn.error} />}
    </>
  )
}

const TABS = [
  ['plan', 'Plan', PlanForm],
  ['participants', 'Participants', ParticipantsTab],
  ['buckets', 'Buckets', BucketsTab],
  ['preview', 'Preview', PreviewTab],
  ['uses', 'Used by', UsesTab],
  ['versions', 'Versions', VersionsTab],
] as const

function PlanTabs() {
  const { panel } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const shown = TABS.find(([name]) => name === panel)?.[0] ?? 'plan'
  return (
    <Tabs
      value={shown}
      keepMounted={false}
      onChange={(value) => setSearch({ panel: value === 'plan' ? undefined : (value ?? undefined) })}
    >
      <Tabs.List mb="md" aria-label="Of this share plan">
        {TABS.map(([name, label]) => (
          <Tabs.Tab key={name} value={name}>
            {label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map(([name, , Content]) => (
        <Tabs.Panel key={name} value={name}>
          <Content />
        </Tabs.Panel>
      ))}
    </Tabs>
  )
}
