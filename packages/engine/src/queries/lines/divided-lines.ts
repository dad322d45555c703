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

export type DividedLines = {
  /** Relation of the columns of PART, `doc, ordinal, line_minor, division`, for the parameter $divided. */
  readonly sql: string
  /** The value of $divided. */
  readonly text: string
}

const ROW_END = '\u001e'
const COLUMNS = [...PART.split(', '), 'doc', 'ordinal', 'line_minor']

/** Numbers as one text, so that any number of them is one parameter and nothing is written. */
const DIVIDED = `SELECT ${COLUMNS.map((column, index) => `cell[${index + 1}]::${column === 'line_minor' ? 'BIGINT' : 'INTEGER'} AS ${column}`).join(', ')},
    cell[${COLUMNS.length + 1}] AS division
  FROM (SELECT string_split(unnest(string_split($divided, chr(30))), ',') AS cell FROM (SELECT 1) WHERE $divided <> '')`

/** null where no line is divided. `ctes`: those of runCells, and `billed` with the numbers of its cell. */
export async function divideLines(
  warehouse: Pick<ScopedWarehouse, 'stream'>,
  { ctes, parameters }: { readonly ctes: string; readonly parameters: Parameters },
): Promise<DividedLines | null> {
  const several = `several AS MATERIALIZED (SELECT ${CELL} FROM cell_part WHERE actual_minor <> 0 GROUP BY ALL HAVING count(*) > 1)`
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
    `WITH ${ctes}, ${several} SELECT ${PART}, actual_minor FROM cell_part SEMI JOIN several USING (${CELL})
     WHERE actual_minor <> 0 ORDER BY ${PART}`,
  )
  if (cells.size === 0) return null
  const lines = await read<LineRow>(
    `WITH ${ctes}, ${several} SELECT ${CELL}, doc, ordinal, amount_minor FROM billed SEMI JOIN several USING (${CELL})
     ORDER BY doc, ordinal`,
  )
  const texts: string[] = []
  for (const [cell, parts] of cells) texts.push(...divided(parts, lines.get(cell) ?? []))
  return { sql: DIVIDED, text: texts.join(ROW_END) }
}

function divided(parts: ReadonlyArray<PartRow>, lines: ReadonlyArray<LineRow>): string[] {
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
      const { bill_no, sort_no, service_no, owner_no, name_no, flags_no } = part
      const numbers = [bill_no, sort_no, service_no, owner_no, name_no, flags_no, line.doc, line.ordinal, amount]
      return [[...numbers, amount === line.amount_minor ? '' : division].join(',')]
    }),
  )
}
