// A service in a table: its key, then whose or what it is.
import type { TableCell } from 'pdfmake'
import type { PaperText } from './paper-text.ts'

type ServiceCell = {
  readonly service: string
  readonly name: string
  /** A word of ours behind it, such as `new`. */
  readonly note?: string
  readonly text: PaperText
}

/** What stands on no service says so. */
export function serviceCell({ service, name, note = '', text }: ServiceCell): TableCell {
  const key = service === '' ? { text: 'no service', italics: true } : { text: text.of(service), bold: true }
  const behind = `${name === '' ? '' : `  ${text.of(name)}`}${note === '' ? '' : `  (${note})`}`
  return { text: behind === '' ? [key] : [key, behind] }
}
