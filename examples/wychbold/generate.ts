// Writes the whole example: `npx tsx examples/wychbold/generate.ts [DIR]`. The same bytes on every run and machine: no clock,
// no randomness. Removes what an earlier run wrote and this one does not; touches no hand-written file.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { FIRM } from './firm.ts'
import { callRecords } from './generator/call-records.ts'
import { codeFiles } from './generator/code-files.ts'
import { directoryFiles } from './generator/directory-files.ts'
import type { WrittenFile } from './generator/written-file.ts'

/** The folders that are generated from end to end. */
export const GENERATED_FOLDERS = ['calls', 'directory'] as const

/** Every generated file, with its path in the example's folder. */
export function generateFiles(): WrittenFile[] {
  return [
    ...directoryFiles(),
    ...codeFiles(),
    ...FIRM.months.map(({ period }) => callRecords(period)),
    // The program reads the manifest as data: it imports no code of an example.
    { path: 'firm.json', content: `${JSON.stringify(FIRM, null, 2)}\n` },
  ]
}

export async function generate(folder: string): Promise<number> {
  const files = generateFiles()
  for (const name of GENERATED_FOLDERS) await rm(join(folder, name), { recursive: true, force: true })
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return files.length
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? dirname(fileURLToPath(import.meta.url))
  const count = await generate(folder)
  process.stdout.write(`${count} files written to ${folder}\n`)
}
