// The months there are: those that were closed, and those of which something is imported. The state of a month is that of the run
// which stands for it.
import type { AnswerOf } from '@spillway/server/client'
import type { ReportRow } from '../../api/use-report.ts'

export type Run = AnswerOf<'getRun'>
export type MonthState = 'open' | 'closed' | 'published' | 'reopened'
export type Month = {
  readonly period: string
  readonly state: MonthState
  /** That which stands, or the last that was taken back; undefined before the first close. */
  readonly run: Run | undefined
  /** Newest first. */
  readonly runs: ReadonlyArray<Run>
  readonly invoices: number
  /** Imported files that reach into it. */
  readonly files: number
}

export const MONTH_STATE: Readonly<Record<MonthState, { readonly label: string; readonly color: string }>> = {
  open: { label: 'Open', color: 'gray' },
  closed: { label: 'Closed', color: 'indigo' },
  published: { label: 'Published', color: 'green' },
  reopened: { label: 'Reopened', color: 'yellow' },
}

export type MonthSources = {
  readonly runs: ReadonlyArray<Run>
  /** Rows of the report `reconciliation`. */
  readonly invoices: ReadonlyArray<ReportRow>
  /** Rows of the report `imports`. */
  readonly imports: ReadonlyArray<ReportRow>
}

/** Newest first. */
export function monthsOf({ runs, invoices, imports }: MonthSources): ReadonlyArray<Month> {
  const runsOf = grouped(runs, ({ period }) => period)
  const invoicesOf = grouped(invoices, ({ period }) => period ?? '')
  const filesOf = filesByMonth(imports)
  const periods = new Set([...runsOf.keys(), ...invoicesOf.keys(), ...filesOf.keys()].filter(isMonth))
  return [...periods]
    .sort()
    .reverse()
    .map((period) => {
      const ofMonth = [...(runsOf.get(period) ?? [])].sort((a, b) => numberOf(b) - numberOf(a))
      const run =
        ['published', 'closed'].flatMap((state) => ofMonth.filter((one) => one.state === state))[0] ?? ofMonth[0]
      return {
        period,
        state: run?.state ?? 'open',
        run,
        runs: ofMonth,
        invoices: invoicesOf.get(period)?.length ?? 0,
        files: filesOf.get(period)?.size ?? 0,
      }
    })
}

function grouped<T>(all: ReadonlyArray<T>, keyOf: (one: T) => string): ReadonlyMap<string, ReadonlyArray<T>> {
  const found = new Map<string, T[]>()
  for (const one of all) {
    const key = keyOf(one)
    const group = found.get(key)
    if (group) group.push(one)
    else found.set(key, [one])
  }
  return found
}

export const isMonth = (text: string) => /^\d{4}-(?:0[1-9]|1[0-2])$/.test(text)

/** Runs of a month are numbered as they are closed. */
const numberOf = ({ id }: Run) => Number(id.slice(id.lastIndexOf('.') + 1))

const MONTHS_OF_FILE_MAX = 24

function filesByMonth(imports: ReadonlyArray<ReportRow>): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>()
  for (const { batch, from, until, state } of imports) {
    if (!batch || !from || !until || (state !== 'live' && state !== 'partly-superseded')) continue
    let month = from.slice(0, 7)
    for (let count = 0; count < MONTHS_OF_FILE_MAX && `${month}-01` < until.slice(0, 10); count++) {
      found.set(month, (found.get(month) ?? new Set()).add(batch))
      month = monthAfter(month)
    }
  }
  return found
}

export function monthAfter(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}
