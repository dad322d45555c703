// The four files of a month in Verizon's raw data download, for two accounts under one profile: zipped for most months,
// loose for the first and the last.
import { storedZip } from './archive.ts'
import type { BilledInvoice, MonthOfBills } from './bill.ts'
import { addDays, americanDate, americanPeriod, isActive, type Month } from './calendar.ts'
import { americanText, sumCents } from './cents.ts'
import type { Line } from './line.ts'
import { Random } from './random.ts'
import { type Cell, quoted, rawDownload } from './tables.ts'
import { accountItems, gibText, type Item, type ItemSum, isInKib, itemsOf, overageOf, usedBy } from './verizon-items.ts'
import { VERIZON_PHONES, VERIZON_TABLETS } from './verizon-lines.ts'

const PROFILE = '4471902'
const LOOSE = ['2025-10', '2026-10']

type AccountBill = {
  readonly account: string
  readonly invoice: string
  readonly lines: ReadonlyArray<Line>
  readonly items: ReadonlyArray<Item>
  readonly previousCents: bigint
}

export async function writeVerizon(
  { lines, stale }: { lines: ReadonlyArray<Line>; stale: (line: Line) => string },
  month: Month,
  previous: ReadonlyArray<BilledInvoice>,
): Promise<MonthOfBills> {
  const bills = [VERIZON_PHONES, VERIZON_TABLETS].map((account, index): AccountBill => {
    const billed = lines.filter((line) => line.account === account && isActive(line, month))
    const overage = overageOf(billed, month)
    const items = [...billed.flatMap((line) => itemsOf(line, month, overage)), ...accountItems(index === 0, month)]
    const previousCents = previous.find((invoice) => invoice.account === account)?.linesCents ?? 0n
    return { account, invoice: String(9_910_000 + month.index * 20 + index), lines: billed, items, previousCents }
  })
  const texts = [
    { name: `AccountSummary_${month.compact}.txt`, text: accountSummary(bills, month) },
    { name: `Account & Wireless Summary_${month.compact}.txt`, text: wirelessSummary(bills, month, stale) },
    {
      name: `Acct & Wireless Charges Detail Summary Usage_${month.compact}.txt`,
      text: chargesDetail(bills, month, stale),
    },
    { name: `Wireless Usage Detail_${month.compact}.txt`, text: usageDetail(bills, month, stale) },
  ]
  const folder = `bills/${month.name}/verizon`
  const files = LOOSE.includes(month.name)
    ? texts.map(({ name, text }) => ({ path: `${folder}/${name}`, content: text }))
    : [{ path: `${folder}/RawData_${month.compact}.zip`, content: await storedZip(texts, addDays(month.endOn, 3)) }]
  return { files, invoices: bills.map((bill) => invoiceOf(bill, month)) }
}

function invoiceOf({ account, invoice, items }: AccountBill, month: Month): BilledInvoice {
  const linesCents = sumCents(items.map(({ cents }) => cents))
  return {
    vendor: 'verizon',
    account,
    invoice,
    period: month.name,
    issuedOn: addDays(month.endOn, -1),
    periodStartOn: month.startOn,
    periodEndOn: month.endOn,
    currency: 'USD',
    linesCents,
    controlCents: linesCents,
  }
}

function cycleDate(month: Month): string {
  return quoted(americanDate(addDays(month.endOn, -1)))
}

function periodCell(month: Month): string {
  return quoted(americanPeriod(month))
}

function sumOf(items: ReadonlyArray<Item>, sum: ItemSum): string {
  return americanText(sumCents(items.filter((item) => item.sum === sum).map(({ cents }) => cents)))
}

function accountSummary(bills: ReadonlyArray<AccountBill>, month: Month): string {
  const header = `Account Number,Bill Cycle Date,Invoice Number,Bill Name,Previous Balance,Payments,Balance Forward,Account Charges and Credits,Monthly Charges,Usage and Purchase Charges,Equipment Charges,Surcharges and OC&Cs,Taxes; Governmental Surcharges; and Fees,Total Current Charges,Total Amount Due,Date Due,Remittance Address,Bill Period`
  const rows = bills.map(({ account, invoice, items, previousCents }) => {
    const total = sumCents(items.map(({ cents }) => cents))
    const sums = (['account', 'monthly', 'usage', 'equipment', 'surcharge', 'tax'] as const).map((sum) =>
      sumOf(items, sum),
    )
    return [
      account,
      cycleDate(month),
      invoice,
      'QUILLHAVEN FREIGHT',
      americanText(previousCents),
      americanText(-previousCents),
      '0.00',
      ...sums,
      americanText(total),
      americanText(total),
      quoted(americanDate(addDays(month.endOn, 21))),
      quoted('PO BOX 1, DALLAS TX'),
      periodCell(month),
    ]
  })
  return rawDownload(columns(header), rows)
}

/** Column names hold commas: the lists above write them as semicolons. */
function columns(header: string): string[] {
  return header.split(',').map((name) => name.replaceAll(';', ','))
}

