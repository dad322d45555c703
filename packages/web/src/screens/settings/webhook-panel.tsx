// One webhook: what it is told of, a pause, another secret, a trial, and its log of what was sent.
import { Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import type { Question } from '@spillway/server/client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useFormat } from '../../app/format.ts'
import { useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'
import { FailureState } from '../../components/states.tsx'
import { Deliveries } from './deliveries.tsx'
import { EventBoxes } from './event-boxes.tsx'
import { Panel } from './panel.tsx'
import type { Webhook } from './webhook.ts'
import type { WebhookEvent } from './webhook-events.ts'

export type WebhookPanelProps = { readonly webhook: Webhook; readonly onSecret: (secret: string) => void }

export function WebhookPanel({ webhook, onSecret }: WebhookPanelProps) {
  const format = useFormat()
  const mayChange = useMay('webhook:change')
  return (
    <Panel title={webhook.url}>
      <Text size="sm" c="dimmed">
        Since {format.instant(webhook.createdAt)}. It is told what whoever made it may see, and nothing else.
      </Text>
      {mayChange && <ChangeWebhook webhook={webhook} onSecret={onSecret} />}
      <Deliveries webhook={webhook.id} />
    </Panel>
  )
}

function ChangeWebhook({ webhook, onSecret }: WebhookPanelProps) {
  const { id, state } = webhook
  const setSearch = useSetSearch()
  const [events, setEvents] = useState<ReadonlyArray<string>>(webhook.events)
  const [asked, setAsked] = useState<'rotate' | 'delete'>()
  const close = () => setAsked(undefined)
  const change = useMutation({
    mutationFn: (body: Question<'changeWebhook'>['body']) => client.ask('changeWebhook', { params: { id }, body }),
    onSuccess: async () => {
      notifications.show({ message: 'The webhook is saved.' })
      await askAgain('listWebhooks')
    },
  })
  const rotate = useMutation({
    mutationFn: () => client.ask('rotateWebhookSecret', { params: { id } }),
    onSuccess: ({ secret }) => {
      close()
      onSecret(secret)
    },
  })
  const remove = useMutation({
    mutationFn: () => client.ask('deleteWebhook', { params: { id } }),
    onSuccess: async () => {
      setSearch({ chosen: undefined })
      await askAgain('listWebhooks')
    },
  })
  const trial = useMutation({
    mutationFn: () => client.ask('testWebhook', { params: { id } }),
    onSuccess: () => askAgain('listDeliveries'),
  })
  const failed = [change, trial].find(({ isError }) => isError)
  const isSame = [...events].sort().join() === [...webhook.events].sort().join()
  return (
    <Stack gap="sm">
      {failed && <FailureState error={failed.error} />}
      <EventBoxes events={events} onChange={setEvents} />
      <Group gap="xs">
        <Button
          size="sm"
          loading={change.isPending}
          disabled={isSame || events.length === 0}
          onClick={() => change.mutate({ events: events as WebhookEvent[] })}
        >
          Save
        </Button>
        <Button size="sm" variant="default" loading={trial.isPending} onClick={() => trial.mutate()}>
          Send a trial
        </Button>
        <Button
          size="sm"
          variant="default"
          onClick={() => change.mutate({ state: state === 'active' ? 'paused' : 'active' })}
        >
          {state === 'active' ? 'Pause' : 'Go on'}
        </Button>
        <Button size="sm" variant="default" onClick={() => setAsked('rotate')}>
          Another secret…
        </Button>
        <Button size="sm" variant="default" onClick={() => setAsked('delete')}>
          Delete…
        </Button>
      </Group>
      <Confirm
        isOpen={asked === 'rotate'}
        onClose={close}
        title="Make another secret?"
        verb="Make another"
        isDangerous
        onConfirm={() => rotate.mutate()}
        isPending={rotate.isPending}
        error={rotate.error}
      >
        The secret before signs nothing more: whoever receives needs the new one at once.
      </Confirm>
      <Confirm
        isOpen={asked === 'delete'}
        onClose={close}
        title="Delete the webhook?"
        verb="Delete"
        isDangerous
        onConfirm={() => remove.mutate()}
        isPending={remove.isPending}
        error={remove.error}
      >
        It is told nothing more, and its log goes with it.
      </Confirm>
    </Stack>
  )
}
