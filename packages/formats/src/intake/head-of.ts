// The beginning of a source, ended after a whole line: a preview of a gigabyte must cost no more than one of a page. What has
// no lines (JSON, an interchange) is left as it is.
import { Readable } from 'node:stream'
import type { ByteSource } from './byte-source.ts'
import type { Head } from './head.ts'

const LF = 0x0a
const EMPTY = Buffer.alloc(0)

export function headOf(source: ByteSource, head: Head): ByteSource {
  if (source.bytes <= head.bytesMax && !source.isPacked) return source
  const { checksum: _, ...rest } = source
  const open = async () => {
    const { stream } = await source.open()
    return { stream: Readable.from(firstBytes(stream, head), { objectMode: false }) }
  }
  return { ...rest, bytes: Math.min(source.bytes, head.bytesMax), open }
}

async function* firstBytes(stream: Readable, { bytesMax, onCut }: Head): AsyncGenerator<Buffer> {
  const taken: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    if (taken.length === 0 && hasNoLines(chunk)) bytes = Number.NEGATIVE_INFINITY
    bytes += chunk.length
    if (bytes === Number.NEGATIVE_INFINITY) {
      taken.push(EMPTY)
      yield chunk
      continue
    }
    taken.push(chunk)
    if (bytes > bytesMax) break
  }
  if (bytes === Number.NEGATIVE_INFINITY) return
  if (bytes <= bytesMax) return yield* taken
  onCut()
  const all = Buffer.concat(taken).subarray(0, bytesMax)
  const end = all.lastIndexOf(LF) + 1
  // A character of UTF-16 is two bytes.
  yield all.subarray(0, end === 0 ? all.length : Math.min(all.length, isUtf16(all) ? end + (end % 2) : end))
}

function hasNoLines(first: Buffer): boolean {
  return /^(?:\ufeff|\u00ef\u00bb\u00bf)?\s*(?:[[{]|ISA)/.test(first.subarray(0, 256).toString('latin1'))
}

function isUtf16(bytes: Buffer): boolean {
  const [first, second] = bytes
  return (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff) || first === 0 || second === 0
}
