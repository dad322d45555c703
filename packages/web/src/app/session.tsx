// Who is signed in and what they may do. A screen asks before it offers a change; the server decides.
import type { AnswerOf } from '@spillway/server/client'
import type { Permission } from '@spillway/server/contract'
import { createContext, use } from 'react'

export type Me = AnswerOf<'getMe'>

export const SessionContext = createContext<Me | null>(null)

export function useMe(): Me {
  const me = use(SessionContext)
  if (me === null) throw new Error('Nobody is signed in here.')
  return me
}

/** Whether a button is worth showing; what comes of it is the server's answer. */
export function useMay(permission: Permission): boolean {
  return useMe().permissions.includes(permission)
}
