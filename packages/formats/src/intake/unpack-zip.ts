// The files of a zip archive, one after the other, each as its bytes come. For archives whose members all stand in one folder:
// any other name is refused before a byte is read.
import { OpenStreams } from './byte-source.ts'
import { DEFAULT_LIMITS, type IntakeLimits, refuseHostile } from './part.ts'
import { openZip } from './zip-archive.ts'

export type ZipFileMember = { readonly name: string; readonly pieces: AsyncIterable<Buffer> }

/** Names that mean one file of a folder on every system. */
const PLAIN_NAME = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?$/

/**
 * `name` is how refusals call the archive. Each member is read before the next is asked for.
 * @throws Refusal `hostile-file` and `unreadable-file` as any archive that is imported.
 */
export async function* unpackZip(
  path: string,
  { name, limits }: { readonly name: string; readonly limits: Partial<IntakeLimits> },
): AsyncGenerator<ZipFileMember> {
  const archive = await openZip(path, name, { ...DEFAULT_LIMITS, ...limits })
  const wrong = archive.members.find((member) => !PLAIN_NAME.test(member))
  if (wrong !== undefined) throw refuseHostile(`${name} holds ${JSON.stringify(wrong)}, which is no plain file name.`)
  const streams = new OpenStreams()
  try {
    for (const member of archive.members) yield { name: member, pieces: streams.read(archive.source(member)) }
  } finally {
    await streams.close()
  }
}
