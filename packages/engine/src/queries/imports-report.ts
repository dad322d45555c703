// `report imports`: every file that was imported, what came of its rows and whether it counts. One row per import and currency
// of its bills; an import without bills has one row without an amount.
import { compareBytes, formatAmount, type Report, type ReportColumn, type ReportRow } from '@spillway/core'
import type { ScopedWorkspace } from '../workspace/scope.ts'
import { requireWholeTenant } from '../workspace/scopes.ts'
import { oneBatch, textField } from './amount-cells.ts'
import { type ImportRecord, listImports } from './import-records.ts'

const countField = (key: string, title: string): ReportColumn => ({ key, title, kind: 'quantity' })

const COLUMNS: ReadonlyArray<ReportColumn> = [
  { ...textField('batch', 'Import'), isDetail: true },
  textField('file', 'File'),
  { ...textField('format', 'Format'), isDetail: true },
  textField('vendor', 'Vendor'),
  { ...textField('account', 'Account'), isDetail: true },
  textField('imported_at', 'Imported'),
  { ...textField('imported_by', 'By'), isDetail: true },
  countField('read', 'Rows'),
  { ...countField('accepted', 'Accepted'), isDetail: true },
  countField('quarantined', 'Refused'),
  { ...countField('duplicates', 'Duplicates'), isDetail: true },
  { key: 'from', title: 'From', kind: 'date', isNullable: true },
  { key: 'until', title: 'Until', kind: 'date', isNullable: true },
  textField('currency', 'Currency'),
  { key: 'amount', title: 'Amount', kind: 'amount', isNullable: true },
  textField('state', 'State'),
  { ...textField('superseded_by', 'Superseded by'), isDetail: true },
  { ...textField('reason', 'Taken back because'), isDetail: true },
]

/** The newest first. Amounts are those of the accepted lines, payments left out, whether the import still counts or not. */
export async function importsReport(workspace: ScopedWorkspace): Promise<Report> {
  requireWholeTenant(workspace, 'The list of imports')
  const imports = await listImports(workspace)
  const sorted = [...imports].sort((a, b) => compareBytes(b.importedAt, a.importedAt) || compareBytes(a.batch, b.batch))
  return { name: 'imports', title: 'Imports', columns: COLUMNS, rows: oneBatch(sorted.flatMap(toRows)) }
}

function toRows(record: ImportRecord): ReportRow[] {
  const { rows, amounts } = record
  const of = (currency: string, amount: string): ReportRow => [
    ...[
      record.batch,
      record.file,
      record.formats.join(', '),
      severalText(record.vendors),
      severalText(record.accounts),
    ],
    ...[record.importedAt, record.importedBy],
    ...[rows.read, rows.accepted, rows.quarantined, rows.duplicates].map(String),
    ...[record.from ?? '', record.until ?? '', currency, amount, record.state],
    ...[record.supersededBy.join(', '), record.takenBack?.reason ?? ''],
  ]
  if (amounts.length === 0) return [of('', '')]
  return amounts.map(({ currency, amountMinor }) => of(currency, formatAmount(amountMinor, currency)))
}

/** `acme`, or `acme and 2 more`. */
function severalText({ first, count }: ImportRecord['vendors']): string {
  return count > 1 ? `${first} and ${count - 1} more` : first
}
