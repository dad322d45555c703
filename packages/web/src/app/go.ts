// Going from one screen to another, and changing what the address says of the screen one is on.
import { useNavigate, useSearch } from '@tanstack/react-router'
import { keepPeriod } from '../components/page-header.tsx'
import type { ScreenSearch } from './search.ts'

/** What the address says besides the path. */
export function useScreenSearch(): ScreenSearch {
  return useSearch({ strict: false }) as ScreenSearch
}

/** To another screen; the month and the view go along unless another search is given. */
export function useGo(): (to: string, search?: ScreenSearch) => void {
  const navigate = useNavigate()
  const here = useScreenSearch()
  return (to, search) => void navigate({ to, search: (search ?? keepPeriod(here)) as never })
}

/** On the same screen; undefined takes a part out of the address. Typing replaces, choosing can be gone back from. */
export function useSetSearch(): (change: ScreenSearch, options?: { readonly replaces?: boolean }) => void {
  const navigate = useNavigate()
  return (change, { replaces = false } = {}) =>
    void navigate({ to: '.', search: (before: ScreenSearch) => ({ ...before, ...change }), replace: replaces })
}
