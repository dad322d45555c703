// Runs a benchmark at each size in a process of its own, so that no size finds what another left in memory; prints what each
// comes to, and keeps the raw results where all were run.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

type Benchmark<S, M> = {
  readonly sizes: Readonly<Record<string, S>>
  readonly measure: (size: S) => Promise<M>
  readonly summaryOf: (measured: M) => unknown
  /** The benchmark's own `import.meta.url`. */
  readonly script: string
  /** In results/. */
  readonly resultFile: string
}

/** `SIZE` or `all`, from the command line. @throws Error where there is no such size. */
export async function runSizes<S, M>({
  sizes,
  measure,
  summaryOf,
  script,
  resultFile,
}: Benchmark<S, M>): Promise<void> {
  const [first = 'all', name = ''] = process.argv.slice(2)
  if (first === 'child') {
    process.stdout.write(JSON.stringify(await measure(sizes[name] as S)))
    return
  }
  const results = (first === 'all' ? Object.keys(sizes) : [first]).map((size) => {
    if (sizes[size] === undefined) throw new Error(`There is no size ${size}`)
    const child = [...process.execArgv, fileURLToPath(script), 'child', size]
    const output = execFileSync(process.execPath, child, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
    const measured = JSON.parse(output) as M
    const summary = summaryOf(measured)
    process.stdout.write(`${size} ${JSON.stringify(summary, null, 2)}\n`)
    return { size, summary, measured }
  })
  if (first !== 'all') return
  const machine = { node: process.version, cpu: cpus()[0]?.model.trim(), cores: cpus().length }
  const folder = fileURLToPath(new URL('./results', import.meta.url))
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, resultFile), `${JSON.stringify({ machine, results }, null, 2)}\n`)
}

export const median = (values: ReadonlyArray<number>): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
