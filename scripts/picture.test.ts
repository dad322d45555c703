// A terminal's output as an SVG: text on its columns, colours as classes, bars as rectangles.
import { expect, it } from 'vitest'
import { drawTerminal } from './picture.ts'

const ESCAPE = String.fromCharCode(27)
const draw = (text: string) => drawTerminal(text, { command: 'x' })

it('puts words that stand apart on their own columns, with the look that is on', () => {
  const svg = draw(`${ESCAPE}[1mKey${ESCAPE}[22m   Name\nA & B`)
  expect(svg).toContain('<text x="20" y="56" textLength="25.2" class="b">Key</text>')
  expect(svg).toContain('<text x="70.4" y="56" textLength="33.6">Name</text>')
  expect(svg).toContain('>A &amp; B</text>')
})

it('draws bars to an eighth of a cell, and keeps a colour over the end of a line', () => {
  const svg = draw(`${ESCAPE}[36m█▌\n▄${ESCAPE}[39m`)
  expect(svg).toContain('width="12.6" height="11" rx="1.5" class="bar c"')
  expect(svg).toContain('height="7.5" class="bar c"')
})

it('drops escape codes that it does not know, and control characters', () => {
  const svg = draw(`${ESCAPE}[2K${ESCAPE}[38;5;9mred\r`)
  expect(svg).toContain('>red</text>')
  expect(svg).not.toContain(ESCAPE)
  expect(svg).not.toContain('\r')
})
