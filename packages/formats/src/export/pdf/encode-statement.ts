// Statements as PDF. The same statement is the same bytes on every machine and day.
import type { Statement } from '@spillway/core'
import { loadPdfmake } from './load-pdfmake.ts'
import { type PaperText, paperText } from './paper-text.ts'
import { statementDocument } from './statement-document.ts'
import type { Paper } from './statement-style.ts'

export type EncodedStatement = {
  readonly bytes: Uint8Array
  /** Characters of names that the font lacks, as `U+96FB`; the paper shows `?` for each. */
  readonly missingCharacters: ReadonlyArray<string>
}
export type StatementEncoder = (statement: Statement) => Promise<EncodedStatement>

/** Loads what writing takes; then one statement after the other. */
export async function createStatementEncoder({ paper }: { readonly paper: Paper }): Promise<StatementEncoder> {
  const { pdfmake, characters } = await loadPdfmake()
  return async (statement) => {
    const text: PaperText = paperText(characters)
    const bytes = await pdfmake.createPdf(statementDocument(statement, { paper, text })).getBuffer()
    return { bytes, missingCharacters: text.missing() }
  }
}
