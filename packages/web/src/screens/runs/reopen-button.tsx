// Takes the publication of a month back, with the reason.
import { Button } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconLockOpen } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useFormat } from '../../app/format.ts'
import { Confirm } from '../../components/confirm.tsx'
import { askMonthsAgain } from './use-months.ts'

export function ReopenButton({ period }: { readonly period: string }) {
  const format = useFormat()
  const [isOpen, dialog] = useDisclosure(false)
  const reopen = useMutation({
    mutationFn: (reason: string) => client.ask('reopenPeriod', { params: { period }, body: { reason } }),
    onSuccess: async ({ run }) => {
      dialog.close()
      notifications.show({ message: `${format.period(period)} is reopened; ${run} stays readable.` })
      await askMonthsAgain()
    },
  })
  return (
    <>
      <Button
        size="sm"
        variant="default"
        style={{ flexShrink: 0 }}
        leftSection={<IconLockOpen size={16} aria-hidden />}
        onClick={() => {
          reopen.reset()
          dialog.open()
        }}
      >
        Reopen
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={dialog.close}
        title={`Reopen ${format.period(period)}?`}
        verb="Reopen"
        isDangerous
        needsReason
        onConfirm={(reason) => reopen.mutate(reason)}
        isPending={reopen.isPending}
        error={reopen.error}
      >
        Its figures no longer stand: reports of the month show nothing until it is closed again. The run as published
        stays readable, with your reason beside it.
      </Confirm>
    </>
  )
}
