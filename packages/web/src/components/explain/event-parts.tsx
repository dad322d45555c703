// What became of one usage event: what it was, which bucket, tier or rate took each part, what late usage moved, and what else
// came under its name.
import { Badge, Code, Group, Text } from '@mantine/core'
import { useFormat } from '../../app/format.ts'
import { Amount } from '../amount.tsx'
import type { EventExplained } from '../explained.ts'
import { Hint } from '../hint.tsx'
import { ScreenLink } from '../screen-link.tsx'
import { SourceLink } from '../source-link.tsx'
import { counted } from './counted.ts'
import { Part } from './part.tsx'
import { PartLine } from './part-line.tsx'

const OUTCOMES = {
  rated: { words: 'rated', color: 'green' },
  late: { words: 'came late', color: 'yellow' },
  'not-yet': { words: 'not rated yet', color: 'gray' },
  'not-rated': { words: 'not rated', color: 'gray' },
} as const

export function EventParts({ explained }: { readonly explained: EventExplained }) {
  const format = useFormat()
  const { outcome, sentence, period, run, parts, flats, usage_class, usage_type, billed_base } = explained
  const { words, color } = OUTCOMES[outcome]
  const usage = (base: string) => format.usage(base, usage_type)
  const bills = [...new Set(parts.map(({ bill }) => bill))]
  return (
    <>
      <Happened of={explained} />
      <Part title="What became of it">
        <Group gap="xs">
          <Badge variant="light" color={color} tt="none">
            {words}
          </Badge>
          {run !== '' && (
            <Text size="sm" c="dimmed" component="div">
              {format.period(period)}, run <ScreenLink to={`/runs/${encodeURIComponent(run)}`}>{run}</ScreenLink> (
              {explained.run_state})
            </Text>
          )}
        </Group>
        {/* The figures of a rated event, as a sentence; the others say why there are none. */}
        {outcome === 'rated' && billed_base !== null ? (
          <Text size="sm">
            Of {usage(billed_base)}, {usage(explained.drawn_base)} came from buckets and {usage(explained.rated_base)}{' '}
            was rated beyond them.
          </Text>
        ) : (
          <Text size="sm">
            <Hint text={sentence} />
          </Text>
        )}
        {parts.map((part, index) => (
          <PartLine
            key={`${part.bucket} ${part.tier} ${index}`}
            part={part}
            usageClass={usage_class === '' ? usage_type : usage_class}
          />
        ))}
        {flats.map(({ bucket, tier, currency, amount }) => (
          <Text key={`${bucket} ${tier}`} size="sm" component="div">
            It reached tier {tier} of <b>{bucket}</b>, which charges a flat{' '}
            <Amount value={amount} currency={currency} /> once a period.
          </Text>
        ))}
        {bills.length > 0 && outcome !== 'late' && (
          <Text size="sm" c="dimmed" component="div">
            On bill{' '}
            {bills.map((bill, index) => (
              <span key={bill}>
                {index > 0 && ' and '}
                <ScreenLink to={`/customer-bills/${encodeURIComponent(bill)}`}>{bill}</ScreenLink>
              </span>
            ))}
          </Text>
        )}
      </Part>
      {outcome === 'late' && <Moved of={explained} />}
      <Others of={explained} />
    </>
  )
}

function Happened({ of }: { readonly of: EventExplained }) {
  const format = useFormat()
  const { service, account, quantity_base, usage_type, usage_class, billed_base, started_at, quantity, unit } = of
  const isInstant = started_at.endsWith('Z')
  return (
    <Part title="What happened">
      <Text size="sm" component="div">
        <ScreenLink to={`/services/${encodeURIComponent(service)}`}>{service}</ScreenLink> of{' '}
        <ScreenLink to={`/accounts/${encodeURIComponent(account)}`}>{account}</ScreenLink> used{' '}
        <b>{format.usage(quantity_base, usage_type)}</b>
        {billed_base === null || billed_base === quantity_base
          ? ''
          : `, billed as ${format.usage(billed_base, usage_type)}`}
        , {isInstant ? format.instant(started_at) : `${format.wallTime(started_at)} where the account is`}.
      </Text>
      <Group gap="xs" fz="xs">
        <SourceLink at={of.at} />
        <Text size="xs" c="dimmed">
          {quantity === '' ? '' : `${quantity} ${unit}, `}
          {(usage_class === '' ? usage_type : usage_class).replaceAll('/', ', ')}, from {of.source}
        </Text>
      </Group>
    </Part>
  )
}

function Moved({ of: { moved, run } }: { readonly of: EventExplained }) {
  const format = useFormat()
  return (
    <Part title="What late usage moved">
      <Text size="sm">
        {moved.length === 0
          ? `No amount: ${run} posted no adjustment for anyone who shares these buckets.`
          : `Adjustments that ${run} posted, for all late usage of these buckets together:`}
      </Text>
      {moved.map(({ account, service, billed_to, corrected_on, currency, amount }) => (
        <Group key={`${account} ${service} ${corrected_on} ${currency}`} justify="space-between" wrap="nowrap" fz="sm">
          <Text size="sm">
            {service} of {account}, for the period from {format.date(corrected_on)}, on the bill of {billed_to}
          </Text>
          <Amount value={amount} currency={currency} isChange />
        </Group>
      ))}
    </Part>
  )
}

function Others({ of: { conflicts, repeats } }: { readonly of: EventExplained }) {
  const format = useFormat()
  if (conflicts.length + repeats.length === 0) return null
  return (
    <Part title="What else came under its name">
      {conflicts.length > 0 && <Text size="sm">With other content, which counts nowhere:</Text>}
      {conflicts.map(({ place, raw }) => (
        <Text key={place} size="xs" component="div">
          {place} <Code>{raw}</Code>
        </Text>
      ))}
      {repeats.map(({ file, row_count }) => (
        <Text key={file} size="sm">
          {file} repeated {counted(row_count, 'row', format)} held already; an event counts once, however often it
          comes.
        </Text>
      ))}
    </Part>
  )
}
