// Keeps outside data from driving the reader's terminal: control characters and bidirectional overrides become a dot.
const UNSAFE = '[\\p{Cc}\\u202a-\\u202e\\u2066-\\u2069]'
const ESCAPE = String.fromCharCode(27)
const ANY_UNSAFE = new RegExp(UNSAFE, 'gu')
const COLOUR_LINE_OR_UNSAFE = new RegExp(`${ESCAPE}\\[\\d+m|\\n|${UNSAFE}`, 'gu')
const DOT = '\u00b7'

/** One cell or one name: on one line, without colours of its own. */
export function printable(text: string): string {
  return text.replace(ANY_UNSAFE, DOT)
}

/** A text of several lines, without colours of its own. */
export function printableLines(text: string): string {
  return text.split('\n').map(printable).join('\n')
}

/** What goes to a terminal at last: lines and our own colours stay, nothing else that a terminal obeys. */
export function keepColours(text: string): string {
  return text.replace(COLOUR_LINE_OR_UNSAFE, (match) => (match === '\n' || match.length > 1 ? match : DOT))
}
