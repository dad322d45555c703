// Cuts a text to one line of a width. Widths of characters are taken a little too wide, so that a row never grows.

/** In ems of Roboto, the widest of each group. */
const WIDTHS: ReadonlyArray<readonly [RegExp, number]> = [
  [/[ .,:;!|'ijlIft()[\]/-]/, 0.4],
  [/[0-9a-eg-hknopqsuvxyzJLr_$"*°]/, 0.58],
  [/[wmMW@%…]/, 0.95],
]
const WIDEST = 0.75

/** The text, or its beginning with `…`, at most `width` points wide at a size of type. */
export function cutToWidth(
  text: string,
  { width, fontSize }: { readonly width: number; readonly fontSize: number },
): string {
  const room = width / fontSize
  const characters = [...text]
  let used = 0
  for (const [index, character] of characters.entries()) {
    used += WIDTHS.find(([group]) => group.test(character))?.[1] ?? WIDEST
    if (used > room)
      return `${characters
        .slice(0, Math.max(0, index - 1))
        .join('')
        .trimEnd()}…`
  }
  return text
}
