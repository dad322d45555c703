// Simulations and comparisons over HTTP. A simulation works in scratch tables of a connection of its own.
import { formatAmount } from '@spillway/core'
import {
  compareRuns,
  PREVIEW_DIMENSIONS,
  type Preview,
  periodNamed,
  previewRating,
  readPolicies,
  readTried,
  simulatePolicies,
  simulationReport,
} from '@spillway/engine'
import type { z } from 'zod'
import { type RatingPreview, whatIfRoutes as routes, type simulation } from '../contract/what-if.ts'
import { type Answering, answerInEvents, wantsEvents } from '../http/answer-in-events.ts'
import type { Server } from '../http/environment.ts'
import { register } from '../http/register.ts'
import { pageOfReport } from '../http/report-page.ts'
import { KeptSimulations } from './kept-simulations.ts'

export function registerWhatIf(server: Server): void {
  const kept = new KeptSimulations()
  register(server, routes.simulate, async (c, call) => {
    const { period: name, files, by, limit = Number.POSITIVE_INFINITY } = c.req.valid('json')
    const [policies, period] = [readPolicies(files), periodNamed(name)]
    const answer: Answering<Simulated> = async (steps) => {
      const compute = () =>
        call.withOwnConnection((workspace) => simulatePolicies(workspace, { policies, period, ...steps }))
      // Who may see a part alone is refused by the computation itself.
      const { workspace } = call.services
      const isWhole = call.workspace.scope.isWholeTenant
      const simulation = await (isWhole ? kept.get({ workspace, period: name, files }, compute) : compute())
      return {
        run: simulation.run,
        totals: simulation.totals.map(({ currency, totalMinor }) => ({ currency, total: text(totalMinor, currency) })),
        sums: simulation.views[by].sums.map(toSum),
        report: await pageOfReport(simulationReport(simulation, { by }), { limit }),
      }
    }
    if (wantsEvents(c)) return answerInEvents(c, call, answer)
    return c.json(await answer({ signal: c.req.raw.signal, onProgress: () => undefined }), 200)
  })
  register(server, routes.preview, async (c, call) => {
    const { period: name, files, limit } = c.req.valid('json')
    const [tried, period] = [readTried(files), periodNamed(name)]
    const answer: Answering<RatingPreview> = async (steps) =>
      toPreview(
        await call.withOwnConnection((workspace) =>
          previewRating(workspace, { tried, period, rowsMax: limit, ...steps }),
        ),
      )
    if (wantsEvents(c)) return answerInEvents(c, call, answer)
    return c.json(await answer({ signal: c.req.raw.signal, onProgress: () => undefined }), 200)
  })
  register(server, routes.compareRuns, async (c, { workspace }) => {
    const { id: after } = c.req.valid('param')
    const { since: before, by, view, ...page } = c.req.valid('query')
    return c.json(await pageOfReport(await compareRuns(workspace, { before, after, by, view }), page), 200)
  })
}

type Simulated = z.infer<typeof simulation>

const text = (minor: bigint, currency: string) => formatAmount(minor, currency)

type Sum = Preview['views']['account']['sums'][number]
const toSum = ({ currency, gainers, gainedMinor, losers, lostMinor }: Sum) => ({
  ...{ currency, gainers, losers },
  gained: text(gainedMinor, currency),
  lost: text(lostMinor, currency),
})

async function toPreview({ views, totals, problems, ...preview }: Preview): Promise<RatingPreview> {
  const page = (by: keyof Preview['views']) => pageOfReport(views[by].report, { limit: Number.POSITIVE_INFINITY })
  const named = (documents: Preview['documents']) => documents.map(({ kind, name }) => ({ kind, name }))
  const { account, plan, bucket, service } = views
  return {
    ...{ period: preview.period, run: preview.run },
    ...{ documents: named(preview.documents), brought: named(preview.brought) },
    totals: totals.map(({ currency, beforeMinor, afterMinor, changeMinor }) => ({
      currency,
      before: text(beforeMinor, currency),
      after: text(afterMinor, currency),
      change: text(changeMinor, currency),
    })),
    counts: { account: account.count, plan: plan.count, bucket: bucket.count, service: service.count },
    sums: PREVIEW_DIMENSIONS.flatMap((by) =>
      by === 'bucket' ? [] : views[by].sums.map((sum) => ({ by, ...toSum(sum) })),
    ),
    account: await page('account'),
    plan: await page('plan'),
    bucket: await page('bucket'),
    service: await page('service'),
    problems: problems.map(({ code, severity, message, hint }) => ({ code, severity, message, hint })),
  }
}
