// Statements as PDF. The same statement is the same bytes on every machine and day. pdfmake is loaded when the first statement
// is written, reads its own fonts and nothing else, and never asks the network.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Statement } from '@spillway/core'
import { type PaperText, paperText } from './paper-text.ts'
import { charactersOf, shareFonts } from './shared-fonts.ts'
import { statementDocument } from './statement-document.ts'
import { FONT, type Paper } from './statement-style.ts'

export type EncodedStatement = {
  readonly bytes: Uint8Array
  /** Characters of names that the font lacks, as `U+96FB`; the paper shows `?` for each. */
  readonly missingCharacters: ReadonlyArray<string>
}
export type StatementEncoder = (statement: Statement) => Promise<EncodedStatement>

/** Loads what writing takes; then one statement after the other. */
export async function createStatementEncoder({ paper }: { readonly paper: Paper }): Promise<StatementEncoder> {
  const { default: pdfmake } = await import('pdfmake')
  const folder = join(dirname(createRequire(import.meta.url).resolve('pdfmake/package.json')), 'fonts', FONT)
  const files = {
    normal: join(folder, 'Roboto-Regular.ttf'),
    bold: join(folder, 'Roboto-Medium.ttf'),
    italics: join(folder, 'Roboto-Italic.ttf'),
    bolditalics: join(folder, 'Roboto-MediumItalic.ttf'),
  }
  const readable = new Set(Object.values(files))
  pdfmake.setUrlAccessPolicy(() => false)
  pdfmake.setLocalAccessPolicy((path) => readable.has(path))
  pdfmake.setFonts({ [FONT]: files })
  const first: unknown = await pdfmake.createPdf({ content: '', defaultStyle: { font: FONT } }).getStream()
  shareFonts(first)
  const characters = charactersOf(first, FONT)
  return async (statement) => {
    const text: PaperText = paperText(characters)
    const bytes = await pdfmake.createPdf(statementDocument(statement, { paper, text })).getBuffer()
    return { bytes, missingCharacters: text.missing() }
  }
}
