// Adds a sub-account, or asks the manager of the account for one.
import { Button, Group, Modal, NumberInput, Stack, Textarea, TextInput } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { FailureState } from '../../components/states.tsx'
import type { NewPasscode } from './passcodes.tsx'
import { documentOf, NO_VALUES } from './sub-account-document.ts'
import { SubAccountFields } from './sub-account-fields.tsx'

export type NewSubAccountProps = {
  /** null: closed. */
  readonly what: 'add' | 'ask' | null
  /** '' for somebody who sees no list of them: they name it. */
  readonly account: string
  readonly currency: string
  readonly onClose: () => void
  readonly onPasscodes: (passcodes: ReadonlyArray<NewPasscode>) => void
}

export function NewSubAccount(props: NewSubAccountProps) {
  const { what, account, onClose } = props
  const title = `${what === 'ask' ? 'Ask for a sub-account' : 'Add a sub-account'}${account === '' ? '' : ` of ${account}`}`
  return (
    <Modal opened={what !== null} onClose={onClose} title={title} size="lg">
      {what !== null && <NewForm {...props} what={what} />}
    </Modal>
  )
}

function NewForm({ what, account, currency, onClose, onPasscodes }: NewSubAccountProps & { what: 'add' | 'ask' }) {
  const [values, setValues] = useState(NO_VALUES)
  const [named, setNamed] = useState(account)
  const [because, setBecause] = useState('')
  const [length, setLength] = useState<number | string>('')
  const making = useMutation({
    // What comes back goes to the dialog that shows it once; nothing of it is kept here.
    gcTime: 0,
    mutationFn: async () => {
      const document = documentOf(named.trim(), values)
      if (what === 'ask') {
        const { request } = await client.ask('requestSubAccount', { body: { document, because: because.trim() } })
        return void notifications.show({ message: `Asked for ${values.userId.trim()}: request ${request}.` })
      }
      const digits = typeof length === 'number' ? { length } : {}
      const { passcodes } = await client.ask('addSubAccount', { body: { document, ...digits } })
      onPasscodes(passcodes)
    },
    onSuccess: async () => {
      onClose()
      await askAgain('listSubAccounts', 'getReport', 'listSubAccountRequests')
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    making.mutate()
  }
  const isReady = values.userId.trim() !== '' && named.trim() !== '' && (what === 'add' || because.trim() !== '')
  return (
    <form onSubmit={submit}>
      <Stack>
        {making.isError && <FailureState error={making.error} />}
        {account === '' && (
          <TextInput
            label="Account"
            required
            maxLength={200}
            value={named}
            onChange={({ currentTarget }) => setNamed(currentTarget.value)}
          />
        )}
        <SubAccountFields
          isNew
          currency={currency}
          values={values}
          onChange={(change) => setValues((before) => ({ ...before, ...change }))}
        />
        {what === 'ask' ? (
          <Textarea
            label="Why it is needed"
            required
            autosize
            minRows={2}
            maxLength={2000}
            value={because}
            onChange={({ currentTarget }) => setBecause(currentTarget.value)}
          />
        ) : (
          <NumberInput
            label="Digits of the passcode"
            description="6 to 12; empty for the usual number"
            min={6}
            max={12}
            allowDecimal={false}
            value={length}
            onChange={setLength}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={making.isPending} disabled={!isReady}>
            {what === 'ask' ? 'Ask' : 'Add'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
