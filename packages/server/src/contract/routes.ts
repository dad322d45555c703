// Every route of the API. What is not listed here is not in the document, and what is listed must be registered.
import { auditRoutes } from './audit.ts'
import { billRoutes } from './bills.ts'
import { checkRoutes } from './checks.ts'
import { configurationRoutes } from './configuration.ts'
import { directoryRoutes } from './directory.ts'
import { eventRoutes } from './events.ts'
import { exportRoutes } from './exports.ts'
import { importDraftRoutes } from './import-drafts.ts'
import { importRoutes } from './imports.ts'
import { jobRoutes } from './jobs.ts'
import { operationRoutes } from './operations.ts'
import { overviewRoutes } from './overview.ts'
import { periodRoutes } from './periods.ts'
import { reportRoutes } from './reports.ts'
import { scheduleRoutes } from './schedules.ts'
import { sharePlanRoutes } from './share-plans.ts'
import { signInRoutes } from './sign-in.ts'
import { statementRoutes } from './statements.ts'
import { subAccountRoutes } from './sub-accounts.ts'
import { userRoutes } from './users.ts'
import { viewRoutes } from './views.ts'
import { webhookRoutes } from './webhooks.ts'
import { whatIfRoutes } from './what-if.ts'

export const ROUTES = {
  ...signInRoutes,
  ...viewRoutes,
  ...userRoutes,
  ...configurationRoutes,
  ...eventRoutes,
  ...importRoutes,
  ...importDraftRoutes,
  ...jobRoutes,
  ...checkRoutes,
  ...exportRoutes,
  ...webhookRoutes,
  ...scheduleRoutes,
  ...reportRoutes,
  ...overviewRoutes,
  ...statementRoutes,
  ...subAccountRoutes,
  ...sharePlanRoutes,
  ...periodRoutes,
  ...billRoutes,
  ...directoryRoutes,
  ...whatIfRoutes,
  ...auditRoutes,
  ...operationRoutes,
}
