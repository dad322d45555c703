// What the demo writes of a firm beside its reports: one bill by user id, and an invoice of billable time as LEDES 1998B.
import { join, relative } from 'node:path'
import { legalInvoice, periodNamed, type Workspace, withBill } from '@spillway/engine'
import { unscoped } from '@spillway/engine/scopes'
import { encodeBillCsv, encodeBillJson, encodeBillPdf, encodeLedes } from '@spillway/formats'
import { counted } from '../output/counted.ts'
import { writeOutput } from '../output/write-output.ts'
import type { Terminal } from '../terminal.ts'
import type { DemoFirm } from './firm.ts'

type Written = { readonly firm: DemoFirm; readonly folder: string; readonly terminal: Terminal }

/** Into `folder`, which is there. */
export async function writeInvoices(workspace: Workspace, { firm, folder, terminal }: Written): Promise<void> {
  const { bold, dim } = terminal.colours
  const { bill: number, lawsuit, lastPeriod } = firm
  const scoped = unscoped(workspace)
  const request = { number, sections: 'user-id', hasCalls: true } as const
  await withBill(scoped, request, (bill) => writeOutput(join(folder, 'bill.csv'), encodeBillCsv(bill)))
  await withBill(scoped, request, (bill) => writeOutput(join(folder, 'bill.json'), encodeBillJson(bill)))
  await withBill(scoped, request, async (bill) => {
    const { bytes } = await encodeBillPdf(bill, { paper: 'letter' })
    await writeOutput(join(folder, 'bill.pdf'), once(bytes))
  })
  const { startOn: from, endOn: until } = periodNamed(lastPeriod)
  const { project, invoiceNumber } = lawsuit
  const { invoice } = await legalInvoice(scoped, { project, from, until, invoiceNumber, hasExpenses: true })
  await writeOutput(join(folder, 'invoice.ledes.txt'), encodeLedes(invoice))
  await terminal.out(`\n${bold(`Written to ${relative(terminal.directory, folder)}`)}\n\n`)
  const lines = [
    ['bill.csv, bill.json, bill.pdf', `${number} with every call, by user id`],
    [
      'invoice.ledes.txt',
      `${invoiceNumber}: ${counted(invoice.lines.length, 'line')}, ${invoice.total} ${invoice.currency}`,
    ],
    ['*.csv', `reports of ${lastPeriod}`],
  ] as const
  for (const [file, what] of lines) await terminal.out(`  ${file.padEnd(32)}${dim(what)}\n`)
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}
