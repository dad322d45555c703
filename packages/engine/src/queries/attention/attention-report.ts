// `report attention`: what needs somebody's attention, worst first, each with where to look.
import { formatAmount, type Period, type Report } from '@spillway/core'
import type { ScopedWorkspace } from '../../workspace/scope.ts'
import { oneBatch, type ReportField, textField } from '../amount-cells.ts'
import { readAttention } from './attention.ts'

const COLUMNS: ReadonlyArray<ReportField> = [
  textField('severity', 'Severity'),
  { ...textField('kind', 'Kind'), isDetail: true },
  textField('what', 'What'),
  { ...textField('currency', 'Currency'), isDetail: true },
  { key: 'amount', title: 'Amount', kind: 'amount', isDetail: true, isNullable: true },
  { key: 'count', title: 'Count', kind: 'quantity', isDetail: true },
  textField('look_in', 'Look in'),
  { ...textField('look_key', 'Key'), isDetail: true },
]

/** Of the newest closed month where none is named; before the first close, what needs none. @throws Refusal `period-not-closed`. */
export async function attentionReport(
  workspace: ScopedWorkspace,
  { period: asked }: { readonly period?: Period | undefined },
): Promise<Report> {
  const { period, items } = await readAttention(workspace, { period: asked })
  const rows = items.map(({ severity, kind, what, amount, count, look }) => [
    ...[severity, kind, what, amount?.currency ?? '', amount ? formatAmount(amount.minor, amount.currency) : ''],
    ...[String(count), look.in, look.key],
  ])
  return {
    name: 'attention',
    title: `What needs attention${period ? ` in ${period.name}` : ''}`,
    columns: COLUMNS,
    whenEmpty: 'Nothing needs attention.',
    rows: oneBatch(rows),
  }
}
