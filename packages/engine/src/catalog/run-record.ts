// What a run read and what it wrote, as its catalog record keeps it: enough to do the run again and compare.

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
}

export type RunOutputs = {
  /** Per result table, in name order: rows and the sum of the rows' digests (all columns but `run`) as decimal text. */
  readonly tables: ReadonlyArray<{ readonly table: string; readonly rows: number; readonly digest: string }>
  /** Per currency, in code order; minor units as decimal text. */
  readonly totals: ReadonlyArray<{
    readonly currency: string
    readonly actual_minor: string
    readonly adjusted_minor: string
  }>
}

type RunTexts = { readonly inputs: string; readonly outputs: string }

export function inputsOf(run: Pick<RunTexts, 'inputs'>): RunInputs {
  return JSON.parse(run.inputs) as RunInputs
}

export function outputsOf(run: Pick<RunTexts, 'outputs'>): RunOutputs {
  return JSON.parse(run.outputs) as RunOutputs
}
