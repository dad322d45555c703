// Every route of the API. What is not listed here is not in the document, and what is listed must be registered.
import { auditRoutes } from './audit.ts'
import { configurationRoutes } from './configuration.ts'
import { eventRoutes } from './events.ts'
import { operationRoutes } from './operations.ts'
import { reportRoutes } from './reports.ts'
import { signInRoutes } from './sign-in.ts'
import { userRoutes } from './users.ts'

export const ROUTES = {
  ...signInRoutes,
  ...userRoutes,
  ...configurationRoutes,
  ...eventRoutes,
  ...reportRoutes,
  ...auditRoutes,
  ...operationRoutes,
}
