// Puts a server together: what every request passes through, and every resource. Opens no socket.
import { join } from 'node:path'
import { OpenAPIHono } from '@hono/zod-openapi'
import { invariant, Refusal } from '@spillway/core'
import { KeptSums, keptBytesMax, type Workspace } from '@spillway/engine'
import type { Logger } from 'pino'
import { ROUTES } from './contract/routes.ts'
import { registerDocs } from './http/docs-page.ts'
import type { Server, ServerEnv } from './http/environment.ts'
import { KeptAnswers } from './http/kept-answers.ts'
import { Metrics } from './http/metrics.ts'
import { problemResponse } from './http/problem-response.ts'
import { ReportPages } from './http/report-pages.ts'
import { requestLog } from './http/request-log.ts'
import { sameOrigin } from './http/same-origin.ts'
import { API_POLICY, securityHeaders } from './http/security-headers.ts'
import { Turns } from './http/turns.ts'
import { registerWeb, type WebFiles, webFiles } from './http/web-pages.ts'
import { EventIntake } from './intake/event-intake.ts'
import { JobRunner } from './jobs/job-runner.ts'
import { makeWorks } from './jobs/works.ts'
import { Writing } from './jobs/writing.ts'
import { registerAudit } from './resources/audit.ts'
import { registerBills } from './resources/bills.ts'
import { registerConfiguration } from './resources/configuration.ts'
import { registerDirectory } from './resources/directory.ts'
import { registerEvents } from './resources/events.ts'
import { registerExports } from './resources/exports.ts'
import { registerImportDrafts } from './resources/import-drafts.ts'
import { registerImports } from './resources/imports.ts'
import { registerJobs } from './resources/jobs.ts'
import { registerMe } from './resources/me.ts'
import { registerOperations } from './resources/operations.ts'
import { registerOverview } from './resources/overview.ts'
import { registerPeriods } from './resources/periods.ts'
import { registerReports } from './resources/reports.ts'
import { registerSchedules } from './resources/schedules.ts'
import { registerSharePlans } from './resources/share-plans.ts'
import { registerSignIn } from './resources/sign-in.ts'
import { registerStatements } from './resources/statements.ts'
import { registerSubAccounts } from './resources/sub-accounts.ts'
import { registerTokens } from './resources/tokens.ts'
import { registerUsers } from './resources/users.ts'
import { registerViews } from './resources/views.ts'
import { registerWebhooks } from './resources/webhooks.ts'
import { registerWhatIf } from './resources/what-if.ts'
import { scheduledHasWork } from './schedules/scheduled-works.ts'
import { Scheduler } from './schedules/scheduler.ts'
import type { Services } from './services.ts'
import type { ServerSettings } from './settings.ts'
import { Attempts } from './sign-in/attempts.ts'
import { authenticate } from './sign-in/authenticate.ts'
import { OpenId } from './sign-in/open-id.ts'
import { OwnerSetup } from './sign-in/owner-setup.ts'
import { SignInLinks } from './sign-in/sign-in-links.ts'
import { WarmUp } from './warm-up.ts'
import { WebhookDeliverer } from './webhooks/webhook-deliverer.ts'
import { WebhookSecrets } from './webhooks/webhook-secrets.ts'

const RESOURCES: ReadonlyArray<(server: Server) => void> = [
  registerSignIn,
  registerMe,
  registerViews,
  registerUsers,
  registerTokens,
  registerConfiguration,
  registerEvents,
  registerImports,
  registerImportDrafts,
  registerJobs,
  registerExports,
  registerWebhooks,
  registerSchedules,
  registerReports,
  registerOverview,
  registerStatements,
  registerSubAccounts,
  registerSharePlans,
  registerPeriods,
  registerBills,
  registerDirectory,
  registerWhatIf,
  registerAudit,
  registerOperations,
]

export type ServerParts = {
  readonly workspace: Workspace
  readonly settings: ServerSettings
  readonly log: Logger
  /** The screens, as `readWebFiles` read them; without them the API alone is served. */
  readonly web?: WebFiles | null
}

