// Imports a sealed segment of the event journal as a file of events, and only then removes it. A segment that is refused as a
// whole is halved until the event that it is refused for is alone: that one is set aside, and every other one counts.
import { mkdir, mkdtemp, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { type Intake, invariant, type LocalDate } from '@spillway/core'
import { importFiles } from '../stages/import/import-files.ts'
import { intakeOf, type Workspace } from '../workspace/workspace.ts'

export type SegmentImport = {
  readonly path: string
  readonly intake: Intake
  /** The importer of the events. */
  readonly source: string
  readonly signal?: AbortSignal | undefined
}

export type SegmentReport = {
  readonly read: number
  readonly accepted: number
  /** They stand in the quarantine report. */
  readonly quarantined: number
  readonly duplicates: number
  /** Files in the workspace's folder `intake-refused`, of one event each. */
  readonly refused: ReadonlyArray<string>
}

const SUFFIX = '.ndjson'
const NEWLINE = '\n'.charCodeAt(0)
const HALVES_FOLDER = '.intake-halves'
const REFUSED_FOLDER = 'intake-refused'
const NOTHING: SegmentReport = { read: 0, accepted: 0, quarantined: 0, duplicates: 0, refused: [] }

/** Sealed segments that wait, oldest first. */
export async function waitingSegments(directory: string): Promise<ReadonlyArray<string>> {
  const folder = intakeOf(directory)
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return []
    throw error
  })
  return names
    .filter((name) => name.endsWith(SUFFIX))
    .sort()
    .map((name) => join(folder, name))
}

/** Killed anywhere, it is done again, and what was imported already is known by its content or its source and id. */
export async function importSegment(workspace: Workspace, options: SegmentImport): Promise<SegmentReport> {
  try {
    const report = await importPiece(workspace, options)
    await rm(options.path, { force: true })
    return report
  } finally {
    // With what a killed process left of it: one segment is imported at a time.
    await rm(join(workspace.directory, HALVES_FOLDER), { recursive: true, force: true })
  }
}

async function importPiece(workspace: Workspace, options: SegmentImport): Promise<SegmentReport> {
  const { path, intake, source, signal } = options
  // Events have no directory rows, which alone would hold from a day.
  const asOfOn = workspace.actor.now().toISOString().slice(0, 10) as LocalDate
  const { files } = await importFiles(workspace, { paths: [path], intake, source, asOfOn, signal })
  const [file] = files
  invariant(file, 'a file that was named is reported', { path })
  if (file.outcome !== 'refused') {
    const { read, accepted, quarantined, duplicates } = file.rows
    return { ...NOTHING, read, accepted, quarantined, duplicates }
  }
  const folder = join(workspace.directory, HALVES_FOLDER)
  await mkdir(folder, { recursive: true })
  const halves = await halve(path, await mkdtemp(join(folder, 'of-')))
  if (halves.length < 2) return { ...NOTHING, refused: [await setAside(workspace, path)] }
  let sum = NOTHING
  for (const half of halves) sum = added(sum, await importPiece(workspace, { ...options, path: half }))
  return sum
}

function added(one: SegmentReport, other: SegmentReport): SegmentReport {
  return {
    read: one.read + other.read,
    accepted: one.accepted + other.accepted,
    quarantined: one.quarantined + other.quarantined,
    duplicates: one.duplicates + other.duplicates,
    refused: [...one.refused, ...other.refused],
  }
}

/** Two files of about the same size; one where there is one line. A segment is bounded, so it is read as a whole. */
async function halve(path: string, folder: string): Promise<string[]> {
  const bytes = await readFile(path)
  const middle = Math.floor((bytes.length - 1) / 2)
  const before = bytes.lastIndexOf(NEWLINE, middle)
  const end = before === -1 ? bytes.indexOf(NEWLINE, middle) : before
  if (end === -1 || end === bytes.length - 1) return [path]
  const halves = [bytes.subarray(0, end + 1), bytes.subarray(end + 1)]
  const paths = ['first', 'second'].map((half) => join(folder, `${basename(path, SUFFIX)}-${half}${SUFFIX}`))
  for (const [at, half] of halves.entries()) await writeFile(paths[at] as string, half)
  return paths
}

async function setAside({ directory }: Workspace, path: string): Promise<string> {
  const folder = join(directory, REFUSED_FOLDER)
  await mkdir(folder, { recursive: true })
  const place = join(folder, basename(path))
  const copy = `${place}.part`
  const file = await open(copy, 'w')
  try {
    await file.writeFile(await readFile(path))
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(copy, place)
  return place
}
