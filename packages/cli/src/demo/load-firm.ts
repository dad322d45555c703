// Works the example law firm month by month as its billing desk would: user ids, call records, close, publish. Its passcodes
// are known, because its call records have to have them; each is given as one that somebody chose, by the rules for those.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatAmount, invariant, parsePeriod } from '@spillway/core'
import {
  closePeriod,
  createSubAccounts,
  publishPeriod,
  rotatePasscodes,
  setSubAccountEnabled,
  type Workspace,
} from '@spillway/engine'
import { readSubAccountFile } from '@spillway/formats'
import type { DemoFirm, FirmMonth } from './firm.ts'
import { applyExample, countRows, importExample, type RowsRead } from './import-example.ts'

export type FirmMonthDone = RowsRead & {
  readonly period: string
  readonly files: number
  /** What the bill of the month comes to: `587.80 USD`. */
  readonly billed: string
}

export type LoadFirmOptions = {
  readonly firm: DemoFirm
  readonly onMonth: (month: FirmMonthDone) => Promise<void>
  /** Sets the day that the workspace takes for today. */
  readonly setToday: (date: string) => void
  readonly signal: AbortSignal
}

/** Everything up to the last month, all of them published. */
export async function loadFirm(workspace: Workspace, options: LoadFirmOptions): Promise<void> {
  const { firm, setToday, signal } = options
  const { folder, documents, directory, months } = firm
  const [first] = months
  invariant(first, 'the example has months')
  setToday(`${first.period}-01`)
  const [priced, ...others] = documents
  await applyExample(workspace, { folder, files: priced === undefined ? [] : [priced] })
  await importExample(workspace, { folder, files: directory, asOf: `${first.period}-01`, signal })
  await applyExample(workspace, { folder, files: others })
  const passcodes = await readPasscodes(join(folder, firm.passcodes))
  await makeSubAccounts(workspace, { firm, passcodes })
  for (const month of months) await options.onMonth(await workMonth(workspace, month, { ...options, passcodes }))
}

type WrittenPasscode = {
  readonly account: string
  readonly userId: string
  readonly passcode: string
  readonly givenOn: string
}

async function readPasscodes(path: string): Promise<ReadonlyArray<WrittenPasscode>> {
  const [, ...lines] = (await readFile(path, 'utf8')).trim().split('\n')
  return lines.map((line) => {
    const [account = '', userId = '', passcode = '', givenOn = ''] = line.split(',')
    return { account, userId, passcode, givenOn }
  })
}

type Made = { readonly firm: DemoFirm; readonly passcodes: ReadonlyArray<WrittenPasscode> }

async function makeSubAccounts(workspace: Workspace, { firm, passcodes }: Made): Promise<void> {
  for (const document of await readSubAccountFile(join(firm.folder, firm.subAccounts))) {
    const { account, 'user-id': userId } = document.body
    const first = passcodes.find((one) => one.givenOn === '' && one.account === account && one.userId === userId)
    await createSubAccounts(workspace, { documents: [document], chosen: first?.passcode, onlyNew: true })
  }
}

async function workMonth(
  workspace: Workspace,
  month: FirmMonth,
  { firm, passcodes, setToday, signal }: LoadFirmOptions & Made,
): Promise<FirmMonthDone> {
  const period = parsePeriod(month.period)
  invariant(period, 'a month of the example is a period', { period: month.period })
  setToday(period.startOn)
  for (const userId of month.disable ?? [])
    await setSubAccountEnabled(workspace, { account: firm.account, userId, isEnabled: false })
  for (const { account, userId, passcode } of passcodes.filter(({ givenOn }) => givenOn === period.startOn))
    await rotatePasscodes(workspace, { scope: { of: 'one', key: { account, userId }, chosen: passcode } })
  setToday(period.endOn)
  const files = month.imports.map(({ file }) => file)
  const report = await importExample(workspace, { folder: firm.folder, files, asOf: period.startOn, signal })
  const { totals } = await closePeriod(workspace, { period, signal })
  await publishPeriod(workspace, period)
  // One account in one currency, and nobody else bills it.
  const billed = totals
    .map(({ currency, actualMinor }) => `${formatAmount(actualMinor, currency)} ${currency}`)
    .join(', ')
  return { period: month.period, files: files.length, ...countRows(report), billed }
}
