// Every sub-account of an account by its user id: whose it is today, and since when it has its passcode.
import { useQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import type { ReportRow } from '../../api/use-report.ts'

const NONE: ReadonlyMap<string, ReportRow> = new Map()

export function useSubAccountList(account: string): ReadonlyMap<string, ReportRow> {
  const { data = NONE } = useQuery({
    queryKey: ['listSubAccounts', account],
    queryFn: async ({ signal }) => {
      const found = new Map<string, ReportRow>()
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page: { rows: ReadonlyArray<ReportRow>; next: string | null } = await client.ask('listSubAccounts', {
          query: { account, limit: 500, ...(cursor === undefined ? {} : { cursor }) },
          signal,
        })
        for (const row of page.rows) found.set(row.user_id ?? '', row)
        cursor = page.next
      }
      return found
    },
  })
  return data
}
