// The two files of a month at Rheinklang Telekom: the bill with its sum in the last row, and the minutes by class.
// Semicolons, decimal commas, DD.MM.YYYY, last days named; Windows-1252 from the old portal, UTF-8 with BOM from the new
// one (since July), a workbook once.
import { textWorkbook } from './archive.ts'
import type { BilledInvoice, MonthOfBills } from './bill.ts'
import { addDays, germanDate, isActive, type Month } from './calendar.ts'
import { germanText, grouped, sumCents, taxOf } from './cents.ts'
import type { Line } from './line.ts'
import { Random } from './random.ts'
import { MINUTES_EACH, R_CONFERENCE, R_LONG_DISTANCE, R_VOICE, RHEINKLANG } from './rheinklang-lines.ts'
import { type Cell, delimited } from './tables.ts'

const WORKBOOK_MONTH = '2026-03'
const NEW_PORTAL_FROM = '2026-07'
export const LONG_DISTANCE_MINUTES = 2000
export const CONFERENCE_MINUTES = 11_000

type Item = {
  readonly number: string
  readonly pool: string
  readonly kind: string
  readonly service: string
  readonly article: string
  readonly quantity: string
  readonly unit: string
  readonly cents: bigint
}

type Minutes = { readonly line: Line; readonly kind: string; readonly tenths: number; readonly people: number }

const BILL_HEADER =
  'Rechnungsnummer;Rechnungsdatum;Leistung von;Leistung bis;Kundenkonto;Pos.;Rufnummer;Paket;Leistungsart;Dienst;Artikel;Menge;Einheit;Nettobetrag (EUR)'.split(
    ';',
  )
const USAGE_HEADER = 'Satz-Nr.;Kundenkonto;Rufnummer;Von;Bis;Klasse;Dauer (Min.);Teilnehmer'.split(';')

export async function writeRheinklang(lines: ReadonlyArray<Line>, month: Month): Promise<MonthOfBills> {
  const active = lines.filter((line) => isActive(line, month))
  const minutes = active.flatMap((line) => minutesOf(line, month))
  const items = itemsOf(active, minutes, month)
  const invoice = invoiceOf(items, month)
  const folder = `bills/${month.name}/rheinklang`
  const rows = billRows(items, invoice)
  const usage = {
    path: `${folder}/Verbindungen_${month.compact}.csv`,
    content: encoded(delimited(USAGE_HEADER, usageRows(minutes, month), ';'), month),
  }
  if (month.name === WORKBOOK_MONTH) {
    const content = await textWorkbook({ sheet: 'Rechnung', rows: [BILL_HEADER, ...rows] }, invoice.issuedOn)
    return { files: [{ path: `${folder}/Rechnung_${month.compact}.xlsx`, content }, usage], invoices: [invoice] }
  }
  const bill = {
    path: `${folder}/Rechnung_${month.compact}.csv`,
    content: encoded(delimited(BILL_HEADER, rows, ';'), month),
  }
  return { files: [bill, usage], invoices: [invoice] }
}

function encoded(text: string, month: Month): Buffer {
  const isNew = month.name >= NEW_PORTAL_FROM
  return isNew ? Buffer.from(`\uFEFF${text}`, 'utf8') : Buffer.from(text.replaceAll('\n', '\r\n'), 'latin1')
}

function invoiceOf(items: ReadonlyArray<Item>, month: Month): BilledInvoice {
  const cents = sumCents(items.map((item) => item.cents))
  return {
    vendor: 'rheinklang',
    account: RHEINKLANG,
    invoice: `RK${month.compact}-0471`,
    period: month.name,
    issuedOn: addDays(month.endOn, 2),
    periodStartOn: month.startOn,
    periodEndOn: month.endOn,
    currency: 'EUR',
    linesCents: cents,
    controlCents: cents,
  }
}

/** Minutes of a line by class, in tenths: whole and half minutes are what the exchange counts. */
function minutesOf(line: Line, month: Month): Minutes[] {
  const random = new Random(`use/${line.service}/${month.name}`)
  const scaled = (least: number, most: number) =>
    Math.floor((random.int(least, most) * line.appetite * month.season) / 10_000) * 5
  if (line.serviceType === 'conferencing') {
    return [{ line, kind: 'Konferenz', tenths: scaled(300, 1500), people: random.int(3, 24) }]
  }
  const classes = [
    { kind: 'Ortsnetz', tenths: scaled(120, 420) },
    { kind: 'Intern', tenths: scaled(20, 160) },
    { kind: 'Freizeit', tenths: scaled(0, 60) },
    ...(line.memberships.some(({ pool }) => pool === R_LONG_DISTANCE)
      ? [{ kind: 'Fern', tenths: scaled(40, 170) }]
      : []),
    ...(random.int(1, 12) === 1 ? [{ kind: 'Ausland', tenths: random.int(2, 30) * 10 }] : []),
  ]
  return classes.map((one) => ({ ...one, line, people: 0 }))
}

