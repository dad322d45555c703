// A file of sub-accounts, opened as any table is, as the documents that its rows stand for.
import { basename } from 'node:path'
import {
  Refusal,
  SUB_ACCOUNT_COLUMNS,
  SUB_ACCOUNT_REQUIRED,
  type SubAccountColumn,
  subAccountOfRow,
} from '@spillway/core'
import { requireColumns } from '../intake/column-lookup.ts'
import { openFile } from '../intake/open-file.ts'
import { isCalledEntryCode } from './entry-code-columns.ts'

/** A document, and where it stands for whoever wrote it: `users.csv, line 3`. */
export type WrittenSubAccountRow = { readonly place: string; readonly body: Readonly<Record<string, unknown>> }

/** @throws Refusal `unrecognised-file`, `not-found`, `hostile-file`; `bad-configuration` with a row that cannot be read. */
export async function readSubAccountFile(
  path: string,
  file = basename(path),
): Promise<ReadonlyArray<WrittenSubAccountRow>> {
  const [part, second] = await openFile(path, { fileName: file })
  if (!part || second)
    throw new Refusal('unrecognised-file', `${file} is not one table.`, { hint: 'Give one CSV file, or one sheet.' })
  try {
    const table = await part.openTable()
    refuseStrangers(file, table.header)
    const required: ReadonlySet<string> = new Set(SUB_ACCOUNT_REQUIRED)
    const columns = SUB_ACCOUNT_COLUMNS.map((name) => ({
      name,
      required: required.has(name),
      aliases: ALIASES[name] ?? [],
    }))
    const lookup = requireColumns(table.header, columns, { file, line: table.headerLine })
    const documents: WrittenSubAccountRow[] = []
    for await (const batch of table.rows)
      for (const row of batch) {
        if (!('cells' in row))
          throw new Refusal('bad-configuration', `${file}, line ${row.line}: ${row.problem.message}`, {
            hint: row.problem.hint,
          })
        const body = subAccountOfRow((column) => lookup.cell(row.cells, column))
        documents.push({ place: `${file}, line ${row.line}`, body })
      }
    return documents
  } finally {
    await part.close()
  }
}

const ALIASES: Readonly<Partial<Record<SubAccountColumn, ReadonlyArray<string>>>> = { cost_centre: ['cost_center'] }

/** A column that nobody reads would be a limit that nobody keeps. */
function refuseStrangers(file: string, header: ReadonlyArray<string>): void {
  if (header.some(isCalledEntryCode))
    throw new Refusal('bad-configuration', `${file} has a column of passcodes.`, {
      hint: 'Take it out: passcodes are made here, and never come from a file.',
    })
  const known = new Set(
    [...SUB_ACCOUNT_COLUMNS, ...Object.values(ALIASES).flat()].map((name) => name.replace(/_/g, '')),
  )
  const strangers = header.filter((title) => !known.has(title.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '')))
  if (strangers.length > 0)
    throw new Refusal('bad-configuration', `${file} has columns that no sub-account has: ${strangers.join(', ')}.`, {
      hint: `The columns are ${SUB_ACCOUNT_COLUMNS.join(', ')}.`,
    })
}
