// Sends files to be looked at, and tells how far it is: `fetch` does not say.
import { type AnswerOf, ApiProblem } from '@spillway/server/client'

export type ImportDraft = AnswerOf<'getImportDraft'>
export type DraftFile = ImportDraft['files'][number]
export type DraftLook = NonNullable<DraftFile['look']>

export type Sent = { readonly bytes: number; readonly of: number }

export type Upload = {
  /** Of the draft that they are added to; null begins one. */
  readonly draft: string | null
  readonly files: ReadonlyArray<File>
  readonly onSent: (sent: Sent) => void
  readonly signal: AbortSignal
}

/** @throws ApiProblem for what the server refuses, and where nobody answers; AbortError after `signal`. */
export function upload({ draft, files, onSent, signal }: Upload): Promise<ImportDraft> {
  const form = new FormData()
  for (const file of files) form.append('file', file, file.name)
  const path = draft === null ? '/v1/import-drafts' : `/v1/import-drafts/${encodeURIComponent(draft)}/files`
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.upload.onprogress = ({ loaded, total }) => onSent({ bytes: loaded, of: total })
    request.onload = () => {
      if (request.status === 202) resolve(JSON.parse(request.responseText) as ImportDraft)
      else reject(problemOf(request))
    }
    request.onerror = () => reject(new ApiProblem({ ...BROKEN_OFF, requestId: '' }))
    request.onabort = () => reject(new DOMException('The upload was stopped.', 'AbortError'))
    signal.addEventListener('abort', () => request.abort(), { once: true })
    request.send(form)
  })
}

const BROKEN_OFF = {
  ...{ status: 503, code: 'internal' as const },
  detail: 'The upload broke off before all of it had arrived; nothing of it is kept.',
  hint: 'Check your connection, and send the files again.',
}

function problemOf({ status, responseText }: XMLHttpRequest): ApiProblem {
  try {
    const { code, detail, hint, requestId } = JSON.parse(responseText) as ApiProblem & { detail: string }
    return new ApiProblem({ status, code, detail, hint, requestId })
  } catch {
    return new ApiProblem({ ...BROKEN_OFF, status, requestId: '' })
  }
}
