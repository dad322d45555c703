// Months and what is done with them: close, look at what was found, publish, reopen.
import { useScreenSearch } from '../../app/go.ts'
import { PageHeader } from '../../components/page-header.tsx'
import { Sides } from '../../components/sides.tsx'
import { EmptyState, FailureState, LoadingState } from '../../components/states.tsx'
import { MonthList } from './month-list.tsx'
import { MonthPanel } from './month-panel.tsx'
import { isMonth, type Month } from './months.ts'
import { useMonths } from './use-months.ts'

export function Screen() {
  const { chosen } = useScreenSearch()
  const { months, hasInvoices, error, retry } = useMonths()
  return (
    <>
      <PageHeader
        title="Runs"
        summary="Close a month, look at what the close found, then publish it as the figures that stand"
      />
      {error ? (
        <FailureState error={error} onRetry={retry} />
      ) : (
        <Months months={months} hasInvoices={hasInvoices} chosen={chosen} />
      )}
    </>
  )
}

type MonthsProps = {
  readonly months: ReadonlyArray<Month> | undefined
  readonly hasInvoices: boolean
  readonly chosen: string | undefined
}

function Months({ months, hasInvoices, chosen }: MonthsProps) {
  if (!months) return <LoadingState />
  const named = chosen !== undefined && isMonth(chosen) ? chosen : undefined
  if (months.length === 0 && named === undefined && !hasInvoices) return <LoadingState />
  if (months.length === 0 && named === undefined)
    return (
      <EmptyState title="No month to close yet" action={{ label: 'Import bills', to: '/bills/import' }}>
        Import what your vendors sent: the months it is of stand here, to be closed.
      </EmptyState>
    )
  const shown = months.find(({ period }) => period === (named ?? firstToDo(months))) ?? nothingOf(named)
  const isKnown = named !== undefined || hasInvoices
  return (
    <Sides
      isPanelWide
      list={<MonthList months={months} chosen={isKnown ? shown?.period : undefined} />}
      panel={isKnown ? shown && <MonthPanel key={shown.period} month={shown} /> : <LoadingState />}
    />
  )
}

/** The newest one with bills that is not published; else the newest. */
function firstToDo(months: ReadonlyArray<Month>): string | undefined {
  const toDo = months.find(({ state, invoices }) => state !== 'published' && (state !== 'open' || invoices > 0))
  return (toDo ?? months.find(({ state }) => state === 'published') ?? months[0])?.period
}

const nothingOf = (period: string | undefined): Month | undefined =>
  period === undefined ? undefined : { period, state: 'open', run: undefined, runs: [], invoices: 0, files: 0 }
