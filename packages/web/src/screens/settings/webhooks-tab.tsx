// Addresses that are told of what happens, and beside them the one that is chosen, with its log.
import { Badge, Button, Group, Modal, Stack, Table, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { AnswerOf } from '@spillway/server/client'
import { IconPlus } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import { useScreenSearch, useSetSearch } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { ListFrame, Sides } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { EventBoxes } from './event-boxes.tsx'
import { ShownOnce } from './shown-once.tsx'
import type { Webhook } from './webhook.ts'
import { EVENT_WORDS, type WebhookEvent } from './webhook-events.ts'
import { WebhookPanel } from './webhook-panel.tsx'

export function WebhooksTab() {
  const { chosen } = useScreenSearch()
  const setSearch = useSetSearch()
  const mayChange = useMay('webhook:change')
  const [isMaking, making] = useDisclosure(false)
  const [secret, setSecret] = useState<string>()
  const answer = useAsk('listWebhooks', { query: { limit: 500 } })
  if (answer.isError) return <FailureState error={answer.error} onRetry={() => answer.refetch()} />
  if (!answer.data) return <LoadingState rows={3} />
  const webhooks = answer.data.items
  const shown = webhooks.find(({ id }) => id === chosen)
  return (
    <>
      {mayChange && (
        <Group mb="sm" justify="flex-end">
          <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={making.open}>
            New webhook
          </Button>
        </Group>
      )}
      <Sides
        list={
          webhooks.length === 0 ? (
            <EmptyState title="No webhook yet">
              A webhook tells a program of yours when a month is closed or published, an import ends, or a bucket runs
              low.
            </EmptyState>
          ) : (
            <WebhookTable webhooks={webhooks} chosen={chosen} />
          )
        }
        panel={shown && <WebhookPanel key={shown.id} webhook={shown} onSecret={setSecret} />}
      />
      <Modal opened={isMaking} onClose={making.close} title="New webhook">
        <NewWebhook
          onClose={making.close}
          onMade={(made) => {
            making.close()
            setSecret(made.secret)
            setSearch({ chosen: made.id })
          }}
        />
      </Modal>
      <ShownOnce secret={secret} title="The webhook's secret" onClose={() => setSecret(undefined)}>
        Give it to the program that receives: by it, it knows that what comes is from here. It cannot be shown again.
      </ShownOnce>
    </>
  )
}

type WebhookTableProps = { readonly webhooks: ReadonlyArray<Webhook>; readonly chosen: string | undefined }

function WebhookTable({ webhooks, chosen }: WebhookTableProps) {
  return (
    <ListFrame label="Webhooks">
      <Table fz="sm" verticalSpacing="xs">
        <Table.Thead>
          <Table.Tr>
            {['Address', 'Told of', 'State'].map((title) => (
              <Table.Th key={title} scope="col">
                {title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {webhooks.map(({ id, url, events, state }) => (
            <Table.Tr key={id} data-chosen={id === chosen || undefined}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <ScreenLink to="/settings" search={{ tab: 'webhooks', chosen: id }}>
                  {url}
                </ScreenLink>
              </Table.Td>
              <Table.Td>
                <Text size="sm">{events.map((event) => EVENT_WORDS[event]).join(', ')}</Text>
              </Table.Td>
              <Table.Td>
                <Badge variant="light" color={state === 'active' ? 'green' : 'gray'} tt="none" miw="max-content">
                  {state === 'active' ? 'Active' : 'Paused'}
                </Badge>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ListFrame>
  )
}

type NewWebhookProps = {
  readonly onClose: () => void
  readonly onMade: (made: AnswerOf<'createWebhook'>) => void
}

function NewWebhook({ onClose, onMade }: NewWebhookProps) {
  const [url, setUrl] = useState('')
  const [events, setEvents] = useState<ReadonlyArray<string>>(['run.published'])
  const make = useMutation({
    mutationFn: () => client.ask('createWebhook', { body: { url: url.trim(), events: events as WebhookEvent[] } }),
    onSuccess: async (made) => {
      await askAgain('listWebhooks')
      onMade(made)
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {make.isError && <FailureState error={make.error} />}
        <TextInput
          label="Address"
          type="url"
          placeholder="https://"
          required
          maxLength={2000}
          value={url}
          data-autofocus
          onChange={({ currentTarget }) => setUrl(currentTarget.value)}
        />
        <EventBoxes events={events} onChange={setEvents} />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={url.trim() === '' || events.length === 0}>
            Create
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
