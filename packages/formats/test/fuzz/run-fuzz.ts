// Damages and judges files one after the other, and sums up what became of them.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { damagedFile } from './damaged-file.ts'
import { judgeFile } from './judge-file.ts'
import { quietImporters, type Subject } from './subjects.ts'

export type FuzzRun = {
  readonly failures: ReadonlyArray<string>
  /** Files refused, by the kind of refusal. */
  readonly refused: ReadonlyMap<string, number>
  /** Files read, by importer. */
  readonly read: ReadonlyMap<string, number>
  readonly accepted: number
  readonly quarantined: number
  readonly silent: number
  readonly slowestMs: number
  /** Resident memory at its highest, less that before the first file. */
  readonly grownBytes: number
}

const FAILURES_MAX = 20

/** One file, once: no honest one of these sizes takes a hundredth of it. */
const DEADLINE_MS = 20_000

export async function runFuzz({
  seed,
  from,
  to,
  subjects,
}: {
  readonly seed: number
  readonly from: number
  readonly to: number
  readonly subjects: ReadonlyArray<Subject>
}): Promise<FuzzRun> {
  const folder = await mkdtemp(join(tmpdir(), 'spillway-fuzz-'))
  const path = join(folder, 'damaged.bin')
  const failures: string[] = []
  const [refused, read] = [new Map<string, number>(), new Map<string, number>()]
  const sums = { accepted: 0, quarantined: 0, silent: 0, slowestMs: 0, grownBytes: 0 }
  const quiet = await quietImporters()
  const before = process.memoryUsage.rss()
  try {
    for (let index = from; index < to && failures.length < FAILURES_MAX; index += 1) {
      const file = await damagedFile({ seed, index, subjects })
      await writeFile(path, file.bytes)
      const named = `FUZZ_SEED=${seed} FUZZ_FILE=${index} (${file.subject}; ${file.changes.join(', ')})`
      const judged = await judgeFile(path, { ...file, quiet }).catch((error: unknown) => String((error as Error).stack))
      if (typeof judged === 'string') {
        failures.push(`${named}: ${judged}`)
        continue
      }
      failures.push(...judged.faults.map((fault) => `${named}: ${fault}`))
      if (judged.elapsedMs > DEADLINE_MS) failures.push(`${named}: took ${Math.round(judged.elapsedMs)} ms`)
      if (judged.refused !== '') count(refused, judged.refused)
      for (const importer of judged.importers) count(read, importer)
      for (const key of ['accepted', 'quarantined', 'silent'] as const) sums[key] += judged[key]
      sums.slowestMs = Math.max(sums.slowestMs, judged.elapsedMs)
      sums.grownBytes = Math.max(sums.grownBytes, process.memoryUsage.rss() - before)
    }
  } finally {
    await rm(folder, { recursive: true })
  }
  return { failures, refused, read, ...sums }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
