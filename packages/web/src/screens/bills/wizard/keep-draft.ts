// An answered draft stands at once wherever it is shown, without asking for it again.
import { keyOf, queries } from '../../../api/use-ask.ts'
import type { ImportDraft } from './upload.ts'

export function keepDraft(draft: ImportDraft): void {
  queries.setQueryData(keyOf('getImportDraft', { params: { draft: draft.id } }), draft)
}
