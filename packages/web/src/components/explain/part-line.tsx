// What one bucket, tier or rate took of usage: how much, from where, by which document, at which price, and what it comes to.
import { Code, Group, Text } from '@mantine/core'
import { useFormat } from '../../app/format.ts'
import { Amount } from '../amount.tsx'
import type { ExplainedPart } from '../explained.ts'
import { RuleLink } from './rule-link.tsx'

export type PartLineProps = { readonly part: ExplainedPart; readonly usageClass: string }

export function PartLine({ part, usageClass }: PartLineProps) {
  const format = useFormat()
  const { bucket, tier, rule, quantity_base, price, formula, cost, currency } = part
  return (
    <div>
      <Group justify="space-between" gap="xs" wrap="nowrap" align="baseline" fz="sm">
        <Text size="sm" component="div">
          <b>{format.usage(quantity_base, usageClass)}</b>{' '}
          {bucket === '' ? (
            'out of bucket'
          ) : (
            <>
              from <b>{bucket}</b>, tier {tier}
            </>
          )}
          {price === '' ? (bucket === '' ? ', which nothing prices' : '') : ` at ${price}`}
        </Text>
        {cost !== '' && <Cost cost={cost} currency={currency} />}
      </Group>
      <Text size="xs" c="dimmed" component="div">
        {holderOf(part)}
        {rule !== '' && <RuleLink rule={rule} />}
        {formula !== '' && (
          <>
            {' · '}
            <Code>
              {formula} = {cost}
            </Code>
          </>
        )}
      </Text>
    </div>
  )
}

const HOLDERS: Readonly<Record<string, string>> = {
  'share-plan': 'share plan',
  service: 'service',
  account: 'account',
}

/** `share plan fleet of U, ` before the document that says so. */
function holderOf({ bucket, on, holder, holder_account }: ExplainedPart): string {
  if (bucket === '') return ''
  const named = holder === '' ? holder_account : `${holder} of ${holder_account}`
  return `Of ${HOLDERS[on] ?? on} ${named}, by `
}

/** Exact, and so perhaps a fraction, which is no decimal. */
function Cost({ cost, currency }: { readonly cost: string; readonly currency: string }) {
  if (/^-?\d+(?:\.\d+)?$/.test(cost)) return <Amount value={cost} currency={currency} />
  return (
    <Text span size="sm">
      {cost} {currency}
    </Text>
  )
}
