// A bill in a format, and the picture that its account asks for.
import { readFile, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { type Bill, Refusal } from '@spillway/core'
import {
  encodeBillCsv,
  encodeBillJson,
  encodeBillPdf,
  encodeBillXlsx,
  LOGO_BYTES_MAX,
  type Paper,
} from '@spillway/formats'

export const BILL_FORMATS = ['json', 'csv', 'xlsx', 'pdf'] as const
export type BillFormat = (typeof BILL_FORMATS)[number]

export type BillEncoding = {
  readonly format: BillFormat
  readonly paper: Paper
  /** Of the workspace, below which pictures are. */
  readonly directory: string
  /** Characters that a paper shows as `?`. */
  readonly onMissing: (characters: ReadonlyArray<string>) => void
}

export async function* encodeBill(bill: Bill, options: BillEncoding): AsyncGenerator<string | Uint8Array> {
  if (options.format === 'json') yield* encodeBillJson(bill)
  else if (options.format === 'csv') yield* encodeBillCsv(bill)
  else if (options.format === 'xlsx') yield* encodeBillXlsx(bill)
  else {
    const logo = await pictureOf(bill, options.directory)
    const { bytes, missingCharacters } = await encodeBillPdf(bill, { paper: options.paper, logo })
    options.onMissing(missingCharacters)
    yield bytes
  }
}

/** @throws Refusal `bad-configuration` where it is not there, is not below the folder, or is too large. */
async function pictureOf({ heading: { logo, account } }: Bill, directory: string): Promise<Uint8Array | undefined> {
  if (logo === '') return undefined
  const hint = `Put it there, or leave \`logo\` out of Account ${account}.`
  try {
    const folder = await realpath(directory)
    const path = await realpath(join(folder, logo))
    if (!path.startsWith(`${folder}${sep}`))
      throw new Refusal('bad-configuration', `The logo ${logo} is not below the folder of the workspace.`, { hint })
    const { size } = await stat(path)
    if (size > LOGO_BYTES_MAX)
      throw new Refusal('bad-configuration', `The logo ${logo} has more than ${LOGO_BYTES_MAX / 1024} KiB.`, { hint })
    return await readFile(path)
  } catch (error) {
    if (error instanceof Refusal) throw error
    throw new Refusal('bad-configuration', `The logo ${logo} cannot be read.`, { hint })
  }
}
