// What a document can name: the other documents of a kind, and accounts and service types that have no document of their own.

import type { AnswerOf } from '@spillway/server/client'
import { type UseQueryResult, useQuery } from '@tanstack/react-query'
import { client } from '../../../api/client.ts'
import { useAsk } from '../../../api/use-ask.ts'
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

/** Those of documents, and those of files. */
export function useAccountNames(): ReadonlyArray<Choice> {
  const documents = useNames('Account')
  const { data } = useAsk('listAccounts', { query: { limit: PAGE } })
  const known = new Set(documents.map(({ value }) => value))
  const files = (data?.items ?? []).filter(({ account, currency }) => currency !== '' && !known.has(account))
  return [...documents, ...files.map(({ account, name }) => choiceOf({ name: account, label: name }))]
}

/** A type needs no document: products say it. */
export function useServiceTypeNames(): ReadonlyArray<Choice> {
  const { data } = useAsk('listParticipants', { query: { limit: PAGE } })
  return (data?.rows ?? [])
    .filter(({ by }) => by === 'service-type')
    .map(({ id, name }) => choiceOf({ name: id ?? '', label: name ?? '' }))
}
