// Every address of the app and the screen that answers it. A screen is a piece of its own, loaded when somebody goes there.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { FailureState } from '../components/states.tsx'
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
]

export const router = createRouter({
  routeTree: root.addChildren(screens),
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ({ error, reset }) => <FailureState error={error} onRetry={reset} />,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
