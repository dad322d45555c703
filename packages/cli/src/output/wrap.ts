// Breaks long lines between words, so that a terminal does not break them inside one. Words longer than a line stay whole.
import { stripVTControlCharacters } from 'node:util'

/** Lines of at most `width` columns; those after the first begin with `indent` blanks. Colours have no width. */
export function wrap(
  text: string,
  { width, indent = 0 }: { readonly width: number; readonly indent?: number },
): string[] {
  const lines: string[] = []
  let line = ''
  for (const [index, word] of text.split(' ').entries()) {
    const longer = index === 0 ? word : `${line} ${word}`
    const isBlank = stripVTControlCharacters(line).trim() === ''
    if (!isBlank && stripVTControlCharacters(longer).length > width) {
      lines.push(line)
      line = `${' '.repeat(indent)}${word}`
    } else line = longer
  }
  return [...lines, line]
}
