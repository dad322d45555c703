// A file in an archive that is not what archives are: names that lead elsewhere, members twice or empty, sums and sizes that
// are not so, archives in archives. `isHostile` ones must be refused, whatever they hold.
import { gzipSync } from 'node:zlib'
import type { Random } from '../generators/random.ts'
import { type RawMember, rawZipOf } from '../raw-zip.ts'

export type DamagedArchive = { readonly bytes: Buffer; readonly change: string; readonly isHostile: boolean }

const OUTSIDE = [
  '../evil.csv',
  '../../../../tmp/evil.csv',
  'a/../../evil.csv',
  '/etc/evil.csv',
  '//server/evil.csv',
  'C:\\evil.csv',
  'C:/evil.csv',
  '..\\..\\evil.csv',
  'a\\..\\..\\evil.csv',
  'ok\\evil.csv',
]
const ODD_NAMES = [
  '',
  '.',
  'a\u0000.csv',
  '\u202evsc.exe',
  '=cmd.csv',
  'x'.repeat(5000),
  'CON',
  '\u00e9.csv',
  'a//b.csv',
  '~/x.csv',
  '__MACOSX/',
]

type Change = (content: Buffer, random: Random) => ReadonlyArray<RawMember> | Buffer
const plain = (content: Buffer): RawMember => ({ name: 'bill.csv', content })

const HOSTILE: Readonly<Record<string, Change>> = {
  'a name that leads outside': (content, random) => [{ name: random.pick(OUTSIDE), content }],
  'a name that leads outside, second': (content, random) => [plain(content), { name: random.pick(OUTSIDE), content }],
  'one member twice': (content) => [plain(content), plain(content)],
  'two members of the same bytes': (content) => [plain(content), { name: 'other.csv', content, saidOffset: 0 }],
  'a zip in it': (content) => [{ name: 'inner.csv', content: rawZipOf([plain(content)]) }],
  'a gzip in it': (content) => [{ name: 'inner.csv', content: gzipSync(content) }],
  'a wrong sum': (content, random) => [{ ...plain(content), saidCrc: 1, isStored: random.chance(0.5) }],
  'a byte changed': (content, random) => {
    const bytes = rawZipOf([{ ...plain(content), isStored: true }])
    const place = 38 + random.integer(0, content.length - 1)
    bytes[place] = (bytes[place] as number) ^ 1
    return bytes
  },
  'a size that is too small': (content) => [{ ...plain(content), saidSize: Math.floor(content.length / 2) }],
  'a size that is too large': (content) => [{ ...plain(content), saidSize: content.length + 1000 }],
  'a size beyond all': (content) => [{ ...plain(content), saidSize: 0xfffffffe }],
  'a packed size beyond the file': (content) => [{ ...plain(content), saidPackedSize: 0x7fffffff }],
  'a place beyond the file': (content) => [{ ...plain(content), saidOffset: 0x7fffffff }],
  'a packing that nobody knows': (content) => [{ ...plain(content), method: 99 }],
  'a password': (content) => [{ ...plain(content), flags: 0x801 }],
  'a bomb': () => [plain(Buffer.alloc(8 * 1024 ** 2, 0x30))],
  'a bomb that says it is small': () => [{ ...plain(Buffer.alloc(8 * 1024 ** 2, 0x30)), saidSize: 1000 }],
  'members by the thousand': (content) =>
    Array.from({ length: 2100 }, (_, at) => ({ name: `${at}.csv`, content: content.subarray(0, 10), isStored: true })),
}
const ODD: Readonly<Record<string, Change>> = {
  'nothing odd': (content) => [plain(content)],
  'a stored member': (content) => [{ ...plain(content), isStored: true }],
  'an odd name': (content, random) => [{ name: random.pick(ODD_NAMES), content }],
  'an empty member': (content) => [plain(content), { name: 'empty.csv', content: Buffer.alloc(0) }],
  'a folder': (content) => [
    { name: 'bills/', content: Buffer.alloc(0), isStored: true },
    { name: 'bills/a.csv', content },
  ],
  'a folder that holds bytes': (content) => [{ name: 'bills/', content }],
  'a symbolic link': (content) => [
    plain(content),
    { name: 'link.csv', content: Buffer.from('/etc/passwd'), mode: 0o120777 },
  ],
  'what archivers add': (content) => [
    plain(content),
    { name: '__MACOSX/._bill.csv', content: Buffer.from([0, 5, 22, 7]) },
  ],
  'a picture beside it': (content) => [
    plain(content),
    { name: 'logo.png', content: Buffer.from('\u0089PNG', 'latin1') },
  ],
  'words before it': (content) => Buffer.concat([Buffer.from('#!/bin/sh\n'), rawZipOf([plain(content)])]),
  'words behind it': (content) => Buffer.concat([rawZipOf([plain(content)]), Buffer.from('trailing words')]),
  'its end cut off': (content, random) => {
    const bytes = rawZipOf([plain(content)])
    return bytes.subarray(0, random.integer(0, bytes.length))
  },
  'bits flipped': (content, random) => {
    const bytes = rawZipOf([plain(content)])
    for (let flips = random.integer(1, 4); flips > 0; flips -= 1) {
      const place = random.integer(0, bytes.length - 1)
      bytes[place] = (bytes[place] as number) ^ (1 << random.integer(0, 7))
    }
    return bytes
  },
}

export const HOSTILE_ARCHIVES = Object.keys(HOSTILE)

/** `asked` chooses the change; else it is drawn. */
export function damageArchive(content: Buffer, random: Random, asked?: string): DamagedArchive {
  // Of nothing no archive can lie.
  const held = content.length < 20 ? Buffer.concat([content, Buffer.from('\nvendor,account,amount\n')]) : content
  const isHostile = asked === undefined ? random.chance(0.4) : asked in HOSTILE
  const changes = isHostile ? HOSTILE : ODD
  const change = asked ?? random.pick(Object.keys(changes))
  const made = (changes[change] as Change)(held, random)
  return { bytes: Buffer.isBuffer(made) ? made : rawZipOf(made), change: `archive: ${change}`, isHostile }
}
