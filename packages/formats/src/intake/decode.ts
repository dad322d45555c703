// Bytes to text: encoding by byte-order mark, else UTF-16 by its zeros, else strict UTF-8, else Windows-1252. The whole
// source is looked at first, so that one encoding holds for all of it; nothing is decoded by a guess that fails later.
import { isAscii, isUtf8 } from 'node:buffer'
import { StringDecoder } from 'node:string_decoder'
import { TextDecoder } from 'node:util'
import { Refusal } from '@spillway/core'
import { refuseUnlessText } from './file-kind.ts'
import { type IntakeLimits, refuseHostile, refuseUnreadable } from './part.ts'

export type TextEncodingFound = {
  /** `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`, or the label that was asked for. */
  readonly encoding: string
  /** Some bytes are no text in that encoding; they are read as U+FFFD. */
  readonly isDamaged: boolean
  /** The first bytes, for sniffing. */
  readonly head: Buffer
  readonly bytes: number
}

const HEAD_BYTES = 128 * 1024
/** Text is handed on in blocks of about this many characters. */
const BLOCK_LENGTH = 256 * 1024

/**
 * Reads the source once to its end to find its encoding.
 *
 * @throws Refusal `hostile-file` as soon as a line is longer than the limit; `unrecognised-file` where it is no text.
 */
export async function detectEncoding(
  chunks: AsyncIterable<Buffer>,
  { name, limits, encoding }: { name: string; limits: IntakeLimits; encoding?: string | undefined },
): Promise<TextEncodingFound> {
  const head: Buffer[] = []
  let headBytes = 0
  let bytes = 0
  let probe: EncodingProbe | undefined
  const waiting: Buffer[] = []
  const lines = new LineLengthGuard(limits.recordLengthMax, name)
  for await (const chunk of chunks) {
    if (bytes === 0) refuseUnlessText(chunk, name)
    bytes += chunk.length
    lines.push(chunk)
    if (headBytes < HEAD_BYTES) {
      head.push(chunk.subarray(0, HEAD_BYTES - headBytes))
      headBytes += Math.min(chunk.length, HEAD_BYTES - headBytes)
    }
    // The first bytes decide which encoding is tried, so they are gathered until there are enough of them.
    if (probe) probe.push(chunk)
    else if (waiting.push(chunk) && bytes >= 4096) probe = startProbe(waiting, name, encoding)
  }
  probe ??= startProbe(waiting, name, encoding)
  return { ...probe.finish(), head: Buffer.concat(head), bytes }
}

function startProbe(waiting: ReadonlyArray<Buffer>, name: string, encoding: string | undefined): EncodingProbe {
  const first = Buffer.concat(waiting)
  const probe = chooseProbe(first, name, encoding)
  probe.push(first)
  return probe
}

function chooseProbe(first: Buffer, name: string, encoding: string | undefined): EncodingProbe {
  if (encoding !== undefined && encoding !== '') return labelProbe(encoding)
  if (first[0] === 0xff && first[1] === 0xfe) return labelProbe('utf-16le')
  if (first[0] === 0xfe && first[1] === 0xff) return labelProbe('utf-16be')
  if (first[0] === 0xef && first[1] === 0xbb && first[2] === 0xbf) return new Utf8Probe(true)
  const [even, odd] = countZeros(first)
  const half = Math.max(1, Math.min(first.length, 4096) / 2)
  if (odd > half * 0.4 && even < half * 0.05) return labelProbe('utf-16le')
  if (even > half * 0.4 && odd < half * 0.05) return labelProbe('utf-16be')
  if (even + odd > half * 0.05) {
    throw refuseUnreadable(`${name} is no text file.`, 'Export the table as CSV or XLSX and import that.')
  }
  return new Utf8Probe(false)
}

/** Zero bytes at even and at odd places of the first 4 KB: Latin text in UTF-16 has one in every second place. */
function countZeros(bytes: Buffer): [number, number] {
  const zeros: [number, number] = [0, 0]
  const end = Math.min(bytes.length, 4096)
  for (let index = 0; index < end; index += 1) {
    if (bytes[index] === 0) zeros[index % 2 === 0 ? 0 : 1] += 1
  }
  return zeros
}

interface EncodingProbe {
  push(chunk: Buffer): void
  finish(): { encoding: string; isDamaged: boolean }
}

/** Decodes strictly in an encoding that is known, only to learn whether all of it can be. */
function labelProbe(label: string): EncodingProbe {
  const decoder = decoderOf(label, { fatal: true })
  let isDamaged = false
  const attempt = (decode: () => string) => {
    if (isDamaged) return
    try {
      decode()
    } catch (error) {
      if (!(error instanceof TypeError)) throw error
      isDamaged = true
    }
  }
  return {
    push: (chunk) => attempt(() => decoder.decode(chunk, { stream: true })),
    finish: () => {
      attempt(() => decoder.decode())
      return { encoding: decoder.encoding, isDamaged }
    },
  }
}

function decoderOf(label: string, options: { fatal?: boolean }): TextDecoder {
  try {
    return new TextDecoder(label, options)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    throw new Refusal('bad-configuration', `There is no encoding ${label}.`, {
      hint: 'Use a name such as utf-8, utf-16le or windows-1252.',
      facts: { encoding: label },
    })
  }
}

/** Bytes that Windows-1252 leaves without a character. */
const CP1252_HOLES = [0x81, 0x8d, 0x8f, 0x90, 0x9d]

