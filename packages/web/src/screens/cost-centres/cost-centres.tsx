// The tree of cost centres: what each carries alone and with all below it, beside its budget.

import { Group } from '@mantine/core'
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { useScreenSearch } from '../../app/go.ts'
import type { View } from '../../app/search.ts'
import { useView } from '../../app/view-switch.tsx'
import { ListedReport } from '../../components/listed-report.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { ShareMeter } from '../../components/share-meter.tsx'

export function Screen() {
  const here = useScreenSearch()
  const view = useView()
  return (
    <ListedReport
      title="Cost centres"
      summary="what each carries, with what is below it, beside its budget"
      report="cost-centres"
      query={{}}
      searches="Search cost centres"
      columns={['name', 'key', view, `${view}_total`, 'budget', `${view}_left`, `${view}_share`]}
      titles={{
        ...{
          name: 'Cost centre',
          key: 'Key',
          [view]: 'Own',
          [`${view}_total`]: 'With below',
          [`${view}_left`]: 'Left',
        },
        [`${view}_share`]: 'Of budget',
      }}
      hidesTotals
      cellOf={(column, row) => cell(column, row, view)}
      linkOf={({ key }) =>
        key
          ? { to: `/cost-centres/${encodeURIComponent(key)}`, search: keepPeriod(here) }
          : { to: '/explore', search: { ...keepPeriod(here), by: 'service', where: ['cost-centre='] } }
      }
    />
  )
}

function cell({ key }: ReportColumn, row: ReportRow, view: View) {
  if (key === 'name')
    return (
      <span style={{ paddingLeft: `${18 * Number(row.level ?? 0)}px`, fontWeight: row.level === '0' ? 650 : 400 }}>
        {row.name || row.key}
      </span>
    )
  if (key === `${view}_share` && row[key]) return <BudgetShare value={row[key] ?? ''} />
  // A budget names no currency, and is compared with costs in one.
  if (key === `${view}_left` && !row[key] && row.budget)
    return <span style={{ color: 'var(--mantine-color-dimmed)' }}>several currencies</span>
  return undefined
}

/** How full it is, in words of colour and in percent. */
export function BudgetShare({ value }: { readonly value: string }) {
  return (
    <Group gap="xs" justify="flex-end" wrap="nowrap" style={{ fontVariantNumeric: 'tabular-nums' }}>
      <ShareMeter share={value} barWidth={70} />
    </Group>
  )
}
