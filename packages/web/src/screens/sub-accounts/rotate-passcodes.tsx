// Other passcodes: for one user id, for all of the account, or for those that have none. The ones before are refused from then on.
import { Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { Confirm } from '../../components/confirm.tsx'
import type { NewPasscode } from './passcodes.tsx'

export type Rotation =
  | { readonly of: 'one'; readonly userId: string }
  | { readonly of: 'all' }
  | { readonly of: 'missing' }

export type RotatePasscodesProps = {
  /** null: closed. */
  readonly rotation: Rotation | null
  readonly account: string
  readonly onClose: () => void
  readonly onPasscodes: (passcodes: ReadonlyArray<NewPasscode>) => void
}

const TITLES = {
  one: 'Give another passcode?',
  all: 'Give everybody another passcode?',
  missing: 'Give passcodes to those without one?',
} as const

export function RotatePasscodes({ rotation, account, onClose, onPasscodes }: RotatePasscodesProps) {
  const rotating = useMutation({
    gcTime: 0,
    mutationFn: async (asked: Rotation) => {
      const body = asked.of === 'one' ? { ...asked, account } : { of: asked.of, account }
      const { passcodes } = await client.ask('rotatePasscodes', { body })
      onPasscodes(passcodes)
      return passcodes.length
    },
    onSuccess: async (count) => {
      onClose()
      if (count === 0) notifications.show({ message: 'Every sub-account has a passcode already.' })
      await askAgain('listSubAccounts')
    },
  })
  const of = rotation?.of ?? 'one'
  return (
    <Confirm
      isOpen={rotation !== null}
      onClose={onClose}
      title={TITLES[of]}
      verb={of === 'missing' ? 'Give them one' : 'Give another'}
      isDangerous={of === 'all'}
      onConfirm={() => rotation && rotating.mutate(rotation)}
      isPending={rotating.isPending}
      error={rotating.error}
    >
      <Text size="sm">
        {of === 'missing'
          ? `Every sub-account of ${account} that has no passcode gets one. The others keep theirs.`
          : `The passcode of ${rotation?.of === 'one' ? rotation.userId : `every sub-account of ${account}`} is refused from now on.`}{' '}
        New passcodes are shown once.
      </Text>
    </Confirm>
  )
}