/** Over a workspace that is open to write; the caller closes it after the last request. */
export function makeServer({ workspace: opened, settings, log, web }: ServerParts): Server {
  const workspace: Workspace = { ...opened, sums: new KeptSums({ ...opened, bytesMax: keptBytesMax() }) }
  const { origin, openid } = settings
  const metrics = new Metrics()
  const turns = new Turns()
  const pages = new ReportPages(metrics.registry)
  const writing = new Writing(workspace, turns)
  const intake = new EventIntake({
    ...{ workspace, writing, log, registry: metrics.registry },
    importSeconds: settings['events-import-seconds'],
    waitingBytesMax: settings['events-waiting-megabytes'] * 1e6,
  })
  const arriving = new Set<string>()
  const webhookSecrets = new WebhookSecrets(workspace.directory)
  const workParts = {
    backupFolder: settings['backup-folder'] ?? join(workspace.directory, 'backups'),
    watchedFolders: settings['watched-folders'] ?? join(workspace.directory, 'watched'),
    mail: settings['smtp-url'] === undefined ? undefined : { url: settings['smtp-url'], from: settings['mail-from'] },
    workspace,
    writing,
    intake,
  }
  const jobs = new JobRunner({
    ...{ workspace, log, registry: metrics.registry, arriving },
    works: makeWorks(workParts),
    filesDays: settings['job-files-days'],
    jobDays: settings['job-days'],
  })
  const services: Services = {
    workspace,
    settings,
    log,
    metrics,
    attempts: new Attempts(workspace),
    answers: new KeptAnswers(workspace),
    ownerSetup: new OwnerSetup(),
    signInLinks: new SignInLinks(),
    openId: openid && origin !== undefined ? new OpenId(openid, { origin, now: workspace.actor.now }) : undefined,
    turns,
    pages,
    warmUp: new WarmUp({ workspace, turns, pages, log, registry: metrics.registry }),
    intake,
    jobs,
    scheduler: new Scheduler({ workspace, jobs, log, hasWork: scheduledHasWork(workParts) }),
    arriving,
    webhookSecrets,
    webhooks: new WebhookDeliverer({
      ...{ workspace, log, registry: metrics.registry, secrets: webhookSecrets },
      allowsPrivate: settings['webhook-private-addresses'],
    }),
    isStopping: false,
  }
  const server: Server = { app: makeApp(services, web ?? null), services, registered: new Set() }
  registerDocs(server)
  for (const registerResource of RESOURCES) registerResource(server)
  for (const { operationId } of Object.values(ROUTES))
    invariant(server.registered.has(operationId), 'every described route is registered', { operationId })
  if (web) registerWeb(server, web)
  return server
}

function makeApp(services: Services, web: WebFiles | null): OpenAPIHono<ServerEnv> {
  const app = new OpenAPIHono<ServerEnv>({
    defaultHook: (result) => {
      if (result.success) return
      const issues = result.error.issues.map(({ path, message }) => ({
        at: [result.target, ...path].join('.'),
        message,
      }))
      throw new Refusal(
        'bad-command',
        `The request is not understood: ${issues.map(({ at, message }) => `${at}: ${message}`).join('; ')}.`,
        {
          hint: 'Send what the reference of the API describes.',
          facts: { issues },
        },
      )
    },
  })
  app.use(requestLog(services))
  app.use(securityHeaders)
  app.use(async (c, next) => {
    await next()
    // Of the answer as it is: `c.header` would make another of it, its body a stream.
    const { headers } = c.res
    // A page of ours has said what it needs.
    if (!headers.has('content-security-policy')) headers.set('content-security-policy', API_POLICY)
    if (!headers.has('cache-control')) headers.set('cache-control', 'no-store')
  })
  app.use(sameOrigin(services.settings.origin))
  if (web) app.use(webFiles(web))
  app.use(authenticate(services))
  app.onError((error, c) => {
    const answer = problemResponse(c, error)
    if (answer.status >= 500) services.log.error({ requestId: c.get('requestId'), err: error }, 'a fault')
    return answer
  })
  app.notFound((c) => problemResponse(c, new Refusal('not-found', 'There is nothing here.', { hint: 'See /v1/docs.' })))
  return app
}
