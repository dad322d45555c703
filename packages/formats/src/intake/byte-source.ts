// Bytes of a file, a gzip stream or an archive member, counted while they are read. Knows nothing of text.
import { createReadStream } from 'node:fs'
import { pipeline, type Readable } from 'node:stream'
import { crc32, createGunzip } from 'node:zlib'
import { Refusal } from '@spillway/core'
import { type IntakeLimits, refuseHostile, refuseUnreadable } from './part.ts'

const CHUNK_BYTES = 256 * 1024

/** Something that can be read from its start again and again. */
export type ByteSource = {
  /** `bills.zip!detail.txt`, as refusals name it. */
  readonly name: string
  /** What it may inflate to; declared sizes can lie, so the bytes are counted as they come. */
  readonly bytesMax: number
  /** A library unpacks it: whatever that throws says that the file is damaged. */
  readonly isPacked: boolean
  /** What reading it to its end comes to, as `onBytes` counts it. */
  readonly bytes: number
  /** CRC-32 that the bytes must have, where something says it and nobody else compares. */
  readonly checksum?: number
  open(): Promise<OpenBytes>
}

export function fileSource({ path, name, bytes }: { path: string; name: string; bytes: number }): ByteSource {
  const open = async () => ({ stream: createReadStream(path, { highWaterMark: CHUNK_BYTES }) })
  return { name, bytesMax: Number.POSITIVE_INFINITY, isPacked: false, bytes, open }
}

export function gzipSource({
  path,
  name,
  compressedBytes,
  limits,
}: {
  path: string
  name: string
  compressedBytes: number
  limits: IntakeLimits
}): ByteSource {
  const ratioBytesMax = Math.max(limits.ratioFreeBytes, compressedBytes * limits.ratioMax)
  const open = async () => {
    const gunzip = createGunzip({ chunkSize: CHUNK_BYTES })
    // Errors of either stream reach whoever reads the second one.
    const packed = createReadStream(path)
    pipeline(packed, gunzip, () => undefined)
    // How much it inflates to is known only at its end, so its packed bytes are counted.
    return { stream: gunzip, bytesRead: () => packed.bytesRead }
  }
  return {
    name,
    bytesMax: Math.min(limits.inflatedBytesMax, ratioBytesMax),
    isPacked: true,
    bytes: compressedBytes,
    open,
  }
}

/** `bytesRead`: where the bytes of the stream are not those that {@link ByteSource.bytes} counts. */
export type OpenBytes = { readonly stream: Readable; readonly bytesRead?: () => number }

/** Streams of one part that are open now, so that closing the part ends them. */
export class OpenStreams {
  private readonly streams = new Set<Readable>()

  /** The bytes of a source. Damage of what is packed is a Refusal, whatever its library throws. */
  async *read(source: ByteSource, onBytes?: (bytes: number) => void): AsyncGenerator<Buffer> {
    let bytes = 0
    let checksum = 0
    let stream: Readable | undefined
    try {
      const opened = await source.open()
      stream = opened.stream
      // An error is thrown to whoever iterates; without a listener it would end the process when nobody does.
      stream.on('error', () => undefined)
      this.streams.add(stream)
      for await (const chunk of stream) {
        bytes += chunk.length
        if (bytes > source.bytesMax) {
          throw refuseHostile(`${source.name} inflates beyond ${source.bytesMax} bytes.`, { bytesMax: source.bytesMax })
        }
        if (source.checksum !== undefined) checksum = crc32(chunk as Buffer, checksum)
        onBytes?.(opened.bytesRead ? opened.bytesRead() : bytes)
        yield chunk as Buffer
      }
      // A changed byte of what is packed may still unpack, to other figures.
      if (source.checksum !== undefined && checksum !== source.checksum)
        throw refuseUnreadable(`${source.name} is damaged: its checksum is another one.`, FETCH_AGAIN)
    } catch (error) {
      throw refusalOf(error, source)
    } finally {
      if (stream) this.streams.delete(stream)
      stream?.destroy()
    }
  }

  async close(): Promise<void> {
    for (const stream of this.streams)
      stream.destroy(new Refusal('cancelled', 'The file was closed while it was read.'))
    this.streams.clear()
  }
}

/** Refusals pass; what the file system or an unpacking library says of a file becomes one. */
export function refusalOf(error: unknown, { name, isPacked }: { name: string; isPacked: boolean }): unknown {
  if (error instanceof Refusal || !(error instanceof Error)) return error
  const code = (error as NodeJS.ErrnoException).code ?? ''
  const reason = FILE_REASONS[code]
  if (reason) {
    return new Refusal('not-found', `${name} ${reason}.`, { hint: 'Name a file that can be read.', facts: { code } })
  }
  if (!isPacked) return error
  // yauzl's words for a member that inflates beyond the size that its archive declares.
  if (error.message.startsWith('too many bytes')) return refuseHostile(`${name} lies about its size: ${error.message}.`)
  return refuseUnreadable(`${name} is damaged: ${error.message}.`, FETCH_AGAIN)
}

const FETCH_AGAIN = 'Fetch the file again and import it.'

const FILE_REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'is not there',
  ENOTDIR: 'is not there',
  EISDIR: 'is a folder',
  EACCES: 'may not be read',
  EPERM: 'may not be read',
}