/**
 * Strict UTF-8, or else one of two: text of another encoding, or UTF-8 with a few damaged places. It is damaged UTF-8
 * where more characters are whole than broken; Windows-1252 hardly ever forms a whole one by chance.
 */
class Utf8Probe implements EncodingProbe {
  private carry: Buffer = Buffer.alloc(0)
  private whole = 0
  private broken = 0
  private hasHole = false
  private readonly isMarked: boolean

  constructor(isMarked: boolean) {
    this.isMarked = isMarked
  }

  push(chunk: Buffer): void {
    if (this.carry.length === 0 && isAscii(chunk)) return
    const bytes = this.carry.length === 0 ? chunk : Buffer.concat([this.carry, chunk])
    const end = endOfWholeCharacters(bytes)
    this.carry = Buffer.from(bytes.subarray(end))
    this.count(bytes.subarray(0, end))
  }

  private count(bytes: Buffer): void {
    const isWhole = isUtf8(bytes)
    for (let index = 0; index < bytes.length; ) {
      const lead = bytes[index] as number
      if (lead < 0x80) {
        index += 1
        continue
      }
      const length = isWhole ? lengthByLead(lead) : wholeLength(bytes, index)
      if (length === 0) this.broken += 1
      else this.whole += 1
      index += length === 0 ? 1 : length
    }
    if (!this.hasHole && !isWhole) this.hasHole = CP1252_HOLES.some((hole) => bytes.includes(hole))
  }

  finish(): { encoding: string; isDamaged: boolean } {
    const isCut = this.carry.length > 0
    if (this.broken === 0 && (!isCut || this.isMarked || this.whole > 0)) {
      return { encoding: 'utf-8', isDamaged: isCut }
    }
    if (this.isMarked || this.whole > this.broken) return { encoding: 'utf-8', isDamaged: true }
    const hasHole = this.hasHole || CP1252_HOLES.some((hole) => this.carry.includes(hole))
    return { encoding: 'windows-1252', isDamaged: hasHole }
  }
}

function lengthByLead(lead: number): number {
  return lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2
}

/** Bytes of the whole character that starts here, 0 where none does. */
function wholeLength(bytes: Buffer, start: number): number {
  const lead = bytes[start] as number
  if (lead < 0xc2 || lead > 0xf4) return 0
  const length = lengthByLead(lead)
  return isUtf8(bytes.subarray(start, start + length)) && start + length <= bytes.length ? length : 0
}

/** Where a character that the next chunk may complete begins. */
function endOfWholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back += 1) {
    const byte = bytes[bytes.length - back] as number
    if (byte < 0x80) return bytes.length
    if (byte >= 0xc0) return lengthByLead(byte) > back ? bytes.length - back : bytes.length
  }
  return bytes.length
}

/** Refuses a line beyond the limit from the bytes alone, before anything of it is decoded or kept. */
class LineLengthGuard {
  private run = 0
  private readonly bytesMax: number
  private readonly lengthMax: number
  private readonly name: string

  constructor(lengthMax: number, name: string) {
    this.lengthMax = lengthMax
    // A character takes four bytes at most.
    this.bytesMax = lengthMax * 4
    this.name = name
  }

  push(chunk: Buffer): void {
    const last = Math.max(chunk.lastIndexOf(0x0a), chunk.lastIndexOf(0x0d))
    this.run = last === -1 ? this.run + chunk.length : chunk.length - last
    if (this.run > this.bytesMax) throw refuseLine(this.name, this.lengthMax)
  }
}

export function refuseLine(name: string, lengthMax: number): Refusal {
  return refuseHostile(`${name} has a line of more than ${lengthMax} characters.`, { recordLengthMax: lengthMax })
}

/** Blocks of text; a byte-order mark at the start is left out. */
export async function* decodeText(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<string> {
  const decode = decoderFor(encoding)
  let block = ''
  let isFirst = true
  for await (const chunk of chunks) {
    block += decode(chunk)
    if (block.length < BLOCK_LENGTH) continue
    yield isFirst ? withoutMark(block) : block
    isFirst = false
    block = ''
  }
  block += decode(null)
  yield isFirst ? withoutMark(block) : block
}

/** The text of the first bytes of a source. */
export function decodeHead(head: Buffer, encoding: string): string {
  return withoutMark(decoderFor(encoding)(head))
}

function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text
}

/** null ends the text. */
function decoderFor(encoding: string): (chunk: Buffer | null) => string {
  if (encoding === 'utf-8') {
    const decoder = new StringDecoder('utf8')
    return (chunk) => (chunk ? decoder.write(chunk) : decoder.end())
  }
  if (encoding === 'windows-1252') return (chunk) => (chunk ? fromWindows1252(chunk) : '')
  const decoder = decoderOf(encoding, {})
  return (chunk) => (chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode())
}

/** What Windows-1252 has where ISO 8859-1 has control characters, from 0x80 on; its holes become U+FFFD. */
const CP1252_UPPER =
  '\u20ac\ufffd\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160\u2039\u0152\ufffd\u017d\ufffd' +
  '\ufffd\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153\ufffd\u017e\u0178'

/** Node's own decoder takes Windows-1252 for ISO 8859-1 in some releases, so the 32 differences stand here. */
function fromWindows1252(chunk: Buffer): string {
  const text = chunk.toString('latin1')
  if (isAscii(chunk)) return text
  return text.replace(/[\u0080-\u009f]/g, (unit) => CP1252_UPPER.charAt(unit.charCodeAt(0) - 0x80))
}
