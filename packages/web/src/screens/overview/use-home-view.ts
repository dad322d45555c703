// The view that somebody chose to begin with: gone to once, when the app is opened at its bare address.
import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useAsk } from '../../api/use-ask.ts'
import { parseSearch } from '../../app/search.ts'

/** Of this page: whoever goes back to the overview wants the overview. */
let isBeginning = window.location.pathname === '/' && window.location.search === ''

export function useHomeView(): 'going' | 'here' {
  const navigate = useNavigate()
  const preferences = useAsk('getPreferences', {})
  const chosen = preferences.data?.homeView ?? null
  const view = useAsk('getView', { params: { view: chosen ?? '' } }, { isReady: isBeginning && chosen !== null })
  const isGoing = isBeginning && (preferences.isPending || (chosen !== null && !view.isError))
  useEffect(() => {
    if (!isBeginning || preferences.isPending) return
    if (chosen === null || view.isError) isBeginning = false
    if (view.data === undefined) return
    isBeginning = false
    void navigate({ to: view.data.path, search: parseSearch(view.data.search) as never, replace: true })
  }, [chosen, navigate, preferences.isPending, view.data, view.isError])
  return isGoing ? 'going' : 'here'
}
