// What is done to share plans as a whole, over HTTP.
import { cloneSharePlan, participantsReport, setSharePlanActive, sharePlansReport } from '@spillway/engine'
import { sharePlanRoutes as routes } from '../contract/share-plans.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { pageOfReport } from '../http/report-page.ts'
import { refuseChanged } from './etag.ts'

export function registerSharePlans(server: Server): void {
  register(server, routes.listSharePlans, async (c, call) => {
    const { text, ...page } = c.req.valid('query')
    const report = await call.atOnce((workspace) => sharePlansReport(workspace, text))
    return c.json(await pageOfReport(report, page), 200)
  })
  register(server, routes.listParticipants, async (c, call) => {
    const { plan, by, text, ...page } = c.req.valid('query')
    const report = await call.atOnce((workspace) => participantsReport(workspace, { plan, by, text }))
    return c.json(await pageOfReport(report, { ...page, asked: { plan, by, text } }), 200)
  })
  register(server, routes.cloneSharePlan, async (c, call) => {
    const { plan } = c.req.valid('param')
    const { as, name, participants } = c.req.valid('json')
    const cloned = await call.change((workspace) =>
      cloneSharePlan(workspace, { plan, as, name, participants: new Map(Object.entries(participants)) }),
    )
    return c.json({ plan: as, version: cloned.version, leftOut: [...cloned.leftOut] }, 201)
  })
  for (const [route, isActive] of [
    [routes.activateSharePlan, true],
    [routes.deactivateSharePlan, false],
  ] as const)
    register(server, route, async (c, call) => {
      const { plan } = c.req.valid('param')
      const { 'if-match': ifMatch } = c.req.valid('header')
      const version = await call.change(async (workspace) => {
        await refuseChanged(workspace, { kind: 'SharePlan', name: plan, ifMatch })
        return setSharePlanActive(workspace, { plan, isActive })
      })
      return c.json({ plan, version }, 200)
    })
}
