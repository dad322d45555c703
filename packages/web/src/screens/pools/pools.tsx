// Every pool of the month: what it allows, what was used of it, and what it cost.
import type { ReportColumn, ReportRow } from '../../api/use-report.ts'
import { type Format, useFormat } from '../../app/format.ts'
import { useScreenSearch } from '../../app/go.ts'
import { ListedReport } from '../../components/listed-report.tsx'
import { keepPeriod } from '../../components/page-header.tsx'
import { UsedOfAllowance } from './used-of-allowance.tsx'

const COLUMNS = ['pool', 'usage_type', 'allowance', 'used', 'unused', 'actual', 'adjusted']

export function Screen() {
  const here = useScreenSearch()
  const format = useFormat()
  return (
    <ListedReport
      title="Pools"
      summary="what each allows, what was used of it, and what it cost"
      report="pools"
      query={{}}
      searches="Search pools"
      columns={COLUMNS}
      titles={{ usage_type: 'Usage', used: 'Used of it', unused: 'Unused or over' }}
      cellOf={(column, row) => cell({ column, row, format })}
      linkOf={({ pool }) => (pool ? { to: `/pools/${encodeURIComponent(pool)}`, search: keepPeriod(here) } : undefined)}
    />
  )
}

type Cell = { readonly column: ReportColumn; readonly row: ReportRow; readonly format: Format }

function cell({ column: { key }, row, format }: Cell) {
  if (key === 'used') return <UsedOfAllowance row={row} />
  if (key !== 'unused') return undefined
  const { over, unused, usage_type: usageType } = row
  const isOver = over !== undefined && over !== null && over !== '0'
  const quantity = isOver ? over : (unused ?? '')
  if (quantity === '' || quantity === '0') return <span>none</span>
  return (
    <span title={quantity} style={isOver ? { fontWeight: 650 } : {}}>
      {format.usage(quantity, usageType ?? '')} {isOver ? 'over' : 'unused'}
    </span>
  )
}
