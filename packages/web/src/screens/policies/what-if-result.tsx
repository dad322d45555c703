// What a simulated policy would do: the totals, which stay, who gains and who loses how much, the greatest change first.
import { Stack, Text } from '@mantine/core'
import { memo } from 'react'
import { useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { PageTable } from '../catalogue/document/page-table.tsx'
import type { Simulation, WhatIfBy } from './use-what-if.ts'

export type WhatIfResultProps = {
  readonly result: Simulation
  readonly by: WhatIfBy
  readonly period: string
  readonly isStale: boolean
  /** The version that it is of; null of what is in the form and not saved. */
  readonly of: number | null
}

const SCREEN = { service: 'services', person: 'people', 'cost-centre': 'cost-centres' } as const
const WORDS = { service: 'services', person: 'people', 'cost-centre': 'cost centres' } as const

/** Drawn again where something of it changes, not at every key that is typed beside it. */
export const WhatIfResult = memo(function WhatIfResult({ result, by, period, isStale, of }: WhatIfResultProps) {
  const format = useFormat()
  const here = useScreenSearch()
  const { report, sums, totals } = result
  const { rows } = report
  return (
    <Stack gap="xs" role="region" aria-label="Before and after" className={isStale ? 'of-before' : ''}>
      <Text size="sm" fs="italic">
        {isStale
          ? 'Of what stood here before your last change:'
          : of === null
            ? 'Of what stands in the form, not saved yet:'
            : `Of version ${of}, as it is saved:`}
      </Text>
      {rows.length === 0 ? (
        <Text size="sm">
          None of the {WORDS[by]} would carry anything else in {format.period(period)}.
        </Text>
      ) : (
        sums.map(({ currency, gainers, gained, losers, lost }) => (
          <Text key={currency} size="sm" component="div">
            <b>{format.count(gainers)}</b> would carry less, by <Amount value={gained} currency={currency} /> together;{' '}
            <b>{format.count(losers)}</b> more, by <Amount value={lost} currency={currency} />.
          </Text>
        ))
      )}
      <Text size="sm" c="dimmed" component="div">
        {totals.map(({ currency, total }) => (
          <span key={currency}>
            The total in {currency} stays <Amount value={total} currency={currency} />.{' '}
          </span>
        ))}
      </Text>
      {rows.length < report.rowCount && (
        <Text size="sm" c="dimmed">
          The {format.count(rows.length)} greatest changes of {format.count(report.rowCount)}; the sums above are of
          all.
        </Text>
      )}
      {rows.length > 0 && (
        <PageTable
          page={report}
          label={`${WORDS[by]} before and after`}
          columns={
            by === 'service' ? ['key', 'name', 'before', 'after', 'change'] : ['name', 'before', 'after', 'change']
          }
          linkOf={({ key }) =>
            key ? { to: `/${SCREEN[by]}/${encodeURIComponent(key)}`, search: keepPeriod(here) } : undefined
          }
        />
      )}
    </Stack>
  )
})
