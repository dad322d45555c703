// One amount of money: digits of one width, its currency beside it, and a way to ask why it is what it is.
import { useFormat } from '../app/format.ts'
import { useSetSearch } from '../app/go.ts'
import classes from './amount.module.css'

export type AmountProps = {
  /** A decimal text. */
  readonly value: string
  readonly currency: string
  /** A service whose figure of the month this is: the amount opens its explanation. */
  readonly explains?: string | undefined
  /** Says more or less by a sign and a colour: a change. */
  readonly isChange?: boolean
}

export function Amount({ value, currency, explains, isChange = false }: AmountProps) {
  const format = useFormat()
  const setSearch = useSetSearch()
  const text = format.amount(value, currency)
  const sign = value.startsWith('-') ? 'less' : /[1-9]/.test(value) ? 'more' : 'same'
  const shown = (
    <span
      className={`${classes.amount} ${isChange ? (classes[sign] ?? '') : ''}`}
      data-amount={value}
      data-currency={currency}
    >
      {isChange && sign === 'more' ? `+${text}` : text}
    </span>
  )
  if (explains === undefined) return shown
  return (
    <button
      type="button"
      className={classes.explains}
      onClick={() => setSearch({ explain: explains })}
      aria-label={`Explain ${text} of ${explains}`}
    >
      {shown}
    </button>
  )
}
