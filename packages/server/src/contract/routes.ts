// Every route of the API. What is not listed here is not in the document, and what is listed must be registered.
import { auditRoutes } from './audit.ts'
import { configurationRoutes } from './configuration.ts'
import { directoryRoutes } from './directory.ts'
import { eventRoutes } from './events.ts'
import { importRoutes } from './imports.ts'
import { jobRoutes } from './jobs.ts'
import { operationRoutes } from './operations.ts'
import { periodRoutes } from './periods.ts'
import { reportRoutes } from './reports.ts'
import { scheduleRoutes } from './schedules.ts'
import { sharePlanRoutes } from './share-plans.ts'
import { signInRoutes } from './sign-in.ts'
import { subAccountRoutes } from './sub-accounts.ts'
import { userRoutes } from './users.ts'
import { webhookRoutes } from './webhooks.ts'
import { whatIfRoutes } from './what-if.ts'

export const ROUTES = {
  ...signInRoutes,
  ...userRoutes,
  ...configurationRoutes,
  ...eventRoutes,
  ...importRoutes,
  ...jobRoutes,
  ...webhookRoutes,
  ...scheduleRoutes,
  ...reportRoutes,
  ...subAccountRoutes,
  ...sharePlanRoutes,
  ...periodRoutes,
  ...directoryRoutes,
  ...whatIfRoutes,
  ...auditRoutes,
  ...operationRoutes,
}
