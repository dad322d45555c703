// The three canonical files of a Tessaline cycle, and what goes wrong with them: a total that is 12.34 more than its
// lines, a wrong bill and its correction, the same file twice, a usage row in a unit that nobody knows.
import type { BilledInvoice, MonthOfBills, WrittenFile } from './bill.ts'
import { addDays, cycleOf, isActive, type Month } from './calendar.ts'
import { plainText, sumCents } from './cents.ts'
import type { Line } from './line.ts'
import { delimited } from './tables.ts'
import { type ChargeRow, chargesOf } from './tessaline-charges.ts'
import { TESSALINE } from './tessaline-lines.ts'
import { USAGE_HEADER, usageRow, usesOf } from './tessaline-usage.ts'

const CHARGE_HEADER =
  'vendor,account,invoice,issued_on,period_start,period_end,currency,line,service,pool,category,usage_type,product,description,amount,quantity,unit'.split(
    ',',
  )
const INVOICE_HEADER = 'vendor,account,invoice,issued_on,period_start,period_end,currency,total'.split(',')

/** Months in which something is wrong; the manifest and the README name them. */
const DOES_NOT_FOOT = { month: '2025-11', differenceCents: 1234n } as const
const CORRECTED = { month: '2025-12', service: 'SIM-40005', tooMuchCents: 19800n } as const
const TWICE = '2026-01'
const BAD_UNIT = { month: '2026-03', service: 'SIM-50003', unit: 'Gb' } as const

export function writeTessaline(lines: ReadonlyArray<Line>, month: Month): MonthOfBills {
  const folder = `bills/${month.name}/tessaline`
  const charges = chargesOf(lines, month, cycleOf(month))
  const invoice = invoiceOf(charges, month)
  const totals = { path: `${folder}/invoices.csv`, content: invoicesFile(invoice) }
  const files: WrittenFile[] = [{ path: `${folder}/usage.csv`, content: usageFile(lines, month) }]
  if (month.name === CORRECTED.month) {
    const wrong = charges.map((charge) =>
      charge.service === CORRECTED.service && charge.category === 'access'
        ? { ...charge, cents: charge.cents + CORRECTED.tooMuchCents }
        : charge,
    )
    const wrongInvoice = invoiceOf(wrong, month)
    files.push({ path: `${folder}/charges.csv`, content: chargesFile(wrong, wrongInvoice) })
    files.push({ path: `${folder}/invoices.csv`, content: invoicesFile(wrongInvoice) })
    files.push({ path: `${folder}/charges-corrected.csv`, content: chargesFile(charges, invoice) })
    files.push({ path: `${folder}/invoices-corrected.csv`, content: invoicesFile(invoice) })
    return { files, invoices: [invoice] }
  }
  files.push({ path: `${folder}/charges.csv`, content: chargesFile(charges, invoice) }, totals)
  if (month.name === TWICE) files.push({ ...totals, path: `${folder}/invoices (1).csv` })
  return { files, invoices: [invoice] }
}

function invoiceOf(charges: ReadonlyArray<ChargeRow>, month: Month): BilledInvoice {
  const cycle = cycleOf(month)
  const linesCents = sumCents(charges.map(({ cents }) => cents))
  return {
    vendor: 'tessaline',
    account: TESSALINE,
    invoice: `TSL-${month.compact}`,
    period: month.name,
    issuedOn: addDays(cycle.endOn, 2),
    periodStartOn: cycle.startOn,
    periodEndOn: cycle.endOn,
    currency: 'USD',
    linesCents,
    controlCents: linesCents + (month.name === DOES_NOT_FOOT.month ? DOES_NOT_FOOT.differenceCents : 0n),
  }
}

function billCells(invoice: BilledInvoice): string[] {
  const { vendor, account, issuedOn, periodStartOn, periodEndOn, currency } = invoice
  return [vendor, account, invoice.invoice, issuedOn, periodStartOn, periodEndOn, currency]
}

function chargesFile(charges: ReadonlyArray<ChargeRow>, invoice: BilledInvoice): string {
  const rows = charges.map((charge, index) => [
    ...billCells(invoice),
    index + 1,
    charge.service,
    charge.pool,
    charge.category,
    charge.usageType,
    charge.product,
    charge.description,
    plainText(charge.cents),
    charge.quantity,
    charge.unit,
  ])
  return delimited(CHARGE_HEADER, rows)
}

function invoicesFile(invoice: BilledInvoice): string {
  return delimited(INVOICE_HEADER, [[...billCells(invoice), plainText(invoice.controlCents)]])
}

function usageFile(lines: ReadonlyArray<Line>, month: Month): string {
  const cycle = cycleOf(month)
  const uses = lines.filter((line) => isActive(line, cycle)).flatMap((line) => usesOf(line, month, cycle))
  const rows = uses.map((use, index) => {
    const row = usageRow(use, { month, ordinal: index + 1 })
    const isBad = month.name === BAD_UNIT.month && use.line.service === BAD_UNIT.service
    return isBad ? row.map((cell) => (cell === 'MB' ? BAD_UNIT.unit : cell)) : row
  })
  return delimited(USAGE_HEADER, rows)
}
