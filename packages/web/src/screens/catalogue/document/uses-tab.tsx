// The tab of a document that says where it is used.
import { useAsk } from '../../../api/use-ask.ts'
import { FailureState, LoadingState } from '../../../components/states.tsx'
import { useDraft } from './use-draft.ts'
import { UsesList } from './uses-list.tsx'

export function UsesTab() {
  const { kind, name } = useDraft()
  const uses = useAsk('listDocumentUses', { params: { kind, name: name ?? '' } })
  if (uses.isError) return <FailureState error={uses.error} onRetry={() => uses.refetch()} />
  if (!uses.data) return <LoadingState rows={3} />
  return <UsesList uses={uses.data} />
}