type Stale = (line: Line) => string

function nameCells(line: Line | undefined, stale: Stale): Cell[] {
  if (!line) return ['N/A', '', '']
  const { service } = line
  return [`${service.slice(0, 3)}-${service.slice(3, 6)}-${service.slice(6)}`, quoted(line.userName), stale(line)]
}

function wirelessSummary(bills: ReadonlyArray<AccountBill>, month: Month, stale: Stale): string {
  const header = `ECPD Profile ID,Bill Cycle Date,Account Number,Invoice Number,Wireless Number,User Name,Cost Center,Your Calling Plan,Account Charges and Credits,Monthly Charges,Usage and Purchase Charges,Equipment Charges,Total Surcharges and Other Charges and Credits,Taxes; Governmental Surcharges and Fees,Third-Party Charges (includes Tax),Total Charges,Voice Plan Usage,Messaging Usage,Data Usage (KB),Data Usage (MB),Data Usage (GB),Bill Period`
  const rows = bills.flatMap(({ account, invoice, lines, items }) => {
    const own = items.some(({ line }) => !line) ? [undefined] : []
    return [...lines, ...own].map((line) => {
      const its = items.filter((item) => item.line === line)
      const sums = (['account', 'monthly', 'usage', 'equipment', 'surcharge', 'tax'] as const).map((sum) =>
        sumOf(its, sum),
      )
      const total = americanText(sumCents(its.map(({ cents }) => cents)))
      const head = [PROFILE, cycleDate(month), account, invoice, ...nameCells(line, stale), line?.product ?? '']
      return [...head, ...sums, '0.00', total, ...usageCells(line, month), periodCell(month)]
    })
  })
  return rawDownload(columns(header), rows)
}

function usageCells(line: Line | undefined, month: Month): Cell[] {
  if (!line) return ['', '', '', '', '']
  const used = usedBy(line, month)
  const voice = used.peak + used.mobileToMobile + used.night
  return [voice, used.texts, isInKib(line) ? used.dataKib : '', '', isInKib(line) ? '' : gibText(used.dataKib)]
}

function chargesDetail(bills: ReadonlyArray<AccountBill>, month: Month, stale: Stale): string {
  const header = `ECPD Profile ID,Bill Cycle Date,Account Number,Invoice Number,Wireless Number,User Name,Cost Center,Date,Item Category,Item Type,Vendor Name / Contact Information,Item Description,Share Description,Share Voice,Share Messaging,Share Data,Bill Period,Quantity,Allowance,Used,Billable,Cost`
  const rows = bills.flatMap(({ account, invoice, items }) =>
    items.map((item) => {
      const { share } = item
      const head = [PROFILE, cycleDate(month), account, invoice, ...nameCells(item.line, stale), cycleDate(month)]
      const flags = [/VOICE/, /TEXT/, /DATA|TABLETS/].map((pattern) => (pattern.test(share) ? 'Y' : ''))
      const description = /,| - /.test(item.description) ? quoted(item.description) : item.description
      const amounts = [item.allowance, item.used, item.billable, americanText(item.cents, '$')]
      return [...head, item.category, '', '', description, share, ...flags, periodCell(month), '', ...amounts]
    }),
  )
  return rawDownload(columns(header), rows)
}

const PLACES = ['TARN SOUND NY', 'WESTLOCK NJ', 'BRAMLEY PA', 'ALBANY NY', 'INCOMING CL', 'VM DEPOSIT CL']

/** A few calls of a few phones: enough to look into, no complete record. */
function usageDetail(bills: ReadonlyArray<AccountBill>, month: Month, stale: Stale): string {
  const header = `ECPD Profile ID,Bill Cycle Date,Account Number,Invoice Number,Wireless Number,User Name,Cost Center,Date,Time,Usage Category,Number,Rate,Origination,Destination,Minutes,Airtime Charges,LD/Other Charges,Bill Period`
  const rows = bills.slice(0, 1).flatMap(({ account, invoice, lines }) =>
    lines.slice(0, 5).flatMap((line) => {
      const random = new Random(`calls/${line.service}/${month.name}`)
      return Array.from({ length: 6 }, (_, index) => {
        const day = addDays(month.startOn, index * 4 + random.int(0, 3))
        const time = `${random.int(1, 12)}:${String(random.int(0, 59)).padStart(2, '0')} ${random.pick(['AM', 'PM'])}`
        const head = [
          PROFILE,
          cycleDate(month),
          account,
          invoice,
          ...nameCells(line, stale),
          quoted(americanDate(day)),
          time,
        ]
        const number = `555-${random.int(200, 899)}-${String(random.int(0, 9999)).padStart(4, '0')}`
        const places = [random.pick(['Peak', 'Off-Peak']), random.pick(PLACES), random.pick(PLACES)]
        return [...head, 'Voice', number, ...places, random.int(1, 24), '0.00', '0.00', periodCell(month)]
      })
    }),
  )
  return rawDownload(columns(header), rows)
}
