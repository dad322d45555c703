// What the month cost in all, by currency; the figure leads to the vendors that it is owed to.
import { CostByMonth } from '../../components/cost-by-month.tsx'
import { ScreenLink } from '../../components/screen-link.tsx'

export function Spend({ period }: { readonly period: string }) {
  return (
    <CostByMonth
      period={period}
      by="all"
      title={(currency) => `Spend in ${currency}`}
      figure={(amount, currency) => (
        <ScreenLink
          to="/explore"
          search={{ by: 'vendor', period, where: [`currency=${currency}`] }}
          style={{ color: 'inherit', textDecoration: 'none' }}
        >
          {amount}
        </ScreenLink>
      )}
    />
  )
}
