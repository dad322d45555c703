// Whether a bill counts: a draft until its month is published, issued from then on, void once it was taken back.
import { Badge } from '@mantine/core'

const COLOURS: Readonly<Record<string, string>> = { draft: 'gray', issued: 'green', void: 'red' }

export function BillState({ state }: { readonly state: string }) {
  return (
    <Badge variant="dot" color={COLOURS[state] ?? 'gray'} tt="none">
      {state}
    </Badge>
  )
}
