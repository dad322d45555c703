// Accepts that an invoice does not foot, for a reason that stays beside it. Nothing of the difference is spread or hidden.
import { notifications } from '@mantine/notifications'
import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { askAgain } from '../../api/use-ask.ts'
import type { ReportRow } from '../../api/use-report.ts'
import { Amount } from '../../components/amount.tsx'
import { Confirm } from '../../components/confirm.tsx'

export type AcceptDifferenceProps = { readonly row: ReportRow; readonly onClose: () => void }

export function AcceptDifference({ row, onClose }: AcceptDifferenceProps) {
  const { vendor, account, invoice, currency, total, charges, difference } = row
  const accepting = useMutation({
    mutationFn: (reason: string) =>
      client.ask('acceptDifference', {
        params: { invoice: invoice ?? '' },
        body: { reason, ...(vendor ? { vendor } : {}), ...(account ? { account } : {}) },
      }),
    onSuccess: async () => {
      await askAgain('getReport', 'getOverview')
      notifications.show({ message: `The difference of ${invoice} is accepted.` })
      onClose()
    },
  })
  return (
    <Confirm
      isOpen
      onClose={onClose}
      title={`Accept the difference of ${invoice}`}
      verb="Accept the difference"
      needsReason
      onConfirm={(reason) => accepting.mutate(reason)}
      isPending={accepting.isPending}
      error={accepting.error}
    >
      The vendor asks for <Amount value={total ?? ''} currency={currency ?? ''} />, the lines sum to{' '}
      <Amount value={charges ?? ''} currency={currency ?? ''} />: a difference of{' '}
      <Amount value={difference ?? ''} currency={currency ?? ''} isChange />. The month can be published with it; should
      a corrected bill change it, it is asked for again.
    </Confirm>
  )
}
