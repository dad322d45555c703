// Text as the font of a statement can show it. Names come from outside: a line break or a character that turns the direction of
// writing must not shape the paper, and a character that the font lacks must not become an empty box that nobody notices.

export type PaperText = {
  /** On one line, at most TEXT_MAX characters, what the font lacks as `?`. */
  of(text: string): string
  /** What was asked for and is lacking, as `U+96FB`, in order of code point. */
  missing(): string[]
}

/** A row of longer texts could outgrow its page. */
const TEXT_MAX = 160

/** `characters` are the code points that the font has a glyph for. */
export function paperText(characters: ReadonlySet<number>): PaperText {
  const lacking = new Set<number>()
  return {
    of(text) {
      const line = [...text.replace(/\p{Cf}/gu, '').replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')]
      let shown = ''
      for (const character of line.length > TEXT_MAX ? [...line.slice(0, TEXT_MAX - 1), '…'] : line) {
        const code = character.codePointAt(0) as number
        if (characters.has(code)) shown += character
        else {
          lacking.add(code)
          shown += '?'
        }
      }
      return shown
    },
    missing: () =>
      [...lacking]
        .sort((left, right) => left - right)
        .map((code) => `U+${code.toString(16).toUpperCase().padStart(4, '0')}`),
  }
}
