// What a document can name: the other documents of a kind, and accounts and service types that have no document of their own.

import { useDebouncedValue } from '@mantine/hooks'
import type { AnswerOf } from '@spillway/server/client'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { client } from '../../../api/client.ts'
import { useAsk } from '../../../api/use-ask.ts'
import { rowsOf, useReport } from '../../../api/use-report.ts'
import type { Choice } from './fields.tsx'

export type Heading = AnswerOf<'listDocuments'>['items'][number]

/** More than anybody chooses from; the rest are found by typing their id. */
const DOCUMENTS_MAX = 5000
const PAGE = 500

/** Every document of a kind, ordered by name. */
export function useDocuments(kind: string): UseQueryResult<ReadonlyArray<Heading>, Error> {
  return useQuery({
    queryKey: ['listDocuments', 'all', kind],
    queryFn: async ({ signal }) => {
      const found: Heading[] = []
      let cursor: string | undefined
      do {
        const query = { kind, limit: PAGE, sort: 'name' as const, ...(cursor === undefined ? {} : { cursor }) }
        const page = await client.ask('listDocuments', { query, signal })
        found.push(...page.items)
        cursor = page.next ?? undefined
      } while (cursor !== undefined && found.length < DOCUMENTS_MAX)
      return found
    },
  })
}

const choiceOf = ({ name, label }: Pick<Heading, 'name' | 'label'>): Choice => ({
  value: name,
  label: label === '' ? name : `${label} (${name})`,
})

export function useNames(kind: string): ReadonlyArray<Choice> {
  return (useDocuments(kind).data ?? []).map(choiceOf)
}

/** Choices that the server finds by what is typed: there may be more than anybody's browser should hold. */
export type FoundNames = { readonly names: ReadonlyArray<Choice>; readonly onSearch: (text: string) => void }

const FOUND_MAX = 100
const SEARCH_AFTER_MS = 200

export function useFoundNames(kind: string): FoundNames {
  const { text, onSearch } = useTyped()
  const query = { kind, text, limit: FOUND_MAX, sort: 'name' as const }
  const { data } = useAsk('listDocuments', { query }, { keepsPrevious: true })
  return useSeen((data?.items ?? []).map(choiceOf), onSearch)
}

/** Those of documents and of files; without a currency nobody is billed there, and it is a vendor's. None while it is not ready. */
export function useFoundAccounts({ needsCurrency = true, isReady = true } = {}): FoundNames {
  const { text, onSearch } = useTyped()
  const { data } = useReport('accounts', text === '' ? {} : { search: text }, { pageRows: FOUND_MAX, isReady })
  const found = rowsOf(data).filter(({ currency }) => !needsCurrency || (currency ?? '') !== '')
  return useSeen(
    found.map(({ account, name }) => choiceOf({ name: account ?? '', label: name ?? '' })),
    onSearch,
  )
}

/** Once somebody stops typing. A name that was chosen stands there with its id, by which it is found. */
function useTyped() {
  const [typed, onSearch] = useState('')
  const [settled] = useDebouncedValue(typed, SEARCH_AFTER_MS)
  const [, id] = /\(([^()]+)\)$/.exec(settled) ?? []
  return { text: (id ?? settled).slice(0, 200), onSearch }
}

/** What was found before stays known by its label: it may be what is chosen. */
function useSeen(found: ReadonlyArray<Choice>, onSearch: FoundNames['onSearch']): FoundNames {
  const seen = useRef(new Map<string, Choice>())
  for (const one of found) seen.current.set(one.value, one)
  return { names: [...seen.current.values()], onSearch }
}

/** A type needs no document: products say it. */
export function useServiceTypeNames(): ReadonlyArray<Choice> {
  const { data } = useAsk('listParticipants', { query: { by: 'service-type', limit: PAGE } })
  return (data?.rows ?? []).map(({ id, name }) => choiceOf({ name: id ?? '', label: name ?? '' }))
}
