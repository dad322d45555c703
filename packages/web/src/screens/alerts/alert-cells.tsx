// Rows of `report alerts` as a person reads them: a bucket of somebody, or a limit of a sub-account, in the same columns.
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { useFormat } from '../../app/format.ts'
import type { RowLink } from '../../components/rows-table.tsx'

export const ALERT_TITLES = {
  holder: 'Held by',
  bucket: 'Bucket or limit',
  percent: 'Reached, %',
  exhausted_at: 'Runs out',
}

/** A limit says in one text what is used and of how much. */
export function useAlertCell() {
  const format = useFormat()
  return ({ key }: ReportColumn, row: ReportRow) => {
    const { limit, used, exhausted_at: at, projected } = row
    if (key === 'bucket' && limit) return <span>limit of {limit}</span>
    if (key === 'drawn' && used) return <span>{used}</span>
    if (key === 'exhausted_at' && at)
      return (
        <span title={at}>
          {format.instant(at)}
          {projected === 'yes' && ', at the pace so far'}
        </span>
      )
    return undefined
  }
}

/** Where it is seen day by day: the month of a share plan's bucket, the account's buckets, the service, the sub-account. */
export function alertLink(
  { on, holder, account, bucket }: ReportRow,
  search: Readonly<Record<string, unknown>>,
): RowLink {
  const [one, owner] = [holder ?? '', account ?? '']
  switch (on) {
    case 'share-plan': {
      const to = `/share-plans/${encodeURIComponent(one)}`
      return { to, search: { ...search, chosen: bucket ?? '', panel: 'month', key: owner } }
    }
    case 'service':
      return { to: `/services/${encodeURIComponent(one)}`, search }
    case 'sub-account':
      return { to: '/sub-accounts', search: { ...search, of: owner, chosen: one } }
    default:
      return { to: `/accounts/${encodeURIComponent(owner)}`, search: { ...search, tab: 'buckets' } }
  }
}
