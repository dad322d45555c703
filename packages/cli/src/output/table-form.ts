// What a person sees of the reports whose rows are made for programs: of a trend one row a key with its months as a
// small curve, shares of change as per cent, instants to the minute. Files have the report as it is.
import { divideHalfAwayFromZero, groupDigits, type Report, type ReportColumn, type ReportRow } from '@spillway/core'
import { drawSparkline } from './bar-chart.ts'

const WITH_INSTANTS: ReadonlySet<string> = new Set(['alerts', 'balances', 'buckets'])
/** Of calls: times of the account, with the offset of the day. */
const WITH_CALLS: ReadonlySet<string> = new Set(['billable-time', 'conflicts', 'uncoded'])
const TIMES_OF_CALLS: ReadonlySet<string> = new Set(['from', 'start', 'until'])

/** The report itself, where its rows are good to read as they are. */
export function tableForm(report: Report): Report {
  if (report.name === 'trend') return trendTable(report)
  if (WITH_INSTANTS.has(report.name)) {
    const short = withShortTimes(report, (key) => key.endsWith('_at'))
    return { ...short, title: `${report.title}, times in UTC` }
  }
  if (WITH_CALLS.has(report.name)) return withShortTimes(report, (key) => TIMES_OF_CALLS.has(key))
  return report.name === 'movers' ? withPercents(report) : report
}

/** `2026-10-11T13:55:58Z` is `2026-10-11 13:55`: the title says in which zone, or it is the account's own. */
function withShortTimes(report: Report, isTime: (key: string) => boolean): Report {
  const times = report.columns.map(({ key }) => isTime(key))
  const short = (cell: string) => cell.replace('T', ' ').slice(0, 16)
  async function* rows() {
    for await (const batch of report.rows)
      yield batch.map((row) => row.map((cell, index) => (times[index] ? short(cell) : cell)))
  }
  return { ...report, rows: rows() }
}

function withPercents(report: Report): Report {
  const shares = report.columns.map(({ kind }) => kind === 'share')
  async function* rows() {
    for await (const batch of report.rows)
      yield batch.map((row) => row.map((cell, index) => (shares[index] ? percentText(cell) : cell)))
  }
  return { ...report, columns: report.columns.map(percentColumn), rows: rows() }
}

const percentColumn = (column: ReportColumn): ReportColumn =>
  column.kind === 'share' ? { ...column, title: '%' } : column

/** A share with nine decimals as per cent with one: `0.125400000` is `12.5`. Rounded, so for tables alone. */
export function percentText(share: string): string {
  if (share === '') return ''
  const tenths = divideHalfAwayFromZero(BigInt(share.replace('.', '')), 1_000_000n)
  const magnitude = tenths < 0n ? -tenths : tenths
  return `${tenths < 0n ? '-' : ''}${groupDigits((magnitude / 10n).toString())}.${magnitude % 10n}`
}

/** The long form has one row a month; these of its columns are the last month's. */
function trendTable(report: Report): Report {
  const at = (key: string) => report.columns.findIndex((column) => column.key === key)
  const value = Math.max(at('actual'), at('adjusted'), at('quantity'))
  const [key, name, part] = [at('key'), at('name'), Math.max(at('currency'), at('usage_class'))]
  const kind = report.columns[value]?.kind ?? 'text'
  const last = (title: string, from: string, isDetail: boolean) => ({ title, isDetail, index: at(from) })
  const changes = [
    // Usage is wide, and its per cent says as much as its change.
    last('Change', 'change', kind === 'usage'),
    last('%', 'change_share', false),
    last('On year', 'year_change', true),
    last('% on year', 'year_change_share', true),
  ]
  const textColumn = (index: number): ReportColumn => report.columns[index] ?? { key: '', title: '', kind: 'text' }
  const columns: ReportColumn[] = [
    ...[key, name, part].map(textColumn),
    { key: 'months', title: 'Months', kind: 'text' },
    { key: 'before', title: 'Before', kind, isDetail: true },
    { key: 'now', title: 'Now', kind },
    ...changes.map(({ title, isDetail, index }) => ({ ...textColumn(index), title, isDetail })),
  ]
  const toRow = (months: ReadonlyArray<ReportRow>): ReportRow => {
    const newest = months.at(-1) ?? []
    const cell = (index: number) => newest[index] ?? ''
    const values = months.map((row) => row[value] ?? '')
    const shown = changes.map(({ index }) =>
      textColumn(index).kind === 'share' ? percentText(cell(index)) : cell(index),
    )
    return [cell(key), cell(name), cell(part), curveOf(values), values.at(-2) ?? '', cell(value), ...shown]
  }
  async function* rows() {
    let months: ReportRow[] = []
    for await (const batch of report.rows) {
      const series: ReportRow[] = []
      for (const row of batch) {
        const [first] = months
        if (first && (first[key] !== row[key] || first[part] !== row[part])) {
          series.push(toRow(months))
          months = []
        }
        months.push(row)
      }
      yield series
    }
    if (months.length > 0) yield [toRow(months)]
  }
  return { name: report.name, title: report.title, columns, hasTotals: kind === 'amount', rows: rows() }
}

/** Amounts of one currency have the same decimals: without the point they are minor units. */
function curveOf(values: ReadonlyArray<string>): string {
  return drawSparkline(values.map((value) => (value === '' ? null : BigInt(value.replace('.', '')))))
}
