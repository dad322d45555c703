// The example provider of the demo as its manifest says it; paths are relative to its folder.
import { type Example, findExample } from './find-example.ts'

export type ProviderMonth = {
  readonly period: string
  readonly closedOn: string
  readonly imports: ReadonlyArray<{ readonly file: string; readonly note?: string }>
}

type ProviderManifest = {
  readonly name: string
  readonly documents: ReadonlyArray<string>
  readonly months: ReadonlyArray<ProviderMonth>
  readonly lastPeriod: string
  /** Why there are adjustments in the last month, for people. */
  readonly late: string
  /** The number of a bill worth a look. */
  readonly bill: string
  readonly explain: ReadonlyArray<{ readonly service: string; readonly period: string }>
}

export type DemoProvider = Example<ProviderManifest>

/** @throws Refusal `not-found`. */
export function loadDemoProvider(): Promise<DemoProvider> {
  return findExample<ProviderManifest>('skerrymore', 'provider.json')
}
