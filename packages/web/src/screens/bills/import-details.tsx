// One import: what came of its rows, whether it counts, what superseded it; its refused rows to mend; and taking it back.
import { Anchor, Button, Group, Paper, Stack, Table, Text } from '@mantine/core'
import { IconArrowBackUp, IconDownload } from '@tabler/icons-react'
import { useParams } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useAsk } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { lastDayBefore } from '../../app/last-day.ts'
import { useMay } from '../../app/session.tsx'
import { Amount } from '../../components/amount.tsx'
import { Hint } from '../../components/hint.tsx'
import { PageHeader } from '../../components/page-header.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { StateBadge } from './state-badge.tsx'
import { TakeBack, type TakenBack, TakenBackNote } from './take-back.tsx'
import { TextLink } from './text-link.tsx'

const CRUMBS = [
  { label: 'Bills', to: '/bills' },
  { label: 'Imports', to: '/bills/imports' },
]

export function Screen() {
  const { batch = '' } = useParams({ strict: false }) as { batch?: string }
  const format = useFormat()
  const mayChange = useMay('import:change')
  const [isTaking, setTaking] = useState(false)
  const [taken, setTaken] = useState<TakenBack | null>(null)
  const answer = useAsk('getImport', { params: { batch } })
  const found = answer.data
  if (!found)
    return (
      <>
        <PageHeader title="Import" crumbs={CRUMBS} />
        {answer.isError ? <FailureState error={answer.error} onRetry={() => answer.refetch()} /> : <LoadingState />}
      </>
    )
  const canTakeBack = mayChange && found.canTakeBack
  return (
    <>
      <PageHeader
        title={found.file}
        crumbs={CRUMBS}
        summary={
          <Group gap="xs">
            <StateBadge state={found.state} />
            Imported {format.instant(found.importedAt)} by {found.importedBy}
          </Group>
        }
        actions={
          canTakeBack && (
            <Button
              variant="default"
              leftSection={<IconArrowBackUp size={16} aria-hidden />}
              onClick={() => setTaking(true)}
            >
              Take back
            </Button>
          )
        }
      />
      <Stack>
        {taken !== null && <TakenBackNote taken={taken} />}
        {mayChange && found.takenBack === null && found.whyNot !== null && (
          <Text size="sm" c="dimmed">
            {found.whyNot.detail}{' '}
            {found.whyNot.code === 'period-published' ? (
              <>
                Reopen the month first, under <TextLink to="/runs">Runs</TextLink>.
              </>
            ) : (
              <Hint text={found.whyNot.hint} />
            )}
          </Text>
        )}
        <Paper withBorder p="md">
          <Table layout="fixed" verticalSpacing="xs">
            <Table.Tbody>
              <Details batch={batch} found={found} />
            </Table.Tbody>
          </Table>
        </Paper>
      </Stack>
      {isTaking && (
        <TakeBack
          batch={batch}
          file={found.file}
          onClose={() => setTaking(false)}
          onTaken={(result) => {
            setTaken(result)
            setTaking(false)
          }}
        />
      )}
    </>
  )
}

export type ImportRecord = NonNullable<ReturnType<typeof useAsk<'getImport'>>['data']>

function Details({ batch, found }: { readonly batch: string; readonly found: ImportRecord }) {
  const format = useFormat()
  const { rows } = found
  const several = ({ first, count }: ImportRecord['vendors']) =>
    count > 1 ? `${first} and ${format.count(count - 1)} more` : first
  return (
    <>
      <Row label="Rows">
        {format.count(rows.read)} read: {format.count(rows.accepted)} accepted, {format.count(rows.quarantined)}{' '}
        refused, {format.count(rows.duplicates)} known already
      </Row>
      {rows.quarantined > 0 && (
        <Row label="Refused rows">
          <Group gap="md">
            <Anchor size="sm" href={`/v1/imports/${encodeURIComponent(batch)}/rejects`} download>
              <IconDownload size={14} aria-hidden /> Download to mend
            </Anchor>
            <ScreenLink to="/bills" search={{ tab: 'quarantine', q: found.file }}>
              See them
            </ScreenLink>
          </Group>
        </Row>
      )}
      <Row label="Format">{found.formats.map((name) => name.replace(/@\w+$/, '')).join(', ')}</Row>
      {found.vendors.count > 0 && <Row label="Vendor">{several(found.vendors)}</Row>}
      {found.accounts.count > 0 && <Row label="Account">{several(found.accounts)}</Row>}
      {found.from !== null && (
        <Row label="Covers">
          {format.date(found.from)} to {format.date(lastDayBefore(found.until ?? found.from))}
        </Row>
      )}
      {found.amounts.map(({ currency, amount }) => (
        <Row key={currency} label="Amount of its lines">
          <Amount value={amount} currency={currency} />
        </Row>
      ))}
      <Row label="Documents">
        {format.count(found.documents)}, of which {format.count(found.liveDocuments)} count
      </Row>
      {found.supersededBy.length > 0 && <Row label="Superseded by">{found.supersededBy.join(', ')}</Row>}
      {found.supplements !== '' && (
        <Row label="Adds to">
          <ScreenLink to={`/bills/imports/${encodeURIComponent(found.supplements)}`}>{found.supplements}</ScreenLink>
        </Row>
      )}
      {found.takenBack !== null && (
        <Row label="Taken back">
          {format.instant(found.takenBack.at)} by {found.takenBack.by}: {found.takenBack.reason}
        </Row>
      )}
      <Row label="Import">{found.batch}</Row>
    </>
  )
}

function Row({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <Table.Tr>
      <Table.Th scope="row" w={{ base: 110, sm: 180 }} fw={500} style={{ overflowWrap: 'anywhere' }}>
        {label}
      </Table.Th>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>{children}</Table.Td>
    </Table.Tr>
  )
}
