// One of our bills: who it is for, what it comes to, and its sections, which sum to it whichever way it is divided.
import { Alert, Button, Group, Menu, Stack, Text } from '@mantine/core'
import { IconDownload, IconInfoCircle } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { lastDayBefore } from '../../app/last-day.ts'
import { Amount } from '../../components/amount.tsx'
import { Fact } from '../../components/fact.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import type { BillHeading } from './bill-heading.ts'
import { BillSections, useBillSections } from './bill-sections.tsx'
import { BillState } from './bill-state.tsx'
import { ReissueBill, VoidBill } from './take-back-bill.tsx'

const FORMATS = [
  ['pdf', 'PDF'],
  ['xlsx', 'Excel (XLSX)'],
  ['csv', 'CSV'],
  ['json', 'JSON'],
] as const

export function Screen() {
  const { number = '' } = useParams({ strict: false }) as { number?: string }
  const answer = useBillSections(number)
  const found = answer.data?.pages[0]?.heading
  // Of the bill before until this one is there.
  const heading = found?.number === number ? found : undefined
  return (
    <>
      <PageHeader
        title={`Bill ${number}`}
        crumbs={[{ label: 'Our bills', to: '/customer-bills' }]}
        summary={heading && <Summary heading={heading} />}
        actions={
          heading && (
            <>
              <Downloads heading={heading} />
              {heading.state === 'issued' && <VoidBill number={number} />}
            </>
          )
        }
      />
      {answer.isError && <FailureState error={answer.error} onRetry={() => answer.refetch()} />}
      {!answer.isError && !heading && <LoadingState />}
      {heading && (
        <Stack gap="lg">
          <Standing heading={heading} />
          <Facts heading={heading} />
          <BillSections key={number} heading={heading} />
        </Stack>
      )}
    </>
  )
}

function Summary({ heading }: { readonly heading: BillHeading }) {
  const format = useFormat()
  return (
    <Group gap="sm" component="span">
      <BillState state={heading.state} />
      <span>
        {format.date(heading.from)} to {format.date(lastDayBefore(heading.until))}, {heading.timeZone}
      </span>
    </Group>
  )
}

function Downloads({ heading }: { readonly heading: BillHeading }) {
  const { by } = useScreenSearch()
  const address = (format: string) =>
    `/v1/bills/${encodeURIComponent(heading.number)}/file?${new URLSearchParams({ format, by: by ?? heading.sections })}`
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Button variant="default" size="sm" leftSection={<IconDownload size={16} />}>
          Download
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {FORMATS.map(([format, label]) => (
          <Menu.Item key={format} component="a" href={address(format)} download>
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}

/** What became of it, or what it stands in the place of. */
function Standing({ heading }: { readonly heading: BillHeading }) {
  const link = (number: string) => (
    <ScreenLink to={`/customer-bills/${encodeURIComponent(number)}`}>bill {number}</ScreenLink>
  )
  if (heading.state === 'void')
    return (
      <Alert variant="default" icon={<IconInfoCircle size={18} />} title="Taken back">
        <Stack gap="xs" align="flex-start">
          <Text size="sm">{heading.voidReason}</Text>
          {heading.replacedBy === '' ? (
            <>
              <Text size="sm">It counts in no total, and nothing stands in its place yet.</Text>
              <ReissueBill number={heading.number} />
            </>
          ) : (
            <Text size="sm">In its place stands {link(heading.replacedBy)}.</Text>
          )}
        </Stack>
      </Alert>
    )
  if (heading.replaces === '') return null
  return (
    <Text size="sm" c="dimmed">
      Issued in the place of {link(heading.replaces)}, which was taken back.
    </Text>
  )
}

function Facts({ heading }: { readonly heading: BillHeading }) {
  const format = useFormat()
  const { account, name, address, provider, issuedAt, total, currency, run } = heading
  return (
    <Group component="section" aria-label="The bill" gap="xl" align="flex-start">
      <Fact label="For">
        <ScreenLink to={`/accounts/${encodeURIComponent(account)}`}>{name || account}</ScreenLink>
        {address.map((line) => (
          <Text key={line} size="sm" fw={400} c="dimmed">
            {line}
          </Text>
        ))}
      </Fact>
      {provider !== '' && <Fact label="From">{provider}</Fact>}
      <Fact label="Issued">{issuedAt === null ? 'not yet: its month is not published' : format.instant(issuedAt)}</Fact>
      <Fact label="Run">{run}</Fact>
      <Fact label="Total">
        <Text component="span" fz={28} fw={700} lh={1.2}>
          <Amount value={total} currency={currency} />
        </Text>
      </Fact>
    </Group>
  )
}
