// A month before and after: what all bills come to, and who is billed more or less.
import { Alert, Group, List, Paper, SegmentedControl, SimpleGrid, Stack, Text } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useSearch } from '@tanstack/react-router'
import type { ReportRow } from '../../../api/use-report.ts'
import { useFormat } from '../../../app/format.ts'
import { useSetSearch } from '../../../app/go.ts'
import { Amount } from '../../../components/amount.tsx'
import type { RowLink } from '../../../components/rows-table.tsx'
import { PageTable } from './page-table.tsx'

type Preview = AnswerOf<'preview'>

const VIEWS = [
  ['account', 'Accounts'],
  ['plan', 'Share plans'],
  ['bucket', 'Buckets'],
  ['service', 'Services'],
] as const
type View = (typeof VIEWS)[number][0]

/** Of what is of no plan there is nothing to go to. */
const to = (path: string, key: string | null | undefined): RowLink | undefined =>
  key ? { to: `/${path}/${encodeURIComponent(key)}` } : undefined

const LINKS: Readonly<Record<View, (row: ReportRow) => RowLink | undefined>> = {
  account: ({ account }) => to('accounts', account),
  plan: ({ plan }) => to('share-plans', plan),
  bucket: ({ account }) => to('accounts', account),
  service: ({ account }) => to('accounts', account),
}

export function PreviewResult({ preview, isStale }: { readonly preview: Preview; readonly isStale: boolean }) {
  const format = useFormat()
  const { by } = useSearch({ strict: false })
  const setSearch = useSetSearch()
  const { totals, counts, period, problems, brought } = preview
  const shown: View =
    VIEWS.find(([view]) => view === by)?.[0] ?? VIEWS.find(([view]) => counts[view] > 0)?.[0] ?? 'account'
  const isNothing = VIEWS.every(([view]) => counts[view] === 0)
  return (
    <Stack
      className={isStale ? 'of-before' : ''}
      role="region"
      aria-label={`${format.period(period)} before and after`}
    >
      <SimpleGrid cols={{ base: 1, sm: Math.min(3, Math.max(1, totals.length)) }}>
        {totals.map((total) => (
          <TotalCard key={total.currency} total={total} />
        ))}
      </SimpleGrid>
      {brought.length > 0 && (
        <Text size="sm" c="dimmed">
          Taken as they are now, because {format.period(period)} did not know them:{' '}
          {brought.map(({ kind, name }) => `${kind} ${name}`).join(', ')}.
        </Text>
      )}
      {problems.length > 0 && (
        <Alert variant="outline" color="yellow" icon={<IconAlertTriangle size={18} />} title="A close would find">
          <List size="sm">
            {problems.slice(0, 10).map(({ code, message }) => (
              <List.Item key={`${code} ${message}`}>{message}</List.Item>
            ))}
          </List>
        </Alert>
      )}
      {isNothing ? (
        <Text size="sm">Nobody would be billed anything else, and no bucket would be drawn otherwise.</Text>
      ) : (
        <>
          <Group justify="space-between" gap="sm">
            <SegmentedControl
              size="xs"
              aria-label="One row for each"
              data={VIEWS.map(([value, label]) => ({ value, label: `${label} (${format.count(counts[value])})` }))}
              value={shown}
              onChange={(value) => setSearch({ by: value })}
            />
            <Sums preview={preview} view={shown} />
          </Group>
          <PageTable page={preview[shown]} label={`${shown} before and after`} linkOf={LINKS[shown]} />
          {counts[shown] > preview[shown].rows.length && (
            <Text size="xs" c="dimmed">
              The {format.count(preview[shown].rows.length)} greatest changes of {format.count(counts[shown])};{' '}
              <code>spillway preview</code> writes all.
            </Text>
          )}
        </>
      )}
    </Stack>
  )
}

function TotalCard({ total: { currency, before, after, change } }: { readonly total: Preview['totals'][number] }) {
  return (
    <Paper withBorder p="sm">
      <Text size="xs" c="dimmed">
        All bills in {currency}
      </Text>
      <Group gap="sm" align="baseline" mt={4}>
        <Amount value={before} currency={currency} />
        <Text span c="dimmed" aria-label="becomes">
          →
        </Text>
        <b>
          <Amount value={after} currency={currency} />
        </b>
        <Amount value={change} currency={currency} isChange />
      </Group>
    </Paper>
  )
}

function Sums({ preview, view }: { readonly preview: Preview; readonly view: View }) {
  const format = useFormat()
  const sums = preview.sums.filter(({ by }) => by === view)
  if (sums.length === 0) return null
  return (
    <Text size="sm" component="div">
      {sums.map(({ currency, gainers, gained, losers, lost }) => (
        <div key={currency}>
          {format.count(gainers)} billed less (<Amount value={gained} currency={currency} />
          ), {format.count(losers)} more (<Amount value={lost} currency={currency} />)
        </div>
      ))}
    </Text>
  )
}
