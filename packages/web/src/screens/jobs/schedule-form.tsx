// One schedule: what is done, and when, with the next times as one types.
import { Button, Group, Paper, Select, Stack, Switch, TagsInput, Text, TextInput, Title } from '@mantine/core'
import { useForm } from '@mantine/form'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useMay } from '../../app/session.tsx'
import { FailureState } from '../../components/states.tsx'
import { UnsavedGuard } from '../../components/unsaved-guard.tsx'
import { JOB_NAME } from './job-words.ts'
import type { Schedule } from './schedule.ts'
import { draftOf, faultsOf, KINDS, requestOf, type ScheduleDraft } from './schedule-draft.ts'
import { ScheduleTimes } from './schedule-times.tsx'

export type ScheduleFormProps = {
  /** undefined for a new one. */
  readonly schedule: Schedule | undefined
  /** Of all there are: a new one replaces none. */
  readonly names: ReadonlyArray<string>
  readonly onDone: (name: string) => void
}

export function ScheduleForm({ schedule, names, onDone }: ScheduleFormProps) {
  const mayChange = useMay('schedule:change')
  const form = useForm<ScheduleDraft>({
    initialValues: draftOf(schedule),
    validate: (draft) => faultsOf(draft, { taken: schedule ? [] : names }),
  })
  const save = useMutation({
    mutationFn: (draft: ScheduleDraft) =>
      client.ask('putSchedule', { params: { name: draft.name.trim() }, body: requestOf(draft) }),
    onSuccess: async (saved) => {
      form.setInitialValues(draftOf(saved))
      form.reset()
      notifications.show({ message: `The schedule ${saved.name} is saved.` })
      await askAgain('listSchedules')
      onDone(saved.name)
    },
  })
  const { values } = form
  return (
    <Paper withBorder p="md" component="section" aria-labelledby="schedule">
      <UnsavedGuard isDirty={form.isDirty() && !save.isSuccess} leavesBy={['chosen', 'tab']} />
      <form onSubmit={form.onSubmit((draft) => save.mutate(draft))}>
        <fieldset disabled={!mayChange} style={{ border: 0, padding: 0, margin: 0, minWidth: 0 }}>
          <Stack gap="sm">
            <Title order={2} size="h4" id="schedule">
              {schedule?.name ?? 'New schedule'}
            </Title>
            {save.isError && <FailureState error={save.error} />}
            {!schedule && (
              <TextInput
                label="Name"
                description="Letters, digits, dots and hyphens"
                required
                maxLength={80}
                {...form.getInputProps('name')}
              />
            )}
            <Select
              label="What is done"
              data={KINDS.map((value) => ({ value, label: JOB_NAME[value] }))}
              allowDeselect={false}
              {...form.getInputProps('kind')}
            />
            {values.kind === 'import-folder' && (
              <>
                <TextInput
                  label="Folder"
                  description="Within the folder that the server allows; files that were read are moved into its “done”"
                  required
                  {...form.getInputProps('folder')}
                />
                <TextInput
                  label="Source"
                  description="The mapping, where the files are not recognised by themselves"
                  {...form.getInputProps('source')}
                />
              </>
            )}
            {values.kind === 'close-when-complete' && (
              <TagsInput
                label="Bills that must be in"
                description="Vendor and account, such as tessaline/TSL-88310; Enter adds one. Then the month before is closed"
                required
                {...form.getInputProps('expected')}
              />
            )}
            {values.kind === 'mail-statements' && (
              <TextInput
                label="Company"
                description="In the heading of each statement. Everybody with an address is sent theirs, once the month before is published"
                maxLength={200}
                {...form.getInputProps('company')}
              />
            )}
            <ScheduleTimes draft={values} fault={form.errors.cron} onChange={(part) => form.setValues(part)} />
            <Switch label="Active" {...form.getInputProps('isActive', { type: 'checkbox' })} />
            {mayChange ? (
              <Group justify="flex-end">
                <Button type="submit" loading={save.isPending} disabled={schedule !== undefined && !form.isDirty()}>
                  Save
                </Button>
              </Group>
            ) : (
              <Text size="sm" c="dimmed">
                You may look at schedules, and not change them.
              </Text>
            )}
          </Stack>
        </fieldset>
      </form>
    </Paper>
  )
}
