// The example law firm of the demo as its manifest says it; paths are relative to its folder.
import { type Example, findExample } from './find-example.ts'

export type FirmMonth = {
  readonly period: string
  readonly imports: ReadonlyArray<{ readonly file: string; readonly note?: string }>
  /** User ids that let nobody in from the first of the month on. */
  readonly disable?: ReadonlyArray<string>
}

type FirmManifest = {
  readonly name: string
  readonly account: string
  readonly documents: ReadonlyArray<string>
  readonly directory: ReadonlyArray<string>
  readonly subAccounts: string
  /** `account,user_id,passcode,given_on`; given_on is empty, or the first of a month. */
  readonly passcodes: string
  readonly months: ReadonlyArray<FirmMonth>
  readonly lastPeriod: string
  /** The number of a bill worth a look. */
  readonly bill: string
  readonly lawsuit: { readonly project: string; readonly client: string; readonly invoiceNumber: string }
}

export type DemoFirm = Example<FirmManifest>

/** @throws Refusal `not-found`. */
export function loadDemoFirm(): Promise<DemoFirm> {
  return findExample<FirmManifest>('wychbold', 'firm.json')
}
