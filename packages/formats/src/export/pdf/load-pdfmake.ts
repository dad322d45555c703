// pdfmake with its own fonts and nothing else: it is loaded when the first paper is written, reads no other file and never
// asks the network.
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { charactersOf, shareFonts } from './shared-fonts.ts'
import { FONT } from './statement-style.ts'

/** Also the code points that the font has a glyph for. */
export async function loadPdfmake() {
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
  return { pdfmake, characters: charactersOf(first, FONT) }
}
