// What a service that we sell was rated: the rows behind each line of a bill, charges that are no usage, and its events one by one.
import { Anchor, Group, Stack, Text, Title } from '@mantine/core'
import { Fragment } from 'react'
import { useFormat } from '../../app/format.ts'
import { useSetSearch } from '../../app/go.ts'
import { Amount } from '../amount.tsx'
import type { OtherCharge, RatedExplained, RatedRow } from '../explained.ts'
import { ScreenLink } from '../screen-link.tsx'
import { SourceLink } from '../source-link.tsx'
import { counted } from './counted.ts'
import { Formula, Part } from './part.tsx'
import { PartLine } from './part-line.tsx'
import { RuleLink } from './rule-link.tsx'

export function RatedPart({ of }: { readonly of: RatedExplained }) {
  return (
    <>
      {byLine(of.rows).map(([first, rows]) => (
        <BillLine key={lineOf(first)} first={first} rows={rows} />
      ))}
      {of.charges.map((charge, index) => (
        <ChargePart key={`${charge.bill} ${charge.kind} ${charge.about} ${index}`} of={charge} />
      ))}
      {of.event_count > 0 && <Events of={of} />}
    </>
  )
}

const lineOf = ({ bill, account, usage_class, plan, currency }: RatedRow) =>
  JSON.stringify([bill, account, usage_class, plan, currency])

/** Rows that one line of a bill sums. */
function byLine(rows: ReadonlyArray<RatedRow>): ReadonlyArray<readonly [RatedRow, ReadonlyArray<RatedRow>]> {
  const found = new Map<string, [RatedRow, RatedRow[]]>()
  for (const row of rows) {
    const known = found.get(lineOf(row))
    if (known) known[1].push(row)
    else found.set(lineOf(row), [row, [row]])
  }
  return [...found.values()]
}

function BillLine({ first, rows }: { readonly first: RatedRow; readonly rows: ReadonlyArray<RatedRow> }) {
  const { bill, usage_class, plan } = first
  return (
    <Part title={`Usage: ${classWords(usage_class)}${plan === '' ? '' : `, ${plan}`}`}>
      <OnBill bill={bill} />
      {rows.map((row) => (
        <RatedRowLine key={`${row.bucket} ${row.tier}`} row={row} />
      ))}
    </Part>
  )
}

/** `data/domestic/5g` in words. */
const classWords = (usageClass: string) => usageClass.replaceAll('/', ', ')

function OnBill({ bill }: { readonly bill: string }) {
  return (
    <Text size="xs" c="dimmed" component="div">
      On bill <ScreenLink to={`/customer-bills/${encodeURIComponent(bill)}`}>{bill}</ScreenLink>
    </Text>
  )
}

function RatedRowLine({ row }: { readonly row: RatedRow }) {
  const format = useFormat()
  const { bucket, tier, quantity_base, usage_class, event_count, prices, rules, flats, formula, amount, currency } = row
  return (
    <Stack gap={4}>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline" fz="sm">
        <Text size="sm" component="div">
          <b>{format.usage(quantity_base, usage_class)}</b> of {counted(event_count, 'event', format)}{' '}
          {bucket === '' ? (
            'out of bucket'
          ) : (
            <>
              from <b>{bucket}</b>, tier {tier}
            </>
          )}
          {prices.length === 0 ? '' : ` at ${prices.join(' or ')}`}
        </Text>
        <Amount value={amount} currency={currency} />
      </Group>
      {formula !== '' && <Formula formula={formula} result={amount} />}
      {flats.map((flat) => (
        <Text key={flat.reached_at} size="xs" c="dimmed" component="div">
          A flat <Amount value={flat.amount} currency={currency} />: the tier was reached{' '}
          {format.instant(flat.reached_at)}
        </Text>
      ))}
      {rules.length > 0 && (
        <Text size="xs" c="dimmed" component="div">
          By{' '}
          {rules.map((rule, index) => (
            <Fragment key={rule}>
              {index > 0 && ', '}
              <RuleLink rule={rule} />
            </Fragment>
          ))}
        </Text>
      )}
    </Stack>
  )
}

const KINDS: Readonly<Record<string, string>> = { recurring: 'Recurring charge', adjustment: 'Adjustment' }

function ChargePart({ of }: { readonly of: OtherCharge }) {
  const format = useFormat()
  const { kind, about, bill, sentence, rule, formula, amount, currency, late, late_count } = of
  return (
    <Part title={`${KINDS[kind] ?? kind}: ${about}`}>
      <OnBill bill={bill} />
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline" fz="sm">
        <Text size="sm">{sentence}</Text>
        <Amount value={amount} currency={currency} />
      </Group>
      {formula !== '' && <Formula formula={formula} result={amount} />}
      {rule !== '' && (
        <Text size="xs" c="dimmed" component="div">
          By <RuleLink rule={rule} />
        </Text>
      )}
      {late_count > 0 && (
        <Text size="xs" c="dimmed">
          {counted(late_count, 'event', format)} came late, of services that share its buckets
          {late_count > late.length ? `; the first ${late.length}` : ''}
        </Text>
      )}
      {late.map((event, index) => (
        <Group key={`${event.at?.place ?? ''} ${index}`} gap="md" fz="xs">
          <SourceLink at={event.at} />
          <span>{format.instant(event.started_at)}</span>
          <span>{event.service}</span>
          <span>{format.usage(event.quantity_base, event.usage_type)}</span>
        </Group>
      ))}
    </Part>
  )
}

function Events({ of: { events, event_count } }: { readonly of: RatedExplained }) {
  const format = useFormat()
  const setSearch = useSetSearch()
  return (
    <Part title="Its events, as they were drawn">
      {event_count > events.length && (
        <Text size="xs" c="dimmed">
          The first {events.length} of {counted(event_count, 'event', format)}
        </Text>
      )}
      {events.map(({ at, id, source, started_at, usage_class, quantity_base, billed_base, parts }) => (
        <section key={`${source} ${id}`} aria-label={`Event ${id}`}>
          <Group gap="xs" align="baseline" fz="xs">
            <Title order={4} size="h6">
              {format.usage(quantity_base, usage_class)}
            </Title>
            <Text size="xs" c="dimmed">
              {classWords(usage_class)}, {format.wallTime(started_at.replace(/Z$/, ''))}
              {billed_base === quantity_base ? '' : `, billed as ${format.usage(billed_base, usage_class)}`}
            </Text>
            <SourceLink at={at} />
            <Anchor
              component="button"
              type="button"
              size="xs"
              aria-label={`What became of event ${id}`}
              onClick={() => setSearch({ event: id, source })}
            >
              what became of it
            </Anchor>
          </Group>
          {parts.map((part, index) => (
            <PartLine key={`${part.bucket} ${part.tier} ${index}`} part={part} usageClass={usage_class} />
          ))}
        </section>
      ))}
    </Part>
  )
}
