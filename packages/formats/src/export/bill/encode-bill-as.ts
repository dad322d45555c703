// A bill in whichever format is asked for.
import type { Bill } from '@spillway/core'
import { encodeBillPdf } from '../pdf/encode-bill.ts'
import type { Paper } from '../pdf/statement-style.ts'
import { encodeBillCsv } from './encode-bill-csv.ts'
import { encodeBillJson } from './encode-bill-json.ts'
import { encodeBillXlsx } from './encode-bill-xlsx.ts'

export const BILL_FORMATS = ['json', 'csv', 'xlsx', 'pdf'] as const
export type BillFormat = (typeof BILL_FORMATS)[number]

export type BillEncoding = {
  readonly format: BillFormat
  readonly paper: Paper
  /** The picture that the account asks for, read only for paper; undefined for none. */
  readonly readLogo: () => Promise<Uint8Array | undefined>
  /** Characters that a paper shows as `?`. */
  readonly onMissing?: ((characters: ReadonlyArray<string>) => void) | undefined
}

export async function* encodeBillAs(bill: Bill, options: BillEncoding): AsyncGenerator<string | Uint8Array> {
  const { format, paper, readLogo, onMissing } = options
  if (format === 'json') yield* encodeBillJson(bill)
  else if (format === 'csv') yield* encodeBillCsv(bill)
  else if (format === 'xlsx') yield* encodeBillXlsx(bill)
  else {
    const { bytes, missingCharacters } = await encodeBillPdf(bill, { paper, logo: await readLogo() })
    onMissing?.(missingCharacters)
    yield bytes
  }
}
