// Writes the whole example: `npx tsx examples/quillhaven/generate.ts [DIR]`. The same bytes on every run and machine: no
// clock, no randomness. Removes what an earlier run wrote and this one does not; touches no hand-written file.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { COMPANY } from './company.ts'
import type { BilledInvoice, WrittenFile } from './generator/bill.ts'
import { MONTHS } from './generator/calendar.ts'
import { plainText } from './generator/cents.ts'
import { writeDirectory } from './generator/directory.ts'
import type { Line } from './generator/line.ts'
import { buildPeople, type Person } from './generator/people.ts'
import { writeRheinklang } from './generator/rheinklang-bill.ts'
import { buildRheinklang } from './generator/rheinklang-lines.ts'
import { delimited } from './generator/tables.ts'
import { writeTessaline } from './generator/tessaline-bill.ts'
import { buildTessaline } from './generator/tessaline-lines.ts'
import { writeVerizon } from './generator/verizon-bill.ts'
import { buildPhones, buildTablets } from './generator/verizon-lines.ts'

/** The folders that are generated from end to end. `expected` is not: it also has what the product made of them. */
export const GENERATED_FOLDERS = ['bills', 'directory'] as const

/** Every generated file, with its path in the example's folder. */
export async function generateFiles(): Promise<WrittenFile[]> {
  const people = buildPeople()
  const verizon = [...buildPhones(people), ...buildTablets(people)]
  const tessaline = buildTessaline(people)
  const rheinklang = buildRheinklang(people)
  const files = writeDirectory(people, [...verizon, ...tessaline, ...rheinklang])
  const invoices: BilledInvoice[] = []
  let previous: ReadonlyArray<BilledInvoice> = []
  for (const month of MONTHS) {
    const bills = [
      await writeVerizon({ lines: verizon, stale: staleCentre(people) }, month, previous),
      writeTessaline(tessaline, month),
      await writeRheinklang(rheinklang, month),
    ]
    files.push(...bills.flatMap((bill) => bill.files))
    previous = bills.flatMap((bill) => bill.invoices)
    invoices.push(...previous)
  }
  return [
    ...files,
    { path: 'expected/invoices.csv', content: expectedInvoices(invoices) },
    // The program reads the manifest as data: it imports no code of an example.
    { path: 'company.json', content: `${JSON.stringify(COMPANY, null, 2)}\n` },
  ]
}

/** The cost centre that the vendor still prints: where somebody was when the line was ordered. */
function staleCentre(people: ReadonlyArray<Person>): (line: Line) => string {
  const homes = new Map(people.map(({ employee, stints }) => [employee, stints[0]?.costCentre ?? '']))
  return ({ assignments: [first] }) => first?.costCentre || homes.get(first?.person ?? '') || ''
}

function expectedInvoices(invoices: ReadonlyArray<BilledInvoice>): string {
  const header =
    'vendor,account,invoice,period,issued_on,period_start,period_end,currency,lines,total,difference'.split(',')
  const rows = invoices.map((invoice) => [
    invoice.vendor,
    invoice.account,
    invoice.invoice,
    invoice.period,
    invoice.issuedOn,
    invoice.periodStartOn,
    invoice.periodEndOn,
    invoice.currency,
    plainText(invoice.linesCents),
    plainText(invoice.controlCents),
    plainText(invoice.linesCents - invoice.controlCents),
  ])
  return delimited(header, rows)
}

export async function generate(folder: string): Promise<number> {
  const files = await generateFiles()
  for (const name of GENERATED_FOLDERS) await rm(join(folder, name), { recursive: true, force: true })
  for (const { path, content } of files) {
    await mkdir(dirname(join(folder, path)), { recursive: true })
    await writeFile(join(folder, path), content)
  }
  return files.length
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? dirname(fileURLToPath(import.meta.url))
  const count = await generate(folder)
  process.stdout.write(`${count} files written to ${folder}\n`)
}
