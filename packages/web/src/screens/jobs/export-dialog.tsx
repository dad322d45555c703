// An export that takes its time, as a job: a report, a journal, FOCUS rows, or all statements of a month.
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import type { ExportRequest } from '@spillway/server/contract'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { usePeriods } from '../../app/periods.ts'
import { labelOf } from '../../components/filter-chips.tsx'
import { FailureState } from '../../components/states.tsx'
import type { JobDialogProps } from './backup-dialog.tsx'

const WHAT: ReadonlyArray<{ readonly value: ExportRequest['what']; readonly label: string }> = [
  { value: 'report', label: 'A report' },
  { value: 'journal', label: 'A journal for the ledger' },
  { value: 'focus', label: 'Cost rows in FOCUS' },
  { value: 'statements', label: 'Statements of everybody, as PDF in a zip' },
]
const REPORTS = [
  'charges',
  'allocation',
  'cost-centres',
  'usage',
  'pools',
  'reconciliation',
  'missing-bills',
  'problems',
  'unused',
  'bills',
  'buckets',
  'movers',
  'trend',
]
const BY = ['cost-centre', 'person', 'service', 'vendor', 'account', 'pool', 'project', 'invoice', 'line']
const FORMATS = [
  { value: 'csv', label: 'CSV' },
  { value: 'xlsx', label: 'Excel (XLSX)' },
  { value: 'parquet', label: 'Parquet' },
  { value: 'ndjson', label: 'NDJSON' },
] as const

type Draft = {
  readonly what: ExportRequest['what']
  readonly report: string
  readonly by: string
  readonly format: (typeof FORMATS)[number]['value']
  readonly rules: string | null
  readonly company: string
  readonly period: string | undefined
}
const FIRST: Draft = {
  what: 'report',
  report: 'charges',
  by: 'cost-centre',
  format: 'csv',
  rules: null,
  company: '',
  period: undefined,
}

export function ExportDialog({ isOpen, onClose, onStarted }: JobDialogProps) {
  return (
    <Modal opened={isOpen} onClose={onClose} title="New export">
      <ExportForm onClose={onClose} onStarted={onStarted} />
    </Modal>
  )
}

function requestOf({ what, report, by, format, rules, company }: Draft, period: string): ExportRequest {
  switch (what) {
    case 'report':
      return { what, report, period, format, ...(report === 'charges' || report === 'movers' ? { by } : {}) }
    case 'journal':
      return { what, period, format, ...(rules === null ? {} : { rules }) }
    case 'focus':
      return { what, period, format }
    case 'statements':
      return { what, period, format: 'zip', by, ...(company === '' ? {} : { company }) }
  }
}

function ExportForm({ onClose, onStarted }: Omit<JobDialogProps, 'isOpen'>) {
  const format = useFormat()
  const { period: shown, all } = usePeriods()
  const [draft, setDraft] = useState(FIRST)
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  const period = draft.period ?? shown ?? null
  const start = useMutation({
    mutationFn: () => client.ask('startExport', { body: requestOf(draft, period ?? '') }),
    onSuccess: async ({ id }) => {
      await askAgain('listJobs')
      onStarted(id)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    start.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {start.isError && <FailureState error={start.error} />}
        <Select
          label="What"
          data={[...WHAT]}
          value={draft.what}
          allowDeselect={false}
          onChange={(what) => what && change({ what: what as Draft['what'], by: 'cost-centre' })}
        />
        <Select
          label="Month"
          data={all.map(({ period: value }) => ({ value, label: format.period(value) }))}
          value={period}
          allowDeselect={false}
          onChange={(value) => change({ period: value ?? undefined })}
        />
        <PartsOfKind draft={draft} onChange={change} />
        {draft.what !== 'statements' && (
          <Select
            label="Format"
            data={[...FORMATS]}
            value={draft.format}
            allowDeselect={false}
            onChange={(value) => value && change({ format: value as Draft['format'] })}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={start.isPending} disabled={period === null}>
            Export
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

type PartsProps = { readonly draft: Draft; readonly onChange: (part: Partial<Draft>) => void }

function PartsOfKind({ draft, onChange }: PartsProps) {
  if (draft.what === 'journal') return <JournalRules rules={draft.rules} onChange={onChange} />
  if (draft.what === 'statements')
    return (
      <>
        <Select
          label="For each"
          data={BY.slice(0, 2).map((value) => ({ value, label: labelOf(value) }))}
          value={draft.by}
          allowDeselect={false}
          onChange={(value) => value && onChange({ by: value })}
        />
        <TextInput
          label="Company"
          description="In the heading of each statement"
          maxLength={200}
          value={draft.company}
          onChange={({ currentTarget }) => onChange({ company: currentTarget.value })}
        />
      </>
    )
  if (draft.what !== 'report') return null
  return (
    <>
      <Select
        label="Report"
        data={REPORTS.map((value) => ({ value, label: labelOf(value) }))}
        value={draft.report}
        allowDeselect={false}
        onChange={(value) => value && onChange({ report: value })}
      />
      {(draft.report === 'charges' || draft.report === 'movers') && (
        <Select
          label="One row is a"
          data={BY.map((value) => ({ value, label: labelOf(value) }))}
          value={draft.by}
          allowDeselect={false}
          onChange={(value) => value && onChange({ by: value })}
        />
      )}
    </>
  )
}

function JournalRules({
  rules,
  onChange,
}: {
  readonly rules: string | null
  readonly onChange: PartsProps['onChange']
}) {
  const mayRead = useAsk('listDocuments', { query: { kind: 'Journal', limit: 100 } })
  return (
    <Select
      label="Rules"
      description="The documents of the kind Journal say which line goes to which ledger account"
      required
      data={(mayRead.data?.items ?? []).map(({ name }) => name)}
      value={rules}
      onChange={(value) => onChange({ rules: value })}
    />
  )
}
