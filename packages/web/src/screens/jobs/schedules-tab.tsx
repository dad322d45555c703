// What happens by itself: when, what, and what came of it last; beside it the schedule that is edited.
import { ActionIcon, Badge, Button, Group, Menu, Table, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDots, IconPlayerPlay, IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ListFrame, Sides } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { describeCron } from './cron-times.ts'
import { JOB_NAME } from './job-words.ts'
import type { Schedule } from './schedule.ts'
import { ScheduleForm } from './schedule-form.tsx'

/** In the address, in place of a schedule's name, which can hold no space. */
const NEW = 'a new one'

export function SchedulesTab() {
  const { chosen } = useScreenSearch()
  const setSearch = useSetSearch()
  const mayChange = useMay('schedule:change')
  const answer = useAsk('listSchedules', { query: { limit: 500 } })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState />
  const schedules = answer.data.items
  const edited = schedules.find(({ name }) => name === chosen)
  const isNew = chosen === NEW && mayChange
  return (
    <>
      {mayChange && (
        <Group mb="sm" justify="flex-end">
          <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setSearch({ chosen: NEW })}>
            New schedule
          </Button>
        </Group>
      )}
      <Sides
        list={
          schedules.length === 0 ? (
            <EmptyState title="Nothing happens by itself yet">
              A schedule can watch a folder for bills, close each month once all bills are in, or mail the statements.
            </EmptyState>
          ) : (
            <ScheduleTable schedules={schedules} mayChange={mayChange} />
          )
        }
        panel={
          (edited || isNew) && (
            <ScheduleForm
              key={edited?.name ?? NEW}
              schedule={edited}
              names={schedules.map(({ name }) => name)}
              onDone={(name) => setSearch({ chosen: name })}
            />
          )
        }
      />
    </>
  )
}

type ScheduleTableProps = { readonly schedules: ReadonlyArray<Schedule>; readonly mayChange: boolean }

function ScheduleTable({ schedules, mayChange }: ScheduleTableProps) {
  const format = useFormat()
  const here = useScreenSearch()
  return (
    <ListFrame label="Schedules">
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {['Schedule', 'When', 'Next', 'Last'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
            <Table.Td />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {schedules.map((schedule) => (
            <Table.Tr key={schedule.name} data-chosen={schedule.name === here.chosen || undefined}>
              <Table.Td>
                <ScreenLink to="/jobs" search={{ ...here, chosen: schedule.name }}>
                  {schedule.name}
                </ScreenLink>
                <Text size="xs" c="dimmed">
                  {JOB_NAME[schedule.kind]}
                </Text>
              </Table.Td>
              <Table.Td>
                {describeCron(schedule.cron)}
                <Text size="xs" c="dimmed">
                  {schedule.timeZone}
                </Text>
              </Table.Td>
              <Table.Td>
                {schedule.state === 'paused' ? (
                  <Badge variant="light" color="gray" tt="none">
                    Paused
                  </Badge>
                ) : schedule.nextAt === null ? (
                  'never'
                ) : (
                  format.instant(schedule.nextAt)
                )}
              </Table.Td>
              <Table.Td>
                {schedule.lastJob !== null ? (
                  <ScreenLink to="/jobs" search={{ chosen: schedule.lastJob }}>
                    {schedule.lastAt === null ? 'the job' : format.instant(schedule.lastAt)}
                  </ScreenLink>
                ) : (
                  schedule.lastAt !== null && `${format.instant(schedule.lastAt)}, nothing to do`
                )}
              </Table.Td>
              <Table.Td>{mayChange && <ScheduleMenu schedule={schedule} />}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ListFrame>
  )
}

function ScheduleMenu({ schedule: { name } }: { readonly schedule: Schedule }) {
  const setSearch = useSetSearch()
  const { chosen } = useScreenSearch()
  const [isDeleting, setDeleting] = useState(false)
  const run = useMutation({
    mutationFn: () => client.ask('runSchedule', { params: { name } }),
    onSuccess: async ({ id }) => {
      await askAgain('listJobs', 'listSchedules')
      setSearch({ tab: undefined, chosen: id })
    },
    onError: ({ message }) => notifications.show({ color: 'red', title: `${name} could not be run`, message }),
  })
  const remove = useMutation({
    mutationFn: () => client.ask('deleteSchedule', { params: { name } }),
    onSuccess: async () => {
      setDeleting(false)
      if (chosen === name) setSearch({ chosen: undefined })
      notifications.show({ message: `The schedule ${name} is deleted.` })
      await askAgain('listSchedules')
    },
  })
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`What can be done with ${name}`}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPlayerPlay size={14} aria-hidden />} onClick={() => run.mutate()}>
            Run now
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={14} aria-hidden />} onClick={() => setDeleting(true)}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        isOpen={isDeleting}
        onClose={() => setDeleting(false)}
        title={`Delete the schedule ${name}?`}
        verb="Delete"
        isDangerous
        onConfirm={() => remove.mutate()}
        isPending={remove.isPending}
        error={remove.error}
      >
        It happens no more. Jobs that it started go on.
      </Confirm>
    </>
  )
}
