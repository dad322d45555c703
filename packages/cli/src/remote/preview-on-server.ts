// How a server reads a file, and what a saved Source makes of its first rows: through a draft, which is gone afterwards.
import { basename } from 'node:path'
import type { Refusal } from '@spillway/core'
import type { FilePreview } from '@spillway/formats'
import { ApiProblem } from '@spillway/server/client'
import type { Client } from './connect.ts'
import { followJob } from './follow-job.ts'
import { fileAt } from './import-files.ts'

export type RemotePreview = {
  readonly path: string
  readonly source: string | undefined
  readonly rows: number
  /** What is said where there is no such source. */
  readonly noSource: (name: string) => Refusal
  readonly signal: AbortSignal
}

/** @throws Refusal `not-found` for a file that cannot be read, or a source that there is not. */
export async function previewOnServer(
  client: Client,
  { path, source, rows, noSource, signal }: RemotePreview,
): Promise<FilePreview> {
  const form = new FormData()
  form.append('file', await fileAt(path), basename(path))
  const mapping = source === undefined ? undefined : await sourceNamed(client, source, noSource)
  const { id: draft, job } = await client.ask('createImportDraft', { content: form, signal })
  try {
    const preview = await client.ask('previewDraftFile', { params: { draft, file: 1 }, body: { rows, mapping } })
    return preview as FilePreview
  } finally {
    const never = new AbortController().signal
    // What the look found is nobody's question here; a draft that is looked at cannot be removed.
    await followJob(client, { started: { id: job }, signal: never, onProgress: () => {}, cancelled: '' }).catch(
      () => {},
    )
    await client.ask('deleteImportDraft', { params: { draft } })
  }
}

async function sourceNamed(client: Client, name: string, noSource: RemotePreview['noSource']) {
  try {
    return (await client.ask('getDocument', { params: { kind: 'Source', name } })).body
  } catch (error) {
    throw error instanceof ApiProblem && error.code === 'not-found' ? noSource(name) : error
  }
}
