// The picture at the head of a bill: a PNG or JPEG that is whole, small in bytes and in pixels, and nothing else. What is not
// is refused before a paper is made, because the library that draws it would fail in the middle.
import { inflateSync } from 'node:zlib'
import { Refusal } from '@spillway/core'

export const LOGO_BYTES_MAX = 256 * 1024
const SIDE_MAX = 3000

export type Logo = { readonly dataUrl: string; readonly width: number; readonly height: number }

/** @throws Refusal `bad-configuration`, which says what is wrong with it. */
export function readLogo(bytes: Uint8Array): Logo {
  if (bytes.length > LOGO_BYTES_MAX) throw badLogo(`has ${bytes.length} bytes, more than ${LOGO_BYTES_MAX}`)
  const data = Buffer.from(bytes)
  const kind = data.subarray(0, 8).equals(PNG) ? 'png' : data.subarray(0, 3).equals(JPEG) ? 'jpeg' : null
  if (kind === null) throw badLogo('is no PNG and no JPEG')
  const size = kind === 'png' ? sizeOfPng(data) : sizeOfJpeg(data)
  if (size.width < 1 || size.height < 1 || size.width > SIDE_MAX || size.height > SIDE_MAX)
    throw badLogo(`is ${size.width} by ${size.height} pixels: a side has 1 to ${SIDE_MAX}`)
  if (kind === 'png') requireWholePng(data, size)
  return { dataUrl: `data:image/${kind};base64,${data.toString('base64')}`, ...size }
}

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
const JPEG = Buffer.from([0xff, 0xd8, 0xff])

function badLogo(what: string): Refusal {
  return new Refusal('bad-configuration', `The logo ${what}.`, {
    hint: `Give a PNG or JPEG of at most ${LOGO_BYTES_MAX / 1024} KiB and ${SIDE_MAX} pixels a side.`,
  })
}

type Size = { readonly width: number; readonly height: number }

function sizeOfPng(data: Buffer): Size {
  if (data.length < 33 || data.toString('latin1', 12, 16) !== 'IHDR') throw badLogo('is a damaged PNG')
  return { width: data.readUInt32BE(16), height: data.readUInt32BE(20) }
}

const CHANNELS: ReadonlyMap<number, number> = new Map([
  [0, 1],
  [2, 3],
  [3, 1],
  [4, 2],
  [6, 4],
])

/** Every row of pixels is there, and no more than the size says. */
function requireWholePng(data: Buffer, { width, height }: Size): void {
  const [depth = -1, kind = -1, interlaced] = [data[24], data[25], data[28]]
  const channels = CHANNELS.get(kind)
  if (channels === undefined || ![1, 2, 4, 8, 16].includes(depth)) throw badLogo('is a damaged PNG')
  if (interlaced !== 0) throw badLogo('is an interlaced PNG')
  const parts: Buffer[] = []
  const kinds = new Set<string>()
  for (let at = 8; at + 12 <= data.length; ) {
    const length = data.readUInt32BE(at)
    const kind = data.toString('latin1', at + 4, at + 8)
    if (at + 12 + length > data.length) throw badLogo('is a damaged PNG')
    if (kind === 'IDAT') parts.push(data.subarray(at + 8, at + 8 + length))
    kinds.add(kind)
    at += 12 + length
  }
  const expected = height * (1 + Math.ceil((width * channels * depth) / 8))
  const isWhole =
    kinds.has('IEND') && (data[25] !== 3 || kinds.has('PLTE')) && inflatedLength(parts, expected) === expected
  if (!isWhole) throw badLogo('is a damaged PNG')
}

function inflatedLength(parts: ReadonlyArray<Buffer>, expected: number): number {
  try {
    return inflateSync(Buffer.concat(parts), { maxOutputLength: expected + 1 }).length
  } catch {
    return -1
  }
}

/** From its frame header. */
function sizeOfJpeg(data: Buffer): Size {
  for (let at = 2; at + 9 < data.length; ) {
    if (data[at] !== 0xff) break
    const marker = data[at + 1] as number
    const isFrame = marker >= 0xc0 && marker <= 0xc2
    if (isFrame) return { width: data.readUInt16BE(at + 7), height: data.readUInt16BE(at + 5) }
    at += 2 + data.readUInt16BE(at + 2)
  }
  throw badLogo('is a damaged JPEG')
}
