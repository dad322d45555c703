// The example company of the demo as its manifest says it; paths are relative to its folder.
import { type Example, findExample } from './find-example.ts'

export type DemoMonth = {
  readonly period: string
  readonly imports: ReadonlyArray<{ readonly file: string; readonly note?: string }>
  readonly accepts: ReadonlyArray<{ readonly invoice: string; readonly difference: string; readonly reason: string }>
}

type CompanyManifest = {
  readonly name: string
  readonly documents: ReadonlyArray<string>
  readonly directory: ReadonlyArray<string>
  readonly months: ReadonlyArray<DemoMonth>
  readonly lastPeriod: string
  readonly explain: ReadonlyArray<{ readonly service: string; readonly period: string }>
  readonly simulate: ReadonlyArray<{ readonly file: string; readonly period: string }>
}

export type DemoCompany = Example<CompanyManifest>

/** @throws Refusal `not-found`. */
export function loadDemoCompany(): Promise<DemoCompany> {
  return findExample<CompanyManifest>('quillhaven', 'company.json')
}
