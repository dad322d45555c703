// Zip archives written byte by byte, so that they can say what is not so: names, sizes, sums, places.
import { crc32, deflateRawSync } from 'node:zlib'

export type RawMember = {
  readonly name: string
  readonly content: Buffer
  readonly isStored?: boolean
  /** What the central directory says, where it is not the truth. */
  readonly saidCrc?: number
  readonly saidSize?: number
  readonly saidPackedSize?: number
  readonly saidOffset?: number
  readonly method?: number
  readonly flags?: number
  /** Of Unix in the upper half: 0o120777 is a symbolic link. */
  readonly mode?: number
}

export function rawZipOf(members: ReadonlyArray<RawMember>): Buffer {
  const locals: Buffer[] = []
  const centrals: Buffer[] = []
  let offset = 0
  for (const member of members) {
    const { name, content, isStored = false, flags = 0x800, mode = 0o100644 } = member
    const packed = isStored ? content : deflateRawSync(content)
    const nameBytes = Buffer.from(name)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(flags, 2)
    common.writeUInt16LE(member.method ?? (isStored ? 0 : 8), 4)
    common.writeUInt16LE(0x5c21, 8)
    common.writeUInt32LE(member.saidCrc ?? crc32(content), 10)
    common.writeUInt32LE(member.saidPackedSize ?? packed.length, 14)
    common.writeUInt32LE(member.saidSize ?? content.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, nameBytes, packed])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE((mode << 16) >>> 0, 6)
    rest.writeUInt32LE(member.saidOffset ?? offset, 10)
    centrals.push(Buffer.from('PK\u0001\u0002'), Buffer.from([20, 3]), common, rest, nameBytes)
    locals.push(local)
    offset += local.length
  }
  const directory = Buffer.concat(centrals)
  const end = Buffer.alloc(22)
  end.write('PK\u0005\u0006', 0, 'latin1')
  end.writeUInt16LE(members.length, 8)
  end.writeUInt16LE(members.length, 10)
  end.writeUInt32LE(directory.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...locals, directory, end])
}
