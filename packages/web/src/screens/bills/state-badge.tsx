// What stands of an invoice or an import, in a word and a colour.
import { Badge } from '@mantine/core'

type Look = { readonly label: string; readonly color: string }

const LOOKS: Readonly<Record<string, Look>> = {
  reconciled: { label: 'foots', color: 'teal' },
  unreconciled: { label: 'does not foot', color: 'red' },
  accepted: { label: 'accepted', color: 'indigo' },
  'no-control-total': { label: 'no total to check', color: 'gray' },
  'no-charges': { label: 'total without lines', color: 'yellow' },
  live: { label: 'counts', color: 'teal' },
  'partly-superseded': { label: 'partly superseded', color: 'yellow' },
  superseded: { label: 'superseded', color: 'gray' },
  'taken-back': { label: 'taken back', color: 'gray' },
  empty: { label: 'nothing taken', color: 'yellow' },
}

export function StateBadge({ state }: { readonly state: string }) {
  const { label, color } = LOOKS[state] ?? { label: state, color: 'gray' }
  return (
    <Badge variant="dot" color={color} tt="none" miw="max-content">
      {label}
    </Badge>
  )
}
