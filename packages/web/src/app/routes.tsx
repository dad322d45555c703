// The router: which screen answers an address, and what the address says besides.
import { type AnyRoute, createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router'
import { PageFault } from '../components/states.tsx'
import { NotFound } from './not-found.tsx'
import { Root } from './root.tsx'
import { SCREENS } from './screens.ts'
import { parseSearch, readSearch, stringifySearch } from './search.ts'

const root = createRootRoute({ component: Root, notFoundComponent: NotFound, validateSearch: readSearch })

const screens = Object.entries(SCREENS).map(([path, load]) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load, 'Screen') }),
)

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
