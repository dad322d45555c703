// Opens each style of the font once for all documents. pdfmake opens and decodes it anew for every document, which is more than
// half of the time that a short statement takes. It has no option for it, so the method by which its documents ask for a
// font is wrapped, on the one class of this pinned version; the bytes of a document stay the same, which a test holds.
import { invariant } from '@spillway/core'

/** A font inside one document; `font` is what was opened and holds nothing of the document. */
type DocumentFont = { readonly font: OpenedFont; readonly name: string }
type OpenedFont = { readonly characterSet: ReadonlyArray<number> }
type FontDocument = {
  provideFont(family: string, bold: boolean, italics: boolean): DocumentFont
  getFontType(bold: boolean, italics: boolean): string
  readonly fontCache: Record<string, Record<string, DocumentFont>>
  readonly _fontFamilies: Record<string, DocumentFont>
  _fontCount: number
  _font: DocumentFont
}
type FontOf = new (document: FontDocument, font: OpenedFont, id: string) => DocumentFont

const shared = new WeakSet<object>()

/**
 * Makes all documents of the class of `created` share opened fonts; once, however often it is called.
 * @throws Bug where pdfmake is not built as its pinned version is.
 */
export function shareFonts(created: unknown): void {
  const document = created as FontDocument
  const methods = Object.getPrototypeOf(document) as FontDocument
  invariant(
    typeof methods.provideFont === 'function' && '_fontCount' in document && '_fontFamilies' in document,
    'a document of pdfmake provides its fonts',
  )
  if (shared.has(methods)) return
  shared.add(methods)
  const provide = methods.provideFont
  const opened = new Map<string, DocumentFont>()
  methods.provideFont = function provideShared(this: FontDocument, family, bold, italics) {
    const style = this.getFontType(bold, italics)
    const earlier = opened.get(`${family}/${style}`)
    if (this.fontCache[family]?.[style] || !earlier) {
      const font = provide.call(this, family, bold, italics)
      if (!earlier) opened.set(`${family}/${style}`, font)
      return font
    }
    this._fontCount += 1
    const font = new (earlier.constructor as FontOf)(this, earlier.font, `F${this._fontCount}`)
    this._fontFamilies[font.name] ??= font
    this.fontCache[family] = { ...this.fontCache[family], [style]: font }
    this._font = font
    return font
  }
}

/** The code points that a style of a document's font has a glyph for. */
export function charactersOf(created: unknown, family: string): ReadonlySet<number> {
  const characters = (created as FontDocument).provideFont(family, false, false).font.characterSet
  invariant(characters.length > 0, 'the font of a statement has characters', { family })
  return new Set(characters)
}
