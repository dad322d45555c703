// Billable time as the invoice of the legal trade, LEDES 1998B: of the project, or of all projects of its client.
import { Button, Checkbox, Group, Modal, SegmentedControl, Select, Stack, Text, TextInput } from '@mantine/core'
import { addDays, type LocalDate, parsePeriod } from '@spillway/core'
import type { AnswerOf } from '@spillway/server/client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { Amount } from '../../components/amount.tsx'
import { saveFile } from '../../components/save-file.ts'
import { FailureState } from '../../components/states.tsx'

export type LedesDialogProps = {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly project: string
  /** '' where it has none. */
  readonly projectClient: string
  readonly period: string
}

export function LedesDialog({ isOpen, onClose, ...of }: LedesDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="Invoice as LEDES 1998B">
      <LedesForm onClose={onClose} {...of} />
    </Modal>
  )
}

type Draft = {
  readonly of: 'project' | 'client'
  readonly invoiceNumber: string
  readonly from: string
  /** As a person says it: the day itself is in. */
  readonly lastDay: string
  readonly billing: string | null
  readonly hasExpenses: boolean
}

/** The month that is shown, from its first day to its last. */
function daysOf(period: string): Pick<Draft, 'from' | 'lastDay'> {
  const month = parsePeriod(period)
  return month ? { from: month.startOn, lastDay: addDays(month.endOn, -1) } : { from: '', lastDay: '' }
}

function LedesForm({ onClose, project, projectClient, period }: Omit<LedesDialogProps, 'isOpen'>) {
  const rules = useAsk('listDocuments', { query: { kind: 'LegalBilling', limit: 100 } })
  const names = (rules.data?.items ?? []).map(({ name }) => name)
  const [draft, setDraft] = useState<Draft>({
    ...{ of: 'project', invoiceNumber: '', billing: null, hasExpenses: false, ...daysOf(period) },
  })
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  const making = useMutation({
    mutationFn: () => {
      const { of, invoiceNumber, from, lastDay, billing, hasExpenses } = draft
      const query = {
        ...(of === 'project' ? { project } : { client: projectClient }),
        ...{ from, until: addDays(lastDay as LocalDate, 1), invoiceNumber: invoiceNumber.trim() },
        ...(billing === null ? {} : { billing }),
        expenses: hasExpenses ? ('true' as const) : ('false' as const),
      }
      return client.ask('getLedes', { query })
    },
    onSuccess: ({ invoiceNumber, file }) =>
      saveFile(`${invoiceNumber.replaceAll(/[^\w.-]+/g, '_')}.txt`, { text: file, type: 'text/plain' }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {making.isError && <FailureState error={making.error} />}
        {projectClient !== '' && (
          <SegmentedControl
            aria-label="Billable time of"
            data={[
              { value: 'project', label: `Project ${project}` },
              { value: 'client', label: `All of ${projectClient}` },
            ]}
            value={draft.of}
            onChange={(of) => change({ of: of as Draft['of'] })}
          />
        )}
        <TextInput
          label="Invoice number"
          required
          maxLength={20}
          data-autofocus
          value={draft.invoiceNumber}
          onChange={({ currentTarget }) => change({ invoiceNumber: currentTarget.value })}
        />
        <Days draft={draft} onChange={change} />
        {names.length > 1 && (
          <Select
            label="Rules"
            description="The documents of the kind LegalBilling"
            required
            data={names}
            value={draft.billing}
            onChange={(billing) => change({ billing })}
          />
        )}
        <Checkbox
          label="What the calls cost, as expenses"
          checked={draft.hasExpenses}
          onChange={({ currentTarget }) => change({ hasExpenses: currentTarget.checked })}
        />
        {making.data && <Made made={making.data} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {making.data ? 'Close' : 'Cancel'}
          </Button>
          <Button type="submit" loading={making.isPending}>
            Download
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type DaysProps = { readonly draft: Draft; readonly onChange: (part: Partial<Draft>) => void }

function Days({ draft: { from, lastDay }, onChange }: DaysProps) {
  return (
    <Group grow align="flex-start">
      <TextInput
        type="date"
        label="First day"
        required
        max={lastDay}
        value={from}
        onChange={({ currentTarget }) => onChange({ from: currentTarget.value })}
      />
      <TextInput
        type="date"
        label="Last day"
        required
        min={from}
        value={lastDay}
        onChange={({ currentTarget }) => onChange({ lastDay: currentTarget.value })}
      />
    </Group>
  )
}

/** What the file has, and which calls it has not. */
function Made({ made }: { readonly made: AnswerOf<'getLedes'> }) {
  const format = useFormat()
  const { invoiceNumber, lines, total, currency, withoutTime, withoutCost } = made
  const calls = (count: number) => (count === 1 ? '1 call' : `${format.count(count)} calls`)
  return (
    <Text size="sm" role="status" component="div">
      Invoice {invoiceNumber} is downloaded: {lines === 1 ? '1 line' : `${format.count(lines)} lines`},{' '}
      <Amount value={total} currency={currency} />.
      {withoutTime > 0 && ` ${calls(withoutTime)} without any length, without a line.`}
      {withoutCost > 0 &&
        ` ${calls(withoutCost)} whose cost has no line: the month is not closed, or the cost is in another currency.`}
    </Text>
  )
}
