// One section of a bill in full: its usage by class, its other charges, its calls.
import { Drawer, Group, SegmentedControl, Stack, Table, Text } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import type { ReactNode } from 'react'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { durationOf } from '../projects/duration-cell.tsx'
import type { BillHeading } from './bill-heading.ts'
import type { SectionsBy } from './sections-by.ts'

type Section = NonNullable<AnswerOf<'listBillSections'>['section']>

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
      size="xl"
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
    'user-id': ['services', 'Its months'],
    service: ['services', 'Its months'],
    'cost-centre': ['cost-centres', 'The cost centre'],
    project: ['projects', 'Its billable time'],
  }[by] as [string, string]
  return <ScreenLink to={`/${folder}/${encodeURIComponent(section)}`}>{words}</ScreenLink>
}

type PartProps = { readonly of: Section; readonly heading: BillHeading }

function Charges({ of, heading: { currency } }: PartProps) {
  const format = useFormat()
  return (
    <Stack gap="lg">
      {of.usage.length > 0 && (
        <Plain label="Usage by class" head={['Class', 'Quantity', 'Amount']}>
          {of.usage.map(({ usageClass, usageType, quantity, amount }) => (
            <Table.Tr key={usageClass}>
              <Table.Th scope="row" fw={400}>
                {usageClass}
              </Table.Th>
              <Table.Td ta="right">{quantity === null ? '' : format.usage(quantity, usageType)}</Table.Td>
              <Table.Td ta="right">
                <Amount value={amount} currency={currency} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Plain>
      )}
      {of.lines.length > 0 && (
        <Plain label="Other charges" head={['For', 'Charge', 'Service', 'Amount']} figures={1}>
          {of.lines.map(({ kind, about, account, service, amount }) => (
            <Table.Tr key={JSON.stringify([kind, about, account, service])}>
              <Table.Th scope="row" fw={400}>
                {about}
              </Table.Th>
              <Table.Td>{kind}</Table.Td>
              <Table.Td>
                {service === '' ? (
                  account
                ) : (
                  <ScreenLink to={`/services/${encodeURIComponent(service)}`}>{service}</ScreenLink>
                )}
              </Table.Td>
              <Table.Td ta="right">
                <Amount value={amount} currency={currency} explains={service || undefined} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Plain>
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

const CALLS_SHOWN = 500

function Calls({ of, heading: { currency, account } }: PartProps) {
  const calls = of.calls ?? []
  if (calls.length === 0) return <Text size="sm">No call is in this section.</Text>
  return (
    <>
      <Plain label="Calls" head={['Start', 'Call', 'Service', 'Code', 'Class', 'People', 'Time', 'Amount']} figures={3}>
        {calls.map(({ start, seconds, participants, accountCode, service, call, usageClass, amount }) => (
          <Table.Tr key={`${call} ${start} ${service}`}>
            <Table.Th scope="row" fw={400}>
              {start.slice(0, 16).replace('T', ' ')}
            </Table.Th>
            <Table.Td>
              <CallLink call={call} account={account} service={service} start={start} people={participants} />
            </Table.Td>
            <Table.Td>{service}</Table.Td>
            <Table.Td>{accountCode}</Table.Td>
            <Table.Td>{usageClass}</Table.Td>
            <Table.Td ta="right">{participants}</Table.Td>
            <Table.Td ta="right">{durationOf(Number(seconds))}</Table.Td>
            <Table.Td ta="right">
              <Amount value={amount} currency={currency} />
            </Table.Td>
          </Table.Tr>
        ))}
      </Plain>
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

type PlainProps = {
  readonly label: string
  readonly head: ReadonlyArray<string>
  /** How many of the last columns are figures. */
  readonly figures?: number
  readonly children: ReactNode
}

function Plain({ label, head, figures = 2, children }: PlainProps) {
  return (
    <Table.ScrollContainer minWidth={480} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table aria-label={label} fz="sm" style={{ fontVariantNumeric: 'tabular-nums' }} captionSide="top">
        <Table.Caption ta="left">{label}</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {head.map((title, at) => (
              <Table.Th key={title} scope="col" ta={at >= head.length - figures ? 'right' : 'left'}>
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
