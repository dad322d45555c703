// The edge of the process as the commands see it: two streams, a width, colours, a clock and a name. Tests give their own.
import { userInfo } from 'node:os'
import type { Readable } from 'node:stream'
import pc from 'picocolors'

type Colours = ReturnType<typeof pc.createColors>

export type Terminal = {
  /** Data: what a pipe wants. Resolves once the text is taken, so that a slow reader holds back the writer. */
  out(text: string): Promise<void>
  /** Notes, progress and errors. */
  note(text: string): void
  /** True where a person reads `out`: tables and colours; else NDJSON. */
  readonly isInteractive: boolean
  /** True where a person reads the notes: progress bars. */
  readonly showsProgress: boolean
  readonly width: number
  readonly colours: Colours
  readonly now: () => Date
  readonly who: string
  readonly directory: string
  /** Aborts on Ctrl-C. */
  readonly signal: AbortSignal
  readonly input: Readable
}

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const interrupted = new AbortController()
  process.once('SIGINT', () => interrupted.abort())
  process.once('SIGTERM', () => interrupted.abort())
  const isInteractive = process.stdout.isTTY === true
  return {
    out: writeOut,
    note: (text) => process.stderr.write(`${text}\n`),
    isInteractive,
    showsProgress: process.stderr.isTTY === true,
    width: process.stdout.columns || 100,
    colours: pc.createColors(isInteractive && pc.isColorSupported),
    now: () => new Date(),
    who: userInfo().username,
    directory: process.cwd(),
    signal: interrupted.signal,
    input: process.stdin,
  }
}

function writeOut(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(text, (error) => {
      // A reader such as `head` that has enough closes the pipe: that is no failure of ours.
      if (error && (error as NodeJS.ErrnoException).code !== 'EPIPE') reject(error)
      else resolve()
    })
  })
}
