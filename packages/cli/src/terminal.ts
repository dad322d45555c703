// The edge of the process as the commands see it: two streams, a width, colours, a clock and a name. Tests give their own.
import { userInfo } from 'node:os'
import type { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import pc from 'picocolors'

type Colours = ReturnType<typeof pc.createColors>

export type Terminal = {
  /** Data: what a pipe wants, text or bytes. Resolves once it is taken, so that a slow reader holds back the writer. @throws ReaderGone */
  out(piece: string | Uint8Array): Promise<void>
  /** Notes and errors. */
  note(text: string): void
  /** Text as it is to where the notes go: what moves a progress bar. */
  draw(text: string): void
  /** True where a person reads `out`: tables and colours; else NDJSON. */
  readonly isInteractive: boolean
  /** True where a person reads the notes: progress bars. */
  readonly showsProgress: boolean
  /** Columns. */
  readonly width: number
  readonly colours: Colours
  readonly now: () => Date
  readonly who: string
  readonly directory: string
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
  readonly input: Readable
  /** SPILLWAY_* variables, for settings of the server. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** Where the key of the passcodes is kept, if not in the workspace; from the environment. */
  readonly passcodeKeyFile?: string | undefined
}

/** The reader of a pipe has enough, as `head` does: nobody is left to write for, and nothing went wrong. */
export class ReaderGone extends Error {
  constructor() {
    super('The reader of the output has gone.')
    this.name = 'ReaderGone'
  }
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  process.once('SIGTERM', () => interrupted.abort())
  // Each write learns of its own failure; without a listener the stream would end the process first.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const isInteractive = process.stdout.isTTY === true
  const showsProgress = process.stderr.isTTY === true
  return {
    out: writeOut,
    // Colours are for a person: a log that stderr goes to gets none.
    note: (text) => process.stderr.write(`${showsProgress ? text : stripVTControlCharacters(text)}\n`),
    draw: (text) => process.stderr.write(text),
    isInteractive,
    showsProgress,
    width: process.stdout.columns || process.stderr.columns || 100,
    colours: pc.createColors(isInteractive && pc.isColorSupported),
    now: () => new Date(),
    who: userInfo().username,
    directory: process.cwd(),
    signal: interrupted.signal,
    input: process.stdin,
    environment: process.env,
    passcodeKeyFile: process.env.SPILLWAY_PASSCODE_KEY_FILE || undefined,
  }
}

function writeOut(piece: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(piece, (error) => {
      if (!error) resolve()
      else reject((error as NodeJS.ErrnoException).code === 'EPIPE' ? new ReaderGone() : error)
    })
  })
}
