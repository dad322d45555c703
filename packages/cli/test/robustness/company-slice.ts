// Two months of the example company as a workspace that tests copy, kill and damage: November 2025 is imported or not, and
// October 2025 is published before it. Made once per test file; a copy of the folder is a workspace of its own.

import { cp, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildReport, type ReportRequest } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { REPORT_ENCODERS } from '@spillway/formats'
import { runCli } from '../../src/index.ts'
import { recordingTerminal } from '../recording-terminal.ts'
import { reading } from './stored-rows.ts'

const EXAMPLE = join(import.meta.dirname, '../../../../examples/quillhaven')
export const PUBLISHED = '2025-10'
export const OPEN = '2025-11'

const DIRECTORY = ['accounts', 'cost_centres', 'projects', 'people', 'services', 'pools', 'pool_members']
const VENDORS = ['rheinklang', 'tessaline', 'verizon']

export const DIRECTORY_FILES = DIRECTORY.map((name) => join(EXAMPLE, 'directory', `${name}.csv`))

/** The bills of a month, in the order of their names. */
export async function billsOf(month: string): Promise<string[]> {
  const folders = VENDORS.map((vendor) => join(EXAMPLE, 'bills', month, vendor))
  const files = await Promise.all(
    folders.map(async (folder) => (await readdir(folder)).sort().map((name) => join(folder, name))),
  )
  return files.flat()
}

export type Ran = { readonly code: number; readonly out: string; readonly notes: string }

/** One command line on a workspace, in this process. */
export async function runOn(workspace: string, args: ReadonlyArray<string>): Promise<Ran> {
  const terminal = recordingTerminal({ directory: workspace })
  const code = await runCli(args, terminal)
  return { code, out: terminal.written(), notes: terminal.notes() }
}

/** The same, where nothing else than one of these exit codes will do. */
export async function mustRunOn(
  workspace: string,
  args: ReadonlyArray<string>,
  codes: ReadonlyArray<number> = [0, 1],
): Promise<Ran> {
  const ran = await runOn(workspace, args)
  if (!codes.includes(ran.code)) throw new Error(`spillway ${args.join(' ')} ended with ${ran.code}: ${ran.notes}`)
  return ran
}

export type CompanySlice = {
  /** October is published, and nothing of November is there. */
  readonly published: string
  /** The same with the bills of November imported, not closed. */
  readonly imported: string
  /** A new copy of one of them. */
  copy(of: string): Promise<string>
  remove(): Promise<void>
}

/**
 * A workspace at rest is its two files: the log of the catalog is empty, and goes, with its index, when the last handle on
 * it is collected, which may be in the middle of a copy.
 */
async function copyAtRest(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true, filter: (path) => !/-(wal|shm)$/.test(path) })
}

export async function sliceOfCompany(): Promise<CompanySlice> {
  const home = await mkdtemp(join(tmpdir(), 'spillway-slice-'))
  const published = join(home, 'published')
  const imported = join(home, 'imported')
  await mustRunOn(home, ['init', 'published'])
  const documents = ['policies.yaml', 'sources.yaml'].map((name) => join(EXAMPLE, name))
  await mustRunOn(published, ['apply', '-f', ...documents])
  await mustRunOn(published, ['import', '--as-of', `${PUBLISHED}-01`, ...DIRECTORY_FILES])
  await mustRunOn(published, ['import', ...(await billsOf(PUBLISHED))])
  await mustRunOn(published, ['close', PUBLISHED])
  await mustRunOn(published, ['publish', PUBLISHED], [0])
  await copyAtRest(published, imported)
  await mustRunOn(imported, ['import', ...(await billsOf(OPEN))])
  let copies = 0
  return {
    published,
    imported,
    copy: async (of) => {
      copies += 1
      const copy = join(home, `copy-${copies}`)
      await copyAtRest(of, copy)
      return copy
    },
    remove: () => rm(home, { recursive: true, force: true }),
  }
}

const REPORTS: ReadonlyArray<Omit<ReportRequest, 'period'>> = [
  { name: 'allocation' },
  { name: 'charges', by: 'service' },
  { name: 'charges', by: 'person' },
  { name: 'charges', by: 'cost-centre' },
  { name: 'usage' },
  { name: 'pools' },
  { name: 'cost-centres' },
  { name: 'problems' },
]

/** Every figure of a closed period, as the bytes of its reports. */
export function figuresOf(directory: string, period: string): Promise<string> {
  return reading(directory, async (workspace) => {
    const texts: string[] = []
    for (const request of REPORTS) {
      texts.push(`== ${request.name} ${request.by ?? ''}\n`)
      for await (const piece of REPORT_ENCODERS.csv(await buildReport(unscoped(workspace), { ...request, period })))
        texts.push(piece)
    }
    return texts.join('')
  })
}
