// Simulations and comparisons over HTTP. A simulation works in scratch tables of a connection of its own.
import { formatAmount } from '@spillway/core'
import { compareRuns, periodNamed, readPolicies, simulatePolicies, simulationReport } from '@spillway/engine'
import { whatIfRoutes as routes } from '../contract/what-if.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { pageOfReport } from '../http/report-page.ts'

export function registerWhatIf(server: Server): void {
  register(server, routes.simulate, async (c, call) => {
    const { period, files, by } = c.req.valid('json')
    const policies = readPolicies(files)
    const { signal } = c.req.raw
    const simulation = await call.withOwnConnection((workspace) =>
      simulatePolicies(workspace, { policies, period: periodNamed(period), signal }),
    )
    const text = (minor: bigint, currency: string) => formatAmount(minor, currency)
    return c.json(
      {
        run: simulation.run,
        totals: simulation.totals.map(({ currency, totalMinor }) => ({ currency, total: text(totalMinor, currency) })),
        sums: simulation.views[by].sums.map(({ currency, gainers, gainedMinor, losers, lostMinor }) => ({
          ...{ currency, gainers, losers },
          gained: text(gainedMinor, currency),
          lost: text(lostMinor, currency),
        })),
        report: await pageOfReport(simulationReport(simulation, { by }), { limit: Number.POSITIVE_INFINITY }),
      },
      200,
    )
  })
  register(server, routes.compareRuns, async (c, { workspace }) => {
    const { id: after } = c.req.valid('param')
    const { since: before, by, view, ...page } = c.req.valid('query')
    return c.json(await pageOfReport(await compareRuns(workspace, { before, after, by, view }), page), 200)
  })
}
