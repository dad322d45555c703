// The jobs, newest first, and beside them the one that is chosen. Those that go on are asked for again.
import { Group, Select, Table, Text } from '@mantine/core'
import type { Job } from '@spillway/server/contract'
import { client } from '../../api/client.ts'
import { itemsOf, type PageCursor, usePages } from '../../api/use-pages.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ListFrame, Sides } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { JobPanel } from './job-panel.tsx'
import { JobState } from './job-progress.tsx'
import { JOB_NAME, JOB_STATE, percentOf } from './job-words.ts'
import { MoreButton } from './more-button.tsx'
import { hasEnded } from './use-job.ts'

const optionsOf = <K extends string>(names: Readonly<Record<K, string>>) =>
  (Object.keys(names) as K[]).map((value) => ({ value, label: names[value] }))
const STATES = (Object.keys(JOB_STATE) as Job['state'][]).map((value) => ({ value, label: JOB_STATE[value].label }))
const REFRESH_SECONDS = 5

export function JobsTab() {
  const { of, by, chosen } = useScreenSearch()
  const setSearch = useSetSearch()
  const state = STATES.find(({ value }) => value === of)?.value
  const kind = optionsOf(JOB_NAME).find(({ value }) => value === by)?.value
  const query = { limit: 50, ...(state === undefined ? {} : { state }), ...(kind === undefined ? {} : { kind }) }
  const ask = (cursor: PageCursor, signal: AbortSignal) =>
    client.ask('listJobs', { query: { ...query, ...cursor }, signal })
  const answer = usePages(['listJobs', query], ask, { refetchSeconds: REFRESH_SECONDS })
  const jobs = itemsOf(answer.data)
  return (
    <>
      <Group gap="xs" mb="sm" role="group" aria-label="Filters">
        <Select
          aria-label="State"
          placeholder="Any state"
          data={STATES}
          value={state ?? null}
          onChange={(value) => setSearch({ of: value ?? undefined })}
          clearable
          clearButtonProps={{ 'aria-label': 'Any state' }}
          w={170}
        />
        <Select
          aria-label="Kind"
          placeholder="Any kind"
          data={optionsOf(JOB_NAME)}
          value={kind ?? null}
          onChange={(value) => setSearch({ by: value ?? undefined })}
          clearable
          clearButtonProps={{ 'aria-label': 'Any kind' }}
          w={210}
        />
      </Group>
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {answer.isPending && <LoadingState />}
      {answer.data && (
        <Sides
          list={
            jobs.length > 0 ? (
              <>
                <JobTable jobs={jobs} />
                <MoreButton answer={answer} />
              </>
            ) : (
              <NoJobs isFiltered={state !== undefined || kind !== undefined} />
            )
          }
          panel={isJob(chosen) && <JobPanel key={chosen} id={chosen} />}
        />
      )}
    </>
  )
}

/** The address may hold what was chosen on the other tab. */
const isJob = (chosen: string | undefined): chosen is string => chosen?.startsWith('job_') ?? false

function NoJobs({ isFiltered }: { readonly isFiltered: boolean }) {
  return isFiltered ? (
    <EmptyState title="No such job" why="no-match">
      Take a filter off: jobs that ended long ago are not kept.
    </EmptyState>
  ) : (
    <EmptyState title="Nothing was done in the background yet">
      Imports, closes and exports stand here while they go on, and what came of them afterwards.
    </EmptyState>
  )
}

function JobTable({ jobs }: { readonly jobs: ReadonlyArray<Job> }) {
  const format = useFormat()
  const here = useScreenSearch()
  return (
    <ListFrame label="Jobs">
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {['Job', 'Of', 'State', 'Asked for', 'By'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => (
            <Table.Tr key={job.id} data-chosen={job.id === here.chosen || undefined}>
              <Table.Td>
                <ScreenLink to="/jobs" search={{ ...here, chosen: job.id }}>
                  {JOB_NAME[job.kind]}
                </ScreenLink>
              </Table.Td>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>{job.subject}</Table.Td>
              <Table.Td>
                <Group gap={6} wrap="nowrap">
                  <JobState job={job} />
                  {!hasEnded(job) && percentOf(job.progress) !== undefined && (
                    <Text span size="xs" c="dimmed">
                      {percentOf(job.progress)} %
                    </Text>
                  )}
                </Group>
              </Table.Td>
              <Table.Td>{format.instant(job.createdAt)}</Table.Td>
              <Table.Td>{job.createdBy}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ListFrame>
  )
}
