// What roll-ups cost over HTTP with 20 asking at once, beside the bare query for one: the leanest SQL over the stored numbers
// that gives the same figures, which roll-ups-questions.ts has for each. The server runs in a process of its own and has made
// what it makes while nobody asks (`warmedSeconds`); with ROLL_UPS_COLD it is asked as soon as it listens. The mix: each of 20
// asks one question after another; half of them are what everybody opens (the newest month, nothing left out, the first page),
// the others are of another month, of one cost centre or pool, or in another order, and of every fifth answer the next page is
// asked for. `first`: nobody asked this before; `kept`: somebody did.
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openWorkspace } from '@spillway/engine'
import type { Size } from './build-workspace.ts'
import { KINDS, type Kind, type Pick } from './roll-ups-questions.ts'
import { ACTOR, buildThirteenMonths } from './roll-ups-workspace.ts'
import { median, runSizes } from './run-sizes.ts'
import { type Served, startServed } from './served.ts'

const SIZES: Readonly<Record<string, Size>> = {
  '100k': { services: 100_000, pools: 2_000, usageRows: 100_000, chargesPerService: 3 },
  '1m': { services: 1_000_000, pools: 20_000, usageRows: 1_000_000, chargesPerService: 3 },
}
const AT_ONCE = 20
const QUESTIONS = 1200
const BARE_RUNS = 3

type Answer = { readonly kind: string; readonly ms: number; readonly isFirst: boolean; readonly path: string }
type Measured = {
  /** Before the server starts and after it has stopped, of the question that everybody opens and of another one. */
  readonly bare: Readonly<Record<string, { readonly standingMs: number[]; readonly otherMs: number[] }>>
  readonly answers: ReadonlyArray<Answer>
  readonly cpuMs: number
  /** Until everything was made that a server makes while nobody asks. */
  readonly warmedMs: number
  readonly residentBytes: number
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return Math.round((performance.now() - startedAt) * 10) / 10
}

/** The same numbers on every machine. */
function pickFrom(seed: number): Pick {
  let state = seed
  return (count) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
}

async function measure(size: Size): Promise<Measured> {
  const directory = await mkdtemp(join(tmpdir(), 'spillway-roll-ups-'))
  const folder = join(directory, 'w')
  try {
    const made = process.env.ROLL_UPS_IN
    if (made === undefined) await buildThirteenMonths(folder, size)
    else await cp(made, folder, { recursive: true })
    const bare: Record<string, { standingMs: number[]; otherMs: number[] }> = {}
    await measureBare(folder, bare)
    const served = await startServed(folder)
    try {
      const warmedMs = process.env.ROLL_UPS_COLD === undefined ? await timed(served.warmed) : 0
      const before = await served.usage()
      const answers = await askInMix(served)
      const { cpuMs, residentBytes } = await served.usage()
      await served.stop()
      await measureBare(folder, bare)
      return { bare, answers, cpuMs: cpuMs - before.cpuMs, warmedMs, residentBytes }
    } catch (error) {
      await served.stop()
      throw error
    }
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

async function measureBare(folder: string, bare: Record<string, { standingMs: number[]; otherMs: number[] }>) {
  const workspace = await openWorkspace(folder, { access: 'write', actor: ACTOR, holder: 'bench' })
  try {
    const pick = pickFrom(1)
    for (const { name, standing, other } of KINDS) {
      const { standingMs, otherMs } = bare[name] ?? { standingMs: [], otherMs: [] }
      bare[name] = { standingMs, otherMs }
      for (let run = 0; run < BARE_RUNS; run += 1) {
        standingMs.push(await timed(() => workspace.warehouse.rows(standing.bare)))
        otherMs.push(await timed(() => workspace.warehouse.rows(other(pick).bare)))
      }
    }
  } finally {
    await workspace.close()
  }
}

async function askInMix(served: Served): Promise<Answer[]> {
  const pick = pickFrom(2)
  const bag = KINDS.flatMap((kind) => Array.from({ length: kind.weight }, () => kind))
  const answers: Answer[] = []
  const known = new Set<string>()
  let left = QUESTIONS
  const ask = async ({ name }: Kind, path: string): Promise<unknown> => {
    const isFirst = !known.has(path)
    let answer: unknown
    left -= 1
    const ms = await timed(async () => {
      answer = await served.ask(`/v1/reports/${path}`)
    })
    // Who asks while it is being made waits as the first one does.
    known.add(path)
    answers.push({ kind: name, ms, isFirst, path })
    return answer
  }
  const person = async () => {
    while (left > 0) {
      const kind = bag[pick(bag.length)] as Kind
      const { path } = pick(2) === 0 ? kind.standing : kind.other(pick)
      const { next } = (await ask(kind, path)) as { next: string | null }
      if (next !== null && pick(5) === 0) await ask(kind, `${path}&cursor=${encodeURIComponent(next)}`)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, person))
  return answers
}

const p95 = (values: ReadonlyArray<number>): number | null =>
  values.length === 0 ? null : ([...values].sort((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] as number)

function summaryOf({ bare, answers, cpuMs, warmedMs, residentBytes }: Measured) {
  const bareOf = ({ kind, path }: Answer) => {
    const { standingMs, otherMs } = bare[kind] as { standingMs: number[]; otherMs: number[] }
    const standing = KINDS.find(({ name }) => name === kind)?.standing.path as string
    return median(path.startsWith(standing) ? standingMs : otherMs)
  }
  const ratioOf = (answer: Answer) => answer.ms / bareOf(answer)
  const rounded = (value: number | null) => (value === null ? null : Number(value.toFixed(2)))
  const told = (of: ReadonlyArray<Answer>) => ({
    asked: of.length,
    p95Ms: p95(of.map(({ ms }) => ms)),
    p95Ratio: rounded(p95(of.map(ratioOf))),
  })
  const parts = (of: ReadonlyArray<Answer>) => ({
    all: told(of),
    first: told(of.filter(({ isFirst }) => isFirst)),
    kept: told(of.filter(({ isFirst }) => !isFirst)),
  })
  return {
    mix: parts(answers),
    cpuMsPerAnswer: rounded(cpuMs / answers.length),
    warmedSeconds: rounded(warmedMs / 1000),
    residentMebibytes: Math.round(residentBytes / 2 ** 20),
    kinds: KINDS.map(({ name }) => ({
      name,
      bareMs: median(bare[name]?.standingMs ?? []),
      otherBareMs: median(bare[name]?.otherMs ?? []),
      ...parts(answers.filter(({ kind }) => kind === name)),
    })),
  }
}

await runSizes<Size, Measured>({
  sizes: SIZES,
  measure,
  summaryOf,
  script: import.meta.url,
  resultFile: 'roll-ups.json',
})
