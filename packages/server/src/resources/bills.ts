// One bill over HTTP: its sections, its files, and taking it back. It is drawn again from what its run read, on a connection of
// its own.
import {
  type Bill,
  type BillCall,
  type BillSection,
  formatAmount,
  Refusal,
  type Report,
  type ReportColumn,
} from '@spillway/core'
import { arrangeReport, readBillLogo, reissueBill, voidBill, withBill } from '@spillway/engine'
import { type BillFormat, encodeBillAs, LOGO_BYTES_MAX } from '@spillway/formats'
import type { z } from 'zod'
import { type billSections, billRoutes as routes } from '../contract/bills.ts'
import { CONTENT_TYPES } from '../contract/reports.ts'
import type { Server } from '../http/environment.ts'
import { KeptTexts } from '../http/kept-texts.ts'
import { register } from '../http/register.ts'
import { pageOfReport } from '../http/report-page.ts'
import { streamOf } from '../http/stream-of.ts'
import { piecesWithin } from '../http/stream-within.ts'

const TYPES: Readonly<Record<BillFormat, string>> = { ...CONTENT_TYPES, pdf: 'application/pdf' }

export function registerBills(server: Server): void {
  const kept = new KeptTexts()
  register(server, routes.listBillSections, async (c, call) => {
    const { bill: number } = c.req.valid('param')
    const { by: sections, search, key, calls, ...page } = c.req.valid('query')
    const { signal } = c.req.raw
    const hasCalls = key !== undefined && calls === 'true'
    const read = async (bill: Bill): Promise<Sections> => ({
      heading: headingOf(bill),
      sections: await pageOfReport(arrangeReport(sectionsReport(bill), { search }), {
        ...page,
        asked: { sections, search },
      }),
      section: key === undefined ? null : await sectionOf(bill, key),
    })
    const make = () =>
      call.withOwnConnection(async (workspace) =>
        JSON.stringify(await withBill(workspace, { number, sections, hasCalls, signal }, read)),
      )
    const asked = [number, sections, search, key, calls, page.limit, page.cursor]
    const text = await kept.text(call.workspace, asked, make)
    return c.body(text, 200, { 'content-type': CONTENT_TYPES.json })
  })
  register(server, routes.getBillFile, async (c, call) => {
    const { bill: number } = c.req.valid('param')
    const { by: sections, format, calls, paper } = c.req.valid('query')
    const { signal } = c.req.raw
    const { directory } = call.workspace
    const pieces = piecesWithin<string | Uint8Array>((use) =>
      call.withOwnConnection((workspace) =>
        withBill(workspace, { number, sections, hasCalls: calls === 'true', signal }, (bill) => {
          const readLogo = () => readBillLogo(bill, { directory, bytesMax: LOGO_BYTES_MAX })
          return use(encodeBillAs(bill, { format, paper, readLogo }))
        }),
      ),
    )
    const body = await streamOf(pieces)
    await call.audit({ action: 'export', subject: `bill ${number}`, details: { format, sections } })
    return new Response(body, {
      headers: {
        'content-type': TYPES[format],
        'content-disposition': `attachment; filename="bill-${number.replaceAll(/[^\w.-]+/g, '_')}.${format}"`,
        'cache-control': 'no-store',
      },
    })
  })
  register(server, routes.voidBill, async (c, call) => {
    const { bill: number } = c.req.valid('param')
    const { reason } = c.req.valid('json')
    const { state, totalMinor, currency } = await call.change((workspace) => voidBill(workspace, { number, reason }))
    return c.json({ number, state, total: formatAmount(totalMinor, currency), currency }, 200)
  })
  register(server, routes.reissueBill, async (c, call) => {
    const { bill } = c.req.valid('param')
    const { number } = await call.change((workspace) => reissueBill(workspace, bill))
    return c.json({ number }, 200)
  })
}

type Sections = z.infer<typeof billSections>

function headingOf({ heading }: Bill): Sections['heading'] {
  const { logo: _, hasCalls: __, totalMinor, address, issuedAt, ...rest } = heading
  return {
    ...rest,
    address: [...address],
    issuedAt: issuedAt === '' ? null : issuedAt,
    total: formatAmount(totalMinor, heading.currency),
  }
}

const amount = (key: string, title: string): ReportColumn => ({ key, title, kind: 'amount' })
const COLUMNS: ReadonlyArray<ReportColumn> = [
  { key: 'key', title: 'Section', kind: 'text' },
  { key: 'name', title: 'Name', kind: 'text' },
  { key: 'currency', title: 'Currency', kind: 'text' },
  amount('usage', 'Usage'),
  amount('recurring', 'Recurring'),
  amount('minimum', 'Minimum'),
  amount('adjustment', 'Adjustment'),
  amount('subtotal', 'Subtotal'),
]

function sectionsReport({ heading, sections }: Bill): Report {
  const { number, currency } = heading
  const text = (minor: bigint) => formatAmount(minor, currency)
  const rows = sections.map(({ key, name, amounts, subtotalMinor }) => [
    ...[key, key === '' ? 'unassigned' : name, currency, text(amounts.usage), text(amounts.recurring)],
    ...[text(amounts.minimum), text(amounts.adjustment), text(subtotalMinor)],
  ])
  return {
    name: 'bill-sections',
    title: `Bill ${number} by ${heading.sections}`,
    columns: COLUMNS,
    hasTotals: true,
    rows: (async function* () {
      yield rows
    })(),
  }
}

const CALLS_SHOWN = 500

/** With its calls where the bill was read with them. @throws Refusal `not-found`. */
async function sectionOf(bill: Bill, key: string): Promise<NonNullable<Sections['section']>> {
  const { currency, number, hasCalls } = bill.heading
  let found: BillSection | null = null
  const calls: BillCall[] = []
  for await (const piece of bill.pieces) {
    if (piece.kind === 'section') {
      if (found !== null) break
      if (piece.section.key === key) found = piece.section
      if (found !== null && !hasCalls) break
    } else if (found !== null) {
      calls.push(...piece.calls.slice(0, CALLS_SHOWN - calls.length))
      if (calls.length === CALLS_SHOWN) break
    }
  }
  if (found !== null) return toSection(found, { currency, calls: hasCalls ? calls : null })
  throw new Refusal('not-found', `Bill ${number} has no section "${key}".`, {
    hint: 'List its sections without `key`.',
  })
}

type Showing = { readonly currency: string; readonly calls: ReadonlyArray<BillCall> | null }

function toSection(
  { key, name, subtotalMinor, usage, lines, partsOfCalls }: BillSection,
  { currency, calls }: Showing,
): NonNullable<Sections['section']> {
  const text = (minor: bigint) => formatAmount(minor, currency)
  return {
    ...{ key, name: key === '' ? 'unassigned' : name, subtotal: text(subtotalMinor) },
    usage: usage.map(({ usageClass, usageType, quantityBase, amountMinor }) => ({
      ...{ usageClass, usageType, quantity: quantityBase === null ? null : String(quantityBase) },
      amount: text(amountMinor),
    })),
    lines: lines.map(({ amountMinor, ...line }) => ({ ...line, amount: text(amountMinor) })),
    calls:
      calls?.map(({ start, seconds, participants, accountCode, service, call, usageClass, amountMinor }) => ({
        ...{ start, seconds: String(seconds), participants: String(participants) },
        ...{ accountCode, service, call, usageClass, amount: text(amountMinor) },
      })) ?? null,
    partsOfCalls: { calls: partsOfCalls.calls, amount: text(partsOfCalls.amountMinor) },
  }
}
