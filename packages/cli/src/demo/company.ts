// The example company of the demo as its manifest says it; paths are relative to its folder.
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Refusal } from '@spillway/core'

export type DemoMonth = {
  readonly period: string
  readonly imports: ReadonlyArray<{ readonly file: string; readonly note?: string }>
  readonly accepts: ReadonlyArray<{ readonly invoice: string; readonly difference: string; readonly reason: string }>
}

export type DemoCompany = {
  readonly folder: string
  readonly name: string
  readonly documents: ReadonlyArray<string>
  readonly directory: ReadonlyArray<string>
  readonly months: ReadonlyArray<DemoMonth>
  readonly lastPeriod: string
  readonly explain: ReadonlyArray<{ readonly service: string; readonly period: string }>
  readonly simulate: ReadonlyArray<{ readonly file: string; readonly period: string }>
}

const MANIFEST = join('examples', 'quillhaven', 'company.json')

/** Looks for the examples above this module: it runs from its source and from the bundle. @throws Refusal `not-found`. */
export async function loadDemoCompany(): Promise<DemoCompany> {
  for (let folder = dirname(fileURLToPath(import.meta.url)); folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, MANIFEST)
    if (existsSync(path)) return { ...(JSON.parse(await readFile(path, 'utf8')) as DemoCompany), folder: dirname(path) }
  }
  throw new Refusal('not-found', 'The example company is not there.', {
    hint: 'Run the demo in a clone of the repository.',
  })
}
