// Has a server make all statements of a period, follows the job, and puts what is in its archive where a folder's export puts them.
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Refusal } from '@spillway/core'
import { type StatementsEncoded, unpackZip } from '@spillway/formats'
import type { Question } from '@spillway/server/client'
import type { Progress } from '../output/progress.ts'
import { fillFolder } from '../statements/fill-folder.ts'
import { CANCELLED } from '../statements/write-statements.ts'
import type { Client } from './connect.ts'
import { followJob } from './follow-job.ts'
import { ServerFault } from './server-fault.ts'

export type RemoteStatements = {
  readonly request: Omit<Question<'startExport'>['body'], 'what' | 'format'>
  readonly folder: string
  readonly onProgress: (progress: Progress) => void
  readonly signal: AbortSignal
}

/** No member of the archive begins with a dot. */
const ARCHIVE = '.archive.zip'
/** What the format can hold at most, as the server writes it. */
const LIMITS = { entriesMax: 65_535, inflatedBytesMax: 0xffff_ffff }

/** @throws Refusal as `writeStatements`; ServerFault for an archive that is damaged or holds no plain files. */
export async function writeStatementsOfServer(
  client: Client,
  { request, folder, onProgress, signal }: RemoteStatements,
): Promise<StatementsEncoded> {
  if (signal.aborted) throw new Refusal('cancelled', CANCELLED)
  const started = await client.ask('startExport', { body: { ...request, what: 'statements', format: 'zip' } })
  const told = await followJob(client, {
    ...{ started, signal, cancelled: CANCELLED },
    // Its rows are not what this counts.
    onProgress: ({ stage, done, total }) => onProgress({ stage, done, total }),
  })
  const { files } = await client.ask('getJob', { params: { id: started.id } })
  const name = files[0]?.name ?? ''
  try {
    await fillFolder(folder, async (staging) => {
      const archive = join(staging, ARCHIVE)
      const pieces = client.download('getJobFile', { params: { id: started.id, name }, signal })
      await pipeline(Readable.from(pieces), createWriteStream(archive))
      return unpackInto(staging, { archive, name, signal })
    })
  } catch (error) {
    throw signal.aborted ? new Refusal('cancelled', CANCELLED) : error
  }
  return told as StatementsEncoded
}

type Unpacking = { readonly archive: string; readonly name: string; readonly signal: AbortSignal }

/** The names of its files. */
async function unpackInto(staging: string, { archive, name, signal }: Unpacking): Promise<string[]> {
  const names: string[] = []
  try {
    for await (const member of unpackZip(archive, { name, limits: LIMITS })) {
      await pipeline(Readable.from(member.pieces), createWriteStream(join(staging, member.name)), { signal })
      names.push(member.name)
    }
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    throw new ServerFault(error.message, { hint: 'Export them again.', requestId: '' })
  }
  return names
}
