// One sub-account beside the list: whose it is, what is left of its limits, whether its calls are let in.
import { Alert, Badge, Button, Drawer, Group, Stack, Text, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { ApiProblem } from '@spillway/server/client'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain, useAsk } from '../../api/use-ask.ts'
import type { ReportRow } from '../../api/use-report.ts'
import { type Format, useFormat } from '../../app/format.ts'
import { useMay } from '../../app/session.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'
import { FailureState, LoadingState } from '../../components/states.tsx'
import { UnsavedGuard } from '../../components/unsaved-guard.tsx'
import { LimitsUsed } from './limits-used.tsx'
import { ownerWords } from './owner-words.ts'
import type { Rotation } from './rotate-passcodes.tsx'
import { type Body, documentOf, type SubAccountValues, valuesOf } from './sub-account-document.ts'
import { SubAccountFields } from './sub-account-fields.tsx'

export type SubAccountPanelProps = {
  readonly account: string
  readonly userId: string
  readonly currency: string
  /** Of the list: its owner today, and since when it has its passcode. */
  readonly listed: ReportRow | undefined
  /** What it used in the month; undefined where that is not known. */
  readonly used: ReportRow | undefined
  readonly onClose: () => void
  readonly onRotate: (rotation: Rotation) => void
}

export function SubAccountPanel(props: SubAccountPanelProps) {
  const { account, userId, onClose } = props
  const saved = useAsk('getSubAccount', { params: { account, userId } })
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="lg"
      title={<b>{userId}</b>}
      closeButtonProps={{ 'aria-label': 'Close the sub-account' }}
    >
      {saved.isError && <FailureState error={saved.error} onRetry={() => saved.refetch()} />}
      {!saved.isError && !saved.data && <LoadingState />}
      {saved.data && <Opened key={userId} {...props} saved={saved.data} onReload={() => saved.refetch()} />}
    </Drawer>
  )
}

type Saved = { readonly body: Body; readonly etag: string; readonly version: number }
type OpenedProps = SubAccountPanelProps & { readonly saved: Saved; readonly onReload: () => Promise<unknown> }

const again = () => askAgain('getSubAccount', 'listSubAccounts', 'getReport')

function Opened({ account, userId, currency, listed, used, saved, onReload, onRotate }: OpenedProps) {
  const may = useMay('sub-account:change')
  // What was read when it was opened: a change is of this, whatever comes in meanwhile.
  const [base, setBase] = useState(saved)
  const [typed, setTyped] = useState<SubAccountValues | null>(null)
  const params = { account, userId }
  const isEnabled = base.body.enabled !== false
  const switching = useMutation({
    mutationFn: () => {
      const operation = isEnabled ? 'disableSubAccount' : 'enableSubAccount'
      return client.ask(operation, { params, headers: { 'if-match': base.etag } })
    },
    onSuccess: async () => {
      setBase(await readAgain(params))
      notifications.show({ message: `${userId} is ${isEnabled ? 'disabled' : 'enabled'} from the next call on.` })
      await again()
    },
  })
  const saving = useMutation({
    mutationFn: (values: SubAccountValues) =>
      client.ask('putSubAccount', {
        params,
        headers: { 'if-match': base.etag },
        body: documentOf(account, values, base.body),
      }),
    onSuccess: async (document) => {
      setBase(document)
      setTyped(null)
      notifications.show({ message: `Saved ${userId}.` })
      await again()
    },
  })
  const isStale = [switching.error, saving.error].some((error) => error instanceof ApiProblem && error.status === 412)
  const load = async (keeps: boolean) => {
    setBase(await readAgain(params))
    if (!keeps) setTyped(null)
    switching.reset()
    saving.reset()
    await onReload()
  }
  const values = typed ?? valuesOf(base.body)
  return (
    <Stack gap="lg">
      <UnsavedGuard isDirty={typed !== null} leavesBy={['chosen', 'of']} />
      <Standing isEnabled={isEnabled} listed={listed} />
      {isStale && <ChangedMeanwhile hasTyped={typed !== null} onLoad={load} />}
      {!isStale && switching.isError && <FailureState error={switching.error} />}
      {!isStale && saving.isError && <FailureState error={saving.error} />}
      {may && (
        <Group gap="xs">
          <Button
            variant={isEnabled ? 'default' : 'filled'}
            size="sm"
            loading={switching.isPending}
            onClick={() => switching.mutate()}
          >
            {isEnabled ? 'Disable' : 'Enable'}
          </Button>
          <Button variant="default" size="sm" onClick={() => onRotate({ of: 'one', userId })}>
            Give another passcode
          </Button>
        </Group>
      )}
      {used && <LimitsUsed row={used} />}
      <section aria-labelledby="settings">
        <Title order={2} size="h5" id="settings" mb="xs">
          Owner and limits
        </Title>
        <form
          onSubmit={(event) => {
            event.preventDefault()
            saving.mutate(values)
          }}
        >
          <Stack>
            {'owners' in base.body && (
              <Text size="sm" c="dimmed">
                Whose it is changes by the day; its configuration says when. It stays as it is.
              </Text>
            )}
            <SubAccountFields
              values={values}
              currency={currency}
              isReadOnly={!may}
              hasStints={'owners' in base.body}
              onChange={(change) => setTyped({ ...values, ...change })}
            />
            {may && (
              <Group justify="flex-end">
                <Button variant="default" disabled={typed === null} onClick={() => setTyped(null)}>
                  Discard
                </Button>
                <Button type="submit" disabled={typed === null} loading={saving.isPending}>
                  Save
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </section>
      <Group gap="lg">
        <ScreenLink to={`/services/${encodeURIComponent(userId)}`}>What it costs</ScreenLink>
        <ScreenLink to="/conflicts" search={{ tab: 'conferences', q: userId }}>
          Its conflicts
        </ScreenLink>
      </Group>
    </Stack>
  )
}

const readAgain = (params: { readonly account: string; readonly userId: string }) =>
  client.ask('getSubAccount', { params })

function Standing({ isEnabled, listed }: { readonly isEnabled: boolean; readonly listed: ReportRow | undefined }) {
  const format = useFormat()
  return (
    <Group gap="md">
      <Badge variant="dot" tt="none" color={isEnabled ? 'green' : 'red'}>
        {isEnabled ? 'enabled' : 'disabled'}
      </Badge>
      {listed && (
        <Text size="sm">
          {listed.owner === 'unassigned' ? 'Nobody’s today' : `Today of ${ownerWords(listed.owner ?? '')}`} · passcode{' '}
          {passcodeWords(listed.passcode ?? '', format)}
        </Text>
      )}
    </Group>
  )
}

/** `set 2026-10-01` as the list has it, with the day as the reader writes days. */
const passcodeWords = (passcode: string, format: Format) => passcode.replace(/\d{4}-\d\d-\d\d$/, format.date)

type ChangedMeanwhileProps = { readonly hasTyped: boolean; readonly onLoad: (keeps: boolean) => void }

function ChangedMeanwhile({ hasTyped, onLoad }: ChangedMeanwhileProps) {
  return (
    <Alert color="yellow" variant="outline" role="alert" title="Somebody changed it meanwhile">
      <Stack gap="xs">
        <Text size="sm">Nothing of yours is done yet. Look at what it is now, and decide then.</Text>
        <Group gap="xs">
          <Button size="xs" variant="default" onClick={() => onLoad(false)}>
            Show what it is now
          </Button>
          {hasTyped && (
            <Button size="xs" variant="default" onClick={() => onLoad(true)}>
              Keep what I typed
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}
