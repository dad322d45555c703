// A period for other programs over HTTP. What is not a page is an export, and stands in the audit log.
import { countProblems, type LocalDate, type Report } from '@spillway/core'
import { dayNamed, focusReport, journalReport, legalInvoice, periodNamed } from '@spillway/engine'
import { encodeLedes } from '@spillway/formats'
import { exportRoutes as routes } from '../contract/exports.ts'
import type { ReportFormat } from '../contract/reports.ts'
import type { Call } from '../http/call.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { fileOfReport } from '../http/report-file.ts'
import { pageOfReport } from '../http/report-page.ts'

export function registerExports(server: Server): void {
  register(server, routes.getJournal, async (c, call) => {
    const { format, limit, cursor, ...asked } = c.req.valid('query')
    const { view, date, rules, reversal } = asked
    const { report, parts, problems } = await journalReport(call.workspace, {
      ...{ period: periodNamed(asked.period), view, rules, on: dayNamed(date), reversal: reversal === 'true' },
    })
    if (format !== 'json') return asFile(call, { report, format, asked })
    const page = await pageOfReport(report, { limit, cursor, asked })
    return c.json({ ...page, parts: parts.map(partOf), problems: countProblems(problems) }, 200)
  })
  register(server, routes.getFocus, async (c, call) => {
    const { format, limit, cursor, ...asked } = c.req.valid('query')
    const report = await focusReport(call.workspace, { period: periodNamed(asked.period) })
    if (format !== 'json') return asFile(call, { report, format, asked })
    return c.json(await pageOfReport(report, { limit, cursor, asked }), 200)
  })
  register(server, routes.getLedes, async (c, call) => {
    const { invoiceDate, expenses, from, until, ...choices } = c.req.valid('query')
    const { invoice, withoutTime, withoutCost } = await legalInvoice(call.workspace, {
      ...choices,
      ...{ from: dayNamed(from) as LocalDate, until: dayNamed(until) as LocalDate },
      ...{ invoicedOn: dayNamed(invoiceDate), hasExpenses: expenses === 'true' },
    })
    const { invoiceNumber, currency, lines, total } = invoice
    await call.audit({
      action: 'export',
      subject: `LEDES invoice ${invoiceNumber}`,
      details: { ...choices, from, until },
    })
    const file = [...encodeLedes(invoice)].join('')
    return c.json({ invoiceNumber, currency, lines: lines.length, total, withoutTime, withoutCost, file }, 200)
  })
}

type Asked = Readonly<Record<string, unknown>> & { readonly period: string }
type AsFile = { readonly report: Report; readonly format: Exclude<ReportFormat, 'json'>; readonly asked: Asked }

async function asFile(call: Call, { report, format, asked }: AsFile): Promise<Response> {
  await call.audit({ action: 'export', subject: report.name, details: { ...asked, format } })
  return fileOfReport(report, format, asked.period)
}

type Part = Awaited<ReturnType<typeof journalReport>>['parts'][number]

function partOf({ run, kind, state, bill, hasSales, rules: { label, inForce, rules } }: Part) {
  const { entity, payable, suspense, receivable, revenue } = rules
  return {
    ...{ run, kind, state, bill, hasSales },
    rules: { label, inForce, rules: { entity, payable, suspense, receivable, revenue } },
  }
}