function itemsOf(active: ReadonlyArray<Line>, minutes: ReadonlyArray<Minutes>, month: Month): Item[] {
  const item = (given: Partial<Item> & Pick<Item, 'kind' | 'article' | 'cents'>): Item => ({
    number: '',
    pool: '',
    service: '',
    quantity: '',
    unit: '',
    ...given,
  })
  const monthly = active.map((line) => {
    if (line.serviceType === 'conferencing')
      return item({ number: line.service, kind: 'Lizenz', article: 'Konferenz-Host', cents: 1490n })
    const isAddOn = line.memberships.some(({ pool, contribution }) => pool === R_VOICE && contribution === '0')
    const article = isAddOn ? 'Zusatzanschluss' : `Anschluss mit ${MINUTES_EACH} Minuten`
    return item({
      number: line.service,
      pool: R_VOICE,
      kind: 'Grundgebühr',
      service: 'Sprache',
      article,
      cents: isAddOn ? 690n : 1890n,
    })
  })
  const lumps = [
    item({
      pool: R_LONG_DISTANCE,
      kind: 'Paketpreis',
      service: 'Sprache',
      article: 'Fernpaket 2.000 Minuten',
      cents: 9500n,
    }),
    item({
      pool: R_CONFERENCE,
      kind: 'Paketpreis',
      service: 'Konferenz',
      article: 'Konferenzpaket 11.000 Minuten',
      cents: 24000n,
    }),
  ]
  const abroad = minutes
    .filter(({ kind }) => kind === 'Ausland')
    .map(({ line, tenths }) =>
      item({
        number: line.service,
        kind: 'Ausland',
        service: 'Sprache',
        article: 'Verbindungen Ausland',
        quantity: germanTenths(tenths),
        unit: 'Min.',
        cents: BigInt(Math.ceil(tenths / 10)) * 29n,
      }),
    )
  const credit =
    month.name === '2026-04' ? [item({ kind: 'Gutschrift', article: 'Gutschrift Störung Hamburg', cents: -2000n })] : []
  const net = [...monthly, ...lumps, ...overages(active, minutes, item), ...abroad, ...credit]
  const tax = taxOf(sumCents(net.map(({ cents }) => cents)), 1900n)
  return [...net, item({ kind: 'MwSt', article: 'Mehrwertsteuer 19 %', cents: tax })]
}

type MakeItem = (given: Partial<Item> & Pick<Item, 'kind' | 'article' | 'cents'>) => Item

/** Local minutes over the sum of the lines' own, and long distance over the package: on the account, on no line. */
function overages(active: ReadonlyArray<Line>, minutes: ReadonlyArray<Minutes>, item: MakeItem): Item[] {
  const contributors = active.filter(({ memberships }) =>
    memberships.some(({ pool, contribution }) => pool === R_VOICE && contribution !== '0'),
  )
  const limits = [
    {
      pool: R_VOICE,
      service: 'Sprache',
      kinds: ['Ortsnetz', 'Intern', 'Freizeit'],
      included: contributors.length * MINUTES_EACH,
      priceCents: 3n,
    },
    { pool: R_LONG_DISTANCE, service: 'Sprache', kinds: ['Fern'], included: LONG_DISTANCE_MINUTES, priceCents: 9n },
    { pool: R_CONFERENCE, service: 'Konferenz', kinds: ['Konferenz'], included: CONFERENCE_MINUTES, priceCents: 2n },
  ]
  return limits.flatMap(({ pool, service, kinds, included, priceCents }) => {
    const tenths = minutes.filter(({ kind }) => kinds.includes(kind)).reduce((sum, one) => sum + one.tenths, 0)
    const over = Math.ceil(tenths / 10) - included
    if (over <= 0) return []
    const quantity = grouped(String(over), '.')
    return [
      item({
        pool,
        kind: 'Mehrverbrauch',
        service,
        article: 'Minuten über dem Paket',
        quantity,
        unit: 'Min.',
        cents: BigInt(over) * priceCents,
      }),
    ]
  })
}

/** `12345` tenths are `1.234,5`. */
function germanTenths(tenths: number): string {
  return `${grouped(String(Math.floor(tenths / 10)), '.')},${tenths % 10}`
}

function billRows(items: ReadonlyArray<Item>, invoice: BilledInvoice): Cell[][] {
  const head = [
    invoice.invoice,
    germanDate(invoice.issuedOn),
    germanDate(invoice.periodStartOn),
    germanDate(addDays(invoice.periodEndOn, -1)),
    invoice.account,
  ]
  const rows = items.map((item, index): Cell[] => [
    ...head,
    index + 1,
    item.number,
    item.pool,
    item.kind,
    item.service,
    item.article,
    item.quantity,
    item.unit,
    germanText(item.cents),
  ])
  return [...rows, [...head, 'SUMME', '', '', '', '', 'Rechnungsbetrag', '', '', germanText(invoice.controlCents)]]
}

function usageRows(minutes: ReadonlyArray<Minutes>, month: Month): Cell[][] {
  const span = [germanDate(month.startOn), germanDate(addDays(month.endOn, -1))]
  return minutes.map(({ line, kind, tenths, people }, index) => {
    const number = `RK-${month.compact}-${String(index + 1).padStart(4, '0')}`
    return [number, RHEINKLANG, line.service, ...span, kind, germanTenths(tenths), people === 0 ? '' : people]
  })
}
