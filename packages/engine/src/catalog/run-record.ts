// What a run read and what it wrote, as its catalog record keeps it: enough to do the run again and compare.
import type { Workspace } from '../workspace/workspace.ts'
import { LastAsked } from './last-asked.ts'

/** Runs that the rating of a month stands on. */
export type RatingPins = {
  /** Of the newest month before that was closed; null where rating begins. */
  readonly before: string | null
  /** Published runs that usage came late for, and those after them, in order. */
  readonly corrected: ReadonlyArray<string>
  /** Its bills are charges of the period, and their lines say quantity and plan: left out in runs of before. */
  readonly areBillsCharges?: true
  /** Its bills are numbered as the so manieth of their period; left out for the first. */
  readonly issue?: number
}

export type RunInputs = {
  /** Fact documents that counted, by ascending id. */
  readonly documents: ReadonlyArray<{ readonly doc: number; readonly digest: string }>
  /** Configuration in force, ordered by kind and name. */
  readonly configuration: ReadonlyArray<{
    readonly kind: string
    readonly name: string
    readonly version: number
    readonly digest: string
  }>
  /** Only where anything is sold. */
  readonly rating?: RatingPins
}

export type RunOutputs = {
  /** Per result table, in name order: rows and the sum of the rows' digests (all columns but `run`) as decimal text. */
  readonly tables: ReadonlyArray<{ readonly table: string; readonly rows: number; readonly digest: string }>
  /** The same of rating and billing, where anything is sold. */
  readonly rated?: ReadonlyArray<{ readonly table: string; readonly rows: number; readonly digest: string }>
  /** Per currency, in code order; minor units as decimal text. */
  readonly totals: ReadonlyArray<{
    readonly currency: string
    readonly actual_minor: string
    readonly adjusted_minor: string
  }>
}

type RunTexts = { readonly inputs: string; readonly outputs: string }

/** By text. */
const read = new LastAsked<string, RunInputs>(4)
/** A text of a provider's tens of thousands of documents takes as long to read as an answer may. */
const LONG = 100_000

export function inputsOf({ inputs: text }: Pick<RunTexts, 'inputs'>): RunInputs {
  if (text.length < LONG) return JSON.parse(text) as RunInputs
  const known = read.get(text)
  if (known) return known
  const inputs = JSON.parse(text) as RunInputs
  read.set(text, inputs)
  return inputs
}

/** The ids of the documents whose facts it read. */
export function documentsReadBy(run: Pick<RunTexts, 'inputs'>): ReadonlyArray<number> {
  return inputsOf(run).documents.map(({ doc }) => doc)
}

/** Those that are published, with what they read still as text: not everybody asks about each. */
export function publishedRuns({ catalog, tenant }: Pick<Workspace, 'catalog' | 'tenant'>) {
  return catalog
    .selectFrom('run')
    .select(['period', 'inputs'])
    .where('tenant', '=', tenant)
    .where('state', '=', 'published')
    .execute()
}

export function outputsOf(run: Pick<RunTexts, 'outputs'>): RunOutputs {
  return JSON.parse(run.outputs) as RunOutputs
}
