// Periods after their close, invoices and bills over HTTP: who publishes stands in the audit log.
import {
  acceptDifference,
  acceptedDifference,
  buildReport,
  periodNamed,
  publicationOf,
  publishPeriod,
  reopenPeriod,
} from '@spillway/engine'
import { periodRoutes as routes } from '../contract/periods.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { pageOfReport } from '../http/report-page.ts'

export function registerPeriods(server: Server): void {
  register(server, routes.publishPeriod, async (c, call) => {
    const period = periodNamed(c.req.valid('param').period)
    const publication = await call.change(async (workspace) =>
      publicationOf(workspace, await publishPeriod(workspace, period)),
    )
    const accepted = publication.accepted.map((one) => ({ ...one }))
    return c.json({ ...publication, accepted, issued: publication.issued?.map((one) => ({ ...one })) ?? null }, 200)
  })
  register(server, routes.reopenPeriod, async (c, call) => {
    const period = periodNamed(c.req.valid('param').period)
    const { reason } = c.req.valid('json')
    return c.json(await call.change((workspace) => reopenPeriod(workspace, { period, reason })), 200)
  })
  register(server, routes.acceptDifference, async (c, call) => {
    const { invoice } = c.req.valid('param')
    const asked = c.req.valid('json')
    const accepted = await call.change((workspace) => acceptDifference(workspace, { invoice, ...asked }))
    return c.json({ items: accepted.map(acceptedDifference) }, 200)
  })
  registerLists(server)
}

function registerLists(server: Server): void {
  register(server, routes.listPeriodProblems, async (c, { workspace }) => {
    const { period } = c.req.valid('param')
    const report = await buildReport(workspace, { name: 'problems', period })
    return c.json(await pageOfReport(report, c.req.valid('query')), 200)
  })
  register(server, routes.listInvoices, async (c, { workspace }) => {
    const { period, ...page } = c.req.valid('query')
    return c.json(await pageOfReport(await buildReport(workspace, { name: 'reconciliation', period }), page), 200)
  })
  register(server, routes.listQuarantine, async (c, { workspace }) =>
    c.json(await pageOfReport(await buildReport(workspace, { name: 'quarantine' }), c.req.valid('query')), 200),
  )
  register(server, routes.listBills, async (c, { workspace }) => {
    const { period, ...page } = c.req.valid('query')
    return c.json(await pageOfReport(await buildReport(workspace, { name: 'bills', period }), page), 200)
  })
  register(server, routes.getBill, async (c, { workspace }) => {
    const { bill: number } = c.req.valid('param')
    const { period, ...page } = c.req.valid('query')
    return c.json(await pageOfReport(await buildReport(workspace, { name: 'bills', period, number }), page), 200)
  })
}
