// Who can take part in a share plan: every product and service type, and of those that cannot, why.
import { useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { useAsk } from '../../api/use-ask.ts'
import type { ReportRow } from '../../api/use-report.ts'
import type { Participant } from './share-bucket.ts'

export type Candidate = Participant & {
  readonly name: string
  readonly label: string
  readonly serviceType: string
  readonly canChoose: boolean
  /** The plan that it is in; '' where it is in none. */
  readonly plan: string
  readonly why: string
}

const PAGE = 500

/** For a plan those that are in it can be chosen too; '' for one that is still to be made. */
export function useCandidates(plan: string) {
  const answer = useQuery({
    queryKey: ['listParticipants', 'all', plan],
    queryFn: async ({ signal }) => {
      const found: ReportRow[] = []
      let cursor: string | undefined
      do {
        const query = { plan, limit: PAGE, ...(cursor === undefined ? {} : { cursor }) }
        const page = await client.ask('listParticipants', { query, signal })
        found.push(...page.rows)
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      return found.map(candidateOf)
    },
  })
  return {
    all: answer.data ?? [],
    isPending: answer.isPending,
    error: answer.error,
    retry: () => void answer.refetch(),
  }
}

export type CandidatesAsked = { readonly plan: string; readonly by: Participant['by']; readonly text: string }

const SHOWN_MAX = 100

/** The first of those that the server finds, and how many there are. */
export function useFoundCandidates(query: CandidatesAsked) {
  const answer = useAsk('listParticipants', { query: { ...query, limit: SHOWN_MAX } }, { keepsPrevious: true })
  return {
    shown: answer.data?.rows.map(candidateOf),
    count: answer.data?.rowCount ?? 0,
    error: answer.error,
    retry: () => void answer.refetch(),
  }
}

function candidateOf(row: ReportRow): Candidate {
  const { id = '', name, service_type, plan, why } = row
  const own = id ?? ''
  return {
    by: row.by === 'product' ? 'product' : 'service-type',
    id: own,
    name: name ?? '',
    label: (name ?? '') === '' ? own : `${name} (${own})`,
    serviceType: service_type ?? '',
    canChoose: row.can_choose === 'yes',
    plan: plan ?? '',
    why: why ?? '',
  }
}
