// Sends files to a server, follows the job that imports them, and says what came of them as an import of a folder does. Which
// rows of a directory changed stays on the server; how many did is told.
import { openAsBlob } from 'node:fs'
import { basename } from 'node:path'
import { Refusal } from '@spillway/core'
import type { Question } from '@spillway/server/client'
import type { PrintedDirectory, PrintedImport } from '../output/print-import.ts'
import type { Progress } from '../output/progress.ts'
import type { Client } from './connect.ts'
import { followJob } from './follow-job.ts'

export type RemoteImport = {
  readonly paths: ReadonlyArray<string>
  readonly query: NonNullable<Question<'startImport'>['query']>
  readonly signal: AbortSignal
  readonly onProgress: (progress: Progress) => void
}

/** @throws Refusal `not-found` for a file that cannot be read, `cancelled`, and whatever the job was refused with. */
export async function importOnServer(client: Client, asked: RemoteImport): Promise<PrintedImport> {
  const form = new FormData()
  for (const path of asked.paths) form.append('file', await fileAt(path), basename(path))
  const started = await client.ask('startImport', { query: asked.query, content: form, signal: asked.signal })
  const { signal, onProgress } = asked
  const cancelled = 'The import was cancelled; nothing was changed.'
  const told = await followJob(client, { started, signal, onProgress, cancelled })
  return importFrom(told as Told, asked.paths)
}

/** @throws Refusal `not-found`. */
export async function fileAt(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path)
  } catch {
    throw new Refusal('not-found', `${path} cannot be read.`, { hint: 'Check the path.' })
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
