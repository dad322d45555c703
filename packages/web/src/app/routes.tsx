// Every address of the app and the screen that answers it. A screen is a piece of its own, loaded when somebody goes there.
import { type AnyRoute, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { PageFault } from '../components/states.tsx'
import { NotFound } from './not-found.tsx'
import { Root } from './root.tsx'
import { parseSearch, readSearch, stringifySearch } from './search.ts'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, validateSearch: readSearch })

/** A screen's file has its component under the name `Screen`. */
const screen = (path: string, load: () => Promise<{ Screen: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, 'Screen') })

const screens = [
  screen('/', () => import('../screens/overview/overview.tsx')),
  screen('/explore', () => import('../screens/explore/explore.tsx')),
  screen('/lines', () => import('../screens/explore/lines.tsx')),
  screen('/source', () => import('../screens/explore/source.tsx')),
  screen('/bills', () => import('../screens/bills/bills.tsx')),
  screen('/bills/import', () => import('../screens/bills/wizard/wizard.tsx')),
  screen('/bills/imports', () => import('../screens/bills/imports.tsx')),
  screen('/bills/imports/$batch', () => import('../screens/bills/import-details.tsx')),
  screen('/bills/$invoice', () => import('../screens/bills/invoice.tsx')),
  screen('/share-plans', () => import('../screens/share-plans/share-plans.tsx')),
  screen('/share-plans/$plan', () => import('../screens/share-plans/share-plans.tsx')),
  screen('/catalogue', () => import('../screens/catalogue/catalogue.tsx')),
  screen('/pools', () => import('../screens/pools/pools.tsx')),
  screen('/pools/$pool', () => import('../screens/pools/pool.tsx')),
  screen('/accounts', () => import('../screens/accounts/accounts.tsx')),
  screen('/accounts/$account', () => import('../screens/accounts/account.tsx')),
  screen('/sub-accounts', () => import('../screens/sub-accounts/sub-accounts.tsx')),
  screen('/conflicts', () => import('../screens/conflicts/conflicts.tsx')),
  screen('/customer-bills', () => import('../screens/customer-bills/customer-bills.tsx')),
  screen('/customer-bills/$number', () => import('../screens/customer-bills/customer-bill.tsx')),
  screen('/policies', () => import('../screens/policies/policies.tsx')),
  screen('/policies/$name', () => import('../screens/policies/policy.tsx')),
  screen('/people', () => import('../screens/people/people.tsx')),
  screen('/people/$person', () => import('../screens/people/person.tsx')),
  screen('/cost-centres', () => import('../screens/cost-centres/cost-centres.tsx')),
  screen('/cost-centres/$centre', () => import('../screens/cost-centres/cost-centre.tsx')),
  screen('/projects', () => import('../screens/projects/projects.tsx')),
  screen('/projects/$project', () => import('../screens/projects/project.tsx')),
  screen('/services/$service', () => import('../screens/services/service.tsx')),
  screen('/runs', () => import('../screens/runs/runs.tsx')),
  screen('/runs/$run', () => import('../screens/runs/run.tsx')),
  screen('/jobs', () => import('../screens/jobs/jobs.tsx')),
  screen('/settings', () => import('../screens/settings/settings.tsx')),
]

export const router = createRouter({
  // Addresses are texts here, not types: a screen of its own for each would be checked against all others at every link.
  routeTree: root.addChildren(screens as unknown as AnyRoute[]),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error }) => <PageFault error={error} />,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
