// Share plans: on the left every plan with its buckets beneath, on the right the one that is edited.
import { Button, Paper, Text } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { EmptyState } from '../../components/states.tsx'
import { DeleteDocument } from '../catalogue/document/delete-document.tsx'
import classes from '../catalogue/document/document.module.css'
import { ClonePlan } from './clone-plan.tsx'
import { NewPlan } from './new-plan.tsx'
import { type BucketsOfDraft, PlanList, usePlanList } from './plan-list.tsx'
import { PlanPanel } from './plan-panel.tsx'

export function Screen() {
  const { plan } = useParams({ strict: false }) as { readonly plan?: string }
  const { q, of } = useSearch({ strict: false })
  const navigate = useNavigate()
  const setSearch = useSetSearch()
  const mayChange = useMay('configuration:change')
  const [deleted, setDeleted] = useState<string | null>(null)
  const [cloned, setCloned] = useState<string | null>(null)
  const [drafted, setDrafted] = useState<BucketsOfDraft | null>(null)
  const filter = q === undefined ? {} : { q }
  const open = (id: string) => void navigate({ to: `/share-plans/${encodeURIComponent(id)}`, search: filter as never })
  return (
    <>
      <PageHeader
        title="Share plans"
        summary="Buckets that many services draw from: who takes part, what they bring, and what it costs beyond them"
        actions={
          mayChange && (
            <Button size="sm" leftSection={<IconPlus size={16} />} onClick={() => setSearch({ of: 'new' })}>
              New share plan
            </Button>
          )
        }
      />
      <div className={classes.sides}>
        <Paper withBorder p="sm">
          <PlanList chosen={plan} drafted={drafted} onClone={setCloned} onDelete={setDeleted} />
        </Paper>
        <div>
          {plan === undefined ? (
            <NoneChosen mayChange={mayChange} />
          ) : (
            <PlanPanel key={plan} plan={plan} onBuckets={setDrafted} onClone={setCloned} onDelete={setDeleted} />
          )}
        </div>
      </div>
      <NewPlan isOpen={of === 'new' && mayChange} onClose={() => setSearch({ of: undefined })} onMade={open} />
      <ClonePlan plan={cloned} onClose={() => setCloned(null)} onMade={open} />
      <DeleteDocument
        kind="SharePlan"
        name={deleted}
        one="share plan"
        onClose={() => setDeleted(null)}
        onDeleted={() => {
          setDeleted(null)
          if (deleted === plan) void navigate({ to: '/share-plans', search: filter as never, ignoreBlocker: true })
        }}
      />
    </>
  )
}

/** Where there is none yet, or none can be had, nobody is asked to choose one. */
function NoneChosen({ mayChange }: { readonly mayChange: boolean }) {
  const { data, isError } = usePlanList('')
  // The list beside it says what went wrong.
  if (isError) return null
  if (data?.rowCount === 0)
    return (
      <EmptyState
        title="No share plan yet"
        {...(mayChange ? { action: { label: 'Make the first', to: '/share-plans', search: { of: 'new' } } } : {})}
      >
        <Text size="sm">A share plan lets many services of an account draw from the same buckets.</Text>
      </EmptyState>
    )
  return (
    <EmptyState title="Choose a share plan" why="no-choice">
      <Text size="sm">Its buckets, participants and tiers open here, and what a month would have been under it.</Text>
    </EmptyState>
  )
}
