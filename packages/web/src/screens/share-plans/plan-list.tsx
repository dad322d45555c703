// Every share plan with its buckets beneath it, narrowed by name, and what can be done to a plan as a whole.
import { ActionIcon, Badge, Group, Stack, Text, TextInput, Tooltip } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconCopy, IconSearch, IconStar, IconTrash } from '@tabler/icons-react'
import { Link, useSearch } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useAsk } from '../../api/use-ask.ts'
import type { ReportRow } from '../../api/use-report.ts'
import { useGo, useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import classes from '../catalogue/document/document.module.css'

/** As the form has them, saved or not. */
export type BucketsOfDraft = { readonly plan: string; readonly buckets: ReadonlyArray<string> }

export type PlanListProps = {
  readonly chosen: string | undefined
  readonly drafted: BucketsOfDraft | null
  readonly onClone: (plan: string) => void
  readonly onDelete: (plan: string) => void
}

const PLANS_MAX = 500

/** Those whose name has the text; asked for once, whoever of the screen asks. */
export function usePlanList(text: string) {
  return useAsk('listSharePlans', { query: { text, limit: PLANS_MAX } }, { keepsPrevious: true })
}

export function PlanList(props: PlanListProps) {
  const { q = '' } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const filter = useDebouncedCallback(
    (text: string) => setSearch({ q: text === '' ? undefined : text }, { replaces: true }),
    200,
  )
  const plans = usePlanList(q)
  if (plans.isError) return <FailureState error={plans.error} onRetry={() => plans.refetch()} />
  const rows = plans.data?.rows ?? []
  return (
    <Stack gap="xs">
      <TextInput
        type="search"
        size="sm"
        aria-label="Filter share plans by name"
        placeholder="Filter by name"
        leftSection={<IconSearch size={15} aria-hidden />}
        defaultValue={q}
        onChange={({ currentTarget }) => filter(currentTarget.value)}
      />
      {!plans.data ? (
        <LoadingState rows={5} />
      ) : rows.length === 0 ? (
        <Text size="sm" c="dimmed">
          {q === '' ? 'No share plan yet.' : 'No share plan of that name.'}
        </Text>
      ) : (
        <nav aria-label="Share plans">
          <ul className={classes.list}>
            {rows.map((row) => (
              <PlanEntry key={row.id} row={row} {...props} />
            ))}
          </ul>
        </nav>
      )}
      {plans.data && (
        <Text size="xs" c="dimmed" role="status">
          {plans.data.rowCount} {plans.data.rowCount === 1 ? 'share plan' : 'share plans'}
          {plans.data.next === null ? '' : `, the first ${rows.length} shown`}
        </Text>
      )}
    </Stack>
  )
}

function PlanEntry({ row, chosen, drafted, onClone, onDelete }: PlanListProps & { readonly row: ReportRow }) {
  const { q, chosen: bucket } = useSearch({ strict: false })
  const mayChange = useMay('configuration:change')
  const go = useGo()
  const id = row.id ?? ''
  const name = row.name ?? id
  const to = `/share-plans/${encodeURIComponent(id)}`
  const filter = q === undefined ? {} : { q }
  const isChosen = id === chosen
  const saved = (row.buckets ?? '').split(', ').filter((one) => one !== '')
  const buckets = drafted?.plan === id && isChosen ? drafted.buckets : saved
  return (
    <li>
      <div className={classes.entry} data-chosen={(isChosen && bucket === undefined) || undefined}>
        <Link to={to} search={filter as never} aria-current={isChosen && bucket === undefined ? 'true' : undefined}>
          <Group gap={6} wrap="nowrap">
            <Text size="sm" fw={600} lh={1.3}>
              {name}
            </Text>
            {row.active !== 'yes' && (
              <Badge size="xs" variant="light" color="gray" tt="none" style={{ flexShrink: 0 }}>
                not active
              </Badge>
            )}
          </Group>
        </Link>
        {mayChange && (
          <Group gap={0} wrap="nowrap">
            <Action label={`Add a bucket to ${name}`} onClick={() => go(to, { ...filter, of: 'new-bucket' })}>
              <IconStar size={15} />
            </Action>
            <Action label={`Clone ${name}`} onClick={() => onClone(id)}>
              <IconCopy size={15} />
            </Action>
            <Action label={`Delete ${name}`} onClick={() => onDelete(id)}>
              <IconTrash size={15} />
            </Action>
          </Group>
        )}
      </div>
      <ul className={classes.beneath}>
        {buckets.map((one) => {
          const isThis = isChosen && one === bucket
          return (
            <li key={one} className={classes.entry} data-chosen={isThis || undefined}>
              <Link to={to} search={{ ...filter, chosen: one } as never} aria-current={isThis ? 'true' : undefined}>
                <Text size="sm" lh={1.3}>
                  {one}
                </Text>
              </Link>
            </li>
          )
        })}
      </ul>
    </li>
  )
}

type ActionProps = { readonly label: string; readonly onClick: () => void; readonly children: ReactNode }

function Action({ label, onClick, children }: ActionProps) {
  return (
    <Tooltip label={label} openDelay={400}>
      <ActionIcon variant="subtle" color="gray" size={26} aria-label={label} onClick={onClick}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}
