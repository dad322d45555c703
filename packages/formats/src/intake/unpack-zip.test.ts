import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Refusal } from '@spillway/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { renameMember, zipOf } from '../../test/archives.ts'
import { unpackZip } from './unpack-zip.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spillway-unpack-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What comes before a refusal, then the refusal. */
async function unpacked(zip: Buffer, limits = {}): Promise<string[]> {
  const path = join(folder, 'made.zip')
  await writeFile(path, zip)
  const told: string[] = []
  try {
    for await (const { name, pieces } of unpackZip(path, { name: 'made.zip', limits })) {
      const bytes: Buffer[] = []
      for await (const piece of pieces) bytes.push(piece)
      told.push(`${name}: ${Buffer.concat(bytes)}`)
    }
  } catch (error) {
    told.push(error instanceof Refusal ? error.message : String(error))
  }
  return told
}

describe('an archive that is unpacked', () => {
  it('gives its files in their order, each with its bytes', async () => {
    const files = { 'b.pdf': 'two', 'a-1_x.pdf': '', 'index.csv': 'file\n' }
    expect(await unpacked(await zipOf(files))).toEqual(['b.pdf: two', 'a-1_x.pdf: ', 'index.csv: file\n'])
  })

  it.each(['.hidden.zip', 'sub/file.pd', 'file.pdf.pd.', 'a b c d.pdf', 'C:file_1.pd', '../file1.pdf', '/etc/passwd'])(
    'gives nothing where it holds %s',
    async (wrong) => {
      const good = 'x'.repeat(wrong.length)
      const zip = await zipOf({ 'first.pdf': '1', [good]: '2' })
      const [message, ...more] = await unpacked(renameMember(zip, good, wrong))
      expect([message, more]).toEqual([expect.stringMatching(/^made\.zip holds /), []])
    },
  )

  it('is held to its limits, and refused where it is damaged', async () => {
    const zip = await zipOf({ 'a.pdf': 'one', 'b.pdf': 'two' })
    expect(await unpacked(zip, { entriesMax: 1 })).toEqual(['made.zip has more than 1 members.'])
    expect(await unpacked(zip.subarray(0, 60))).toEqual([expect.stringContaining('made.zip is damaged')])
  })
})
