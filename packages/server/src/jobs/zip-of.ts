// An archive of files that are small each and packed already (PDF), written as they come: stored, not deflated (APPNOTE 6.3, no
// ZIP64). Refuses what such an archive cannot hold.
import { crc32 } from 'node:zlib'
import { Refusal } from '@spillway/core'

export type ZipEntry = {
  /** Of plain letters: no folder. */
  readonly name: string
  readonly bytes: Uint8Array
}

const ENTRIES_MAX = 65_535
const BYTES_MAX = 0xffff_ffff
const VERSION = 20
const UTF8_NAME = 0x0800
/** 1980-01-01, the first day that the format knows: the same files make the same archive. */
const DATE = 0x0021

/** @throws Refusal `too-large`. */
export async function* zipOf(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const central: Buffer[] = []
  let offset = 0
  for await (const { name, bytes } of entries) {
    const title = Buffer.from(name, 'utf8')
    const shared = sharedHead(title, bytes)
    if (central.length === ENTRIES_MAX || offset + bytes.byteLength + 1000 > BYTES_MAX) throw tooLarge()
    const head = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, title])
    central.push(Buffer.concat([Buffer.from('PK\x01\x02', 'latin1'), two(VERSION), shared, centralTail(offset), title]))
    yield head
    yield bytes
    offset += head.length + bytes.byteLength
  }
  const directory = Buffer.concat(central)
  if (offset + directory.length > BYTES_MAX) throw tooLarge()
  yield directory
  const count = two(central.length)
  const end = [Buffer.from('PK\x05\x06', 'latin1'), two(0), two(0), count, count]
  yield Buffer.concat([...end, four(directory.length), four(offset), two(0)])
}

/** From the version that is needed to the length of the extra field: the same in both heads of an entry. */
function sharedHead(title: Buffer, bytes: Uint8Array): Buffer {
  const sums = [four(crc32(bytes)), four(bytes.byteLength), four(bytes.byteLength)]
  return Buffer.concat([two(VERSION), two(UTF8_NAME), two(0), two(0), two(DATE), ...sums, two(title.length), two(0)])
}

/** No comment, the first disk, no attributes, and where the entry begins. */
function centralTail(offset: number): Buffer {
  return Buffer.concat([two(0), two(0), two(0), four(0), four(offset)])
}

function two(value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

function four(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}

function tooLarge(): Refusal {
  return new Refusal('too-large', 'The statements are too many for one archive.', {
    hint: 'Export one kind at a time.',
  })
}
