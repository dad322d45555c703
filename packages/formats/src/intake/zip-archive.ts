// Zip archives by their central directory: every bomb and path trick that it shows is refused before one byte is
// inflated, and what is inflated is held to the size that was declared.
import { Refusal } from '@spillway/core'
import yauzl, { type Entry, type ZipFile } from 'yauzl'
import { type ByteSource, refusalOf } from './byte-source.ts'
import { type IntakeLimits, refuseHostile, refuseUnreadable } from './part.ts'

export type ZipArchive = {
  /** Members that hold data: no folders, none of the files that archivers add for themselves. */
  readonly members: ReadonlyArray<string>
  source(member: string): ByteSource
}

/** Opens, guards and closes again; the sources open the file anew. `name` is how refusals call it. */
export async function openZip(path: string, name: string, limits: IntakeLimits): Promise<ZipArchive> {
  const entries = new Map<string, Entry>()
  const zip = await openFileOf(path, name)
  try {
    let inflatedBytes = 0
    let count = 0
    for await (const entry of zip.eachEntry()) {
      count += 1
      if (count > limits.entriesMax) throw refuseHostile(`${name} has more than ${limits.entriesMax} members.`)
      guardEntry(entry, name, limits)
      inflatedBytes += entry.uncompressedSize
      if (inflatedBytes > limits.inflatedBytesMax) {
        throw refuseHostile(`${name} inflates beyond ${limits.inflatedBytesMax} bytes.`, { inflatedBytes })
      }
      if (entries.has(entry.fileName)) throw refuseHostile(`${name} holds ${entry.fileName} twice.`)
      entries.set(entry.fileName, entry)
    }
  } catch (error) {
    throw isPathTrick(error)
      ? refuseHostile(`${name} holds a member outside itself: ${error.message}.`)
      : damage(error, name)
  } finally {
    zip.close()
  }
  refuseSharedBytes([...entries.values()], name)
  return {
    members: [...entries.keys()].filter((member) => !isBookkeeping(member)),
    source: (member) => memberSource({ path, name, entry: entryOf(entries, member), limits }),
  }
}

async function openFileOf(path: string, name: string): Promise<ZipFile> {
  try {
    return await yauzl.openPromise(path, { autoClose: false, strictFileNames: true, validateEntrySizes: true })
  } catch (error) {
    throw damage(error, name)
  }
}

function damage(error: unknown, name: string): unknown {
  return refusalOf(error, { name, isPacked: true })
}

/** yauzl checks member names itself and says so in these words only. */
function isPathTrick(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /^(absolute path|invalid relative path|invalid characters in fileName)/.test(error.message)
  )
}

function guardEntry(entry: Entry, name: string, limits: IntakeLimits): void {
  const { fileName, compressedSize, uncompressedSize } = entry
  if (entry.isEncrypted()) {
    throw refuseUnreadable(`${name} is locked with a password.`, 'Unpack it and import the files in it.')
  }
  if (uncompressedSize > limits.ratioFreeBytes && uncompressedSize > compressedSize * limits.ratioMax) {
    const ratio = Math.round(uncompressedSize / Math.max(1, compressedSize))
    throw refuseHostile(`${fileName} in ${name} inflates ${ratio} times.`, { compressedSize, uncompressedSize })
  }
}

/** Members of the same bytes make a bomb without an honest ratio, or count a bill twice. */
function refuseSharedBytes(entries: ReadonlyArray<Entry>, name: string): void {
  const sorted = [...entries].sort((one, other) => one.relativeOffsetOfLocalHeader - other.relativeOffsetOfLocalHeader)
  sorted.forEach(({ relativeOffsetOfLocalHeader, compressedSize, fileName }, index) => {
    const next = sorted[index + 1]
    if (!next || next.relativeOffsetOfLocalHeader >= relativeOffsetOfLocalHeader + LOCAL_HEADER_BYTES + compressedSize)
      return
    throw refuseHostile(`${name} holds ${fileName} and ${next.fileName} in the same bytes.`)
  })
}

/** Of a member without a name. */
const LOCAL_HEADER_BYTES = 30

function isBookkeeping(member: string): boolean {
  return member.endsWith('/') || member.startsWith('__MACOSX/') || /(^|\/)(\.DS_Store|Thumbs\.db)$/.test(member)
}

function entryOf(entries: ReadonlyMap<string, Entry>, member: string): Entry {
  const entry = entries.get(member)
  if (!entry) throw new Refusal('not-found', `There is no ${member} in the archive.`)
  return entry
}

function memberSource({
  path,
  name,
  entry,
  limits,
}: {
  path: string
  name: string
  entry: Entry
  limits: IntakeLimits
}): ByteSource {
  const open = async () => {
    const zip = await openFileOf(path, name)
    try {
      return { stream: await zip.openReadStreamPromise(entry) }
    } finally {
      // The file stays open until the stream has ended.
      zip.close()
    }
  }
  const bytesMax = limits.inflatedBytesMax
  const { uncompressedSize: bytes, crc32: checksum } = entry
  return { name: `${name}!${entry.fileName}`, bytesMax, isPacked: true, bytes, checksum, open }
}
