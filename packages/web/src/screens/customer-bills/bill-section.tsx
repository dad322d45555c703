// One section of a bill in full: its usage by class, its other charges, its calls.
import { Drawer, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { useAsk } from '../../api/use-ask.ts'
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { RowsTable, type RowsTableProps } from '../../components/rows-table.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { durationOf } from '../projects/duration-cell.tsx'
import type { BillHeading } from './bill-heading.ts'
import type { SectionsBy } from './sections-by.ts'

type Section = NonNullable<AnswerOf<'listBillSections'>['section']>

const column = (key: string, title: string, kind: ReportColumn['kind'] = 'text'): ReportColumn => ({
  ...{ key, title, kind, isDetail: false, isNullable: false },
})
const AMOUNT = column('amount', 'Amount', 'amount')
const CLASS = column('usage_class', 'Class')
const USAGE = [CLASS, column('quantity', 'Quantity', 'usage'), AMOUNT]
const LINES = [column('about', 'For'), column('kind', 'Charge'), column('service', 'Service'), AMOUNT]
const CALLS = [
  ...[column('start', 'Start'), column('call', 'Call'), column('service', 'Service'), column('accountCode', 'Code')],
  ...[column('participants', 'People', 'quantity'), column('seconds', 'Time', 'quantity'), AMOUNT, CLASS],
]

export type BillSectionProps = {
  readonly heading: BillHeading
  readonly by: SectionsBy
  /** '' is what nothing was assigned to. */
  readonly section: string
}

export function BillSection({ heading, by, section: key }: BillSectionProps) {
  const { panel } = useScreenSearch()
  const setSearch = useSetSearch()
  const showsCalls = panel === 'calls'
  const answer = useAsk('listBillSections', {
    params: { bill: heading.number },
    query: { by, key, limit: 1, calls: showsCalls ? 'true' : 'false' },
  })
  const section = answer.data?.section
  const name = key === '' ? 'unassigned' : key
  return (
    <Drawer
      opened
      onClose={() => setSearch({ key: undefined, chosen: undefined, panel: undefined })}
      position="right"
      size="60rem"
      title={<b>{section && section.name !== key && key !== '' ? `${section.name} (${key})` : name}</b>}
      closeButtonProps={{ 'aria-label': 'Close the section' }}
    >
      <Group justify="space-between" mb="sm">
        {section && (
          <Text fw={650} size="lg" component="span">
            <Amount value={section.subtotal} currency={heading.currency} />
          </Text>
        )}
        <WhereTo by={by} section={key} />
      </Group>
      <SegmentedControl
        aria-label="What of the section"
        size="xs"
        mb="sm"
        value={showsCalls ? 'calls' : 'charges'}
        data={[
          { value: 'charges', label: 'Usage and charges' },
          { value: 'calls', label: 'Calls' },
        ]}
        onChange={(value) => setSearch({ panel: value === 'calls' ? 'calls' : undefined })}
      />
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {!answer.isError && !section && <LoadingState rows={4} />}
      {section && (showsCalls ? <Calls of={section} heading={heading} /> : <Charges of={section} heading={heading} />)}
    </Drawer>
  )
}

/** The screen of what the section is about. */
function WhereTo({ by, section }: { readonly by: SectionsBy; readonly section: string }) {
  if (section === '') return null
  const [folder, words] = {
    'user-id': ['services', 'The service'],
    service: ['services', 'The service'],
    'cost-centre': ['cost-centres', 'The cost centre'],
    project: ['projects', 'The project'],
  }[by] as [string, string]
  return <ScreenLink to={`/${folder}/${encodeURIComponent(section)}`}>{words}</ScreenLink>
}

type PartProps = { readonly of: Section; readonly heading: BillHeading }

function Charges({ of, heading: { currency } }: PartProps) {
  const format = useFormat()
  return (
    <Stack gap="lg">
      {of.usage.length > 0 && (
        <Part
          title="Usage by class"
          columns={USAGE}
          rows={of.usage.map((one) => ({ ...one, usage_class: one.usageClass, currency }))}
        />
      )}
      {of.lines.length > 0 && (
        <Part
          title="Other charges"
          columns={LINES}
          rows={of.lines.map((line) => ({ ...line, currency }))}
          cellOf={lineCell}
          explainsOf={({ service }) => service || undefined}
        />
      )}
      {of.partsOfCalls.calls > 0 && (
        <Text size="sm">
          Parts of {format.count(of.partsOfCalls.calls)} calls that another section lists come to{' '}
          <Amount value={of.partsOfCalls.amount} currency={currency} />.
        </Text>
      )}
    </Stack>
  )
}

function lineCell({ key }: ReportColumn, { service, account }: ReportRow) {
  if (key !== 'service') return undefined
  return service ? <ScreenLink to={`/services/${encodeURIComponent(service)}`}>{service}</ScreenLink> : account
}

const CALLS_SHOWN = 500

/** Where nobody dials codes there is no column of them; nor one of services in the section of a service. */
function says(key: string, calls: NonNullable<Section['calls']>, section: string): boolean {
  if (key === 'accountCode') return calls.some(({ accountCode }) => accountCode !== '')
  return key !== 'service' || calls.some(({ service }) => service !== section)
}

function Calls({ of, heading: { currency, account } }: PartProps) {
  const format = useFormat()
  const calls = of.calls ?? []
  if (calls.length === 0) return <Text size="sm">No call is in this section.</Text>
  const cellOf = ({ key }: ReportColumn, { call, service, start, participants, seconds }: ReportRow) => {
    if (key === 'start') return <span title={start ?? ''}>{format.wallTime(start?.slice(0, 19) ?? '')}</span>
    if (key === 'seconds') return <span title={`${seconds} s`}>{durationOf(Number(seconds))}</span>
    if (key !== 'call') return undefined
    const at = { service: service ?? '', start: start ?? '', people: participants ?? '' }
    return <CallLink call={call ?? ''} account={account} {...at} />
  }
  return (
    <>
      <Part
        title="Calls"
        columns={CALLS.filter(({ key }) => says(key, calls, of.key))}
        rows={calls.map((call) => ({ ...call, usage_class: call.usageClass, currency }))}
        cellOf={cellOf}
      />
      {calls.length === CALLS_SHOWN && (
        <Text size="sm" c="dimmed" mt="xs">
          The first {CALLS_SHOWN} are shown. Download the bill for all of them.
        </Text>
      )}
    </>
  )
}

type CallLinkProps = {
  readonly call: string
  readonly account: string
  readonly service: string
  readonly start: string
  readonly people: string
}

/** A conference to who was in it when; a single leg to why it costs what it does. */
function CallLink({ call, account, service, start, people }: CallLinkProps) {
  const here = useScreenSearch()
  const isConference = Number(people) > 1
  return (
    <ScreenLink
      {...(isConference
        ? { to: '/conflicts', search: { of: account, chosen: service, from: start.slice(0, 10), key: call } }
        : { to: '.', search: { ...here, event: call } })}
    >
      {call}
    </ScreenLink>
  )
}

type PartTableProps = Pick<RowsTableProps, 'cellOf' | 'explainsOf'> & {
  readonly title: string
  readonly columns: ReadonlyArray<ReportColumn>
  readonly rows: ReadonlyArray<ReportRow>
}

/** Only what is in sight is in the page: a section of one cost centre may have a line for each of its services. */
function Part({ title, columns, rows, ...rest }: PartTableProps) {
  return (
    <section aria-label={title}>
      <Title order={3} size="h5" mb={6}>
        {title}
      </Title>
      <RowsTable
        head={{ columns: [...columns], rowCount: rows.length, totals: [] }}
        of={title}
        rowAt={(index) => rows[index]}
        label={title}
        {...rest}
      />
    </section>
  )
}
