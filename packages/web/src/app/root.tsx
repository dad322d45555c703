// Around every screen: finds out who is signed in, and shows the sign-in in its place where nobody is.
import { ApiProblem } from '@spillway/server/client'
import { Outlet, useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { queries, useAsk } from '../api/use-ask.ts'
import { FailureState, LoadingState } from '../components/states.tsx'
import { Preferences } from './preferences.tsx'
import { SessionContext } from './session.tsx'
import { Shell } from './shell.tsx'

const SignIn = lazy(() => import('../screens/sign-in/sign-in.tsx').then(({ SignIn: found }) => ({ default: found })))
const Welcome = lazy(() => import('../screens/sign-in/welcome.tsx').then(({ Welcome: found }) => ({ default: found })))

/** As the server said it with the page. */
const wasSignedIn = document.querySelector<HTMLMetaElement>('meta[name="signed-in"]')?.content !== 'no'

export function Root() {
  const { pathname } = useLocation()
  const [isSignedIn, setSignedIn] = useState(wasSignedIn)
  const me = useAsk('getMe', {}, { isReady: isSignedIn })
  const onSignedIn = () => {
    queries.clear()
    setSignedIn(true)
  }
  if (pathname === '/welcome')
    return (
      <Suspense fallback={null}>
        <Welcome onDone={onSignedIn} />
      </Suspense>
    )
  if (me.data)
    return (
      <SessionContext value={me.data}>
        <Preferences>
          <Shell>
            <Suspense fallback={<LoadingState />}>
              <Outlet />
            </Suspense>
          </Shell>
        </Preferences>
      </SessionContext>
    )
  if (!isSignedIn || (me.error instanceof ApiProblem && me.error.status === 401))
    return (
      <Suspense fallback={null}>
        <SignIn onDone={onSignedIn} />
      </Suspense>
    )
  if (me.isPending) return <LoadingState label="Starting" />
  return <FailureState error={me.error} onRetry={() => me.refetch()} />
}
