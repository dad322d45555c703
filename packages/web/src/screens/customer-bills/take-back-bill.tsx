// Taking a bill back, with a reason that is printed on it, and issuing it again as accounts are configured by then.
import { Button, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import { useGo } from '../../app/go.ts'
import { useMay } from '../../app/session.tsx'
import { Confirm } from '../../components/confirm.tsx'

const again = () => askAgain('listBillSections', 'getReport')

export function VoidBill({ number }: { readonly number: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const may = useMay('period:change')
  const taking = useMutation({
    mutationFn: (reason: string) => client.ask('voidBill', { params: { bill: number }, body: { reason } }),
    onSuccess: async () => {
      await again()
      setIsOpen(false)
      notifications.show({ message: `Bill ${number} is taken back.` })
    },
  })
  if (!may) return null
  return (
    <>
      <Button
        variant="default"
        size="sm"
        onClick={() => {
          taking.reset()
          setIsOpen(true)
        }}
      >
        Take back
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        title={`Take bill ${number} back?`}
        verb="Take it back"
        isDangerous
        needsReason
        onConfirm={(reason) => taking.mutate(reason)}
        isPending={taking.isPending}
        error={taking.error}
      >
        <Text size="sm">
          It stays readable with the reason on it, and counts in no total. Its number is never given again; afterwards
          it can be issued under a new one.
        </Text>
      </Confirm>
    </>
  )
}

export function ReissueBill({ number }: { readonly number: string }) {
  const go = useGo()
  const [isOpen, setIsOpen] = useState(false)
  const may = useMay('period:change')
  const issuing = useMutation({
    mutationFn: () => client.ask('reissueBill', { params: { bill: number } }),
    onSuccess: async ({ number: issued }) => {
      await again()
      setIsOpen(false)
      notifications.show({ message: `Issued as bill ${issued}.` })
      go(`/customer-bills/${encodeURIComponent(issued)}`)
    },
  })
  if (!may) return null
  return (
    <>
      <Button size="xs" onClick={() => setIsOpen(true)}>
        Issue again
      </Button>
      <Confirm
        isOpen={isOpen}
        onClose={() => setIsOpen(false)}
        title={`Issue bill ${number} again?`}
        verb="Issue it"
        onConfirm={() => issuing.mutate()}
        isPending={issuing.isPending}
        error={issuing.error}
      >
        <Text size="sm">
          It gets a new number and is divided and addressed as the account is configured now. The amounts are those of
          the month’s run.
        </Text>
      </Confirm>
    </>
  )
}
