// Cuts the text of a JSON list into the texts of its elements, so that each event is kept as it was sent: digits that are read
// into a number and written again may be others.

const QUOTE = 0x22
const COMMA = 0x2c
const OPEN_BRACKET = 0x5b
const BACKSLASH = 0x5c
const CLOSE_BRACKET = 0x5d
const OPEN_BRACE = 0x7b
const CLOSE_BRACE = 0x7d

/** `text` is valid JSON and a list. An element has no line break: outside of a text they mean nothing. */
export function elementsOf(text: string): string[] {
  const elements: string[] = []
  let depth = 0
  let start = text.indexOf('[') + 1
  for (let at = start - 1; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) at = endOfText(text, at)
    else if (code === OPEN_BRACKET || code === OPEN_BRACE) depth += 1
    else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) depth -= 1
    else if (code === COMMA && depth === 1) {
      elements.push(onOneLine(text.slice(start, at)))
      start = at + 1
    }
    if (depth === 0) {
      const last = onOneLine(text.slice(start, at))
      if (last !== '') elements.push(last)
      return elements
    }
  }
  return elements
}

export function onOneLine(json: string): string {
  return (/[\n\r]/.test(json) ? json.replaceAll(/[\n\r]+/g, ' ') : json).trim()
}

/** Where the text that begins at `at` ends. */
function endOfText(text: string, at: number): number {
  let end = text.indexOf('"', at + 1)
  for (;;) {
    let backslashes = 0
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes += 1
    if (backslashes % 2 === 0) return end
    end = text.indexOf('"', end + 1)
  }
}
