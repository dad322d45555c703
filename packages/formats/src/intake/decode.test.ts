import { describe, expect, it } from 'vitest'
import { toUtf16, toWindows1252 } from '../../test/variants.ts'
import { decodeText, detectEncoding } from './decode.ts'
import { DEFAULT_LIMITS } from './part.ts'

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

async function read(bytes: Buffer, { size = 7, encoding }: { size?: number; encoding?: string } = {}) {
  const found = await detectEncoding(inChunks(bytes, size), { name: 'f.csv', limits: DEFAULT_LIMITS, encoding })
  let text = ''
  for await (const block of decodeText(inChunks(bytes, size), found.encoding)) text += block
  return { encoding: found.encoding, isDamaged: found.isDamaged, text }
}

const TEXT = 'name,city\nZoë,Köln €5\n€,日本\n😀,x\n'
const LATIN = 'name,city\nZoë,Köln – “€5”\n'

describe('an encoding', () => {
  it.each<[string, Buffer, string, string]>([
    ['ASCII', Buffer.from('a,b\n1,2\n'), 'utf-8', 'a,b\n1,2\n'],
    ['UTF-8', Buffer.from(TEXT), 'utf-8', TEXT],
    ['UTF-8 with a mark', Buffer.from(`\ufeff${TEXT}`), 'utf-8', TEXT],
    ['UTF-16 LE with a mark', toUtf16(TEXT, { isBigEndian: false }), 'utf-16le', TEXT],
    ['UTF-16 BE with a mark', toUtf16(TEXT, { isBigEndian: true }), 'utf-16be', TEXT],
    ['UTF-16 LE without a mark', toUtf16(LATIN, { isBigEndian: false }).subarray(2), 'utf-16le', LATIN],
    ['UTF-16 BE without a mark', toUtf16(LATIN, { isBigEndian: true }).subarray(2), 'utf-16be', LATIN],
    ['Windows-1252', toWindows1252(LATIN) as Buffer, 'windows-1252', LATIN],
  ])('of %s is found, in whatever chunks it comes', async (_, bytes, encoding, text) => {
    for (const size of [1, 3, 7, 4096]) {
      expect(await read(bytes, { size })).toEqual({ encoding, isDamaged: false, text })
    }
  })

  it('is one for the whole file: a byte that is no UTF-8 near the end decides', async () => {
    const bytes = Buffer.concat([Buffer.from('a,b\n'.repeat(50_000)), Buffer.from([0x5a, 0x6f, 0xeb, 0x0a])])
    const { encoding, isDamaged, text } = await read(bytes, { size: 65_536 })
    expect([encoding, isDamaged, text.slice(-4)]).toEqual(['windows-1252', false, 'Zoë\n'])
  })

  it.each<[string, Buffer, string | undefined]>([
    [
      'UTF-8 with a broken place among whole ones',
      Buffer.concat([Buffer.from('é,ö,ü\n'), Buffer.from([0xff])]),
      'utf-8',
    ],
    ['UTF-8 that is cut off inside a character', Buffer.from('é,ö').subarray(0, 4), 'utf-8'],
    ['marked UTF-8 that is none', Buffer.from([0xef, 0xbb, 0xbf, 0x61, 0xff, 0x62]), 'utf-8'],
    ['Windows-1252 with a byte that it has not', Buffer.from([0x61, 0xeb, 0x62, 0x81, 0x0a]), 'windows-1252'],
    ['UTF-16 with half a pair', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x61, 0x00]), 'utf-16le'],
    ['UTF-16 with half a character', Buffer.from([0xff, 0xfe, 0x61, 0x00, 0x62]), 'utf-16le'],
  ])('is damaged: %s', async (_, bytes, encoding) => {
    const found = await read(bytes)
    expect(found).toMatchObject({ encoding, isDamaged: true })
    expect(found.text).toContain('\ufffd')
  })

  it('can be given', async () => {
    const bytes = Buffer.from([0x82, 0xa0, 0x0a])
    expect(await read(bytes, { encoding: 'shift_jis' })).toMatchObject({ text: 'あ\n', isDamaged: false })
    expect(await read(Buffer.from([0xeb]), { encoding: 'utf-8' })).toMatchObject({ isDamaged: true })
    await expect(read(bytes, { encoding: 'klingon' })).rejects.toMatchObject({ kind: 'bad-configuration' })
  })

  it('refuses what is no text', async () => {
    await expect(read(Buffer.alloc(100))).rejects.toMatchObject({ kind: 'unrecognised-file' })
    await expect(read(Buffer.from('%PDF-1.7\n'), { size: 100 })).rejects.toMatchObject({ kind: 'unrecognised-file' })
  })
})

describe('a line of a gigabyte', () => {
  it('is refused after a few megabytes', async () => {
    const chunk = Buffer.alloc(64 * 1024, 'x')
    let chunks = 0
    async function* endless() {
      for (; chunks < 16_384; chunks += 1) yield chunk
    }
    const reading = detectEncoding(endless(), { name: 'f.csv', limits: DEFAULT_LIMITS })
    await expect(reading).rejects.toMatchObject({ kind: 'hostile-file' })
    expect(chunks).toBeLessThan(100)
  })
})
