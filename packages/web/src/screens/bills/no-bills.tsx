// Before the first bill.
import { useMay } from '../../app/session.tsx'
import { EmptyState } from '../../components/states.tsx'

export function NoBills() {
  const mayImport = useMay('import:change')
  return (
    <EmptyState
      title="No bill yet"
      {...(mayImport ? { action: { label: 'Import the first bill', to: '/bills/import' } } : {})}
    >
      {mayImport
        ? 'Take a bill as your vendor sent it: what it is, is found out, and nothing is written before you commit it.'
        : 'Somebody who may import has to begin.'}
    </EmptyState>
  )
}
