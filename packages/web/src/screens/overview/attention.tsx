// What somebody should look at, worst first; each a link to where it is mended.

import { Badge, Card, Group, Stack, Text, Title } from '@mantine/core'
import type { AnswerOf } from '@spillway/server/client'
import { IconAlertTriangle, IconChevronRight, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useScreenSearch } from '../../app/go.ts'
import { Amount } from '../../components/amount.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import classes from './overview.module.css'

export type AttentionItem = AnswerOf<'getOverview'>['items'][number]

type Looks = Readonly<Record<AttentionItem['look']['in'], (key: string) => { to: string; search?: object }>>

const LOOKS: Looks = {
  reconciliation: (key) => ({ to: '/bills', search: key === '' ? {} : { q: key } }),
  quarantine: () => ({ to: '/bills', search: { tab: 'quarantine' } }),
  charges: () => ({ to: '/explore', search: { by: 'service', where: ['cost-centre='] } }),
  allocation: () => ({ to: '/pools', search: {} }),
  pools: (key) => ({ to: key === '' ? '/pools' : `/pools/${encodeURIComponent(key)}` }),
  alerts: (key) => ({ to: '/alerts', search: key === '' ? {} : { q: key } }),
  conflicts: () => ({ to: '/conflicts' }),
  uncoded: () => ({ to: '/projects', search: { tab: 'uncoded' } }),
  'sub-account-requests': () => ({ to: '/sub-accounts', search: { tab: 'requests' } }),
  jobs: (key) => ({ to: '/jobs', search: key === '' ? {} : { chosen: key } }),
}

const SIGNS = {
  error: { color: 'red', label: 'Now', Icon: IconAlertTriangle },
  warning: { color: 'yellow', label: 'Soon', Icon: IconAlertTriangle },
  info: { color: 'gray', label: 'Note', Icon: IconInfoCircle },
} as const

export function Attention({ items }: { readonly items: ReadonlyArray<AttentionItem> }) {
  const here = useScreenSearch()
  return (
    <Card withBorder padding="md" component="section" aria-labelledby="attention">
      <Title order={2} size="h4" id="attention" mb="sm">
        What needs attention
      </Title>
      {items.length === 0 ? (
        <Group gap="xs">
          <IconCircleCheck size={20} color="var(--spillway-less)" aria-hidden />
          <Text size="sm">Nothing. Every bill foots, every row was read, every cost has an owner.</Text>
        </Group>
      ) : (
        <Stack gap={2} component="ul" className={classes.list ?? ''}>
          {items.map((item) => {
            const { to, search } = LOOKS[item.look.in](item.look.key)
            const { color, label, Icon } = SIGNS[item.severity]
            return (
              <li key={`${item.kind} ${item.what}`}>
                <Link to={to} search={{ ...keepPeriod(here), ...search } as never} className={classes.item}>
                  <Badge
                    color={color}
                    variant="light"
                    tt="none"
                    w={74}
                    style={{ flexShrink: 0 }}
                    leftSection={<Icon size={12} aria-hidden />}
                  >
                    {label}
                  </Badge>
                  <Text size="sm" component="span" flex={1}>
                    <Sentence item={item} />
                  </Text>
                  <IconChevronRight size={16} className={classes.leads} aria-hidden />
                </Link>
              </li>
            )
          })}
        </Stack>
      )}
    </Card>
  )
}

/** Its amount as the viewer reads amounts, where the sentence has it; else after the sentence. A figure and its sign stay together. */
function Sentence({ item }: { readonly item: AttentionItem }) {
  const { amount, currency } = item
  const what = item.what.replaceAll(' %', '\u00a0%')
  if (amount === null || currency === null) return what
  const shown = <Amount value={amount} currency={currency} />
  const [before, after] = what.split(`${amount} ${currency}`)
  return after === undefined ? (
    <>
      {what} {shown}
    </>
  ) : (
    <>
      {before}
      {shown}
      {after}
    </>
  )
}
