// Every state that the files of a workspace pass through while a file is imported and a period closed: copied at each step
// of the protocol (a killed process leaves exactly these files), and each copy must check, repeat and end the same.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalDate, type Period, parsePeriod } from '@spillway/core'
import { closePeriod, importFiles, publishPeriod, type Workspace } from '@spillway/engine'
import { fileIntake, IMPORTERS } from '@spillway/formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { companyWithOctober, type SmallCompany } from '../small-company.ts'
import { figuresOf, mustRunOn, runOn } from './company-slice.ts'
import { disagreementsOf, writing } from './stored-rows.ts'

const OCTOBER = parsePeriod('2026-10') as Period
const STORES = ['catalog.sqlite', 'warehouse.duckdb']

let company: SmallCompany
let home: string
beforeAll(async () => {
  company = await companyWithOctober({ isClosed: true })
  home = mkdtempSync(join(tmpdir(), 'spillway-steps-'))
})
afterAll(async () => {
  await company.remove()
  rmSync(home, { recursive: true, force: true })
})

type Step = { readonly folder: string; readonly name: string }

/** Copies the workspace by another process: a file that this one closes loses the locks that its stores hold. */
function copyOf(workspace: string, name: string): string {
  const copy = join(home, name)
  execFileSync('cp', ['-r', workspace, copy])
  return copy
}

function contentOf(workspace: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(workspace).sort())
    if (STORES.some((store) => name.startsWith(store)) && !name.endsWith('-shm'))
      hash.update(name).update(readFileSync(join(workspace, name)))
  return hash.digest('hex')
}

/** Keeps a copy of each state that differs from the one before it. */
class Recorder {
  readonly steps: Step[] = []
  readonly #workspace: string
  readonly #name: string
  #last = ''

  constructor(workspace: string, name: string) {
    this.#workspace = workspace
    this.#name = name
  }

  step(name: string): void {
    const folder = copyOf(this.#workspace, `${this.#name}-${this.steps.length}`)
    const content = contentOf(folder)
    if (content === this.#last) {
      rmSync(folder, { recursive: true })
      return
    }
    this.#last = content
    this.steps.push({ folder, name })
  }
}

type Work = () => Promise<unknown>

/** The workspace with a step before and after every call that can change a file, and before every COMMIT. */
function stepping(workspace: Workspace, recorder: Recorder): Workspace {
  const around = async (name: string, work: Work): Promise<unknown> => {
    recorder.step(`before ${name}`)
    const result = await work()
    recorder.step(`after ${name}`)
    return result
  }
  const inside =
    (name: string, work: (...given: unknown[]) => Promise<unknown>) =>
    async (...given: unknown[]) => {
      const result = await work(...given)
      recorder.step(`before the commit of ${name}`)
      return result
    }
  const warehouse = new Proxy(workspace.warehouse, {
    get: (target, key) => {
      const method = Reflect.get(target, key, target) as unknown
      if (typeof method !== 'function') return method
      const call = method.bind(target) as (...given: unknown[]) => Promise<unknown>
      if (key === 'run') return (...given: unknown[]) => around('a statement of the warehouse', () => call(...given))
      if (key !== 'transaction') return call
      const name = 'a transaction of the warehouse'
      return (work: Work) => around(name, () => call(inside(name, work)))
    },
  })
  const catalog = new Proxy(workspace.catalog, {
    get: (target, key) => {
      const method = Reflect.get(target, key, target) as unknown
      if (typeof method !== 'function') return method
      const call = method.bind(target) as (...given: unknown[]) => unknown
      if (key !== 'transaction') return call
      const name = 'a transaction of the catalog'
      return () => {
        const builder = target.transaction()
        return {
          execute: (work: (...given: unknown[]) => Promise<unknown>) =>
            around(name, () => builder.execute(inside(name, work) as never)),
        }
      }
    },
  })
  return { ...workspace, warehouse, catalog }
}

async function record(name: string, work: (workspace: Workspace) => Promise<unknown>): Promise<Step[]> {
  const folder = copyOf(join(company.directory, 'w'), name)
  const recorder = new Recorder(folder, `${name}-step`)
  await writing(folder, async (workspace) => {
    recorder.step('before')
    await work(stepping(workspace, recorder))
  })
  recorder.step('the workspace is closed')
  expect(existsSync(join(folder, 'holder.json'))).toBe(false)
  return recorder.steps
}

const bill = () => join(company.directory, 'invoices-wrong.csv')
const importBill = (workspace: Workspace) =>
  importFiles(workspace, {
    paths: [bill()],
    intake: fileIntake(IMPORTERS),
    source: '',
    asOfOn: '2026-11-05' as LocalDate,
  })

/** Each state checks and repeats; what the figures are afterwards is the same for all of them. */
async function proveSteps(steps: ReadonlyArray<Step>, repeat: ReadonlyArray<string>): Promise<void> {
  const [before] = steps
  const figuresBefore =
    before && (await figuresOf(copyOf(before.folder, `${before.folder.split('/').at(-1)}-first`), '2026-10'))
  const ends = new Set<string>()
  for (const { folder, name } of steps) {
    // Whether the step is there or not, the closed figures are whole: to a reader at once, and after a sweep.
    expect(await figuresOf(folder, '2026-10'), name).toBe(figuresBefore)
    const check = await runOn(folder, ['check'])
    expect([name, check.code, check.notes]).toEqual([name, 0, expect.stringContaining('proved 2026-10.')])
    expect(await disagreementsOf(folder), name).toEqual([])
    await mustRunOn(folder, repeat)
    if (repeat[0] !== 'close') await mustRunOn(folder, ['close', '2026-10'])
    expect(await disagreementsOf(folder), name).toEqual([])
    const reconciliation = await mustRunOn(folder, ['report', 'reconciliation', '--format', 'csv'])
    ends.add((await figuresOf(folder, '2026-10')) + reconciliation.out)
  }
  expect(ends.size).toBe(1)
}

describe('an interruption between any two steps', () => {
  it('of an import leaves it there or not', async () => {
    const steps = await record('import', importBill)
    // Reserved in the catalog, facts in the warehouse, completed in the catalog, closed: each changes a file.
    expect(steps.length).toBeGreaterThanOrEqual(4)
    expect(steps.map(({ name }) => name)).toContain('after a transaction of the warehouse')
    await proveSteps(steps, ['import', bill()])
  })

  it('of a close leaves the results of before or the new ones', async () => {
    const steps = await record('close', (workspace) => closePeriod(workspace, { period: OCTOBER }))
    expect(steps.length).toBeGreaterThanOrEqual(4)
    expect(steps.map(({ name }) => name)).toContain('after a transaction of the warehouse')
    await proveSteps(steps, ['close', '2026-10'])
  })

  it('of a publication leaves the period published or closed', async () => {
    const steps = await record('publish', (workspace) => publishPeriod(workspace, OCTOBER))
    for (const { folder, name } of steps) {
      expect((await runOn(folder, ['check'])).code, name).toBe(0)
      const again = await runOn(folder, ['publish', '2026-10'])
      expect([0, 3], again.notes).toContain(again.code)
      expect((await runOn(folder, ['close', '2026-10'])).code, name).toBe(3)
    }
  })
})
