// Asks before what cannot simply be undone, with the reason that the record needs.
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { type FormEvent, type ReactNode, useState } from 'react'
import { FailureState } from './states.tsx'

export type ConfirmProps = {
  readonly isOpen: boolean
  readonly onClose: () => void
  readonly title: string
  readonly children: ReactNode
  /** On the button: what is done, as a verb. */
  readonly verb: string
  readonly isDangerous?: boolean
  /** Asks why; the text goes to `onConfirm`. */
  readonly needsReason?: boolean
  readonly onConfirm: (reason: string) => void
  readonly isPending?: boolean
  readonly error?: unknown
}

export function Confirm(props: ConfirmProps) {
  const { isOpen, onClose, title, children, verb, isDangerous = false, needsReason = false, onConfirm } = props
  const [reason, setReason] = useState('')
  const submit = (event: FormEvent) => {
    event.preventDefault()
    onConfirm(reason.trim())
  }
  return (
    <Modal opened={isOpen} onClose={onClose} title={title}>
      <form onSubmit={submit}>
        <Stack>
          {props.error !== undefined && props.error !== null && <FailureState error={props.error} />}
          <Text component="div" size="sm">
            {children}
          </Text>
          {needsReason && (
            <Textarea
              label="Reason"
              description="Kept with the change, for the record"
              required
              autosize
              minRows={2}
              maxLength={2000}
              data-autofocus
              value={reason}
              onChange={({ currentTarget }) => setReason(currentTarget.value)}
            />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button
              type="submit"
              color={isDangerous ? 'red' : 'indigo'}
              loading={props.isPending ?? false}
              disabled={needsReason && reason.trim() === ''}
            >
              {verb}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
