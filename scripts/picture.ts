// `tsx scripts/picture.ts CAPTURE SVG --command TEXT [--from TEXT] [--until TEXT]`: a terminal's output as a picture for
// the README. Reads what `script` captured; draws text on a fixed grid, and bars as rectangles, so that no font of the
// reader moves a column. Knows the few colours that the command line uses and drops every other escape code.
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

type Run = { readonly column: number; readonly text: string; readonly classes: string }

const CELL = { width: 8.4, height: 19 }
const PADDING = 20
const BAR = 30

const CLASS_OF_CODE: Readonly<Record<number, string>> = { 1: 'b', 2: 'd', 31: 'r', 32: 'g', 33: 'y', 36: 'c' }

/** One line of a terminal as runs of the same look; `looks` is carried from line to line. */
function runsOf(line: string, looks: Set<string>): Run[] {
  const runs: Run[] = []
  let column = 0
  // The escape character is built rather than written, so that no control character stands in a pattern.
  for (const piece of line.split(new RegExp(`(${String.fromCharCode(27)}\\[[0-9;?]*[A-Za-z])`))) {
    const codes = /\[([0-9;]*)m$/.exec(piece)?.[1]
    if (codes !== undefined && piece.charCodeAt(0) === 27)
      for (const code of codes.split(';')) turn(looks, Number(code))
    else if (piece.charCodeAt(0) !== 27 && piece !== '') {
      runs.push({ column, text: piece, classes: [...looks].sort().join(' ') })
      column += [...piece].length
    }
  }
  return runs
}

function turn(looks: Set<string>, code: number): void {
  if (code === 0) looks.clear()
  else if (code === 22) for (const look of ['b', 'd']) looks.delete(look)
  else if (code === 39) for (const look of ['r', 'g', 'y', 'c']) looks.delete(look)
  else {
    const look = CLASS_OF_CODE[code]
    if (look !== undefined) looks.add(look)
  }
}

const LEFT_EIGHTHS = ' ▏▎▍▌▋▊▉█'
const LOWER_EIGHTHS = ' ▁▂▃▄▅▆▇█'

const number = (value: number) => String(Math.round(value * 100) / 100)
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** Words apart where two or more blanks stand between them, so that each starts on its own column. */
function drawRun({ column, text, classes }: Run, top: number): string {
  const drawn: string[] = []
  for (const match of text.matchAll(/[▏▎▍▌▋▊▉█▁▂▃▄▅▆▇]+|(?:(?! {2})[^▏▎▍▌▋▊▉█▁▂▃▄▅▆▇])+/g)) {
    const words = match[0].trim()
    if (words === '') continue
    const lead = match[0].length - match[0].trimStart().length
    const left = PADDING + (column + [...text.slice(0, match.index)].length + lead) * CELL.width
    if (!/[▏▎▍▌▋▊▉█▁▂▃▄▅▆▇]/.test(words)) drawn.push(drawWords({ words, left, top, classes }))
    else if (/[▁▂▃▄▅▆▇]/.test(words)) drawn.push(...drawSteps({ words, left, top, classes }))
    else drawn.push(drawBar({ words, left, top, classes }))
  }
  return drawn.join('')
}

type Drawing = { readonly words: string; readonly left: number; readonly top: number; readonly classes: string }

function drawWords({ words, left, top, classes }: Drawing): string {
  const width = number([...words].length * CELL.width)
  const look = classes === '' ? '' : ` class="${classes}"`
  return `<text x="${number(left)}" y="${number(top + 14)}" textLength="${width}"${look}>${escaped(words)}</text>\n`
}

function drawBar({ words, left, top, classes }: Drawing): string {
  const eighths = [...words].reduce((sum, sign) => sum + LEFT_EIGHTHS.indexOf(sign), 0)
  const width = number((eighths / 8) * CELL.width)
  return `<rect x="${number(left)}" y="${number(top + 4)}" width="${width}" height="11" rx="1.5" class="bar ${classes}"/>\n`
}

function* drawSteps({ words, left, top, classes }: Drawing): Generator<string> {
  for (const [index, sign] of [...words].entries()) {
    const height = (LOWER_EIGHTHS.indexOf(sign) / 8) * 15
    const x = number(left + index * CELL.width)
    yield `<rect x="${x}" y="${number(top + 17 - height)}" width="${number(CELL.width - 1.4)}" height="${number(height)}" class="bar ${classes}"/>\n`
  }
}

const STYLE = `
  text { font: 14px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #24292f; white-space: pre }
  .paper { fill: #ffffff; stroke: #d0d7de }
  .bar { fill: #57606a }
  .b { font-weight: 600 }
  text.d { fill: #656d76 } .bar.d { fill: #afb8c1 }
  text.r { fill: #b3261e } text.g { fill: #1a7f37 } text.y { fill: #8a5a00 } text.c { fill: #0b6bcb } .bar.c { fill: #1f7ae0 }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .paper { fill: #0d1117; stroke: #30363d }
    .bar { fill: #8b949e }
    text.d { fill: #9198a1 } .bar.d { fill: #57606a }
    text.r { fill: #ff8079 } text.g { fill: #56d364 } text.y { fill: #e3b341 } text.c { fill: #6cb6ff } .bar.c { fill: #4493f8 }
  }
`

/** An SVG of the lines under a title bar with the command that printed them. */
export function drawTerminal(captured: string, { command }: { readonly command: string }): string {
  const looks = new Set<string>()
  const lines = captured.split(/\r?\n/).map((line) => runsOf(line.replaceAll('\r', ''), looks))
  const columns = Math.max(...lines.flat().map(({ column, text }) => column + [...text].length))
  const width = number(columns * CELL.width + 2 * PADDING)
  const height = number(lines.length * CELL.height + PADDING + BAR + 12)
  const drawn = lines.map((runs, index) => runs.map((run) => drawRun(run, BAR + 12 + index * CELL.height)).join(''))
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>Output of ${escaped(command)}</title>
<style>${STYLE}</style>
<rect class="paper" x="0.5" y="0.5" width="${number(Number(width) - 1)}" height="${number(Number(height) - 1)}" rx="8"/>
${drawWords({ words: `$ ${command}`, left: PADDING, top: 9, classes: 'd' })}${drawn.join('')}</svg>
`
}

function cut(text: string, { from, until }: { from: string | undefined; until: string | undefined }): string {
  const lines = text.split('\n')
  const first = from === undefined ? 0 : lines.findIndex((line) => line.includes(from))
  const last = until === undefined ? lines.length : lines.findIndex((line, at) => at > first && line.includes(until))
  if (first === -1 || last === -1) throw new Error(`the capture has no line with "${first === -1 ? from : until}"`)
  return lines.slice(first, last).join('\n').trimEnd()
}

if (import.meta.filename === process.argv[1]) {
  const text = { type: 'string' } as const
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { command: text, from: text, until: text },
  })
  const [capture, svg] = positionals
  if (capture === undefined || svg === undefined || values.command === undefined)
    throw new Error('tsx scripts/picture.ts CAPTURE SVG --command TEXT [--from TEXT] [--until TEXT]')
  const shown = cut(readFileSync(capture, 'utf8'), { from: values.from, until: values.until })
  writeFileSync(svg, drawTerminal(shown, { command: values.command }))
}
