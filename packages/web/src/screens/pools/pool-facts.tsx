// What a pool allowed, what was used, what is unused or over, and what it cost: said in words beside the figures.
import { Group, Paper, Stack, Text } from '@mantine/core'
import { type ReportRow, rowsOf, useReport } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import { Amount } from '../../components/amount.tsx'
import { Fact } from '../../components/fact.tsx'
import type { OfPool } from './of-pool.ts'
import { PolicyLink, PolicyNames } from './policy-names.tsx'
import { UsedOfAllowance } from './used-of-allowance.tsx'

export function PoolFacts({ rows, pool, period }: OfPool & { readonly rows: ReadonlyArray<ReportRow> }) {
  const format = useFormat()
  const [first] = rows
  if (!first) return null
  const said = (value: string | null | undefined) => format.usage(value ?? '0', first.usage_type ?? '')
  return (
    <Paper withBorder p="md" component="section" aria-label="The month">
      <Group gap="12px 48px" align="flex-start">
        <Fact label={first.allowance ? `Used of ${said(first.allowance)}` : 'Used'}>
          <Group justify="flex-start">
            <UsedOfAllowance row={first} />
          </Group>
        </Fact>
        <Fact label="Left at the end">{leftText(first, said)}</Fact>
        <Fact label="Members">{format.count(Number(first.members ?? 0))}</Fact>
        <Fact label="Shared cost">
          {rows.map((row) => (
            <div key={row.currency}>
              <Amount value={row.adjusted ?? ''} currency={row.currency ?? ''} />
            </div>
          ))}
        </Fact>
      </Group>
      <Stack gap={2} mt="sm">
        <UnusedCost pool={pool} period={period} />
        <PolicyNames pool={pool} period={period} />
      </Stack>
    </Paper>
  )
}

function leftText({ over, unused, allowance }: ReportRow, said: (value: string) => string): string {
  if (!allowance) return 'Seen by who sees the whole pool'
  if (over && over !== '0') return `Nothing: ${said(over)} over`
  return unused && unused !== '0' ? `${said(unused)} unused` : 'Nothing, and nothing over'
}

/** Under a policy that keeps unused capacity apart it has a cost of its own, on nobody's service. */
function UnusedCost({ pool, period }: OfPool) {
  const answer = useReport('allocation', { period, where: [`pool=${pool}`, 'service='] })
  const unused = rowsOf(answer.data).filter(({ flags }) => (flags ?? '').split(/[ ,;]+/).includes('unused'))
  return unused.map((row) => (
    <Text key={`${row.component} ${row.currency}`} size="sm">
      Of its {row.component}, <Amount value={row.adjusted ?? ''} currency={row.currency ?? ''} /> is capacity that
      nobody used: the policy <PolicyLink policy={row.policy ?? ''} /> puts it on its central cost centre.
    </Text>
  ))
}
