// What an import costs beside the least that any importer does: DuckDB's own read_csv of the same file into a table.
// Each run is a process of its own, so that its resident memory is its own. Prints a line per file, keeps the raw results.
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { finished } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import type { LocalDate } from '@spillway/core'
import { importFiles, initWorkspace } from '@spillway/engine'
import { fileIntake, IMPORTERS } from '@spillway/formats'
import { median } from './run-sizes.ts'

const SIZES: Readonly<Record<string, number>> = { '20k': 20_000, '200k': 200_000, '1m': 1_000_000, '10m': 10_000_000 }
const FILES = ['usage', 'charges'] as const
/** Of each side in turn; ten million rows take minutes, and are run once. */
const runsOf = (rows: number) => (rows > 1_000_000 ? 1 : 3)
const ACTOR = { who: 'bench', now: () => new Date('2026-11-02T00:00:00Z'), codeVersion: 'bench' }

type File = (typeof FILES)[number]
/** Of one process: elapsed time, time of all its processors, and its largest resident memory. */
type Run = { readonly elapsedMs: number; readonly processorMs: number; readonly residentBytes: number }
type Measured = {
  readonly file: File
  readonly rows: number
  readonly bytes: number
  readonly baseline: ReadonlyArray<Run>
  readonly import: ReadonlyArray<Run>
  readonly elapsedRatio: number
  readonly processorRatio: number
}

const HEADERS: Readonly<Record<File, string>> = {
  usage:
    'source,id,account,service,usage_type,started_at,ended_at,quantity,unit,zone,time_band,network,account_code,peer,app,pool,participants',
  charges:
    'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,product,description,amount,quantity,unit',
}

/** Row `index` of `rows`: the same on every machine, spread over a tenth as many services. */
const ROWS: Readonly<Record<File, (index: number, rows: number) => string>> = {
  usage: (index, rows) => {
    const mixed = Math.imul(index, 2_654_435_761) >>> 0
    const two = (value: number) => String(value).padStart(2, '0')
    const time = `${two((mixed >>> 5) % 24)}:${two((mixed >>> 9) % 60)}:${two((mixed >>> 13) % 60)}`
    const use = index % 3 === 0 ? `voice,2026-10-${two(1 + (mixed % 31))}T${time}Z,,${mixed % 60},min` : ''
    const data = `data,2026-10-${two(1 + (mixed % 31))}T${time}Z,,${(mixed % 100_000) / 1000},MB`
    const service = String(mixed % (rows / 10)).padStart(15, '0')
    return `cdr,E${String(index).padStart(9, '0')},A-1,${service},${use || data},${index % 7 ? 'domestic' : 'roaming'},peak,off-net,,,,,`
  },
  charges: (index, rows) => {
    const mixed = Math.imul(index, 2_654_435_761) >>> 0
    const invoice = `INV-${String(Math.floor((index * 200) / rows)).padStart(4, '0')}`
    const service = String(mixed % (rows / 10)).padStart(15, '0')
    const kind = ['access,data', 'overage,data', 'equipment,'][index % 3]
    return `carrier,A-1,${invoice},2026-11-01,2026-10-01,2026-11-01,USD,${index + 1},${service},,${kind},data-2gb,Monthly access charge,${((mixed % 5000) / 100).toFixed(2)},1,`
  },
}

async function writeFile(path: string, file: File, rows: number): Promise<void> {
  const stream = createWriteStream(path)
  stream.write(`${HEADERS[file]}\n`)
  const rowOf = ROWS[file]
  for (let index = 0; index < rows; index += 1)
    if (!stream.write(`${rowOf(index, rows)}\n`)) await once(stream, 'drain')
  stream.end()
  await finished(stream)
}

/** Runs in the child, in a workspace of its own, which is made before the clock starts. */
async function measure(mode: string, path: string, directory: string): Promise<Run> {
  const workspace = await initWorkspace(directory, { actor: ACTOR, holder: 'import.bench' })
  const processor = process.cpuUsage()
  const startedAt = performance.now()
  if (mode === 'baseline')
    await workspace.warehouse.run(`CREATE TABLE baseline AS SELECT * FROM read_csv('${path}', all_varchar = true)`)
  else {
    const options = { paths: [path], intake: fileIntake(IMPORTERS), source: '', asOfOn: '2026-11-02' as LocalDate }
    const { files } = await importFiles(workspace, options)
    if (files.some(({ outcome, rows }) => outcome !== 'imported' || rows.accepted !== rows.read))
      throw new Error(`not all was imported: ${JSON.stringify(files[0]?.rows)}`)
  }
  const elapsedMs = Math.round(performance.now() - startedAt)
  const { user, system } = process.cpuUsage(processor)
  await workspace.close()
  const residentBytes = process.resourceUsage().maxRSS * 1024
  return { elapsedMs, processorMs: Math.round((user + system) / 1000), residentBytes }
}

function runInChild(mode: string, path: string): Run {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const self = fileURLToPath(import.meta.url)
  try {
    const output = execFileSync(process.execPath, ['--import', 'tsx', self, mode, path, join(directory, 'workspace')], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    return JSON.parse(output) as Run
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function measureFile(file: File, rows: number): Promise<Measured> {
  const directory = mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  try {
    const path = join(directory, `${file}.csv`)
    await writeFile(path, file, rows)
    const baseline: Run[] = []
    const imported: Run[] = []
    // In turn, so that a machine that is busy for a while is busy for both.
    for (let run = 0; run < runsOf(rows); run += 1) {
      baseline.push(runInChild('baseline', path))
      imported.push(runInChild('import', path))
    }
    const ratio = (of: (run: Run) => number) => median(imported.map(of)) / median(baseline.map(of))
    return {
      file,
      rows,
      bytes: statSync(path).size,
      baseline,
      import: imported,
      elapsedRatio: ratio(({ elapsedMs }) => elapsedMs),
      processorRatio: ratio(({ processorMs }) => processorMs),
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

async function main(): Promise<void> {
  const [first = '200k', path = '', directory = ''] = process.argv.slice(2)
  if (first === 'baseline' || first === 'import') {
    process.stdout.write(JSON.stringify(await measure(first, path, directory)))
    return
  }
  const rows = SIZES[first]
  if (rows === undefined) throw new Error(`There is no size ${first}: ${Object.keys(SIZES).join(', ')}`)
  const results: Measured[] = []
  // A file of ten million charges is no bill that anybody gets.
  for (const file of rows > 1_000_000 ? FILES.slice(0, 1) : FILES) results.push(await measureFile(file, rows))
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const kept = fileURLToPath(new URL(`./results/import-${first}.json`, import.meta.url))
  writeFileSync(kept, `${JSON.stringify({ machine, results }, null, 2)}\n`)
  for (const { file, baseline, import: imported, elapsedRatio, processorRatio } of results) {
    const elapsed = (runs: ReadonlyArray<Run>) => `${median(runs.map(({ elapsedMs }) => elapsedMs))} ms`
    const resident = Math.max(...imported.map(({ residentBytes }) => residentBytes)) / 2 ** 20
    process.stdout.write(
      `${file.padEnd(8)} ${first}: import ${elapsed(imported)}, read_csv ${elapsed(baseline)}, ratio ${elapsedRatio.toFixed(1)} (of processor time ${processorRatio.toFixed(1)}), resident ${resident.toFixed(0)} MiB\n`,
    )
  }
}

await main()
