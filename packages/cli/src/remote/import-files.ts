// Sends files to a server, follows the job that imports them, and says what came of them as an import of a folder does. Which
// rows of a directory changed stays on the server; how many did is told.
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { Refusal } from '@spillway/core'
import type { AnswerOf, Question } from '@spillway/server/client'
import type { PrintedDirectory, PrintedImport } from '../output/print-import.ts'
import type { Progress } from '../output/progress.ts'
import type { Client } from './connect.ts'

export type RemoteImport = {
  readonly paths: ReadonlyArray<string>
  readonly query: NonNullable<Question<'startImport'>['query']>
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

type Job = AnswerOf<'getJob'>
/** How often is asked how far it is. */
const POLL_MS = 250

/** @throws Refusal `not-found` for a file that cannot be read, `cancelled`, and whatever the job was refused with. */
export async function importOnServer(client: Client, asked: RemoteImport): Promise<PrintedImport> {
  const form = new FormData()
  for (const path of asked.paths) form.append('file', await fileAt(path), basename(path))
  const started = await client.ask('startImport', { query: asked.query, content: form, signal: asked.signal })
  const job = await followed(client, { id: started.id, ...asked })
  if (job.problem !== null) {
    const { code, detail, hint } = job.problem
    throw new Refusal(code as Refusal['kind'], detail, { hint })
  }
  if (job.result === null) throw new Refusal('cancelled', 'The import was cancelled; nothing was changed.')
  return importFrom(job.result as Told, asked.paths)
}

async function fileAt(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path)
  } catch {
    throw new Refusal('not-found', `${path} cannot be read.`, { hint: 'Check the path.' })
  }
}

type Following = Pick<RemoteImport, 'signal' | 'onProgress'> & { readonly id: string }

/** The job once it ended; Ctrl-C cancels it there too. */
async function followed(client: Client, { id, signal, onProgress }: Following): Promise<Job> {
  const params = { id }
  let isCancelled = false
  while (true) {
    const job = await client.ask('getJob', { params })
    if (job.state !== 'waiting' && job.state !== 'running') return job
    onProgress(job.progress)
    if (signal.aborted && !isCancelled) {
      isCancelled = true
      await client.ask('cancelJob', { params })
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

type Money = { readonly currency: string; readonly [amount: string]: unknown }
type ToldFile = Omit<PrintedImport['files'][number], 'refusal' | 'amounts' | 'invoices' | 'documents' | 'directory'> & {
  readonly refusal: { readonly code: string; readonly detail: string; readonly hint: string } | null
  readonly amounts: ReadonlyArray<Money>
  readonly invoices: ReadonlyArray<Money>
  readonly documents: ReadonlyArray<{ readonly supersedes: ReadonlyArray<string> }>
  readonly directory: ReadonlyArray<
    Pick<PrintedDirectory, 'part' | 'unchanged'> & { readonly kinds: Readonly<Record<string, number>> }
  >
}
/** As the server writes the result of an import. */
type Told = Omit<PrintedImport, 'files'> & { readonly files: ReadonlyArray<ToldFile> }

function importFrom({ files, ...rest }: Told, paths: ReadonlyArray<string>): PrintedImport {
  return {
    ...rest,
    files: files.map((file) => ({
      ...file,
      file: paths.find((path) => basename(path) === file.file) ?? file.file,
      refusal: file.refusal && {
        ...{
          kind: file.refusal.code as Refusal['kind'],
          message: file.refusal.detail,
          hint: file.refusal.hint,
          facts: {},
        },
      },
      amounts: file.amounts.map(
        ({ accepted, quarantined, ...money }) =>
          ({ ...money, acceptedMinor: minorOf(accepted), quarantinedMinor: minorOf(quarantined) }) as never,
      ),
      invoices: file.invoices.map(
        ({ charges, total, difference, ...money }) =>
          ({
            ...{ ...money, chargesMinor: minorOf(charges) },
            totalMinor: total === null ? null : minorOf(total),
            differenceMinor: difference === null ? null : minorOf(difference),
          }) as never,
      ),
      documents: file.documents.map(
        ({ supersedes, ...document }) =>
          ({ ...document, supersedes: supersedes.map((name) => ({ file: name })) }) as never,
      ),
      directory: file.directory.map(({ part, unchanged, kinds }) => ({
        ...{ part, unchanged, kinds: new Map(Object.entries(kinds)), changes: [] },
      })),
    })),
  }
}

/** A decimal text has all the digits of its currency. */
const minorOf = (text: unknown) => BigInt(String(text).replace('.', ''))
