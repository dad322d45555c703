// Lines that several carry: a service that changed hands, or charges of one kind that two pools or components took. What each
// carries of all lines of the cell is known; of each line it is divided by core, so that both come out even.
import { divideCell, invariant } from '@spillway/core'
import type { Parameters, Row } from '../../warehouse/warehouse.ts'
import type { ScopedWarehouse } from '../../workspace/scope.ts'
import { boundParameters } from '../bound-parameters.ts'
import { CELL, PART } from './run-cells.ts'

type PartRow = Row & {
  bill_no: number
  sort_no: number
  service_no: number
  owner_no: number
  name_no: number
  flags_no: number
  actual_minor: bigint
}
type LineRow = Row & {
  bill_no: number
  sort_no: number
  service_no: number
  doc: number
  ordinal: number
  amount_minor: bigint
}

/** A part of a line of a bill. */
export type DividedLine = {
  readonly billNo: number
  readonly sortNo: number
  readonly serviceNo: number
  readonly ownerNo: number
  readonly nameNo: number
  readonly flagsNo: number
  readonly doc: number
  readonly ordinal: number
  readonly lineMinor: bigint
  readonly division: '' | 'divided' | 'in proportion'
}

const ROW_END = '\u001e'
const COLUMNS = [...PART.split(', '), 'doc', 'ordinal', 'line_minor']

/**
 * Relation of the columns of PART, `doc, ordinal, line_minor, division`, for the parameter $divided ({@link dividedText}): numbers
 * as one text, so that any number of them is one parameter and nothing is written.
 */
export const DIVIDED_SQL = `SELECT ${COLUMNS.map((column, index) => `cell[${index + 1}]::${column === 'line_minor' ? 'BIGINT' : 'INTEGER'} AS ${column}`).join(', ')},
    cell[${COLUMNS.length + 1}] AS division
  FROM (SELECT string_split(unnest(string_split($divided, chr(30))), ',') AS cell FROM (SELECT 1) WHERE $divided <> '')`

export function dividedText(lines: ReadonlyArray<DividedLine>): string {
  return lines
    .map(({ billNo, sortNo, serviceNo, ownerNo, nameNo, flagsNo, doc, ordinal, lineMinor, division }) =>
      [billNo, sortNo, serviceNo, ownerNo, nameNo, flagsNo, doc, ordinal, lineMinor, division].join(','),
    )
    .join(ROW_END)
}

/** Cells that several carry. Of a service that has as many kinds of charges as parts there is none: few are looked at twice. */
const SEVERAL = `several_service AS MATERIALIZED (SELECT service_no FROM cell_part WHERE actual_minor <> 0
      GROUP BY service_no HAVING count(*) > bit_count(bit_or(1::BIGINT << (sort_no % 62)))),
    several AS MATERIALIZED (SELECT ${CELL} FROM cell_part SEMI JOIN several_service USING (service_no)
      WHERE actual_minor <> 0 GROUP BY ALL HAVING count(*) > 1)`

type Divided = {
  /** The names behind numbers, `cell_part`, and what `lines` needs. */
  readonly ctes: string
  /** Query of billed lines (billed-lines.ts). */
  readonly lines: string
  readonly parameters: Parameters
}

/** The parts of lines that are divided, of the cells of `cell_part`. */
export async function divideLines(
  warehouse: Pick<ScopedWarehouse, 'stream'>,
  { ctes, lines: billed, parameters }: Divided,
): Promise<ReadonlyArray<DividedLine>> {
  const read = async <T extends Row>(sql: string) => {
    const found = new Map<string, T[]>()
    for await (const batch of warehouse.stream<T>(sql, boundParameters(sql, parameters)))
      for (const row of batch) {
        const key = `${row.bill_no},${row.sort_no},${row.service_no}`
        const rows = found.get(key)
        if (rows === undefined) found.set(key, [row])
        else rows.push(row)
      }
    return found
  }
  const cells = await read<PartRow>(
    `WITH ${ctes}, ${SEVERAL} SELECT ${PART}, actual_minor FROM cell_part SEMI JOIN several USING (${CELL})
     WHERE actual_minor <> 0 ORDER BY ${PART}`,
  )
  if (cells.size === 0) return []
  const lines = await read<LineRow>(
    `WITH ${ctes}, ${SEVERAL} SELECT ${CELL}, l.doc, l.ordinal, l.amount_minor FROM (${billed}) AS l
     JOIN (FROM line_bill SEMI JOIN several USING (bill_no)) AS b USING (vendor, account, invoice)
     JOIN line_kind AS k USING (currency, category, usage_type)
     JOIN (FROM line_service SEMI JOIN several USING (service_no)) AS s USING (service)
     SEMI JOIN several USING (${CELL}) ORDER BY l.doc, l.ordinal`,
  )
  return [...cells].flatMap(([cell, parts]) => divided(parts, lines.get(cell) ?? []))
}

function divided(parts: ReadonlyArray<PartRow>, lines: ReadonlyArray<LineRow>): DividedLine[] {
  const [amounts, columns] = [lines.map((line) => line.amount_minor), parts.map((part) => part.actual_minor)]
  const sum = (list: ReadonlyArray<bigint>) => list.reduce((total, amount) => total + amount, 0n)
  invariant(sum(amounts) === sum(columns), 'the lines of a cell come to what is carried of it', {
    ...{ lines: lines.length, billedMinor: sum(amounts), carriedMinor: sum(columns) },
  })
  const division = lines.length === 1 ? 'divided' : 'in proportion'
  const rows = divideCell(amounts, columns)
  return lines.flatMap((line, at) =>
    parts.flatMap((part, index) => {
      const amount = rows[at]?.[index] as bigint
      // A line of nothing stands with the first.
      if (amount === 0n && (line.amount_minor !== 0n || index > 0)) return []
      return [
        {
          ...{ billNo: part.bill_no, sortNo: part.sort_no, serviceNo: part.service_no },
          ...{ ownerNo: part.owner_no, nameNo: part.name_no, flagsNo: part.flags_no },
          ...{ doc: line.doc, ordinal: line.ordinal, lineMinor: amount },
          division: amount === line.amount_minor ? '' : division,
        },
      ]
    }),
  )
}
