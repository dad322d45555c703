// What a person wants to see of a staged file before it is imported, and the rows of it that were refused. Reads the staging
// tables alone.
import type { IntakeFile, RejectedRow, RejectedTable } from '@spillway/core'
import type { Warehouse } from '../../warehouse/warehouse.ts'
import { coverOf } from './import-cover.ts'
import type { BadRow, FileDescription } from './import-report.ts'
import type { Staging } from './staging.ts'

const ROWS_AT_ONCE = 2000

type Rejects = {
  readonly file: IntakeFile
  /** The import that mended rows add to. */
  readonly batch: string
}

export async function describeFile(
  at: { readonly warehouse: Warehouse; readonly tenant: string },
  { staging, file, badRowsMax }: Rejects & { readonly staging: Staging; readonly badRowsMax: number },
): Promise<FileDescription> {
  const relation = (table: 'charge' | 'invoice_total' | 'usage') =>
    staging.uses(table) ? staging.name(table) : undefined
  return {
    recognised: file.parts.map(({ member, sheet, importer: { name, describes } }) => ({
      ...{ member, sheet, format: name, describes },
    })),
    cover: await coverOf(at, {
      charge: relation('charge'),
      invoice_total: relation('invoice_total'),
      usage: relation('usage'),
    }),
    badRows: staging.hasQuarantine && badRowsMax > 0 ? await firstBadRows(staging, { file, badRowsMax }) : [],
  }
}

const ROW = 'line, raw, column_name AS "column", value, code, message, hint'

async function firstBadRows(
  staging: Staging,
  { file, badRowsMax }: { readonly file: IntakeFile; readonly badRowsMax: number },
): Promise<BadRow[]> {
  const rows = await staging.warehouse.rows<RejectedRow & { part_no: number }>(
    `SELECT part_no, ${ROW} FROM ${staging.scratch}.quarantine ORDER BY part_no, line, code LIMIT ${Math.trunc(badRowsMax)}`,
  )
  return rows.map(({ part_no, ...row }) => {
    const part = file.parts[part_no]
    return { ...row, member: part?.member ?? '', sheet: part?.sheet ?? '' }
  })
}

/** One for each part that has some; to be read while the staging tables are there. */
export function rejectedTables(staging: Staging, { file, batch }: Rejects): RejectedTable[] {
  return [...staging.tables].map(([partNo, { header, delimiter }]) => ({
    ...{ batch, file: file.fileName, header, delimiter },
    member: file.parts[partNo]?.member ?? '',
    sheet: file.parts[partNo]?.sheet ?? '',
    rows: rowsOf(staging, partNo),
  }))
}

async function* rowsOf(staging: Staging, partNo: number): AsyncGenerator<RejectedRow[]> {
  for (let from = 0; ; from += ROWS_AT_ONCE) {
    const rows = await staging.warehouse.rows<RejectedRow>(
      `SELECT ${ROW} FROM ${staging.scratch}.quarantine WHERE part_no = ${partNo}
       ORDER BY line, code LIMIT ${ROWS_AT_ONCE} OFFSET ${from}`,
    )
    if (rows.length > 0) yield rows
    if (rows.length < ROWS_AT_ONCE) return
  }
}
