// What rating a month costs beside the least that any rating needs of a database: one GROUP BY of all usage, and the rows
// whose order matters sorted and streamed. And beside the same by window functions of PostgreSQL, where that is installed.
// Each measurement runs in a process of its own, so that its resident memory is its own. Prints a line per size, keeps the
// raw results.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.ts'
import { measurePostgres, type PostgresRated } from './postgres-rating.ts'
import { measureRating, measureYardstick, prepareSeptember, type Spent } from './rating-runs.ts'
import { buildRatingWorkspace, type RatingSize } from './rating-workspace.ts'

const SIZES: Readonly<Record<string, RatingSize>> = {
  '1m': { services: 100_000, usageRows: 1_000_000 },
  '10m': { services: 1_000_000, usageRows: 10_000_000 },
  '100m': { services: 1_000_000, usageRows: 100_000_000 },
}
/** The largest takes minutes, and is run once. */
const runsOf = ({ usageRows }: RatingSize) => (usageRows > 10_000_000 ? 1 : 3)
const POSTGRES_SQL = fileURLToPath(new URL('./postgres-rating.sql', import.meta.url))
/** The size at which PostgreSQL does the same. */
const WITH_POSTGRES = '1m'

type Measured = {
  readonly size: string
  /** GROUP BY of all rows, and the rows that need order sorted and streamed; in turn with `rating`. */
  readonly yardstick: ReadonlyArray<Spent>
  /** The stage, with what it takes over read and its results written, but for bills. */
  readonly rating: ReadonlyArray<Spent>
  readonly elapsedRatio: number
  /** Of processor time on all cores, which other processes on the machine disturb less. */
  readonly processorRatio: number
  readonly residentBytes: number
  readonly load: ReadonlyArray<number>
  /** null where PostgreSQL is not installed, or not asked. */
  readonly postgres: PostgresRated | null
}

const median = (values: ReadonlyArray<number>) =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number

function measureInChildren(script: string, name: string, kept: string | undefined): Measured {
  const size = SIZES[name]
  if (size === undefined) throw new Error(`There is no size ${name}: ${Object.keys(SIZES).join(', ')}`)
  const directory = kept ?? mkdtempSync(join(tmpdir(), 'spillway-bench-'))
  const child = (mode: string) =>
    execFileSync(process.execPath, [script, 'child', mode, name, directory, POSTGRES_SQL], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  try {
    child('build')
    const yardstick: Spent[] = []
    const rating: Spent[] = []
    for (let run = 0; run < runsOf(size); run += 1) {
      yardstick.push(JSON.parse(child('yardstick')) as Spent)
      rating.push(JSON.parse(child('rate')) as Spent)
    }
    const of = (runs: ReadonlyArray<Spent>, figure: 'elapsedMs' | 'processorMs') =>
      median(runs.map((run) => run[figure]))
    return {
      ...{ size: name, yardstick, rating },
      elapsedRatio: of(rating, 'elapsedMs') / of(yardstick, 'elapsedMs'),
      processorRatio: of(rating, 'processorMs') / of(yardstick, 'processorMs'),
      residentBytes: Math.max(...rating.map((run) => run.residentBytes)),
      load: loadavg(),
      postgres: name === WITH_POSTGRES ? (JSON.parse(child('postgres')) as PostgresRated | null) : null,
    }
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

type Child = { readonly size: RatingSize; readonly directory: string; readonly sqlFile: string }

async function runChild(mode: string, { size, directory, sqlFile }: Child): Promise<unknown> {
  switch (mode) {
    case 'build': {
      const workspace = await buildRatingWorkspace(directory, size)
      await prepareSeptember(workspace)
      return workspace.close()
    }
    case 'yardstick':
      return measureYardstick(directory)
    case 'rate':
      return measureRating(directory)
    case 'postgres':
      return measurePostgres(directory, sqlFile)
    default:
      throw new Error(`There is no mode ${mode}`)
  }
}

/** Arguments are sizes; `in=FOLDER` is where the workspace is made. */
async function main(): Promise<void> {
  const [first, ...rest] = process.argv.slice(2)
  if (first === 'child') {
    const [mode = '', size = '', directory = '', sqlFile = ''] = rest
    const done = await runChild(mode, { size: SIZES[size] as RatingSize, directory, sqlFile })
    process.stdout.write(JSON.stringify(done ?? null))
    return
  }
  const given = process.argv.slice(2)
  const kept = given.find((one) => one.startsWith('in='))?.slice('in='.length)
  const wanted = given.filter((one) => !one.startsWith('in='))
  const sizes = wanted.length > 0 ? wanted : ['1m', '10m']
  const script = await bundle(new URL(import.meta.url), 'rating-bench')
  try {
    const results = sizes.map((size) => measureInChildren(script, size, kept))
    const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
    const path = fileURLToPath(new URL(`./results/rating-${sizes.join('-')}.json`, import.meta.url))
    writeFileSync(path, `${JSON.stringify({ machine, sizes: SIZES, results }, null, 2)}\n`)
    for (const result of results) process.stdout.write(lineOf(result))
  } finally {
    rmSync(dirname(script), { recursive: true, force: true })
  }
}

function lineOf({ size, rating, yardstick, elapsedRatio, processorRatio, residentBytes, postgres }: Measured): string {
  const ms = (runs: ReadonlyArray<Spent>) => median(runs.map(({ elapsedMs }) => elapsedMs))
  const resident = (residentBytes / 2 ** 20).toFixed(0)
  const beside =
    postgres === null
      ? ''
      : `      PostgreSQL ${postgres.version} ${median(postgres.postgresMs)} ms; of ${postgres.rows} rows ${postgres.differing} differ\n`
  return `${size.padStart(5)}: rating ${ms(rating)} ms, GROUP BY and sorted stream ${ms(yardstick)} ms, ratio ${elapsedRatio.toFixed(1)} (of processor time ${processorRatio.toFixed(1)}), resident ${resident} MiB\n${beside}`
}

await main()
