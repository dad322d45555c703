// One user id on one day: who was in which conference when, as bars and as a table, in the account's own time.
import { ActionIcon, CloseButton, Group, Stack, TextInput, Title } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { type ReportColumn, type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useSetSearch } from '../../app/go.ts'
import { ReportTable } from '../../components/report-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { durationOf } from '../projects/duration-cell.tsx'
import { legsOf } from './legs.ts'
import { Timeline } from './timeline.tsx'

export type DayProps = { readonly account: string; readonly userId: string; readonly day: string }

const NO_LEG = <EmptyState title="Nobody was in a conference">Choose another day, or another user id below.</EmptyState>

export function DayOfUserId({ account, userId, day }: DayProps) {
  const format = useFormat()
  const setSearch = useSetSearch()
  const query = { account, user: userId, from: day, until: dayAfter(day, 1) }
  const answer = useReport('legs', query, { pageRows: 1000 })
  const legs = legsOf(rowsOf(answer.data))
  const title = `${userId} on ${format.date(day)}`
  return (
    <Stack gap="sm" component="section" aria-labelledby="day">
      <Group justify="space-between" align="flex-end">
        <Title order={2} size="h4" id="day">
          {title}
        </Title>
        <Group gap="md" align="flex-end">
          <ScreenLink to="/sub-accounts" search={{ of: account, chosen: userId }}>
            The sub-account
          </ScreenLink>
          <Days day={day} />
          <CloseButton
            size={36}
            aria-label="Close the day"
            onClick={() => setSearch({ of: undefined, chosen: undefined, from: undefined, key: undefined })}
          />
        </Group>
      </Group>
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {!answer.isError && !answer.data && <LoadingState rows={5} />}
      {answer.data && legs.length === 0 && NO_LEG}
      {legs.length > 0 && (
        <>
          <Timeline legs={legs} label={`Timeline of ${title}`} />
          <details open>
            <summary>The same as a table</summary>
            <ReportTable
              report="legs"
              query={query}
              label={`Legs of ${title}`}
              columns={['who', 'conference', 'start', 'end', 'seconds', 'conflict', 'at_once']}
              titles={{ who: 'Who', seconds: 'Time', conflict: 'Conflict', at_once: 'At once' }}
              cellOf={legCell}
              heightMax={320}
            />
          </details>
        </>
      )}
    </Stack>
  )
}

function legCell({ key }: ReportColumn, row: ReportRow) {
  const value = row[key]
  if ((key === 'start' || key === 'end') && value) return <span title={value}>{value.slice(11, 19)}</span>
  if (key === 'seconds' && value) return <span title={`${value} s`}>{durationOf(Number(value))}</span>
  return undefined
}

function Days({ day }: { readonly day: string }) {
  const setSearch = useSetSearch()
  const go = (to: string) => setSearch({ from: to, key: undefined }, { replaces: true })
  return (
    <Group gap={4} align="flex-end">
      <ActionIcon variant="default" size={36} aria-label="The day before" onClick={() => go(dayAfter(day, -1))}>
        <IconChevronLeft size={16} />
      </ActionIcon>
      <TextInput
        type="date"
        label="Day"
        value={day}
        onChange={({ currentTarget: { value } }) => {
          if (/^\d{4}-\d\d-\d\d$/.test(value)) go(value)
        }}
      />
      <ActionIcon variant="default" size={36} aria-label="The day after" onClick={() => go(dayAfter(day, 1))}>
        <IconChevronRight size={16} />
      </ActionIcon>
    </Group>
  )
}

function dayAfter(day: string, days: number): string {
  const at = Date.parse(`${day}T00:00:00Z`)
  return Number.isNaN(at) ? day : new Date(at + days * 86_400_000).toISOString().slice(0, 10)
}
