// What the routes of one server share. Made once, by make-server.ts.
import type { Workspace } from '@spillway/engine'
import type { Logger } from 'pino'
import type { KeptAnswers } from './http/kept-answers.ts'
import type { Metrics } from './http/metrics.ts'
import type { ReportPages } from './http/report-pages.ts'
import type { Turns } from './http/turns.ts'
import type { EventIntake } from './intake/event-intake.ts'
import type { JobRunner } from './jobs/job-runner.ts'
import type { Scheduler } from './schedules/scheduler.ts'
import type { ServerSettings } from './settings.ts'
import type { Attempts } from './sign-in/attempts.ts'
import type { OpenId } from './sign-in/open-id.ts'
import type { OwnerSetup } from './sign-in/owner-setup.ts'
import type { SignInLinks } from './sign-in/sign-in-links.ts'
import type { WarmUp } from './warm-up.ts'
import type { WebhookDeliverer } from './webhooks/webhook-deliverer.ts'
import type { WebhookSecrets } from './webhooks/webhook-secrets.ts'

export type Services = {
  /** Of the whole tenant: routes get at it through their call, which knows what the caller may. */
  readonly workspace: Workspace
  readonly settings: ServerSettings
  readonly log: Logger
  readonly metrics: Metrics
  readonly attempts: Attempts
  readonly answers: KeptAnswers
  readonly ownerSetup: OwnerSetup
  readonly signInLinks: SignInLinks
  /** undefined without single sign-on. */
  readonly openId: OpenId | undefined
  /** One change of the workspace at a time. */
  readonly turns: Turns
  readonly pages: ReportPages
  readonly warmUp: WarmUp
  readonly intake: EventIntake
  readonly jobs: JobRunner
  readonly webhooks: WebhookDeliverer
  readonly scheduler: Scheduler
  readonly webhookSecrets: WebhookSecrets
  /** Ids of jobs whose files are still arriving. */
  readonly arriving: Set<string>
  /** True once it is stopping: not ready any more. */
  isStopping: boolean
}
